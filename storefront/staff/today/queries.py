"""What needs doing, counted; the same number of queries however much it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, case, func, select
from sqlalchemy.orm import Session

from models import (
    Answer,
    AnswerStatus,
    Claim,
    Comment,
    CommentStatus,
    Discrepancy,
    Dispute,
    Job,
    Mail,
    Order,
    OrderQuestion,
    OrderStatus,
    Payment,
    PaymentStatus,
    Purchase,
    PurchaseStatus,
    Question,
    Return,
    ReturnStatus,
    Review,
    ReviewStatus,
    Verification,
    now,
)
from storefront.jobs.hands import MAILS
from storefront.payments.attempts import counted
from storefront.staff.orders.wanted import LATELY
from storefront.staff.questions.queries import waits

LATE = timedelta(days=2)  # after the money came
OPEN_RETURNS = (ReturnStatus.REQUESTED, ReturnStatus.ACCEPTED, ReturnStatus.RECEIVED)
ON_THEIR_WAY = (PurchaseStatus.ORDERED, PurchaseStatus.PARTLY_RECEIVED)


@dataclass(frozen=True, slots=True)
class ToDo:
    """How much needs doing.

    to_ship: paid orders that nothing holds; late: those of them that were paid days ago. next_due:
    until when the first dispute can be answered. comments, reviews: those that wait to be read.
    questions: on products, without an answer. answers: of buyers, that wait to be read.
    order_questions: without an answer. failed_payments, bounced: of the last 7 days.
    failed_mails: jobs that were given up. claims: due for review. purchases: that should be here
    by now. limits: those that refuse attempts to pay now.
    """

    limits: int
    to_ship: int
    late: int
    attention: int
    discrepancies: int
    disputes: int
    next_due: datetime | None
    comments: int
    reviews: int
    questions: int
    answers: int
    order_questions: int
    returns: int
    drafts: int
    failed_payments: int
    failed_mails: int
    bounced: int
    claims: int
    purchases: int


def to_do(session: Session, limits: Mapping[str, tuple[int, int]], today: date) -> ToDo:
    """Return what needs doing now, in two queries. today: in the shop's zone."""
    moment = now()
    to_ship = (Order.status == OrderStatus.PAID, Order.attention.is_(None))
    lately = moment - LATELY
    row: Any = session.execute(
        select(
            _count(Order.id, *to_ship),
            _count(case((Order.paid_at < moment - LATE, 1)), *to_ship),
            _count(Order.id, Order.attention.is_not(None)),
            _count(Discrepancy.id, Discrepancy.resolved_at.is_(None)),
            _count(Dispute.id, Dispute.closed_at.is_(None)),
            select(func.min(Dispute.due_at)).where(Dispute.closed_at.is_(None)).scalar_subquery(),
            _count(Comment.id, Comment.status == CommentStatus.WAITING),
            _count(Review.id, Review.status == ReviewStatus.WAITING),
            _count(Question.id, waits()),
            _count(Answer.id, Answer.status == AnswerStatus.WAITING),
            _count(OrderQuestion.id, OrderQuestion.answered_at.is_(None)),
            _count(Return.id, Return.status.in_(OPEN_RETURNS)),
            _count(Order.id, Order.status == OrderStatus.DRAFT),
            _count(
                Payment.id, Payment.status == PaymentStatus.FAILED, Payment.created_at >= lately
            ),
            _count(Job.id, Job.kind.in_(MAILS), Job.done_at.is_(None), Job.is_dead.is_(True)),
            _count(Mail.id, Mail.bounced_at >= lately),
            _count(Claim.id, Claim.review_by <= today),
            _count(Purchase.id, Purchase.status.in_(ON_THEIR_WAY), Purchase.expected_on < today),
        )
    ).one()
    reached = sum(it.is_over for it in counted(session, limits))
    return ToDo(reached, *row)


def _count(key: Any, *which: ColumnElement[bool]) -> ScalarSelect[Any]:
    return select(func.count(key)).where(*which).scalar_subquery()


def newest_verification(session: Session, *, with_stripe: bool = False) -> Verification | None:
    """Return the newest run of ``verify``; of those that asked Stripe, where so wanted."""
    found = select(Verification).order_by(Verification.id.desc()).limit(1)
    if with_stripe:
        found = found.where(Verification.asked_stripe)
    return session.scalars(found).one_or_none()
