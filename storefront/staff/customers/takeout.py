"""All that the shop knows of one person, to be given to her."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import (
    Comment,
    Consent,
    Customer,
    CustomerNote,
    GiftCard,
    Mail,
    Order,
    OrderEvent,
    Passkey,
    Payment,
    Practice,
    Refund,
    Return,
    Review,
    SignIn,
    Subscriber,
)
from models.base import Base

# What must not leave the house: secrets, and digests that are of use to the shop alone.
SECRETS = frozenset(
    {
        "code_digest",
        "code_sealed",
        "password_hash",
        "token",
        "token_sha256",
        "secret",
        "origin",
        "public_key",
    }
)
INNER = frozenset(
    {"mail_key", "cart_id", "cart_fingerprint", "key", "url", "session_id", "payment_intent_id"}
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
        "gift cards": _all(session, GiftCard, recipient_email=email),
        "mails": _all(session, Mail, recipient=email),
        "notes of staff": _all(session, CustomerNote, email=email),
    }


def _of_account(session: Session, customer: Customer | None) -> dict[str, Any]:
    mine = {"customer_id": customer.id if customer else 0}
    return {
        "sign-ins": _all(session, SignIn, **mine),
        "passkeys": _all(session, Passkey, **mine),
        "log": _all(session, Practice, **mine),
    }


def _of_orders(session: Session, email: str) -> dict[str, Any]:
    orders = session.scalars(
        select(Order)
        .where(Order.email == email)
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
