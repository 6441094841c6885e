"""Asking Stripe for what its events did not tell."""

from datetime import timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from models import Payment, PaymentStatus, now
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.logs import log
from storefront.mail.letters import Letters
from storefront.payments.gateway import Gateway, GatewayRefusedError, PaidSession
from storefront.payments.service import settle

UNTOLD_FOR = timedelta(minutes=2)  # events usually come within seconds
MOST = 100  # asked for in one round; the others come in the next
WAITING = (PaymentStatus.OPEN, PaymentStatus.PROCESSING)


class Reconciliation:
    """Does the job ``reconcile``: settles payments whose webhook never came."""

    def __init__(self, gateway: Gateway, letters: Letters) -> None:
        """Remember whom to ask, and who tells the buyers."""
        self._gateway = gateway
        self._letters = letters

    def reconcile(self, sessions: Sessions, payload: Payload) -> Effect:
        """Ask for each payment that is still waited for, and settle it.

        Each is settled in a transaction of its own: two orders are never locked at once. Raises
        GatewayUnavailableError where Stripe does not answer: the job comes again, and settling
        twice changes nothing.
        """
        del payload
        with sessions.read() as session:
            waited_for = session.scalars(_waited_for()).all()
        for session_id in waited_for:
            if state := self._fetch(str(session_id)):
                with sessions.write.begin() as session:
                    settle(session, state, self._letters)
        return _nothing

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
