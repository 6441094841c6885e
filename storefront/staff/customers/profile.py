"""One person: what the shop knows of her, found by any of her keys."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Comment,
    Consent,
    Customer,
    CustomerNote,
    Money,
    Order,
    OrderStatus,
    Payment,
    Subscriber,
)

NEWEST = 20
_KEY = re.compile(r"(?P<kind>[CS])-(?P<id>[1-9][0-9]{0,8})")


@dataclass(frozen=True, slots=True)
class Profile:
    """A person. key: her best one; spent: net of refunds, one sum a currency.

    orders: her newest; order_count: all that she placed.
    """

    key: str
    email: str
    name: str
    customer: Customer | None
    subscriber: Subscriber | None
    orders: Sequence[Order]
    order_count: int
    spent: Sequence[Money]
    first_at: datetime | None
    consents: Sequence[Consent]
    notes: Sequence[CustomerNote]
    comments: Sequence[Comment]


def email_of(session: Session, key: str) -> str | None:
    """Return the address of whom a key names: an account, a subscription or an order; or None."""
    found = _KEY.fullmatch(key)
    if found is None:
        placed = Order.status != OrderStatus.DRAFT
        return session.scalar(select(Order.email).where(Order.number == key, placed))
    table = Customer if found["kind"] == "C" else Subscriber
    return session.scalar(select(table.email).where(table.id == int(found["id"])))


def profile(session: Session, email: str) -> Profile:
    """Return a person by her address, in nine queries however much there is."""
    customer = session.scalars(select(Customer).filter_by(email=email)).one_or_none()
    subscriber = session.scalars(select(Subscriber).filter_by(email=email)).one_or_none()
    hers = (Order.email == email, Order.status != OrderStatus.DRAFT)
    orders = session.scalars(
        select(Order)
        .where(*hers)
        .options(selectinload(Order.lines))
        .order_by(Order.id.desc())
        .limit(NEWEST)
    ).all()
    count, first_at = session.execute(
        select(func.count(Order.id), func.min(Order.created_at)).where(*hers)
    ).one()
    notes = select(CustomerNote).where(CustomerNote.email == email)
    comments = select(Comment).where(Comment.email == email, Comment.is_staff.is_(False))
    return Profile(
        key=_key(customer, subscriber, orders),
        email=email,
        name=(customer.name if customer else "") or next((it.name for it in orders if it.name), ""),
        customer=customer,
        subscriber=subscriber,
        orders=orders,
        order_count=count,
        spent=_spent(session, email),
        first_at=first_at,
        consents=_consents(session, subscriber),
        notes=session.scalars(notes.order_by(CustomerNote.id.desc())).all(),
        comments=session.scalars(comments.order_by(Comment.id.desc()).limit(NEWEST)).all(),
    )


def _key(customer: Customer | None, subscriber: Subscriber | None, orders: Sequence[Order]) -> str:
    if customer is not None:
        return f"C-{customer.id}"
    if orders:
        return orders[0].number
    return f"S-{subscriber.id}" if subscriber else ""


def _spent(session: Session, email: str) -> list[Money]:
    kept = func.sum(Payment.captured_minor - Payment.refunded_minor)
    found = session.execute(
        select(Payment.captured_currency, kept)
        .join(Order, Order.id == Payment.order_id)
        .where(Order.email == email, Payment.captured_currency.is_not(None))
        .group_by(Payment.captured_currency)
        .order_by(Payment.captured_currency)
    )
    return [Money(int(minor), currency) for currency, minor in found if currency]


def _consents(session: Session, subscriber: Subscriber | None) -> Sequence[Consent]:
    if subscriber is None:
        return ()
    found = select(Consent).where(Consent.subscriber_id == subscriber.id)
    return session.scalars(found.order_by(Consent.id)).all()
