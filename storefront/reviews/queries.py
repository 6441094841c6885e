"""What the buyer of an order can say something of, and has."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import Order, Product, Region, Review


def own(session: Session, order: Order, product: Product) -> Review | None:
    """Return what the buyer of an order wrote of a product, withdrawn or not, as it is now."""
    wanted = select(Review).where(Review.order_id == order.id, Review.product_id == product.id)
    wanted = wanted.options(joinedload(Review.region)).execution_options(populate_existing=True)
    return session.scalars(wanted).one_or_none()


def regions(session: Session) -> Sequence[Region]:
    """Return where it can hurt, in the shop's order."""
    return session.scalars(select(Region).order_by(Region.position, Region.id)).all()
