"""Looking at what texts say in another language, and which of them nobody has said."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Translation
from models.translation import digest_of
from storefront.paging import Slice, counted, counting
from storefront.staff.listing import PER_PAGE, has_words
from storefront.translations.sources import Kind, Source, sources


class State(enum.StrEnum):
    """How a text stands in another language."""

    SAID = "said"
    CHANGED = "changed"  # it was said before its last edit
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Line:
    """A text and what it says; of one that was changed, what it said before, empty if missing."""

    source: Source
    state: State
    text: str


@dataclass(frozen=True, slots=True)
class Subject:
    """A thing with texts, and how many of them stand how."""

    row: Any
    name: str
    said: int
    changed: int
    missing: int


def subjects(session: Session, kind: Kind, code: str, words: str, page: int) -> Slice[Subject]:
    """Return a page of the things of a kind whose name has the words, in order of their names.

    It asks as often for one as for many.
    """
    name = getattr(kind.row, kind.name)
    wanted = select(kind.row).order_by(name, kind.row.id)
    wanted = wanted.where(has_words(words, name)) if words else wanted
    sliced: Slice[Subject] = counted(session, counting(wanted), page, PER_PAGE)
    shown = wanted.options(*_belonging(kind)).limit(PER_PAGE).offset(sliced.offset)
    found = [(row, sources(kind, row)) for row in session.scalars(shown)]
    known = iter(lines(session, code, [source for _, texts in found for source in texts]))
    for row, texts in found:
        states = [next(known).state for _ in texts]
        counts = (states.count(state) for state in (State.SAID, State.CHANGED, State.MISSING))
        sliced.items.append(Subject(row, getattr(row, kind.name), *counts))
    return sliced


def subject(session: Session, kind: Kind, row_id: int) -> Any:
    """Return a thing with what belongs to it, as it is now; None where there is none."""
    wanted = select(kind.row).where(kind.row.id == row_id).options(*_belonging(kind))
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def lines(session: Session, code: str, texts: Sequence[Source]) -> list[Line]:
    """Return what texts say in a language, in two queries: by their words, then by their places."""
    digests = {it.place: digest_of(it.text) for it in texts}
    said = _found(session, code, Translation.digest, set(digests.values()))
    unsaid = {place for place, digest in digests.items() if digest not in said}
    former = _found(session, code, Translation.place, unsaid)
    return [_line(it, said.get(digests[it.place]), former.get(it.place)) for it in texts]


def _line(source: Source, said: str | None, former: str | None) -> Line:
    if said is not None:
        return Line(source, State.SAID, said)
    return Line(source, State.MISSING if former is None else State.CHANGED, former or "")


def _found(session: Session, code: str, column: Any, values: set[str]) -> dict[str, str]:
    """Return the newest text for each value of a column."""
    wanted = select(column, Translation.text).where(
        Translation.language == code, column.in_(values)
    )
    rows = session.execute(wanted.order_by(Translation.updated_at, Translation.id))
    return {row[0]: row[1] for row in rows}


def _belonging(kind: Kind) -> list[Any]:
    return [selectinload(getattr(kind.row, name)) for name in kind.belongings]
