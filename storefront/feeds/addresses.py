"""Every address that search engines may know, by kind; only what visitors see."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, literal, null, select
from sqlalchemy.orm import Session

from models import (
    Article,
    Blog,
    Collection,
    GlossaryTerm,
    Muscle,
    Page,
    PageKind,
    Product,
    ProductImage,
    ProductStatus,
    Region,
    RegionMuscle,
    Routine,
    TutorialStep,
    now,
)
from models.picture import figure_path

MOST = 10_000  # addresses in one file; the protocol allows 50,000 and 50 MB
FIXED = ("/", "/collections", "/collections/all", "/tutorials")
Rows = Select[Any, Any, Any]


@dataclass(slots=True)
class Address:
    """A page. changed_at: None where that is not known; images: names of static files."""

    path: str
    changed_at: datetime | None = None
    images: list[str] = field(default_factory=list)


def count(session: Session, kind: str) -> tuple[int, datetime | None]:
    """Return how many pages there are of a kind, and when one of them last changed."""
    rows = KINDS[kind]().order_by(None).subquery()
    found = session.execute(select(func.count(), func.max(rows.c.changed_at)).select_from(rows))
    number, changed_at = found.one()
    return number, changed_at


def addresses(session: Session, kind: str, file: int) -> list[Address]:
    """Return the pages of a kind that stand in a file, counted from 1; in two queries at most."""
    wanted = KINDS[kind]().limit(MOST).offset((file - 1) * MOST)
    found = {row_id: Address(path, at) for row_id, path, at in session.execute(wanted)}
    for row_id, name in _IMAGES[kind](session, list(found)) if kind in _IMAGES and found else ():
        if name not in found[row_id].images:
            found[row_id].images.append(name)
    return list(found.values())


def fixed(session: Session) -> list[Address]:
    """Return the pages that lead to the others; those of the body where there are any."""
    paths = [*FIXED, *(f"/blogs/{handle}" for handle in session.scalars(select(Blog.handle)))]
    there = session.execute(
        select(
            exists(select(Region.id)), exists(select(GlossaryTerm.id)), exists(select(Routine.id))
        )
    ).one()
    lists = (("/where-does-it-hurt", "/muscles"), ("/glossary",), ("/routines",))
    for found, is_there in zip(lists, there, strict=True):
        paths += found if is_there else ()
    return [Address(path) for path in paths]


def _articles() -> Rows:
    path = literal("/blogs/") + Blog.handle + "/" + Article.handle
    return (
        select(Article.id, path, Article.updated_at.label("changed_at"))
        .join(Blog)
        .where(Article.published_at <= now(), Article.canonical_url.is_(None))
        .order_by(Article.id)
    )


def _products() -> Rows:
    is_shown = (Product.status == ProductStatus.ACTIVE) & Product.variants.any()
    return _rows(Product, "/products/", Product.updated_at).where(is_shown)


def _collections() -> Rows:
    shown = _rows(Collection, "/collections/", Collection.updated_at)
    return shown.where(Collection.is_published)


def _tutorials() -> Rows:
    rows = _rows(Page, "/pages/", Page.updated_at)
    return rows.where(Page.kind == PageKind.TUTORIAL, Page.published_at <= now())


def _pages() -> Rows:
    """Leave out the policies that are samples: they are no policy."""
    folder = func.replace(func.replace(Page.kind, "policy", "/policies/"), "page", "/pages/")
    return (
        select(Page.id, folder + Page.handle, Page.updated_at.label("changed_at"))
        .where(Page.kind.in_([PageKind.PAGE, PageKind.POLICY]), Page.is_sample.is_(False))
        .where(Page.published_at <= now())
        .order_by(Page.id)
    )


def _regions() -> Rows:
    return _rows(Region, "/where-does-it-hurt/", null())


def _muscles() -> Rows:
    in_a_region = exists().where(RegionMuscle.muscle_id == Muscle.id)
    return _rows(Muscle, "/muscles/", null()).where(in_a_region)


def _routines() -> Rows:
    return _rows(Routine, "/routines/", Routine.updated_at)


def _rows(model: Any, folder: str, changed_at: Any) -> Rows:
    path = literal(folder) + model.handle
    return select(model.id, path, changed_at.label("changed_at")).order_by(model.id)


KINDS: dict[str, Callable[[], Rows]] = {
    "products": _products,
    "collections": _collections,
    "articles": _articles,
    "tutorials": _tutorials,
    "pages": _pages,
    "regions": _regions,
    "muscles": _muscles,
    "routines": _routines,
}


def _of_products(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    found = session.scalars(
        select(ProductImage)
        .where(ProductImage.product_id.in_(ids))
        .order_by(ProductImage.product_id, ProductImage.position)
    )
    return [(it.product_id, it.largest) for it in found if it.is_ready]


def _of_articles(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    return _figures(session, select(Article.id, Article.figure).where(Article.id.in_(ids)))


def _of_tutorials(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    steps = select(TutorialStep.tutorial_id, TutorialStep.figure).order_by(TutorialStep.position)
    return _figures(session, steps.where(TutorialStep.tutorial_id.in_(ids)))


def _of_muscles(session: Session, ids: Sequence[int]) -> list[tuple[int, str]]:
    return _figures(session, select(Muscle.id, Muscle.figure).where(Muscle.id.in_(ids)))


def _figures(session: Session, wanted: Select[Any, Any]) -> list[tuple[int, str]]:
    return [(row_id, figure_path(key)) for row_id, key in session.execute(wanted) if key]


_IMAGES: dict[str, Callable[[Session, Sequence[int]], list[tuple[int, str]]]] = {
    "products": _of_products,
    "articles": _of_articles,
    "tutorials": _of_tutorials,
    "muscles": _of_muscles,
}
