"""A cart left behind: asking to be reminded, the two mails at most, and the way back to it."""

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, literal, or_, select, update
from sqlalchemy.orm import Session

from models import (
    Cart,
    CartLine,
    CartReminder,
    Customer,
    MailStop,
    Order,
    OrderStatus,
    Stoppable,
    now,
)
from models.base import UtcDateTime
from models.cart import MAX_QUANTITY
from models.language import language
from models.once import claim, upsert
from models.reminder import MOST_REMINDERS
from storefront.alerts.mails import AlertMails
from storefront.cart.gifts import of_units
from storefront.cart.giving import add_gifts
from storefront.cart.queries import view
from storefront.cart.service import digest, quantity_in, touch
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.mail.outbox import withhold
from storefront.pricing.quote import Terms

KIND = "remind-of-carts"  # of the job
FIRST_AFTER = timedelta(hours=24)  # without a change of the cart
SECOND_AFTER = timedelta(hours=72)  # after the first mail
BATCH = 50


def ask(session: Session, cart_id: int, email: str, mails: AlertMails) -> None:
    """Note where a cart may be reminded of, and mail the link that confirms it.

    Another address takes the place of the one before, whose links are void then. How many mails
    went stays counted.
    """
    over = delete(CartReminder).where(CartReminder.cart_id == cart_id, _is_bought())
    session.execute(over.execution_options(synchronize_session=False))
    claim(session, CartReminder(cart_id=cart_id, email=email))
    wanted = select(CartReminder).filter_by(cart_id=cart_id).with_for_update()
    reminder = session.scalars(wanted.execution_options(populate_existing=True)).one()
    if reminder.email != email:
        withhold(session, f"cart_reminder:{reminder.key}:")
        reminder.email, reminder.key = email, secrets.token_urlsafe(24)
        reminder.confirmed_at = None
    reminder.asked_key = secrets.token_urlsafe(24)
    session.flush()
    mails.confirm_cart(session, reminder, reminder.asked_key)


def confirm(session: Session, asked_key: str) -> str | None:
    """Let a cart be reminded of, once; return where, None where the link was used or is void."""
    email = session.scalar(
        update(CartReminder)
        .where(CartReminder.asked_key == asked_key)
        .values(
            asked_key=None,
            language=language(),
            confirmed_at=func.coalesce(CartReminder.confirmed_at, literal(now(), UtcDateTime)),
            stopped_at=None,
        )
        .returning(CartReminder.email)
        .execution_options(synchronize_session=False)
    )
    if email is not None:  # she asks anew: what she stopped before counts no more
        session.execute(delete(MailStop).where(_stopped(email)))
    return email


def stop(session: Session, key: str) -> None:
    """End all reminders to an address at once, of this cart and any other; twice is fine.

    What a customer agreed to in her account is taken back as well.
    """
    email = session.scalar(
        update(CartReminder)
        .where(CartReminder.key == key)
        .values(stopped_at=func.coalesce(CartReminder.stopped_at, literal(now(), UtcDateTime)))
        .returning(CartReminder.email)
        .execution_options(synchronize_session=False)
    )
    if email is not None:
        claim(session, MailStop(email=email, kind=Stoppable.CART_REMINDER))
        hers = update(Customer).where(Customer.email == email).values(reminders_since=None)
        session.execute(hers.execution_options(synchronize_session=False))
        withhold(session, f"cart_reminder:{key}:")


def left(session: Session, key: str) -> Cart | None:
    """Return the cart that a mail leads back to; None where it is bought, emptied or gone."""
    has_lines = exists().where(CartLine.cart_id == Cart.id)
    wanted = select(Cart).join(CartReminder, CartReminder.cart_id == Cart.id)
    return session.scalars(wanted.where(CartReminder.key == key, has_lines)).one_or_none()


def take_over(session: Session, cart: Cart, own: Cart | None) -> str:
    """Give a cart a new secret for the browser that its mail was opened in; return the secret.

    own: the cart that this browser has; what lies in it is put to the other.
    """
    if own is not None:
        lines = session.execute(
            select(CartLine.variant_id, CartLine.quantity, CartLine.gifts)
            .where(CartLine.cart_id == own.id)
            .order_by(CartLine.variant_id)
        ).all()
        touch(session, cart.id)
        for variant_id, quantity, gifts in lines:
            _put(session, cart.id, variant_id, quantity, gifts)
        session.execute(delete(CartLine).where(CartLine.cart_id == own.id))
    token = secrets.token_urlsafe(32)
    session.execute(
        update(Cart)
        .where(Cart.id == cart.id)
        .values(token_sha256=digest(token), updated_at=now())
        .execution_options(synchronize_session=False)
    )
    return token


class Reminding:
    """Does the job of ``KIND``."""

    def __init__(self, mails: AlertMails, terms: Terms) -> None:
        """Remember who writes the mails, and what the settings decide of prices."""
        self._mails, self._terms = mails, terms

    def remind(self, sessions: Sessions, payload: Payload) -> Effect:
        """Write the mails that are due, at most BATCH in a round."""
        del sessions, payload
        return self._write

    def _write(self, session: Session) -> None:
        moment = now()
        _enlist(session, moment)
        wanted = select(CartReminder).where(*_is_due(moment)).order_by(CartReminder.id)
        for reminder in session.scalars(wanted.limit(BATCH)).all():
            cart = session.get_one(Cart, reminder.cart_id)
            lines = view(session, cart, self._terms).buyable
            if lines and _count(session, reminder, moment):
                self._mails.cart_reminder(session, reminder, reminder.sent, lines)


