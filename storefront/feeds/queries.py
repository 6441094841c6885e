"""Looking things up for machines: one by its handle, as its page loads it; only what is shown."""

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import (
    Article,
    Muscle,
    Page,
    PageKind,
    Product,
    ProductStatus,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
    ShippingZone,
    Tutorial,
)
from storefront.feeds import pictures
from storefront.feeds.pictures import Picture
from storefront.learn.queries import published


def zones(session: Session) -> Sequence[ShippingZone]:
    """Return where the shop ships to and for how much, in one query."""
    wanted = select(ShippingZone).order_by(ShippingZone.id)
    loaded = wanted.options(joinedload(ShippingZone.countries), joinedload(ShippingZone.rates))
    return session.scalars(loaded).unique().all()


def article(session: Session, handle: str, *options: ExecutableOption) -> Article | None:
    """Return a published article with its blog."""
    wanted = published().where(Article.handle == handle).options(*options)
    return session.scalars(wanted).one_or_none()


def tutorial(session: Session, handle: str, *options: ExecutableOption) -> Tutorial | None:
    """Return a tutorial with its steps."""
    wanted = select(Tutorial).filter_by(handle=handle)
    return session.scalars(wanted.options(selectinload(Tutorial.steps), *options)).one_or_none()


def page(session: Session, handle: str, *options: ExecutableOption) -> Page | None:
    """Return a plain page or a policy."""
    wanted = select(Page).where(Page.handle == handle, Page.kind != PageKind.TUTORIAL)
    return session.scalars(wanted.options(*options)).one_or_none()


def region(session: Session, handle: str) -> Region | None:
    """Return a region with its muscles."""
    loaded = selectinload(Region.muscles).joinedload(RegionMuscle.muscle)
    return session.scalars(select(Region).filter_by(handle=handle).options(loaded)).one_or_none()


def routine(session: Session, handle: str) -> Routine | None:
    """Return a routine with the steps of its tutorials."""
    loaded = (
        selectinload(Routine.parts).joinedload(RoutinePart.tutorial).selectinload(Tutorial.steps)
    )
    return session.scalars(select(Routine).filter_by(handle=handle).options(loaded)).one_or_none()


def picture(session: Session, kind: str, handle: str) -> Picture | None:
    """Return what the share picture of a page shows; None where visitors see no such page."""
    if kind not in _PICTURES:
        return None
    find, show = _PICTURES[kind]
    found = find(session, handle)
    return show(found) if found else None


def product(session: Session, handle: str) -> Product | None:
    """Return a product that is for sale, with its pictures."""
    wanted = select(Product).where(
        Product.handle == handle, Product.status == ProductStatus.ACTIVE, Product.variants.any()
    )
    return session.scalars(wanted.options(selectinload(Product.images))).one_or_none()


def muscle(session: Session, handle: str) -> Muscle | None:
    """Return a muscle."""
    return session.scalars(select(Muscle).filter_by(handle=handle)).one_or_none()


_PICTURES: dict[str, tuple[Callable[..., Any], Callable[..., Picture]]] = {
    "article": (article, pictures.of_article),
    "tutorial": (tutorial, pictures.of_tutorial),
    "page": (page, pictures.of_page),
    "product": (product, pictures.of_product),
    "region": (region, pictures.of_region),
    "muscle": (muscle, pictures.of_muscle),
    "routine": (routine, pictures.of_routine),
}
