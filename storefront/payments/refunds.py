"""Giving money back: written first, then asked for; see refund_notes for what Stripe tells."""

from collections import Counter
from collections.abc import Mapping, Sequence
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
    SequenceTrigger,
)
from models.comeback import can_come_back
from models.once import claim
from models.order import IllegalTransitionError, advance, finish
from models.reservation import put_back, release, take_back
from storefront.jobs import queue
from storefront.newsletter.events import happened
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
    "duplicate", "fraudulent" or empty. lines: units by the id of their order line; those that have
    not left are meant first, and never leave then. of_shipped: units that left are meant alone,
    such as those of a return. restock: all of them go back on the shelf, or those of the lines with
    these ids. cancel: the order, of which nothing has left, ends.
    """

    payment_id: int
    amount: Money
    key: str
    reason: str = ""
    note: str = ""
    actor: str = "shop"
    lines: Mapping[int, int] = field(default_factory=lambda: NO_UNITS)
    of_shipped: bool = False
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
    lines = _count_units(session, refund, wanted)
    if wanted.cancel:
        _refuse_where_shipped(session, order)
        advance(
            session,
            order,
            OrderStatus.CANCELLED,
            actor=wanted.actor,
            note=wanted.note,
            only_from=frozenset({OrderStatus.PAID}),
        )
    _take_back(session, order, wanted, lines)
    if wanted.cancel:
        release(session, order.id, actor=wanted.actor, reason="The order was cancelled.")
    elif lines:
        _finish(session, order, wanted.actor)
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


def _count_units(session: Session, refund: Refund, wanted: WantedRefund) -> list[RefundLine]:
    """Count the units by one conditional UPDATE each; those that had not left never will."""
    lines = []
    for line_id, quantity in sorted(wanted.lines.items()):
        line = session.execute(
            select(OrderLine.shipped_quantity, OrderLine.cancelled_quantity, OrderLine.quantity)
            .where(OrderLine.id == line_id)
            .with_for_update()
        ).one()
        left = line.quantity - line.shipped_quantity - line.cancelled_quantity
        cancelled = 0 if wanted.of_shipped else min(quantity, left)
        refunded = OrderLine.refunded_quantity + quantity
        counted = session.execute(
            update(OrderLine)
            .where(
                OrderLine.id == line_id,
                refunded <= OrderLine.quantity,
                refunded <= OrderLine.shipped_quantity + OrderLine.cancelled_quantity + cancelled,
            )
            .values(
                refunded_quantity=refunded,
                cancelled_quantity=OrderLine.cancelled_quantity + cancelled,
            )
            .returning(OrderLine.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if counted is None or _is_back(session, wanted, line_id, quantity - cancelled):
            raise UnitsError(line_id)
        lines.append(
            RefundLine(
                refund_id=refund.id,
                order_line_id=line_id,
                quantity=quantity,
                cancelled=cancelled,
                is_restocked=wanted.is_restocked(line_id),
            )
        )
    session.add_all(lines)
    return lines


def _is_back(session: Session, wanted: WantedRefund, line_id: int, sent: int) -> bool:
    """Say whether units that left and are to be restocked came back by a return already."""
    if not (sent and wanted.restock):
        return False
    left = session.scalar(select(can_come_back()).where(OrderLine.id == line_id))
    return sent > (left or 0)


def _refuse_where_shipped(session: Session, order: Order) -> None:
    shipped = select(OrderLine.id).where(
        OrderLine.order_id == order.id, OrderLine.shipped_quantity > 0
    )
    if session.scalar(shipped.limit(1)) is not None:
        message = f"a part of {order.number} has shipped"
        raise IllegalTransitionError(message)


def _finish(session: Session, order: Order, actor: str) -> None:
    """Let a paid order be shipped where what was left of it is not to leave any more."""
    session.refresh(order, ["status"])
    if order.status is OrderStatus.PAID and finish(
        session, order, actor=actor, note="What was left of it was refunded."
    ):
        happened(session, SequenceTrigger.SHIPPED, order.email)


def _take_back(
    session: Session, order: Order, wanted: WantedRefund, lines: Sequence[RefundLine]
) -> None:
    """Owe no unit whose money goes back, and put those that were sold on the shelf, if asked to.

    Variant by variant, in ascending order of their ids, so that two cannot deadlock.
    """
    if not lines:
        return
    units, sent = _units_of(order, lines)
    said = {"actor": wanted.actor, "reason": "Refunded"}
    for variant_id in sorted({*sent, *(key[0] for key in units)}):
        for restock in (False, True):
            if back := units[variant_id, restock]:
                take_back(session, order.id, {variant_id: back}, restock=restock, **said)
        if back := sent[variant_id]:
            put_back(session, order.id, {variant_id: back}, **said)


def _units_of(
    order: Order, lines: Sequence[RefundLine]
) -> tuple[Counter[tuple[int, bool]], Counter[int]]:
    """Return the units that had not left, by variant and restock, and those that come back."""
    units: Counter[tuple[int, bool]] = Counter()
    sent: Counter[int] = Counter()
    by_line = {line.order_line_id: line for line in lines}
    for line in order.lines:
        if (refunded := by_line.get(line.id)) is None:
            continue
        for variant_id, of_one in line.units_of_one.items():
            units[variant_id, refunded.is_restocked] += of_one * refunded.cancelled
            if refunded.is_restocked:
                sent[variant_id] += of_one * (refunded.quantity - refunded.cancelled)
    return units, sent
