"""Where Stripe and the shop disagree: written for staff, and resolved by them or by itself."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Discrepancy, now
from models.once import claim
from storefront.payments.audit import Books, Finding

WORKER = "worker"  # who resolves what agrees again


def record(session: Session, found: Books, differences: Sequence[Finding]) -> None:
    """Write differences for staff; those that are no more are resolved by themselves.

    What staff resolved stays resolved. What was resolved by itself and differs again is open again.
    What the books do not tell of is left as it is: it has grown old, and may differ still.
    """
    told = _told(found)
    still = {(it.kind, it.reference) for it in differences}
    for discrepancy in session.scalars(
        select(Discrepancy).where(Discrepancy.resolved_at.is_(None))
    ):
        name = (discrepancy.kind, discrepancy.reference)
        if name not in still and discrepancy.reference in told:
            note = "Stripe and the shop agree again."
            resolve(session, discrepancy.id, resolution=note, actor=WORKER)
    for difference in differences:
        if not claim(session, _written(difference)):
            _open_again(session, difference)


def resolve(session: Session, discrepancy_id: int, *, resolution: str, actor: str) -> bool:
    """Resolve a discrepancy by one conditional UPDATE; False where it is resolved already."""
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


def _told(found: Books) -> set[str]:
    """Return of which sessions, refunds and disputes the books tell."""
    refunds = {it.refund_id or "" for it in found.refunds}
    disputes = {it.dispute_id for it in found.disputes}
    return {it.id for it in found.sessions} | refunds | disputes
