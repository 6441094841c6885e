"""The one queue of what waits, oldest first; as many queries for thousands as for ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Subquery, func, literal, select, union_all
from sqlalchemy.orm import Session

from storefront.paging import Slice
from storefront.staff.listing import page_of
from storefront.staff.messages.kinds import Kind


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits. id: of its row. who: may be empty."""

    kind: Kind
    id: int
    who: str
    what: str
    since: datetime


def waiting(session: Session, kinds: Sequence[Kind], number: int) -> Slice[Waiting]:
    """Return a page of what waits of these kinds, in two queries. kinds: one at least."""
    every = _together(kinds)
    rows = select(every.c.rank, every.c.id, every.c.who, every.c.what, every.c.since)
    ordered = rows.order_by(every.c.since, every.c.rank, every.c.id)
    sliced = page_of(session, ordered, number)
    sliced.items[:] = [
        Waiting(kinds[rank], key, who or "", what or "", since)
        for rank, key, who, what, since in sliced.items
    ]
    return sliced


def counts(session: Session, kinds: Sequence[Kind]) -> Mapping[str, int]:
    """Return how much waits of each of these kinds, in one query."""
    every = _together(kinds)
    rows = session.execute(select(every.c.rank, func.count()).group_by(every.c.rank))
    found = {row[0]: row[1] for row in rows}
    return {kind.name: found.get(rank, 0) for rank, kind in enumerate(kinds)}


def _together(kinds: Sequence[Kind]) -> Subquery:
    return union_all(
        *(
            kind.waiting.add_columns(literal(rank, Integer).label("rank"))
            for rank, kind in enumerate(kinds)
        )
    ).subquery("waiting")
