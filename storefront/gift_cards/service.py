"""Issuing gift cards, and paying orders with them; each in the transaction of its cause."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models import (
    Fulfilment,
    FulfilmentLine,
    GiftCard,
    Money,
    Order,
    OrderLine,
    Payment,
    PaymentStatus,
    now,
)
from models.fulfilment import BY_MAIL
from models.gift_card import give_back, issue, new_code, normal_code, set_disabled, spend
from models.language import OWN
from models.order_goods import finish
from storefront.jobs import queue
from storefront.sealing import Vault

MAILED_AT = time(8)  # in the shop's zone, on the day that was asked for
FURTHEST = timedelta(days=366)
JOB = "mail-gift-card"


class CardUsedError(Exception):
    """Of the cards that are to be taken back, one has been spent from, or is disabled."""


@dataclass(frozen=True, slots=True)
class Gift:
    """Whom a card is for. send_at: when its code is mailed; language: in which."""

    recipient_name: str
    recipient_email: str
    sender_name: str
    message: str
    send_at: datetime
    language: str = OWN


def issue_for(session: Session, order: Order, vault: Vault, zone: str) -> None:
    """Issue the gift cards of an order that has just been paid, and count them as sent.

    The order is locked and its lines are loaded. A unit for nobody goes to who bought it. An order
    of nothing else has shipped with that.
    """
    lines = [line for line in order.lines if line.is_gift_card]
    if not lines:
        return
    actor = f"order {order.number}"
    for line in lines:
        for serial in range(line.quantity):
            gift = _gift_of(order, line.gifts[serial] if serial < len(line.gifts) else {}, zone)
            card = _new(line.unit_price, gift, vault)
            card.order_id, card.order_line_id, card.serial = order.id, line.id, serial
            issue(session, card, actor=actor, order_id=order.id)
            _plan(session, card)
        line.shipped_quantity = line.quantity
    held = [FulfilmentLine(order_line_id=it.id, quantity=it.quantity) for it in lines]
    session.add(Fulfilment(order_id=order.id, carrier=BY_MAIL, actor="shop", lines=held))
    session.flush()
    finish(session, order, actor="shop", note="Gift cards go by mail.")


def issue_by_hand(  # noqa: PLR0913 (who and why belong to every movement)
    session: Session, amount: Money, gift: Gift, vault: Vault, *, actor: str, reason: str
) -> GiftCard:
    """Issue a card that nobody bought, and have its code mailed."""
    card = _new(amount, gift, vault)
    issue(session, card, actor=actor, reason=reason)
    _plan(session, card)
    return card


def send_again(session: Session, card: GiftCard, vault: Vault, email: str) -> None:
    """Give a locked card a new code and have it mailed at once; the old code is of no use then."""
    code = new_code()
    card.code_digest, card.code_sealed = vault.digest(code), vault.seal(code)
    card.last4, card.recipient_email = code[-4:], email
    card.send_at, card.mail_key, card.mailed_at = now(), None, None
    session.flush()
    queue.enqueue(session, JOB, f"{JOB}:{card.id}:{card.code_digest[:16]}", {"card_id": card.id})


def by_code(session: Session, typed: str, vault: Vault) -> GiftCard | None:
    """Return the card that a code opens; None of one that is unknown or disabled alike."""
    code = normal_code(typed)
    return by_digest(session, vault.digest(code or ""))


def by_digest(session: Session, digest: str) -> GiftCard | None:
    """Return the card whose code has a digest, where it is not disabled."""
    return session.scalars(
        select(GiftCard).where(GiftCard.code_digest == digest, GiftCard.disabled_at.is_(None))
    ).one_or_none()


def lock_cards(session: Session, order_id: int, card_ids: Collection[int] = ()) -> None:
    """Lock the cards that pay for an order, and further ones, in the order of their ids.

    For who moves units before the last of them; the order is locked before.
    """
    paying = select(Payment.gift_card_id).where(Payment.order_id == order_id)
    rows = select(GiftCard.id).where(or_(GiftCard.id.in_(paying), GiftCard.id.in_(card_ids)))
    session.execute(rows.order_by(GiftCard.id).with_for_update(key_share=True)).all()


def hold(session: Session, order: Order, card_id: int, amount: Money, until: datetime) -> Payment:
    """Take what a card pays of an order off it, until the order is paid or ends.

    Raises CardSpentError; the caller rolls back, and nothing has changed.
    """
    spend(session, card_id, amount, order_id=order.id, actor=f"order {order.number}")
    payment = Payment(
        order_id=order.id,
        attempt=0,
        key=f"{order.number}-gift",
        status=PaymentStatus.OPEN,
        amount=amount,
        gift_card_id=card_id,
        expires_at=until,
    )
    session.add(payment)
    return payment


def capture(session: Session, order_id: int) -> None:
    """Make what a card holds for an order paid for good."""
    session.execute(
        update(Payment)
        .where(*_held(order_id))
        .values(
            status=PaymentStatus.PAID,
            paid_at=now(),
            captured_minor=Payment.__table__.c["amount_minor"],
            captured_currency=Payment.__table__.c["currency"],
        )
        .execution_options(synchronize_session="fetch")
    )


def release(session: Session, order_id: int, *, actor: str, reason: str) -> None:
    """Give back to its card what an order held that ends unpaid; once, however often it is told."""
    table = Payment.__table__.c
    held = session.execute(
        update(Payment)
        .where(*_held(order_id))
        .values(status=PaymentStatus.EXPIRED)
        .returning(Payment.gift_card_id, table["amount_minor"], table["currency"])
        .execution_options(synchronize_session=False)
    ).all()
    for card_id, minor, currency in held:
        amount = Money(minor, currency)
        give_back(session, card_id, amount, order_id=order_id, actor=actor, reason=reason)


def take_back(session: Session, line: OrderLine, units: int, *, actor: str) -> None:
    """Disable as many unspent cards of an order's line as are refunded, or raise CardUsedError."""
    unspent = session.scalars(
        select(GiftCard.id)
        .where(
            GiftCard.order_line_id == line.id,
            GiftCard.disabled_at.is_(None),
            GiftCard.balance_minor == GiftCard.__table__.c["amount_minor"],
        )
        .order_by(GiftCard.id.desc())
        .limit(units)
        .with_for_update()
    ).all()
    if len(unspent) < units:
        raise CardUsedError(line.sku)
    for card_id in unspent:
        set_disabled(session, card_id, disabled=True, actor=actor, reason="Refunded")


