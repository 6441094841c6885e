"""Who waits for sold-out variants, and calling them as units come free."""

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import (
    ForeignKey,
    Index,
    Select,
    String,
    UniqueConstraint,
    case,
    column,
    func,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from models.base import Base, CreatedAt, now
from models.job import Job
from models.language import Speaks
from models.stock import AVAILABLE, Stock

# Of bundles, which are a noun of the catalogue, above this.
_PARTS = table("bundle_parts", column("bundle_id"), column("part_id"), column("quantity"))
TELL = "tell-back-in-stock"  # the job that mails one who was called


class StockAlert(Speaks, CreatedAt, Base):
    """Somebody who wants a mail when a variant can be had again; one for each address.

    key: what her links are signed of. asked_key: of the link that confirms her last asking, None
    where none is open. asked_at: her place in the queue. confirmed_at: from when on she waits.
    told_at: when units came free for her; she waits no more then.
    """

    __tablename__ = "stock_alerts"
    __table_args__ = (
        UniqueConstraint("variant_id", "email"),
        Index("ix_stock_alerts_variant_id_told_at_asked_at", "variant_id", "told_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    variant_id: Mapped[int] = mapped_column(ForeignKey("variants.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    key: Mapped[str] = mapped_column(
        String(64), unique=True, default=lambda: secrets.token_urlsafe(24)
    )
    asked_key: Mapped[str | None] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]


WAITS = (StockAlert.confirmed_at.is_not(None), StockAlert.told_at.is_(None))


def call_waiting(session: Session, variant_ids: Iterable[int]) -> None:
    """Call those who wait for what units came free of, in the caller's transaction.

    variant_ids: of stocked variants; who waits for a bundle of them is called as well. Whoever
    asked first is called first, and no more people than there are free units that nobody was
    called for; the others wait for the next units. Each who is called gets a job that mails her.
    One statement where nobody waits; the variants' stock is locked while it is decided.
    """
    moved = set(variant_ids)
    of_parts = select(_PARTS.c.bundle_id).where(_PARTS.c.part_id.in_(moved))
    waiting = select(StockAlert.variant_id).where(
        or_(StockAlert.variant_id.in_(moved), StockAlert.variant_id.in_(of_parts)), *WAITS
    )
    for variant_id in sorted(set(session.scalars(waiting))):
        parts = _parts(session, variant_id)
        if units := _free(session, parts):
            called = _call(session, variant_id, units)
            _count(session, parts, called)


def lock(session: Session, variant_id: int) -> None:
    """Lock the stock of what a variant takes, before somebody begins to wait for it.

    So whoever moves it at the same time either finds her waiting, or is found to have moved it.
    """
    parts = sorted(_parts(session, variant_id))
    rows = select(Stock.variant_id).where(Stock.variant_id.in_(parts))
    session.execute(rows.order_by(Stock.variant_id).with_for_update()).all()


def waiting_for(variant_ids: Iterable[int]) -> Select[int, int]:
    """Return the statement for how many wait for each variant; none where nobody does."""
    return (
        select(StockAlert.variant_id, func.count())
        .where(StockAlert.variant_id.in_(set(variant_ids)), *WAITS)
        .group_by(StockAlert.variant_id)
    )


def _parts(session: Session, variant_id: int) -> dict[int, int]:
    """Return which stocked variants one unit takes, and how many of each: itself, or its parts."""
    found = select(_PARTS.c.part_id, _PARTS.c.quantity).where(_PARTS.c.bundle_id == variant_id)
    return {row[0]: row[1] for row in session.execute(found)} or {variant_id: 1}


def _free(session: Session, parts: Mapping[int, int]) -> int:
    """Return how many units can be had that nobody was called for.

    None where another transaction moves one of the parts just now: it calls for itself, and two
    that waited for each other's parts would wait for ever.
    """
    rows = (
        select(Stock.variant_id, AVAILABLE - Stock.called)
        .where(Stock.variant_id.in_(parts))
        .order_by(Stock.variant_id)
        .with_for_update(skip_locked=True)
    )
    free = {row[0]: row[1] for row in session.execute(rows)}
    return max(0, min(free.get(part, 0) // units for part, units in parts.items()))


def _call(session: Session, variant_id: int, units: int) -> int:
    """Call the first who wait; return how many these were."""
    first = (
        select(StockAlert.id)
        .where(StockAlert.variant_id == variant_id, *WAITS)
        .order_by(StockAlert.asked_at, StockAlert.id)
        .limit(units)
    )
    moment = now()
    called = session.scalars(
        update(StockAlert)
        .where(StockAlert.id.in_(first), *WAITS)
        .values(told_at=moment)
        .returning(StockAlert.id)
        .execution_options(synchronize_session=False)
    ).all()
    stamp = moment.isoformat()
    session.add_all(
        Job(
            kind=TELL,
            key=f"{TELL}:{alert_id}:{stamp}",
            payload={"alert_id": alert_id, "told_at": stamp},
        )
        for alert_id in sorted(called)
    )
    return len(called)


def _count(session: Session, parts: Mapping[int, int], people: int) -> None:
    """Count the units that people were called for."""
    session.execute(
        update(Stock)
        .where(Stock.variant_id.in_(parts))
        .values(called=Stock.called + case(dict(parts), value=Stock.variant_id, else_=0) * people)
        .execution_options(synchronize_session=False)
    )
