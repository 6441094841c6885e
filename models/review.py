"""Reviews: what buyers say of what they bought, and what the shop answers."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt
from models.catalog import Product
from models.language import Speaks
from models.order import Order
from models.region import Region

MOST_STARS = 5
MOST_WEEKS = 520


class ReviewStatus(enum.StrEnum):
    """What became of a review; only what is published is seen and counted."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Review(Speaks, CreatedAt, Base):
    """What the buyer of an order says of a product that came with it; one for each of them.

    weeks: how long it has been in use, None where the buyer does not say. version: counts how often
    its words changed, so that nobody decides on others than were read. A review that is withdrawn
    has lost its name and words.
    """

    __tablename__ = "reviews"
    __table_args__ = (
        UniqueConstraint("order_id", "product_id"),
        CheckConstraint(f"stars BETWEEN 1 AND {MOST_STARS}", name="stars_in_range"),
        CheckConstraint(f"weeks BETWEEN 0 AND {MOST_WEEKS}", name="weeks_in_range"),
        CheckConstraint(
            "status <> 'published' OR published_at IS NOT NULL", name="published_has_a_moment"
        ),
        Index("ix_reviews_product_id_status", "product_id", "status", "published_at"),
        Index("ix_reviews_created_at", "created_at"),
        Index("ix_reviews_status_created_at", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    region_id: Mapped[int | None] = mapped_column(
        ForeignKey("regions.id", ondelete="SET NULL"), index=True
    )
    stars: Mapped[int]
    title: Mapped[str] = mapped_column(String(120), default="")
    text: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(120))
    weeks: Mapped[int | None]
    status: Mapped[ReviewStatus] = mapped_column(default=ReviewStatus.WAITING)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    answered_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise_on_sql")
    product: Mapped[Product] = relationship(lazy="raise_on_sql")
    region: Mapped[Region | None] = relationship(lazy="raise_on_sql")
