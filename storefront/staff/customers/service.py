"""What staff write down of people, and forgetting one who asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, delete, func, or_, select, update
from sqlalchemy.orm import Session

from models import (
    Answer,
    CartReminder,
    Comment,
    Customer,
    CustomerNote,
    DiscountCustomer,
    DiscountUse,
    Dispute,
    Erasure,
    Mail,
    MailedLink,
    MailStop,
    Order,
    OrderQuestion,
    OrderStatus,
    Payment,
    Practice,
    Question,
    Return,
    ReturnStatus,
    Review,
    Segment,
    SentPicture,
    StockAlert,
    Subscriber,
    now,
)
from models.comment import WITHDRAWN
from models.once import claim
from models.order import new_token
from storefront.gift_cards import privacy as gift_cards
from storefront.newsletter.service import erase as erase_subscribers
from storefront.orders.labels import label_file
from storefront.questions.service import forget as forget_questions
from storefront.questions.service import withdraw as withdraw_answers
from storefront.reviews.service import withdraw as withdraw_reviews
from storefront.sent_pictures.jobs import discard_later
from storefront.sent_pictures.service import remove as remove_pictures

UNDER_WAY = (OrderStatus.PENDING, OrderStatus.PROCESSING, OrderStatus.PAID)
OPEN_RETURNS = (ReturnStatus.REQUESTED, ReturnStatus.ACCEPTED, ReturnStatus.RECEIVED)


class UnderWayError(Exception):
    """Something of hers is not over, so that she cannot be forgotten yet.

    counts: how many of what, by its name in the plural.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        """Remember what is not over."""
        super().__init__(", ".join(counts))
        self.counts = counts


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What became of the rows about a person, counted by their kind."""

    erased: Mapping[str, int]
    kept: Mapping[str, int]


def note(session: Session, email: str, text: str, actor: str) -> None:
    """Write something down of a person."""
    session.add(CustomerNote(email=email, text=text, actor=actor))


def drop_note(session: Session, email: str, note_id: int) -> bool:
    """Take a note away; False where she has no such note."""
    gone = session.execute(
        delete(CustomerNote)
        .where(CustomerNote.id == note_id, CustomerNote.email == email)
        .returning(CustomerNote.id)
    )
    return gone.scalar_one_or_none() is not None


def keep_segment(session: Session, title: str, rule: Mapping[str, str], actor: str) -> bool:
    """Keep a list of people under a title; False where the title is taken."""
    return claim(session, Segment(title=title, rule=dict(rule), actor=actor))


def drop_segment(session: Session, segment_id: int) -> None:
    """Forget a segment; nobody in it is touched."""
    session.execute(delete(Segment).where(Segment.id == segment_id))


def forget(session: Session, email: str, actor: str) -> Forgotten:
    """Erase what the shop knows of a person, but for what the law makes it keep.

    Paid orders are records of business: their lines, amounts, and the name and address that their
    invoices show stay (in the EU six to ten years, by each country's tax law); her email address,
    her account and the address of her order page go from them. Source: GDPR articles 17(1) and
    17(3)(b). Raises UnderWayError, and changes nothing, where an order, a return or a dispute of
    hers is not over. What was erased cannot be brought back.
    """
    under_way = {name: n for name, n in _open_things(session, email).items() if n}
    if under_way:
        raise UnderWayError(under_way)
    hers = of_person(email)
    paid = hers & Order.paid_at.is_not(None)
    theirs = select(Order.id).where(hers)
    orders = session.scalars(select(Order).where(paid)).all()  # while her account tells them
    kept = {"paid orders": len(orders)}
    erased = {
        "gift cards": gift_cards.forget(session, email, hers),
        "mails": _forget_mails(session, email, hers),
        "comments": _forget_comments(session, email),
        "questions on products": forget_questions(session, email),
        "answers to them": withdraw_answers(session, Answer.order_id.in_(theirs)),
        "reviews": withdraw_reviews(session, Review.order_id.in_(theirs)),
        "sent pictures": remove_pictures(session, SentPicture.order_id.in_(theirs)),
        "questions": _delete(
            session, delete(OrderQuestion).where(OrderQuestion.order_id.in_(theirs))
        ),
        **_forget_returns(session, theirs),
        "unpaid orders": _forget_orders(session, hers & Order.paid_at.is_(None)),
        "notes": _delete(session, delete(CustomerNote).where(CustomerNote.email == email)),
        "subscriptions": _forget_subscriber(session, email),
        **_forget_asked(session, email),
        "uses of discounts": _forget_discounts(session, email),
        **_forget_account(session, email),
    }
    for order in orders:
        order.email, order.customer_id, order.token = None, None, new_token()
    session.add(Erasure(actor=actor, erased=erased, kept=kept))
    return Forgotten(erased, kept)


def of_person(email: str) -> ColumnElement[bool]:
    """Return which orders are a person's: with her address, or of her account with another."""
    account = select(Customer.id).where(Customer.email == email)
    return or_(Order.email == email, Order.customer_id.in_(account))


def _open_things(session: Session, email: str) -> dict[str, int]:
    orders = select(func.count(Order.id)).where(of_person(email))
    returns = select(func.count(Return.id)).join(Order, Order.id == Return.order_id)
    disputes = (
        select(func.count(Dispute.id))
        .join(Payment, Payment.id == Dispute.payment_id)
        .join(Order, Order.id == Payment.order_id)
    )
    return {
        "orders": _count(session, orders.where(Order.status.in_(UNDER_WAY))),
        "returns": _count(
            session, returns.where(of_person(email), Return.status.in_(OPEN_RETURNS))
        ),
        "disputes": _count(session, disputes.where(of_person(email), Dispute.closed_at.is_(None))),
    }


def _count(session: Session, wanted: Select[int]) -> int:
    return session.scalar(wanted) or 0


def _delete(session: Session, statement: object) -> int:
    result = session.execute(statement)  # type: ignore[call-overload]  # any DELETE or UPDATE
    return int(result.rowcount)


def _forget_orders(session: Session, which: ColumnElement[bool]) -> int:
    orders = session.scalars(select(Order).where(which)).all()
    for order in orders:
        order.email, order.name, order.shipping_address = None, "", None
        order.customer_id, order.token = None, new_token()
    return len(orders)


def _forget_mails(session: Session, email: str, hers: ColumnElement[bool]) -> int:
    """Empty the outbox of what went to her; what was not sent yet stays unsent."""
    emptied = {"recipient": "", "text": "", "html": "", "headers": {}, "bounce": ""}
    statement = (
        update(Mail)
        .where(or_(Mail.recipient == email, Mail.order_id.in_(select(Order.id).where(hers))))
        .values(sent_at=func.coalesce(Mail.sent_at, now()), **emptied)
        .execution_options(synchronize_session=False)
    )
    return _delete(session, statement)


def _forget_comments(session: Session, email: str) -> int:
    """Take back what she wrote below texts, as she could herself; answers of staff stay."""
    hers = (Comment.email == email, Comment.is_staff.is_(False))
    found = select(Comment.id).where(*hers)
    session.execute(delete(Question).where(Question.comment_id.in_(found)))
    statement = (
        update(Comment)
        .where(*hers)
        .values(**WITHDRAWN)
        .execution_options(synchronize_session=False)
    )
    return _delete(session, statement)


def _forget_subscriber(session: Session, email: str) -> int:
    found = session.scalars(select(Subscriber.id).where(Subscriber.email == email)).all()
    erase_subscribers(session, found)
    return len(found)


def _forget_returns(session: Session, orders: Select[int]) -> dict[str, int]:
    """Forget what she wrote of her returns, and their labels: her address is on them."""
    hers = Return.order_id.in_(orders)
    labels = session.scalars(select(Return.label_key).where(hers, Return.label_key.is_not(None)))
    discard_later(session, [label_file(it) for it in labels if it])
    wordless = update(Return).where(hers, (Return.words != "") | (Return.answer != ""))
    erased = _delete(
        session,
        wordless.values(words="", answer="").execution_options(synchronize_session=False),
    )
    session.execute(
        update(Return)
        .where(hers)
        .values(label_key=None, label_type="")
        .execution_options(synchronize_session=False)
    )
    return {"words of returns": erased}


def _forget_asked(session: Session, email: str) -> dict[str, int]:
    """Forget what she asked to be mailed of, and what she stopped."""
    waits = delete(StockAlert).where(StockAlert.email == email)
    reminders = delete(CartReminder).where(CartReminder.email == email)
    stops = delete(MailStop).where(MailStop.email == email)
    return {
        "things waited for": _delete(session, waits),
        "reminders of carts": _delete(session, reminders),
        "mails stopped": _delete(session, stops),
    }


def _forget_discounts(session: Session, email: str) -> int:
    """Forget her in what discounts count by; the use itself stays with its order."""
    session.execute(
        update(DiscountUse)
        .where(DiscountUse.customer == email)
        .values(customer="")
        .execution_options(synchronize_session=False)
    )
    return _delete(session, delete(DiscountCustomer).where(DiscountCustomer.customer == email))


def _forget_account(session: Session, email: str) -> dict[str, int]:
    account = select(Customer.id).where(Customer.email == email)
    _delete(session, delete(MailedLink).where(MailedLink.email == email))
    practices = delete(Practice).where(Practice.customer_id.in_(account))
    return {
        "entries of her log": _delete(session, practices),
        "accounts": _delete(session, delete(Customer).where(Customer.email == email)),
    }