def mailed_on(day: date, zone: str) -> datetime:
    """Return the moment of a day at which codes are mailed."""
    return datetime.combine(day, MAILED_AT, ZoneInfo(zone))


def _held(order_id: int):  # type: ignore[no-untyped-def]  # noqa: ANN202 (conditions of a statement)
    return (
        Payment.order_id == order_id,
        Payment.gift_card_id.is_not(None),
        Payment.status == PaymentStatus.OPEN,
    )


def _gift_of(order: Order, gift: dict[str, str], zone: str) -> Gift:
    day = gift.get("day")
    return Gift(
        recipient_name=gift.get("name", ""),
        recipient_email=gift.get("email") or order.email or "",
        sender_name=order.name,
        message=gift.get("message", ""),
        send_at=max(now(), mailed_on(date.fromisoformat(day), zone)) if day else now(),
        language=order.language,
    )


def _new(amount: Money, gift: Gift, vault: Vault) -> GiftCard:
    code = new_code()
    return GiftCard(
        code_digest=vault.digest(code),
        code_sealed=vault.seal(code),
        last4=code[-4:],
        amount=amount,
        recipient_name=gift.recipient_name,
        recipient_email=gift.recipient_email,
        sender_name=gift.sender_name,
        message=gift.message,
        send_at=gift.send_at,
        language=gift.language,
    )


def _plan(session: Session, card: GiftCard) -> None:
    queue.enqueue(session, JOB, f"{JOB}:{card.id}", {"card_id": card.id}, run_at=card.send_at)
