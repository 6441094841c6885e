"""Holding the shop's books against Stripe's."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
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
WORKER = "worker"  # who resolves what agrees again
OVERLAP = timedelta(days=1)  # a page is opened at most a day before it is paid


@dataclass(frozen=True, slots=True)
class Books:
    """What Stripe has since a moment."""

    since: datetime
    sessions: Sequence[PaidSession]
    refunds: Sequence[ToldRefund]
    disputes: Sequence[ToldDispute]

    @property
    def references(self) -> frozenset[str]:
        """Of which sessions, refunds and disputes Stripe tells here."""
        refunds = {it.refund_id or "" for it in self.refunds}
        disputes = {it.dispute_id for it in self.disputes}
        return frozenset({it.id for it in self.sessions} | refunds | disputes)


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

    What staff settled stays settled. What was resolved by itself and differs again is open again.
    What the books do not tell of is left as it is: it has grown old, and may differ still.
    """
    still = {(it.kind, it.reference) for it in differences}
    for discrepancy in session.scalars(
        select(Discrepancy).where(Discrepancy.resolved_at.is_(None))
    ):
        name = (discrepancy.kind, discrepancy.reference)
        if name not in still and discrepancy.reference in found.references:
            note = "Stripe and the shop agree again."
            resolve(session, discrepancy.id, resolution=note, actor=WORKER)
    for difference in differences:
        if not claim(session, _written(difference)):
            _open_again(session, difference)


def resolve(session: Session, discrepancy_id: int, *, resolution: str, actor: str) -> bool:
    """Settle a discrepancy by one conditional UPDATE; False where it is settled already."""
    resolved = session.execute(
        update(Discrepancy)
        .where(Discrepancy.id == discrepancy_id, Discrepancy.resolved_at.is_(None))
        .values(resolved_at=now(), resolved_by=actor, resolution=resolution)
        .returning(Discrepancy.id)
        .execution_options(synchronize_session=False)
    )
    return resolved.scalar_one_or_none() is not None


def _written(difference: Finding) -> Discrepancy:
    return Discrepancy(
        kind=difference.kind,
        reference=difference.reference,
        order_id=difference.order_id,
        amount_minor=difference.amount.minor,
        currency=difference.amount.currency,
        note=difference.text,
    )


def _open_again(session: Session, difference: Finding) -> None:
    session.execute(
        update(Discrepancy)
        .where(
            Discrepancy.kind == difference.kind,
            Discrepancy.reference == difference.reference,
            Discrepancy.resolved_by == WORKER,
        )
        .values(
            created_at=now(),
            resolved_at=None,
            resolved_by="",
            resolution="",
            amount_minor=difference.amount.minor,
            currency=difference.amount.currency,
            note=difference.text,
        )
        .execution_options(synchronize_session=False)
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
