"""Products that come into the shop at a moment."""

from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models import Product, ProductStatus, now
from storefront.catalog.rules import refresh
from storefront.database import Sessions
from storefront.jobs.queue import enqueue
from storefront.jobs.worker import Effect, Payload
from storefront.search.index import index_product

KIND = "publish-product"  # of the job


def schedule(session: Session, product_id: int, moment: datetime) -> None:
    """Let the worker bring a product into the shop when its moment comes."""
    key = f"{KIND}-{product_id}-{moment.isoformat()}"
    enqueue(session, KIND, key, {"product_id": product_id}, run_at=moment)


def publish(sessions: Sessions, payload: Payload) -> Effect:
    """Bring a product into the shop whose moment has come; one that was put off stays as it is."""
    del sessions

    def write(session: Session) -> None:
        come = session.scalars(
            update(Product)
            .where(
                Product.id == payload["product_id"],
                Product.status == ProductStatus.SCHEDULED,
                Product.publish_at <= now(),
            )
            .values(status=ProductStatus.ACTIVE, publish_at=None, updated_at=now())
            .returning(Product)
        ).one_or_none()
        if come is not None:
            index_product(session, come)
            refresh(session)

    return write