def _enlist(session: Session, moment: datetime) -> None:
    """Begin to remind customers who agreed to it in their account of carts that they left.

    A customer has one cart for ever: once she has bought, what she fills it with is another.
    """
    left_behind = (
        select(Cart.id, Customer.email, Customer.language, _is_bought())
        .join(Customer, Customer.id == Cart.customer_id)
        .outerjoin(CartReminder, CartReminder.cart_id == Cart.id)
        .where(
            Customer.reminders_since.is_not(None),
            Cart.updated_at < moment - FIRST_AFTER,
            exists().where(CartLine.cart_id == Cart.id),
            or_(
                CartReminder.id.is_(None),
                CartReminder.confirmed_at.is_(None),
                CartReminder.stopped_at.is_not(None),
                CartReminder.email != Customer.email,
                _is_bought(),
            ),
        )
        .order_by(Cart.id)
        .limit(BATCH)
    )
    for cart_id, email, code, is_bought in session.execute(left_behind).all():
        hers = {"email": email, "language": code, "confirmed_at": moment}
        new = CartReminder(cart_id=cart_id, **hers)
        if is_bought:
            session.execute(delete(CartReminder).where(CartReminder.cart_id == cart_id))
        if not claim(session, new):
            moved = update(CartReminder).where(CartReminder.cart_id == cart_id)
            values = {**hers, "stopped_at": None}
            session.execute(moved.values(values).execution_options(synchronize_session=False))


def _is_bought() -> ColumnElement[bool]:
    """Return whether its cart, or another, was bought since a reminder was asked for."""
    hers = or_(Order.cart_id == CartReminder.cart_id, Order.email == CartReminder.email)
    is_processing = Order.status == OrderStatus.PROCESSING
    since = CartReminder.created_at
    return exists().where(
        hers, or_(Order.paid_at > since, is_processing & (Order.created_at > since))
    )


def _is_being_paid() -> ColumnElement[bool]:
    return exists().where(
        Order.cart_id == CartReminder.cart_id, Order.status == OrderStatus.PENDING
    )


def _agreed() -> ColumnElement[bool]:
    """Return whether she still wants it: a customer says so in her account, a guest by her link."""
    of_customer = exists().where(
        Cart.id == CartReminder.cart_id,
        Customer.id == Cart.customer_id,
        Customer.reminders_since.is_not(None),
    )
    of_guest = exists().where(Cart.id == CartReminder.cart_id, Cart.customer_id.is_(None))
    return or_(of_customer, of_guest & ~exists().where(_stopped(CartReminder.email)))


def _may() -> tuple[ColumnElement[bool], ...]:
    """Return whether a cart may be reminded of: she wants it, it holds something, is not bought."""
    return (
        CartReminder.confirmed_at.is_not(None),
        CartReminder.stopped_at.is_(None),
        CartReminder.sent < MOST_REMINDERS,
        exists().where(CartLine.cart_id == CartReminder.cart_id),
        ~_is_bought(),
        ~_is_being_paid(),
        _agreed(),
    )


def _is_due(moment: datetime) -> tuple[ColumnElement[bool], ...]:
    is_quiet = exists().where(
        Cart.id == CartReminder.cart_id, Cart.updated_at < moment - FIRST_AFTER
    )
    is_time = CartReminder.sent_at.is_(None) | (CartReminder.sent_at < moment - SECOND_AFTER)
    return (*_may(), is_quiet, is_time)


def _count(session: Session, reminder: CartReminder, moment: datetime) -> bool:
    """Count a mail by one conditional statement; False where another worker wrote it."""
    sent = session.scalar(
        update(CartReminder)
        .where(CartReminder.id == reminder.id, CartReminder.sent == reminder.sent, *_may())
        .values(sent=CartReminder.sent + 1, sent_at=moment)
        .returning(CartReminder.sent)
        .execution_options(synchronize_session=False)
    )
    session.refresh(reminder)
    return sent is not None


def _stopped(email: object) -> ColumnElement[bool]:
    return (MailStop.email == email) & (MailStop.kind == Stoppable.CART_REMINDER)


def _put(
    session: Session, cart_id: int, variant_id: int, quantity: int, gifts: list[dict[str, Any]]
) -> None:
    """Add units to a line of a locked cart, up to what it may hold; gifts: whom they are for."""
    in_cart = quantity_in(session, cart_id, variant_id)
    more = min(quantity, MAX_QUANTITY - in_cart)
    if not more:
        return
    session.execute(
        upsert(session, CartLine)
        .values(cart_id=cart_id, variant_id=variant_id, quantity=more, created_at=now(), gifts=[])
        .on_conflict_do_update(
            index_elements=["cart_id", "variant_id"], set_={"quantity": in_cart + more}
        )
    )
    if gifts:
        add_gifts(session, cart_id, variant_id, in_cart, of_units(gifts, more))
