"""Holding the shop's books against Stripe's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from models import (
    Discrepancy,
    DiscrepancyKind,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    now,
)
from models.once import claim
from storefront.payments.gateway import Gateway, PaidSession, ToldDispute, ToldRefund

OURS = re.compile(r"QL-[0-9A-Z]{8}")  # an order's number: other integrations have other words
RECEIVED = (PaymentStatus.PAID, PaymentStatus.HELD)
SETTLING = timedelta(minutes=10)  # how long events may take before a difference is told
WORKER = "worker"  # who resolved what agrees again
OVERLAP = timedelta(days=1)  # a page is opened at most a day before it is paid


@dataclass(frozen=True, slots=True)
class Books:
    """What Stripe has since a moment."""

    since: datetime
    sessions: Sequence[PaidSession]
    refunds: Sequence[ToldRefund]
    disputes: Sequence[ToldDispute]


@dataclass(frozen=True, slots=True)
class Finding:
    """A difference. reference: Stripe's name of what it is about; text: for people."""

    kind: DiscrepancyKind
    reference: str
    amount: Money
    text: str
    order_id: int | None = None


def books(gateway: Gateway, since: datetime) -> Books:
    """Ask Stripe for its books; raises GatewayUnavailableError. No transaction may be open."""
    return Books(
        since,
        [it for it in gateway.sessions_since(since) if OURS.fullmatch(it.order_number or "")],
        gateway.refunds_since(since),
        gateway.disputes_since(since),
    )


def findings(session: Session, found: Books) -> list[Finding]:
    """Return every difference between Stripe's books and the shop's; an empty list is the proof."""
    return [*_money_without_order(session, found), *_order_without_money(session, found)]


def record(session: Session, found: Books, differences: Sequence[Finding]) -> None:
    """Write differences for staff; those that are no more are resolved by themselves.

    Only what these books still show can agree again: older differences wait for staff. One that
    comes back is open again, unless staff had settled it.
    """
    still = {(it.kind, it.reference) for it in differences}
    shown = {it.id for it in found.sessions} | {it.refund_id for it in found.refunds}
    told = Discrepancy.reference.in_([it.reference for it in differences])
    wanted = select(Discrepancy).where(or_(Discrepancy.resolved_at.is_(None), told))
    for discrepancy in session.scalars(wanted.with_for_update()):
        is_still = (discrepancy.kind, discrepancy.reference) in still
        if is_still and discrepancy.resolved_by == WORKER:
            discrepancy.resolved_at, discrepancy.resolved_by = None, ""
            discrepancy.resolution = ""
        elif not is_still and discrepancy.resolved_at is None and discrepancy.reference in shown:
            discrepancy.resolved_at, discrepancy.resolved_by = now(), WORKER
            discrepancy.resolution = "Stripe and the shop agree again."
    for difference in differences:
        claim(session, _row(difference))


def _row(difference: Finding) -> Discrepancy:
    return Discrepancy(
        kind=difference.kind,
        reference=difference.reference,
        order_id=difference.order_id,
        amount_minor=difference.amount.minor,
        currency=difference.amount.currency,
        note=difference.text,
    )


def _money_without_order(session: Session, found: Books) -> Iterator[Finding]:
    paid = {it.id: it for it in found.sessions if it.payment_status == "paid"}
    known = _payments(session, list(paid))
    for session_id, page in paid.items():
        payment = known.get(session_id)
        if payment is None or payment.status not in RECEIVED:
            text = f"Stripe was paid {page.amount} for {page.order_number}; no order has it."
            yield Finding(DiscrepancyKind.MONEY_WITHOUT_ORDER, session_id, page.amount, text)
    for told in found.refunds:
        yield from _unknown_refund(session, told)


def _unknown_refund(session: Session, told: ToldRefund) -> Iterator[Finding]:
    is_ours = session.scalar(
        select(Payment.order_id).where(Payment.payment_intent_id == told.payment_intent_id)
    )
    known = session.scalar(select(Refund.id).where(Refund.refund_id == told.refund_id))
    if is_ours is not None and known is None:
        text = f"Stripe gave {told.amount} back; the shop does not know of it."
        reference = told.refund_id or ""
        yield Finding(DiscrepancyKind.ORDER_WITHOUT_MONEY, reference, told.amount, text, is_ours)


def _order_without_money(session: Session, found: Books) -> Iterator[Finding]:
    pages = {it.id: it for it in found.sessions}
    settled = now() - SETTLING
    received = session.scalars(
        select(Payment)
        .where(
            Payment.status.in_(RECEIVED),
            Payment.created_at > found.since + OVERLAP,
            Payment.paid_at < settled,
            Payment.captured_minor > 0,
        )
        .options(joinedload(Payment.order))
    )
    for payment in received:
        page = pages.get(payment.session_id or "")
        captured = Money(payment.captured_minor, payment.captured_currency or "")
        if page is None or page.payment_status != "paid" or page.amount != captured:
            text = f"{payment.order.number} counts {captured} as paid; Stripe does not."
            reference = payment.session_id or payment.key
            yield Finding(
                DiscrepancyKind.ORDER_WITHOUT_MONEY, reference, captured, text, payment.order_id
            )
    yield from _refunds_not_at_stripe(session, found)


def _refunds_not_at_stripe(session: Session, found: Books) -> Iterator[Finding]:
    at_stripe = {it.refund_id: it for it in found.refunds}
    made = session.scalars(
        select(Refund)
        .where(
            Refund.status == RefundStatus.SUCCEEDED,
            Refund.created_at > found.since + OVERLAP,
            Refund.settled_at < now() - SETTLING,
        )
        .options(joinedload(Refund.payment))
    )
    for refund in made:
        told = at_stripe.get(refund.refund_id)
        if told is None or told.amount != refund.amount or told.status in {"failed", "canceled"}:
            text = f"The shop counts {refund.amount} as given back; Stripe does not."
            yield Finding(
                DiscrepancyKind.MONEY_WITHOUT_ORDER,
                refund.refund_id or refund.key,
                refund.amount,
                text,
                refund.payment.order_id,
            )


def _payments(session: Session, session_ids: list[str]) -> dict[str, Payment]:
    found = session.scalars(select(Payment).where(Payment.session_id.in_(session_ids)))
    return {payment.session_id or "": payment for payment in found}
