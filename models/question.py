"""Questions about products, and what the shop and buyers answer."""

import enum
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt
from models.language import Speaks
from models.order import Order


class QuestionStatus(enum.StrEnum):
    """What became of a question; only what is published is seen by visitors."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"
    SPAM = "spam"


class AnswerStatus(enum.StrEnum):
    """What became of a buyer's answer; only what is published is seen by visitors."""

    WAITING = "waiting"
    PUBLISHED = "published"
    REJECTED = "rejected"


class Question(Speaks, CreatedAt, Base):
    """A question on a product's page with the shop's answer.

    comment_id: the comment that it came from. email: of a visitor who wants to be told of the first
    answer, empty for others. key: what it says and where it came from, digested, so that the same
    is taken once; None where staff wrote it. origin, spam_score: as of a comment.
    """

    __tablename__ = "questions"
    __table_args__ = (
        CheckConstraint("spam_score BETWEEN 0 AND 100", name="spam_score_in_range"),
        Index("ix_questions_created_at", "created_at"),
        Index("ix_questions_status_created_at", "status", "created_at"),
        Index("ix_questions_product_id_status", "product_id", "status", "position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("products.id", ondelete="CASCADE"))
    comment_id: Mapped[int | None] = mapped_column(
        ForeignKey("comments.id", ondelete="SET NULL"), unique=True
    )
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(120), default="")
    answered_by: Mapped[str] = mapped_column(String(120), default="")
    position: Mapped[int] = mapped_column(default=0)
    status: Mapped[QuestionStatus] = mapped_column(default=QuestionStatus.PUBLISHED)
    email: Mapped[str] = mapped_column(String(254), default="", index=True)
    key: Mapped[str | None] = mapped_column(String(64), unique=True)
    origin: Mapped[str] = mapped_column(String(64), default="")
    spam_score: Mapped[int] = mapped_column(default=0)
    spam_reasons: Mapped[list[str]] = mapped_column(default=list)

    answers: Mapped[list["Answer"]] = relationship(
        order_by="Answer.id", back_populates="question", lazy="raise_on_sql", passive_deletes=True
    )

    @property
    def is_published(self) -> bool:
        """Whether visitors see it."""
        return self.status is QuestionStatus.PUBLISHED


class Answer(Speaks, CreatedAt, Base):
    """What the buyer of an order answers to a question about a product of it; one for each.

    version: counts how often its words changed, so that nobody decides on others than were read.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("question_id", "order_id"),
        Index("ix_answers_status_created_at", "status", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"))
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    text: Mapped[str] = mapped_column(Text)
    status: Mapped[AnswerStatus] = mapped_column(default=AnswerStatus.WAITING)
    version: Mapped[int] = mapped_column(default=1)
    published_at: Mapped[datetime | None]

    question: Mapped[Question] = relationship(back_populates="answers", lazy="raise_on_sql")
    order: Mapped[Order] = relationship(lazy="raise_on_sql")
