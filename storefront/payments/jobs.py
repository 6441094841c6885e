"""Asking Stripe for what its events did not tell."""

from contextlib import suppress
from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Dispute, Payment, PaymentStatus, Refund, RefundStatus, now
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.logs import log
from storefront.mail.letters import Letters
from storefront.payments import audit, discrepancies, disputes, refund_notes, refunds
from storefront.payments.audit import Books
from storefront.payments.gateway import Gateway, GatewayRefusedError, PaidSession
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
        orders are never locked at once. Raises GatewayUnavailableError where Stripe does not
        answer: the job comes again, and writing twice changes nothing.
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
        with sessions.read() as session:
            waited_for = session.scalars(_waited_for()).all()
        for session_id in waited_for:
            if state := self._fetch(str(session_id)):
                with sessions.write.begin() as session:
                    settle(session, state, self._letters)

    def _refunds(self, sessions: Sessions) -> None:
        with sessions.read() as session:
            intents = session.scalars(_refunds_waited_for()).all()
        for intent in intents:
            for told in self._gateway.refunds_of(str(intent)):
                with sessions.write.begin() as session:
                    refund_notes.note(session, told, self._letters)

    def _disputes(self, sessions: Sessions) -> None:
        with sessions.read() as session:
            open_ = select(Dispute.dispute_id).where(Dispute.closed_at.is_(None)).limit(MOST)
            waited_for = session.scalars(open_).all()
        for dispute_id in waited_for:
            told = self._gateway.fetch_dispute(dispute_id)
            with sessions.write.begin() as session:
                disputes.note(session, told)

    def _take_in(self, sessions: Sessions, found: Books) -> None:
        """Write what Stripe has and the shop does not."""
        for page in found.sessions:
            if page.payment_status == "paid" and self._is_new(sessions, _received(page.id)):
                self._settle(sessions, page.id)
        for told in found.refunds:
            if self._is_new(sessions, select(Refund.id).where(Refund.refund_id == told.refund_id)):
                with sessions.write.begin() as session, suppress(UnknownPaymentError):
                    refund_notes.note(session, told, self._letters)
        for opened in found.disputes:
            known = select(Dispute.id).where(Dispute.dispute_id == opened.dispute_id)
            if self._is_new(sessions, known):
                with sessions.write.begin() as session, suppress(UnknownPaymentError):
                    disputes.note(session, opened)

    def _settle(self, sessions: Sessions, session_id: str) -> None:
        if state := self._fetch(session_id):
            with sessions.write.begin() as session, suppress(UnknownSessionError):
                settle(session, state, self._letters)

    @staticmethod
    def _is_new(sessions: Sessions, known: Select[int]) -> bool:
        with sessions.read() as session:
            return session.scalar(known) is None

    def _fetch(self, session_id: str) -> PaidSession | None:
        try:
            return self._gateway.fetch_session(session_id)
        except GatewayRefusedError:  # of another account, such as after a change of keys
            log.error("reconcile: unknown session", extra={"reason": session_id})
            return None


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


def _received(session_id: str) -> Select[int]:
    return select(Payment.id).where(
        Payment.session_id == session_id, Payment.status.in_(audit.RECEIVED)
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
