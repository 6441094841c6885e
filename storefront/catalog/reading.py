"""What leads to a product: tutorials that use it and articles that name it, as cards show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, literal, select, union_all
from sqlalchemy.orm import Session

from models import NOW, Article, Blog, Muscle, Tutorial
from models.base import UtcDateTime
from models.content import article_products, tutorial_products
from storefront.translations.memory import said


@dataclass(frozen=True, slots=True)
class Named:
    """A muscle, by its name, or a blog, by its handle."""

    name: str = ""
    handle: str = ""


@dataclass(frozen=True, slots=True)
class TutorialCard:
    """A tutorial as ``tutorial_card`` shows it."""

    handle: str
    title: str
    summary: str
    minutes: int
    muscle: Named


@dataclass(frozen=True, slots=True)
class ArticleCard:
    """An article as ``article_card`` shows it."""

    handle: str
    title: str
    summary: str
    figure: str
    published_at: datetime
    blog: Named


def reading(session: Session, product_id: int) -> tuple[list[TutorialCard], list[ArticleCard]]:
    """Return what leads to a product: tutorials in the shop's order, articles newest first.

    One query for both, of what the cards show alone: their texts are long.
    """
    tutorials, articles = [], []
    for kind, handle, title, summary, of, minutes, figure, published_at, *_ in session.execute(
        _READING, {"product": product_id}
    ):
        words = (handle, said(session, title), said(session, summary))
        if kind == "tutorial":
            tutorials.append(TutorialCard(*words, minutes, Named(said(session, of))))
        else:
            articles.append(ArticleCard(*words, figure, published_at, Named("", of)))
    return tutorials, articles


_USE = (
    select(
        literal("tutorial").label("kind"),
        *(Tutorial.handle, Tutorial.title, Tutorial.summary, Muscle.name, Tutorial.minutes),
        literal("").label("figure"),
        literal(None, UtcDateTime()).label("published_at"),
        *(Tutorial.position.label("position"), Tutorial.id.label("id")),
    )
    .join(tutorial_products, tutorial_products.c.tutorial_id == Tutorial.id)
    .join(Muscle, Muscle.id == Tutorial.muscle_id)
    .where(tutorial_products.c.product_id == bindparam("product"), Tutorial.published_at <= NOW)
)
_NAME = (
    select(
        literal("article").label("kind"),
        *(Article.handle, Article.title, Article.summary, Blog.handle.label("of")),
        literal(0).label("minutes"),
        *(Article.figure, Article.published_at, literal(0).label("position"), Article.id),
    )
    .join(article_products, article_products.c.article_id == Article.id)
    .join(Blog, Blog.id == Article.blog_id)
    .where(article_products.c.product_id == bindparam("product"), Article.published_at <= NOW)
)
_BOTH: Any = union_all(_USE, _NAME)
_READING = _BOTH.order_by(
    _BOTH.selected_columns.kind,
    _BOTH.selected_columns.position,
    _BOTH.selected_columns.published_at.desc(),
    _BOTH.selected_columns.id,
)
