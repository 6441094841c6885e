"""Giving money back: written first, then asked for; see refund_notes for what Stripe tells."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload

from models import (
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundLine,
)
from models.once import claim
from models.order import advance
from models.reservation import release, take_back
from storefront.jobs import queue
from storefront.payments.gateway import (
    Gateway,
    GatewayRefusedError,
    GatewayUnavailableError,
    ToldRefund,
)
from storefront.payments.outcome import cancel, note_event

NO_UNITS: Mapping[int, int] = MappingProxyType({})


class TooMuchError(Exception):
    """More than is left of the payment, or nothing; left: what could be given back."""

    def __init__(self, left: Money) -> None:
        """Remember what is left."""
        super().__init__(str(left))
        self.left = left


class UnitsError(Exception):
    """More units of a line than have not been refunded yet."""


@dataclass(frozen=True, slots=True)
class WantedRefund:
    """Money to give back.

    key: one refund for one key, such as that of a form. reason: "requested_by_customer",
    "duplicate", "fraudulent" or empty. lines: units by the id of their order line. restock: all of
    them go back on the shelf, or those of the lines with these ids. cancel: the order,
    not shipped yet, ends.
    """

    payment_id: int
    amount: Money
    key: str
    reason: str = ""
    note: str = ""
    actor: str = "shop"
    lines: Mapping[int, int] = field(default_factory=lambda: NO_UNITS)
    restock: bool | frozenset[int] = False
    cancel: bool = False

    def is_restocked(self, line_id: int) -> bool:
        """Say whether the units of a line go back on the shelf."""
        return self.restock if isinstance(self.restock, bool) else line_id in self.restock


def request(session: Session, order: Order, wanted: WantedRefund) -> Refund:
    """Write a refund that is to be asked for, and the job that asks.

    The order's lines must be loaded. A key that is known returns its refund and changes nothing.
    Raises TooMuchError, UnitsError, or IllegalTransitionError where it cannot be cancelled any
    more; the caller rolls back then, and nothing has changed.
    """
    known = by_key(session, wanted.key)
    if known is not None:
        return known
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    refund = Refund(
        payment_id=wanted.payment_id,
        key=wanted.key,
        amount=wanted.amount,
        reason=wanted.reason,
        note=wanted.note,
        actor=wanted.actor,
    )
    if wanted.amount.minor <= 0 or not claim(session, refund):
        return by_key(session, wanted.key) or _refuse(session, wanted.payment_id)
    payment = _count(session, order, wanted)
    _count_units(session, refund, wanted)
    if wanted.cancel:
        advance(
            session,
            order,
            OrderStatus.CANCELLED,
            actor=wanted.actor,
            note=wanted.note,
            only_from=frozenset({OrderStatus.PAID}),
        )
    if wanted.lines:
        _take_back(session, order, wanted)
    if wanted.cancel:
        release(session, order.id, actor=wanted.actor, reason="The order was cancelled.")
    if payment.status is PaymentStatus.HELD and not payment.refundable.minor:
        cancel(session, order, actor=wanted.actor, note="What was paid goes back.")
    note_event(session, order, "refund", f"{wanted.amount}. {wanted.note}".strip(), wanted.actor)
    queue.enqueue(session, "refund", f"refund:{wanted.key}", {"refund_id": refund.id})
    session.flush()
    return refund


def give_all_back(session: Session, order: Order, payment: Payment, why: str) -> None:
    """Ask for the rest of a payment that should not have come; once, however often it is told."""
    if payment.refundable.minor > 0:
        key = f"{payment.key}-back"
        wanted = WantedRefund(payment.id, payment.refundable, key, "duplicate", why)
        request(session, order, wanted)


def ask(gateway: Gateway, refund: Refund) -> ToldRefund | None:
    """Ask Stripe for a refund whose ``payment`` is loaded; None where it does not answer now."""
    try:
        return ask_or_raise(gateway, refund)
    except GatewayUnavailableError:
        return None


def ask_or_raise(gateway: Gateway, refund: Refund) -> ToldRefund:
    """Ask Stripe for a refund, or raise GatewayUnavailableError; a refusal is a failed refund."""
    intent = refund.payment.payment_intent_id
    if intent is None:
        return ToldRefund(None, "failed", refund.amount, None, refund.key, failure="no payment")
    try:
        return gateway.refund(intent, refund.amount, refund.key, refund.reason)
    except GatewayRefusedError as refused:
        why = (refused.code or "refused")[:200]
        return ToldRefund(None, "failed", refund.amount, intent, refund.key, failure=why)


def by_key(session: Session, key: str) -> Refund | None:
    """Return the refund that a key asked for, with its payment, or None."""
    return session.scalars(
        select(Refund).where(Refund.key == key).options(joinedload(Refund.payment))
    ).one_or_none()


def loaded(session: Session, refund_id: int) -> Refund:
    """Return a refund with its payment."""
    found = select(Refund).where(Refund.id == refund_id).options(joinedload(Refund.payment))
    return session.scalars(found.execution_options(populate_existing=True)).one()


def _refuse(session: Session, payment_id: int) -> Refund:
    raise TooMuchError(session.get_one(Payment, payment_id).refundable)


def _count(session: Session, order: Order, wanted: WantedRefund) -> Payment:
    """Take the amount off what can still be given back, by one conditional UPDATE."""
    counted = session.execute(
        update(Payment)
        .where(
            Payment.id == wanted.payment_id,
            Payment.order_id == order.id,
            Payment.captured_currency == wanted.amount.currency,
            Payment.refunded_minor + wanted.amount.minor <= Payment.captured_minor,
        )
        .values(refunded_minor=Payment.refunded_minor + wanted.amount.minor)
        .returning(Payment.id)
        .execution_options(synchronize_session=False)
    ).scalar_one_or_none()
    payment = session.get_one(Payment, wanted.payment_id, populate_existing=True)
    if counted is None:
        raise TooMuchError(payment.refundable)
    return payment


def _count_units(session: Session, refund: Refund, wanted: WantedRefund) -> None:
    for line_id, quantity in sorted(wanted.lines.items()):
        counted = session.execute(
            update(OrderLine)
            .where(
                OrderLine.id == line_id,
                OrderLine.refunded_quantity + quantity <= OrderLine.quantity,
            )
            .values(refunded_quantity=OrderLine.refunded_quantity + quantity)
            .returning(OrderLine.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if counted is None:
            raise UnitsError(line_id)
        session.add(
            RefundLine(
                refund_id=refund.id,
                order_line_id=line_id,
                quantity=quantity,
                is_restocked=wanted.is_restocked(line_id),
            )
        )


def _take_back(session: Session, order: Order, wanted: WantedRefund) -> None:
    """Owe no unit whose money goes back, and put those that were sold on the shelf, if asked to."""
    units: dict[bool, dict[int, int]] = {False: {}, True: {}}
    for line in order.lines:
        group = units[wanted.is_restocked(line.id)]
        for variant_id, of_one in line.units_of_one.items():
            if more := of_one * wanted.lines.get(line.id, 0):
                group[variant_id] = group.get(variant_id, 0) + more
    for variant_id in sorted({*units[False], *units[True]}):  # so that two cannot deadlock
        for restock, group in units.items():
            if back := group.get(variant_id):
                take_back(
                    session,
                    order.id,
                    {variant_id: back},
                    actor=wanted.actor,
                    reason="Refunded",
                    restock=restock,
                )
