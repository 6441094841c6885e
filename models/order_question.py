"""Questions about an order: what its buyer asks, and what the shop answers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt
from models.order import Order


class OrderQuestion(CreatedAt, Base):
    """A question that the buyer of an order asked from its page.

    key: names the form that it was sent with, so that two clicks are one question. answer: empty
    until staff answer, once.
    """

    __tablename__ = "order_questions"
    __table_args__ = (
        CheckConstraint("(answer = '') = (answered_at IS NULL)", name="answer_has_a_moment"),
        Index("ix_order_questions_answered_at", "answered_at", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    key: Mapped[str] = mapped_column(String(80), unique=True)
    text: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    answered_by: Mapped[str] = mapped_column(String(254), default="")
    answered_at: Mapped[datetime | None]

    order: Mapped[Order] = relationship(lazy="raise_on_sql")
