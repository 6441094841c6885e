"""Looking at the audit log."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit_log import AuditEntry
from storefront.paging import Slice
from storefront.staff.leads.queries import Period
from storefront.staff.listing import has_words, page_of


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are listed. actor, act: exactly these, where not empty; words: parts."""

    words: str
    actor: str
    act: str
    period: Period


@dataclass(frozen=True, slots=True)
class Change:
    """A column of a row, before and after; None where it was not, or is not any more."""

    row: str
    column: str
    before: Any
    after: Any


def entries(session: Session, wanted: Wanted, page: int) -> Slice[Any]:
    """Return a page of entries, the newest first, in two queries."""
    found = select(AuditEntry).where(
        AuditEntry.created_at >= wanted.period.since, AuditEntry.created_at < wanted.period.until
    )
    if wanted.actor:
        found = found.where(AuditEntry.actor == wanted.actor)
    if wanted.act:
        found = found.where(AuditEntry.act == wanted.act)
    if wanted.words:
        found = found.where(
            has_words(wanted.words, AuditEntry.actor, AuditEntry.act, AuditEntry.subject)
        )
    return page_of(
        session, found.order_by(AuditEntry.created_at.desc(), AuditEntry.number.desc()), page
    )


def entry(session: Session, number: int) -> AuditEntry | None:
    """Return one entry."""
    return session.get(AuditEntry, number)


def changes(found: AuditEntry) -> Sequence[Change]:
    """Return what an entry says, a line for each column of each row."""
    lines = []
    for row in dict.fromkeys([*found.before, *found.after]):
        before, after = _columns(found.before.get(row)), _columns(found.after.get(row))
        lines += [
            Change(row, name, before.get(name), after.get(name))
            for name in dict.fromkeys([*before, *after])
        ]
    return lines


def _columns(held: Any) -> Mapping[str, Any]:
    if held is None:
        return {}
    return held if isinstance(held, dict) else {"": held}
