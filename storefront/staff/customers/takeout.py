"""All that the shop knows of one person, to be given to her."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import (
    Address,
    Answer,
    Cart,
    CartLine,
    CartReminder,
    Comment,
    Consent,
    Customer,
    CustomerNote,
    GiftCard,
    Mail,
    MailedLink,
    MailStop,
    Order,
    OrderEvent,
    OrderQuestion,
    Passkey,
    Payment,
    Practice,
    Product,
    Question,
    Refund,
    Return,
    Review,
    SavedLine,
    SentPicture,
    SignIn,
    StockAlert,
    Subscriber,
    Wish,
)
from models.base import Base
from storefront.staff.customers.service import of_person

# What must not leave the house: secrets, and digests that are of use to the shop alone.
SECRETS = frozenset(
    {
        *("code_digest", "code_sealed", "gift_code_digest", "password_hash", "token"),
        *("token_sha256", "secret", "origin", "public_key"),
    }
)
INNER = frozenset(
    {
        *("asked_key", "cart_id", "cart_fingerprint", "key", "url", "session_id"),
        *("payment_intent_id", "label_key", "mail_key"),
    }
)


def everything(session: Session, email: str) -> dict[str, Any]:
    """Return what is kept of a person by kind, as JSON has it; times in UTC, money in minor units.

    Source: GDPR articles 15 and 20. The health notes of her log are in it: the file is for her.
    """
    customer = session.scalars(select(Customer).filter_by(email=email)).one_or_none()
    subscriber = session.scalars(select(Subscriber).filter_by(email=email)).one_or_none()
    return {
        "email": email,
        "account": _rows([customer] if customer else []),
        **_of_account(session, customer),
        "newsletter": _rows([subscriber] if subscriber else []),
        "consents": _all(session, Consent, subscriber_id=subscriber.id if subscriber else 0),
        **_of_orders(session, email),
        "comments": _all(session, Comment, email=email, is_staff=False),
        "questions on products": _all(session, Question, email=email),
        "mailed links": _all(session, MailedLink, email=email),
        "gift cards": _all(session, GiftCard, recipient_email=email),
        "mails": _all(session, Mail, recipient=email),
        "waits for": _all(session, StockAlert, email=email),
        "reminders of carts": _all(session, CartReminder, email=email),
        "mails stopped": _all(session, MailStop, email=email),
        "notes of staff": _all(session, CustomerNote, email=email),
    }


def _of_account(session: Session, customer: Customer | None) -> dict[str, Any]:
    mine = {"customer_id": customer.id if customer else 0}
    return {
        "sign-ins": _all(session, SignIn, **mine),
        "passkeys": _all(session, Passkey, **mine),
        "log": _all(session, Practice, **mine),
        "addresses": _all(session, Address, **mine),
        "wish list": _wishes(session, mine["customer_id"]),
        "cart": _all(session, Cart, **mine),
        "in the cart": _all(session, CartLine, cart_id=_cart_id(session, mine["customer_id"])),
        "saved for later": _all(session, SavedLine, cart_id=_cart_id(session, mine["customer_id"])),
    }


def _cart_id(session: Session, customer_id: int) -> int:
    return session.scalar(select(Cart.id).where(Cart.customer_id == customer_id)) or 0


def _wishes(session: Session, customer_id: int) -> list[dict[str, Any]]:
    found = (
        select(Product.title, Wish.created_at)
        .join(Wish, Wish.product_id == Product.id)
        .where(Wish.customer_id == customer_id)
    )
    rows = session.execute(found.order_by(Wish.id))
    return [{"product": title, "created_at": _plain(moment)} for title, moment in rows]


def _of_orders(session: Session, email: str) -> dict[str, Any]:
    orders = session.scalars(
        select(Order)
        .where(of_person(email))
        .options(
            selectinload(Order.lines),
            selectinload(Order.fulfilments),
            selectinload(Order.discounts),
        )
        .order_by(Order.id)
    ).all()
    ids = [order.id for order in orders]
    payments = session.scalars(select(Payment).where(Payment.order_id.in_(ids))).all()
    refunds = select(Refund).where(Refund.payment_id.in_([it.id for it in payments]))
    returns = select(Return).where(Return.order_id.in_(ids)).options(selectinload(Return.lines))
    reviews = select(Review).where(Review.order_id.in_(ids)).order_by(Review.id)
    answers = select(Answer).where(Answer.order_id.in_(ids)).order_by(Answer.id)
    questions = select(OrderQuestion).where(OrderQuestion.order_id.in_(ids))
    pictures = select(SentPicture).where(SentPicture.order_id.in_(ids))
    events = select(OrderEvent).where(OrderEvent.order_id.in_(ids)).order_by(OrderEvent.id)
    return {
        "orders": [
            _row(it)
            | {
                "lines": _rows(it.lines),
                "parcels": _rows(it.fulfilments),
                "discounts": _rows(it.discounts),
            }
            for it in orders
        ],
        "events of orders": _rows(session.scalars(events).all()),
        "payments": _rows(payments),
        "refunds": _rows(session.scalars(refunds).all()),
        "reviews": _rows(session.scalars(reviews).all()),
        "answers to them": _rows(session.scalars(answers).all()),
        "questions": _rows(session.scalars(questions.order_by(OrderQuestion.id)).all()),
        "sent pictures": _rows(session.scalars(pictures.order_by(SentPicture.id)).all()),
        "returns": [_row(it) | {"lines": _rows(it.lines)} for it in session.scalars(returns).all()],
    }


def _all(session: Session, table: Any, **which: object) -> list[dict[str, Any]]:
    found = session.scalars(
        select(table).filter_by(**which).order_by(*table.__mapper__.primary_key)
    )
    return _rows(found.all())


def _rows(rows: Sequence[Base]) -> list[dict[str, Any]]:
    return [_row(row) for row in rows]


def _row(row: Base) -> dict[str, Any]:
    """Return a row by the names of its columns, without secrets and what only machines read."""
    columns = row.__mapper__.column_attrs
    names = [it.key for it in columns if not it.key.startswith("_")]
    kept = [name for name in names if name not in SECRETS | INNER]
    return {name: _plain(getattr(row, name)) for name in kept}


def _plain(value: object) -> object:
    if value is None or isinstance(value, bool | int | str | list | dict):
        return value
    isoformat = getattr(value, "isoformat", None)
    return isoformat() if isoformat else str(value)
