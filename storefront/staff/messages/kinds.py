"""What waits for an answer or a decision, kind by kind; another kind is one more line of KINDS."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import String, cast, func, literal, select

from models import (
    Answer,
    AnswerStatus,
    Comment,
    CommentStatus,
    Dispute,
    Order,
    OrderQuestion,
    Payment,
    Product,
    Question,
    Return,
    ReturnStatus,
    Review,
    ReviewStatus,
)
from models.staff import Permission, Staff
from storefront.staff.listing import AnySelect
from storefront.staff.questions.queries import waits

LONGEST = 200  # signs of what somebody wrote
TO_ANSWER = ("needs_response", "warning_needs_response")  # Stripe's words


@dataclass(frozen=True, slots=True)
class Kind:
    """Something that waits. permission: of who may answer it, and so sees it.

    endpoint and parameter: of the page where it is answered. waiting: a statement of (id, who,
    what, since) of all that waits.
    """

    name: str
    title: str
    permission: Permission
    endpoint: str
    parameter: str
    waiting: AnySelect


def _columns(key: Any, who: Any, what: Any, since: Any) -> AnySelect:
    return select(
        key.label("id"),
        cast(who, String).label("who"),
        func.substr(what, 1, LONGEST).label("what"),
        since.label("since"),
    )


_said = func.coalesce(func.nullif(Return.words, ""), Return.note)


def _returns(since: Any, *statuses: ReturnStatus) -> AnySelect:
    order = literal("Order ") + Order.number
    found = _columns(Return.id, order, _said, since).join(Order, Order.id == Return.order_id)
    return found.where(Return.status.in_(statuses))


_COMMENTS = _columns(Comment.id, Comment.name, Comment.text, Comment.created_at).where(
    Comment.status == CommentStatus.WAITING, Comment.is_staff.is_(False)
)
_REVIEWS = _columns(Review.id, Review.name, Review.text, Review.created_at).where(
    Review.status == ReviewStatus.WAITING
)
_QUESTIONS = (
    _columns(
        Question.id,
        func.coalesce(func.nullif(Question.asked_by, ""), Product.title),
        Question.question,
        Question.created_at,
    )
    .join(Product, Product.id == Question.product_id)
    .where(waits())
)
_ANSWERS = _columns(Answer.question_id, Answer.name, Answer.text, Answer.created_at).where(
    Answer.status == AnswerStatus.WAITING
)
_ABOUT_ORDERS = (
    _columns(
        OrderQuestion.id,
        literal("Order ") + Order.number,
        OrderQuestion.text,
        OrderQuestion.created_at,
    )
    .join(Order, Order.id == OrderQuestion.order_id)
    .where(OrderQuestion.answered_at.is_(None))
)
_DISPUTES = (
    _columns(
        Dispute.id,
        literal("Order ") + Order.number,
        func.replace(Dispute.reason, "_", " "),
        Dispute.created_at,
    )
    .join(Payment, Payment.id == Dispute.payment_id)
    .join(Order, Order.id == Payment.order_id)
    .where(Dispute.closed_at.is_(None), Dispute.status.in_(TO_ANSWER))
)
_ASKED = _returns(Return.created_at, ReturnStatus.REQUESTED)
_TO_COME = _returns(func.coalesce(Return.decided_at, Return.created_at), ReturnStatus.ACCEPTED)
_HERE = _returns(func.coalesce(Return.received_at, Return.created_at), ReturnStatus.RECEIVED)

_COMMENT = ("staff.comments.show", "comment_id")
_QUESTION = ("staff.questions.show", "question_id")
_ABOUT_ORDER = ("staff.order_questions.show", "question_id")
_REVIEW = ("staff.reviews.show", "review_id")
_RETURN = ("staff.returns.show", "return_id")
KINDS = (
    Kind("comment", "Comment to read", Permission.MODERATE, *_COMMENT, _COMMENTS),
    Kind("review", "Review to read", Permission.MODERATE, *_REVIEW, _REVIEWS),
    Kind("question", "Question to answer", Permission.MODERATE, *_QUESTION, _QUESTIONS),
    Kind("answer", "Answer to read", Permission.MODERATE, *_QUESTION, _ANSWERS),
    Kind("order", "Question on an order", Permission.EDIT_ORDERS, *_ABOUT_ORDER, _ABOUT_ORDERS),
    Kind("return", "Return to decide on", Permission.EDIT_ORDERS, *_RETURN, _ASKED),
    Kind("parcel", "Return to receive", Permission.SHIP, *_RETURN, _TO_COME),
    Kind("refund", "Return to pay back", Permission.REFUND, *_RETURN, _HERE),
    Kind("dispute", "Dispute", Permission.SEE_MONEY, "staff.money.index", "dispute", _DISPUTES),
)


def open_to(person: Staff) -> Iterator[Kind]:
    """Yield the kinds that a person may answer."""
    return (it for it in KINDS if person.may(it.permission))
