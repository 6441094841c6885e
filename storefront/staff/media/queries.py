"""Looking at pictures, and at what shows them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models import (
    Article,
    Page,
    PageKind,
    Picture,
    PictureStatus,
    Product,
    ProductImage,
    TutorialStep,
)
from storefront.paging import Slice
from storefront.staff.listing import has_words, things_of

MOST_CHOICES = 60


@dataclass(frozen=True, slots=True)
class Use:
    """Something that shows a picture. kind: ``product``, ``article``, ``tutorial`` or ``page``."""

    kind: str
    title: str
    handle: str


def pictures(session: Session, words: str, page: int) -> Slice[Picture]:
    """Return a page of pictures, newest first, whose text or name holds the words; two queries."""
    wanted = _with_words(words)
    newest = wanted.order_by(Picture.created_at.desc(), Picture.id.desc())
    return things_of(session, newest, page)


def choices(session: Session, words: str = "", besides: Sequence[int] = ()) -> list[Picture]:
    """Return the newest pictures that can be chosen, without those that were."""
    wanted = _with_words(words).where(Picture.status != PictureStatus.FAILED)
    if besides:
        wanted = wanted.where(Picture.id.not_in(besides))
    newest = wanted.order_by(Picture.created_at.desc(), Picture.id.desc())
    return list(session.scalars(newest.limit(MOST_CHOICES)))


def picture(session: Session, picture_id: int, *, to_change: bool = False) -> Picture | None:
    """Return a picture as it is now, locked where it is about to change."""
    wanted = select(Picture).where(Picture.id == picture_id)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def uses(session: Session, of: Picture) -> list[Use]:
    """Return what shows a picture: products, and texts that name its address; in three queries."""
    name = f"/media/{of.key}"
    shown = select(ProductImage.product_id).where(ProductImage.picture_id == of.id)
    products = select(Product.title, Product.handle).where(
        or_(Product.id.in_(shown), Product.description_markdown.contains(name))
    )
    articles = select(Article.title, Article.handle).where(
        or_(Article.body_markdown.contains(name), Article.figure.startswith(of.key))
    )
    steps = select(TutorialStep.tutorial_id).where(TutorialStep.figure.startswith(of.key))
    texts = select(Page.title, Page.handle, Page.kind).where(
        or_(Page.body_markdown.contains(name), Page.id.in_(steps))
    )
    return [
        *(Use("product", *row) for row in session.execute(products)),
        *(Use("article", *row) for row in session.execute(articles)),
        *(
            Use("tutorial" if kind is PageKind.TUTORIAL else "page", title, handle)
            for title, handle, kind in session.execute(texts)
        ),
    ]


def _with_words(words: str) -> Select[Picture]:
    wanted = select(Picture)
    if words:
        wanted = wanted.where(has_words(words, Picture.alt, Picture.filename))
    return wanted
