"""Holding the shop's books against Stripe's, on the shop's own database or any copy of it.

Stripe goes on while a copy stays as it was. So only what Stripe did before the copy's last sign
of life is looked at, and nothing of the last minutes, which may still be on its way here.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models import (
    DiscrepancyKind,
    Dispute,
    Job,
    Money,
    OrderEvent,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    now,
)
from storefront.payments.gateway import Gateway, PaidSession, ToldDispute, ToldRefund

Row = TypeVar("Row", Payment, Refund, Dispute)

OURS = re.compile(r"QL-[0-9A-Z]{8}")  # an order's number: other integrations have other words
RECEIVED = (PaymentStatus.PAID, PaymentStatus.HELD)
SETTLING = timedelta(minutes=10)  # how long events may take before a difference is told
OVERLAP = timedelta(days=1)  # a page is opened at most a day before it is paid
SKEW = timedelta(minutes=1)  # between Stripe's clock and ours
AT_ONCE = 500  # names asked for in one statement


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


@dataclass(frozen=True, slots=True)
class _Span:
    """What of Stripe's time a database knows.

    opened: its first and last payment; a page opened outside of them is of another time, or of
    another shop. until: what was done later may not have been told yet.
    """

    opened: tuple[datetime, datetime]
    until: datetime

    def has_opened(self, page: PaidSession) -> bool:
        first, last = self.opened
        return page.created_at is not None and first - SKEW <= page.created_at <= last + SKEW

    def has_settled(self, moment: datetime | None) -> bool:
        return moment is not None and moment <= self.until


def books(gateway: Gateway, since: datetime) -> Books:
    """Ask Stripe for its books; raises GatewayUnavailableError. No transaction may be open."""
    return Books(
        since,
        [it for it in gateway.sessions_since(since) if OURS.fullmatch(it.order_number or "")],
        gateway.refunds_since(since),
        gateway.disputes_since(since),
    )


def findings(session: Session, found: Books, *, settling: timedelta = SETTLING) -> list[Finding]:
    """Return every difference between Stripe's books and the shop's; an empty list is the proof."""
    span = _span(session, settling)
    if span is None:  # no payment was ever asked for here
        return []
    return [
        *_unknown_payments(session, found, span),
        *_unknown_refunds(session, found, span),
        *_unknown_disputes(session, found, span),
        *_payments_not_at_stripe(session, found, now() - settling),
        *_refunds_not_at_stripe(session, found, now() - settling),
    ]


def _span(session: Session, settling: timedelta) -> _Span | None:
    """Return what the database knows: its last sign of life is a job's, an order's or a payment's.

    A worker that lives gives a sign every few seconds.
    """
    written = select(Payment.created_at).limit(1)
    first = session.scalar(written.order_by(Payment.id))
    last = session.scalar(written.order_by(Payment.id.desc()))
    if first is None or last is None:
        return None
    events = select(OrderEvent.created_at).order_by(OrderEvent.id.desc()).limit(1)
    signs = (session.scalar(select(func.max(Job.done_at))), session.scalar(events))
    return _Span((first, last), max(last, *(it for it in signs if it)) - settling)


def _unknown_payments(session: Session, found: Books, span: _Span) -> Iterator[Finding]:
    """Find pages that were paid, of which no payment of ours says so."""
    pages = [it for it in found.sessions if it.payment_status == "paid"]
    known = _by_name(session, Payment, Payment.session_id, (it.id for it in pages))
    for page in pages:
        payment = known.get(page.id)
        is_ours = payment is not None or span.has_opened(page)
        is_received = payment is not None and payment.status in RECEIVED
        if is_ours and not is_received and span.has_settled(page.paid_at):
            yield Finding(
                DiscrepancyKind.MONEY_WITHOUT_ORDER,
                page.id,
                page.amount,
                f"Stripe was paid {page.amount} for {page.order_number}; no order has it.",
                payment.order_id if payment else None,
            )


def _unknown_refunds(session: Session, found: Books, span: _Span) -> Iterator[Finding]:
    """Find refunds of our payments that are not in our books."""
    told = [it for it in found.refunds if span.has_settled(it.created_at)]
    known = _by_name(session, Refund, Refund.refund_id, (it.refund_id for it in told))
    payments = _payments_of(session, told)
    for refund in told:
        payment = payments.get(refund.payment_intent_id or "")
        if payment is not None and (refund.refund_id or "") not in known:
            text = f"Stripe gave {refund.amount} back; the shop does not know of it."
            yield _missing(refund.refund_id, refund.amount, text, payment)


def _unknown_disputes(session: Session, found: Books, span: _Span) -> Iterator[Finding]:
    """Find disputes of our payments that are not in our books."""
    told = [it for it in found.disputes if span.has_settled(it.created_at)]
    known = _by_name(session, Dispute, Dispute.dispute_id, (it.dispute_id for it in told))
    payments = _payments_of(session, told)
    for dispute in told:
        payment = payments.get(dispute.payment_intent_id or "")
        if payment is not None and dispute.dispute_id not in known:
            text = f"A bank disputes {dispute.amount}; the shop does not know of it."
            yield _missing(dispute.dispute_id, dispute.amount, text, payment)


def _payments_not_at_stripe(session: Session, found: Books, until: datetime) -> Iterator[Finding]:
    """Find payments that count as received, and are not, or not so, at Stripe."""
    pages = {it.id: it for it in found.sessions}
    received = session.scalars(
        select(Payment)
        .where(
            Payment.status.in_(RECEIVED),
            Payment.created_at > found.since + OVERLAP,
            Payment.paid_at < until,
            Payment.captured_minor > 0,
            Payment.gift_card_id.is_(None),
        )
        .options(joinedload(Payment.order))
        .order_by(Payment.id)
    )
    for payment in received:
        page = pages.get(payment.session_id or "")
        captured = Money(payment.captured_minor, payment.captured_currency or "")
        if page is None or page.payment_status != "paid" or page.amount != captured:
            text = f"{payment.order.number} counts {captured} as paid; Stripe does not."
            yield _missing(payment.session_id or payment.key, captured, text, payment)


def _refunds_not_at_stripe(session: Session, found: Books, until: datetime) -> Iterator[Finding]:
    """Find refunds that count as done, and are not, or not so, at Stripe."""
    at_stripe = {it.refund_id: it for it in found.refunds}
    made = session.scalars(
        select(Refund)
        .join(Payment)
        .where(
            Payment.gift_card_id.is_(None),
            Refund.status == RefundStatus.SUCCEEDED,
            Refund.created_at > found.since + OVERLAP,
            Refund.settled_at < until,
        )
        .options(joinedload(Refund.payment))
        .order_by(Refund.id)
    )
    for refund in made:
        told = at_stripe.get(refund.refund_id)
        if told is None or told.amount != refund.amount or told.status in {"failed", "canceled"}:
            yield Finding(
                DiscrepancyKind.MONEY_WITHOUT_ORDER,
                refund.refund_id or refund.key,
                refund.amount,
                f"The shop counts {refund.amount} as given back; Stripe does not.",
                refund.payment.order_id,
            )


def _missing(reference: str | None, amount: Money, text: str, payment: Payment) -> Finding:
    kind = DiscrepancyKind.ORDER_WITHOUT_MONEY
    return Finding(kind, reference or "", amount, text, payment.order_id)


def _payments_of(session: Session, told: Iterable[ToldRefund | ToldDispute]) -> dict[str, Payment]:
    names = (it.payment_intent_id for it in told)
    return _by_name(session, Payment, Payment.payment_intent_id, names)


def _by_name(
    session: Session, table: type[Row], column: Any, names: Iterable[str | None]
) -> dict[str, Row]:
    """Return the rows that Stripe's names stand for, by these, some hundreds at once."""
    wanted = sorted({name for name in names if name})
    found: dict[str, Row] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        rows = session.execute(select(column, table).where(column.in_(some)))
        found |= dict(rows.all())
    return found
