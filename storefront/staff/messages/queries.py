"""The one queue of what waits, oldest first; as many queries for thousands as for ten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, literal, select, union_all
from sqlalchemy.orm import Session

from storefront.paging import Slice, counted, counting, unsaid
from storefront.staff.listing import PER_PAGE, AnySelect, tally
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
    every = union_all(*(unsaid(it.waiting) for it in kinds)).subquery()
    sliced = counted(session, counting(select(every)), number, PER_PAGE)
    last = sliced.offset + PER_PAGE
    first = union_all(*(_oldest(it, rank, last) for rank, it in enumerate(kinds))).subquery()
    rows = select(first.c.rank, first.c.id, first.c.who, first.c.what, first.c.since)
    ordered = rows.order_by(first.c.since, first.c.rank, first.c.id)
    sliced.items[:] = [
        Waiting(kinds[rank], key, who or "", what or "", since)
        for rank, key, who, what, since in session.execute(
            ordered.limit(PER_PAGE).offset(sliced.offset)
        )
    ]
    return sliced


def counts(session: Session, kinds: Sequence[Kind]) -> Mapping[str, str]:
    """Return in words how much waits of each of these kinds, by its name, and of ``all``."""
    return tally(session, {it.name: it.waiting for it in kinds})


def _oldest(kind: Kind, rank: int, most: int) -> AnySelect:
    """Return so many rows of a kind as a page of all kinds can show at most."""
    found = kind.waiting.add_columns(literal(rank, Integer).label("rank"))
    columns = found.selected_columns
    return select(found.order_by(columns.since, columns.id).limit(most).subquery())
