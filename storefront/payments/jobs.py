"""Asking Stripe for what its events did not tell."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from models import Dispute, Payment, PaymentStatus, Refund, RefundStatus, now
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.logs import log
from storefront.mail.letters import Letters
from storefront.payments import audit, discrepancies, disputes, refund_notes, refunds
from storefront.payments.audit import Books
from storefront.payments.gateway import (
    Gateway,
    GatewayRefusedError,
    ToldDispute,
    ToldRefund,
)
from storefront.payments.refund_notes import UnknownPaymentError
from storefront.payments.service import UnknownSessionError, settle

UNTOLD_FOR = timedelta(minutes=2)  # events usually come within seconds
HOURS = 26  # looked back: a page can be paid for a day
MOST = 100  # asked for in one round; the others come in the next
WAITING = (PaymentStatus.OPEN, PaymentStatus.PROCESSING)


class Refunding:
    """Does the job ``refund``: asks Stripe for what was written, until it answers."""

    def __init__(self, gateway: Gateway, letters: Letters) -> None:
        """Remember whom to ask, and who tells the buyers."""
        self._gateway = gateway
        self._letters = letters

    def refund(self, sessions: Sessions, payload: Payload) -> Effect:
        """Ask for one refund. Raises GatewayUnavailableError; the job comes again then."""
        with sessions.read() as session:
            refund = refunds.loaded(session, payload["refund_id"])
        if refund.status is not RefundStatus.REQUESTED:
            return _nothing
        told = refunds.ask_or_raise(self._gateway, refund)

        def write(session: Session) -> None:
            refund_notes.note(session, told, self._letters)

        return write


class Reconciliation:
    """Does the job ``reconcile``: takes in what no event told, and notes what does not agree."""

    def __init__(self, gateway: Gateway, letters: Letters) -> None:
        """Remember whom to ask, and who tells the buyers."""
        self._gateway = gateway
        self._letters = letters

    def reconcile(self, sessions: Sessions, payload: Payload) -> Effect:
        """Ask for all that is waited for, then hold Stripe's books against ours.

        payload: ``hours`` to look back. Each thing is written in a transaction of its own: two
        orders are never locked at once, and what cannot be taken in holds up nothing else. Raises
        GatewayUnavailableError where Stripe does not answer: the job comes again, and writing
        twice changes nothing.
        """
        self._payments(sessions)
        self._refunds(sessions)
        self._disputes(sessions)
        since = now() - timedelta(hours=payload.get("hours", HOURS))
        found = audit.books(self._gateway, since)
        self._take_in(sessions, found)
        with sessions.read() as session:
            differences = audit.findings(session, found)
        return lambda session: discrepancies.record(session, found, differences)

    def _payments(self, sessions: Sessions) -> None:
        for session_id in _ids(sessions, _waited_for()):
            self._settle(sessions, session_id)

    def _refunds(self, sessions: Sessions) -> None:
        for intent in _ids(sessions, _refunds_waited_for()):
            with _its_own_trouble(intent):
                for told in reversed(self._gateway.refunds_of(intent)):  # the oldest first
                    self._note_refund(sessions, told)
                self._ask_again(sessions, intent)

    def _ask_again(self, sessions: Sessions, intent: str) -> None:
        """Ask for what Stripe has not heard of yet: the job that should have may have given up."""
        with sessions.read() as session:
            unheard = session.scalars(_requested(intent)).all()
        for refund in unheard:
            self._note_refund(sessions, refunds.ask_or_raise(self._gateway, refund))

    def _disputes(self, sessions: Sessions) -> None:
        open_ = select(Dispute.dispute_id).where(Dispute.closed_at.is_(None)).limit(MOST)
        for dispute_id in _ids(sessions, open_):
            with _its_own_trouble(dispute_id):
                self._note_dispute(sessions, self._gateway.fetch_dispute(dispute_id))

    def _take_in(self, sessions: Sessions, found: Books) -> None:
        """Write what Stripe has and the shop does not, the oldest first."""
        with sessions.read() as session:
            known = _known(session, found)
        for page in reversed(found.sessions):
            if page.payment_status != "unpaid" and page.id not in known:
                self._settle(sessions, page.id)
        for told in reversed(found.refunds):
            if _as_told(told) not in known:
                with _its_own_trouble(told.refund_id or ""):
                    self._note_refund(sessions, told)
        for opened in reversed(found.disputes):
            if opened.dispute_id not in known:
                with _its_own_trouble(opened.dispute_id):
                    self._note_dispute(sessions, opened)

    def _settle(self, sessions: Sessions, session_id: str) -> None:
        with _its_own_trouble(session_id):
            state = self._gateway.fetch_session(session_id)
            with sessions.write.begin() as session:
                settle(session, state, self._letters)

    def _note_refund(self, sessions: Sessions, told: ToldRefund) -> None:
        with sessions.write.begin() as session:
            refund_notes.note(session, told, self._letters)

    @staticmethod
    def _note_dispute(sessions: Sessions, told: ToldDispute) -> None:
        with sessions.write.begin() as session:
            disputes.note(session, told)


@contextmanager
def _its_own_trouble(reference: str) -> Iterator[None]:
    """Let a thing that cannot be taken in, and will not be by asking again, hold up no other.

    It is Stripe's of another shop or account, or (a clash of numbers) shows up as a discrepancy.
    """
    try:
        yield
    except (UnknownSessionError, UnknownPaymentError):
        return
    except (GatewayRefusedError, IntegrityError):
        log.exception("reconcile: not taken in", extra={"reason": reference})


def _ids(sessions: Sessions, wanted: Select[Any]) -> list[str]:
    with sessions.read() as session:
        return [str(found) for found in session.scalars(wanted)]


def _nothing(session: Session) -> None:
    """Leave it at that: what there was to write is written."""
    del session


def _waited_for() -> Select[str | None]:
    """Return the statement for the sessions to ask for, those that wait longest first."""
    return (
        select(Payment.session_id)
        .where(
            Payment.status.in_(WAITING),
            Payment.session_id.is_not(None),
            Payment.created_at < now() - UNTOLD_FOR,
        )
        .order_by(Payment.id)
        .limit(MOST)
    )


def _known(session: Session, found: Books) -> set[object]:
    """Return what of the books the shop has just so, in three queries."""
    received = select(Payment.session_id).where(
        Payment.session_id.in_([page.id for page in found.sessions]),
        Payment.status.in_(audit.RECEIVED),
    )
    refunded = select(Refund.refund_id, Refund.status).where(
        Refund.refund_id.in_([told.refund_id for told in found.refunds])
    )
    disputed = select(Dispute.dispute_id).where(
        Dispute.dispute_id.in_([told.dispute_id for told in found.disputes])
    )
    rows = [tuple(row) for row in session.execute(refunded)]
    return {*session.scalars(received), *rows, *session.scalars(disputed)}


def _as_told(told: ToldRefund) -> tuple[str | None, RefundStatus]:
    return told.refund_id, refund_notes.STATUS.get(told.status, RefundStatus.PENDING)


def _requested(intent: str) -> Select[Refund]:
    return (
        select(Refund)
        .join(Payment)
        .where(
            Payment.payment_intent_id == intent,
            Refund.status == RefundStatus.REQUESTED,
            Refund.created_at < now() - UNTOLD_FOR,
        )
        .options(joinedload(Refund.payment))
        .order_by(Refund.id)
    )


def _refunds_waited_for() -> Select[str | None]:
    """Return the statement for the payments whose refunds are asked for or under way."""
    waiting = (RefundStatus.REQUESTED, RefundStatus.PENDING)
    return (
        select(Payment.payment_intent_id)
        .join(Refund, Refund.payment_id == Payment.id)
        .where(
            Refund.status.in_(waiting),
            Payment.payment_intent_id.is_not(None),
            Refund.created_at < now() - UNTOLD_FOR,
        )
        .distinct()
        .limit(MOST)
    )
