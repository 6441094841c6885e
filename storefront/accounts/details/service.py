"""Changing a customer's email address: everything that is known by it goes with her."""

from typing import Any

from sqlalchemy import delete, exists, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from models import (
    Comment,
    Customer,
    CustomerNote,
    Discount,
    DiscountCustomer,
    DiscountUse,
    Mail,
    Order,
    StockAlert,
    Subscriber,
)
from models.once import upsert
from storefront.accounts.links.service import void
from storefront.languages import lazy_gettext
from storefront.mail.letters import Letters
from storefront.newsletter.service import erase as erase_subscribers

# Columns that say whose a row is by her address alone. Orders come first: as she pays.
ADDRESSES: tuple[InstrumentedAttribute[Any], ...] = (
    Order.email,
    Comment.email,
    CustomerNote.email,
    Mail.recipient,
)
CHANGED = lazy_gettext(
    "The email address of your account was changed. Our mails go to the new address from now on,"
    " and this one no longer signs anybody in."
)


class AddressTakenError(Exception):
    """The address has an account of its own that was proven."""


def change_address(session: Session, customer: Customer, email: str, letters: Letters) -> None:
    """Give a customer an address that she has proven, with all that was known by the old one.

    An account of the new address that was never proven goes: nobody could use it. Raises
    AddressTakenError, and the caller rolls back. The old address is told.
    """
    old = customer.email
    if email == old:
        return
    session.execute(
        delete(Customer)
        .where(Customer.email == email, Customer.verified_at.is_(None))
        .execution_options(synchronize_session=False)
    )
    try:
        with session.begin_nested():
            customer.email = email
    except IntegrityError as taken:
        raise AddressTakenError from taken
    for column in ADDRESSES:
        _move(session, column, old, email)
    _move_uses(session, old, email)
    _move_subscriber(session, old, email)
    void(session, old)
    letters.account_changed(session, old, CHANGED)


def speak(session: Session, customer: Customer, code: str) -> None:
    """Write to a customer in a language from now on, of her orders and the newsletter too."""
    customer.language = code
    for kind, hers in (
        (Order, Order.customer_id == customer.id),
        (Subscriber, Subscriber.email == customer.email),
        (StockAlert, StockAlert.email == customer.email),
    ):
        session.execute(
            update(kind)
            .where(hers)
            .values(language=code)
            .execution_options(synchronize_session=False)
        )


def _move(session: Session, column: InstrumentedAttribute[Any], old: str, new: str) -> None:
    session.execute(
        update(column.class_)
        .where(column == old)
        .values({column.key: new})
        .execution_options(synchronize_session=False)
    )


def _move_uses(session: Session, old: str, new: str) -> None:
    """Count the uses of discounts by both addresses together.

    The discounts are locked first, after the orders, as by a checkout: none is used meanwhile.
    """
    hers = DiscountCustomer.customer == old
    which = Discount.id.in_(select(DiscountCustomer.discount_id).where(hers))
    session.scalars(select(Discount.id).where(which).order_by(Discount.id).with_for_update()).all()
    _move(session, DiscountUse.customer, old, new)
    gone = delete(DiscountCustomer).where(hers)
    counted = gone.returning(DiscountCustomer.discount_id, DiscountCustomer.used)
    for discount_id, used in session.execute(counted).all():
        session.execute(
            upsert(session, DiscountCustomer)
            .values(discount_id=discount_id, customer=new, used=used)
            .on_conflict_do_update(
                index_elements=["discount_id", "customer"],
                set_={"used": DiscountCustomer.used + used},
            )
        )


def _move_subscriber(session: Session, old: str, new: str) -> None:
    """Let the newsletter follow her; where the new address said yes or no itself, that counts."""
    other = aliased(Subscriber)
    session.execute(
        update(Subscriber)
        .where(Subscriber.email == old, ~exists().where(other.email == new))
        .values(email=new)
        .execution_options(synchronize_session=False)
    )
    left = select(Subscriber.id).where(Subscriber.email == old)
    erase_subscribers(session, session.scalars(left).all())
