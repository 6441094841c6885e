"""Holding the shop's books against Stripe's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import (
    DiscrepancyKind,
    Money,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    now,
)
from storefront.payments.gateway import Gateway, PaidSession, ToldDispute, ToldRefund

OURS = re.compile(r"QL-[0-9A-Z]{8}")  # an order's number: other integrations have other words
RECEIVED = (PaymentStatus.PAID, PaymentStatus.HELD)
SETTLING = timedelta(minutes=10)  # how long events may take before a difference is told
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
