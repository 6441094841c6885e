"""Wish lists: a product stands on one once."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import Product, ProductStatus, Wish, now
from models.once import upsert
from models.wish import MOST_WISHES


class TooManyWishesError(Exception):
    """The list holds as many products as it may."""


def product(session: Session, handle: str) -> Product | None:
    """Return a product whose page answers, or None."""
    shown = Product.status.in_(ProductStatus.shown())
    return session.scalars(select(Product).where(Product.handle == handle, shown)).one_or_none()


def wishes(session: Session, customer_id: int) -> Sequence[Product]:
    """Return what a customer would like to have and the shop still shows, the newest first."""
    found = (
        select(Product)
        .join(Wish, Wish.product_id == Product.id)
        .where(Wish.customer_id == customer_id, Product.status.in_(ProductStatus.shown()))
        .order_by(Wish.id.desc())
    )
    return session.scalars(found).all()


def add(session: Session, customer_id: int, product_id: int) -> None:
    """Put a product on a list; twice is fine. Raises TooManyWishesError where it is full."""
    hers = select(func.count()).select_from(Wish).where(Wish.customer_id == customer_id)
    if (session.scalar(hers) or 0) >= MOST_WISHES:
        raise TooManyWishesError
    session.execute(
        upsert(session, Wish)
        .values(customer_id=customer_id, product_id=product_id, created_at=now())
        .on_conflict_do_nothing(index_elements=["customer_id", "product_id"])
    )


def remove(session: Session, customer_id: int, product_id: int) -> None:
    """Take a product off a list; one that is not on it is fine."""
    session.execute(
        delete(Wish).where(Wish.customer_id == customer_id, Wish.product_id == product_id)
    )
