"""Proving, while the shop sells, that stock and money add up."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Discrepancy, Job, Verification, now
from models.staff import owner_addresses
from storefront import verify
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.logs import log
from storefront.mail.letters import Letters

KEPT = timedelta(days=30)
ASKED_WITHIN = timedelta(minutes=15)  # the job ``reconcile`` asks Stripe every few minutes
MOST = 100  # lines that are kept and mailed


class Proof:
    """Does the job ``verify``: applies every rule, and tells the owners what breaks one."""

    def __init__(self, letters: Letters) -> None:
        """Remember who tells the owners."""
        self._letters = letters

    def verify(self, sessions: Sessions, payload: Payload) -> Effect:
        """Look, in no transaction that locks anything; then write down what was found."""
        del payload
        with sessions.read() as session:
            found = [*verify.problems(session), *_discrepancies(session)]
            asked_stripe = _has_asked(session)
        lines = found[:MOST]
        if len(found) > MOST:
            lines.append(f"And {len(found) - MOST} more: flask --app app verify lists all.")

        def write(session: Session) -> None:
            session.add(Verification(problems=lines, asked_stripe=asked_stripe))
            session.execute(delete(Verification).where(Verification.created_at < now() - KEPT))
            self._tell(session, lines)

        return write

    def _tell(self, session: Session, lines: Sequence[str]) -> None:
        """Mail the owners, once for each list."""
        if lines:
            log.error("verify: does not add up", extra={"reason": lines[0]})
            key = hashlib.sha256("\n".join(lines).encode()).hexdigest()[:32]
            self._letters.does_not_add_up(session, owner_addresses(session), lines, key)


def _discrepancies(session: Session) -> list[str]:
    """Return where Stripe and the shop disagree, as the job ``reconcile`` noted it."""
    open_ = select(Discrepancy).where(Discrepancy.resolved_at.is_(None)).order_by(Discrepancy.id)
    return [f"{it.reference}: {it.note}" for it in session.scalars(open_)]


def _has_asked(session: Session) -> bool:
    """Say whether Stripe's books were compared lately."""
    asked = select(Job.id).where(Job.kind == "reconcile", Job.done_at > now() - ASKED_WITHIN)
    return session.scalar(asked.limit(1)) is not None
