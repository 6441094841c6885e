"""Writes what a session changes into the audit log, in the same transaction.

Objects are noted with their columns before and after; so are the rows of a statement that changes
or deletes them by itself, which are read (and locked, as it would) before it runs, and once more
before the commit. What the shop's machinery writes, and what the law may make it forget, stays out.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction

from models.audit_log import Act, append
from storefront.staff.audit import rows
from storefront.staff.audit.words import shown

MACHINERY = frozenset(
    {
        *("attempt_counts", "audit_entries", "audit_heads", "autosaves", "import_changes"),
        *("jobs", "mails", "search_entries", "search_index", "tasks"),
    }
)
MOST = 50  # rows that an entry names; of more it says how many
Columns = rows.Columns
_ADDRESS = re.compile(r"[^/\s]+(@|%40)[^/\s]+")


def watch(session: Session, act: Act) -> "Watch":
    """Log whatever this session commits from now on as this act."""
    return Watch(session, replace(act, subject=without_addresses(act.subject)))


def without_addresses(path: str) -> str:
    """Return a path that names nobody by an email address."""
    return _ADDRESS.sub("(address)", path)


class Watch:
    """Collects what one session changes; each commit that changed something is an entry."""

    def __init__(self, session: Session, act: Act) -> None:
        """Listen to a session."""
        self._act = act
        self._changes: list[rows.Change | rows.Touched] = []
        self._marks: dict[SessionTransaction, int] = {}
        for name, heard in (
            ("after_flush", self._flushed),
            ("persistent_to_deleted", self._deleted),
            ("do_orm_execute", self._executed),
            ("before_commit", self._commits),
            ("after_transaction_create", self._begins),
            ("after_soft_rollback", self._rolled_back),
        ):
            event.listen(session, name, heard)

    def _flushed(self, session: Session, _: object) -> None:
        for row in session.new:
            self._note(row, {}, _columns(row))
        for row in session.dirty:
            before, after = _difference(row)
            if after:
                self._note(row, before, after)

    def _deleted(self, session: Session, row: object) -> None:
        """Note what a flush deleted, also what it did since nothing holds it any more."""
        del session
        self._note(row, _columns(row), {})

    def _note(self, row: object, before: Columns, after: Columns) -> None:
        state = inspect(row, raiseerr=True)
        table = state.mapper.local_table.name
        if table not in MACHINERY:
            key = "-".join(str(part) for part in state.mapper.primary_key_from_instance(row))
            self._changes.append((f"{table}:{key}", before, after))

    def _executed(self, executed: ORMExecuteState) -> None:
        statement: Any = executed.statement
        changes = executed.is_update or executed.is_delete
        if not (changes or executed.is_insert) or statement.table.name in MACHINERY:
            return
        name, session = statement.table.name, executed.session
        if executed.is_insert:
            for values in rows.inserted(session, statement, executed.parameters):
                self._changes.append((f"{name}:new {len(self._changes) + 1}", {}, values))
        elif isinstance(given := executed.parameters or {}, Mapping):
            session.flush()
            self._changes += rows.touched(session, statement, given)
        else:  # which rows, only the database knows
            self._changes.append((name, {}, {"changed": "by a statement"}))

    def _commits(self, session: Session) -> None:
        if session.in_nested_transaction():
            return
        session.flush()
        if self._changes:
            before, after = _merged(self._resolved(session))
            self._changes.clear()
            if before or after:
                append(session, replace(self._act, before=before, after=after))

    def _resolved(self, session: Session) -> Iterator[rows.Change]:
        """Yield each change in its order, those of statements as they came out in the end."""
        touched = [it for it in self._changes if isinstance(it, rows.Touched)]
        found = {change[0]: change for change in rows.changes(session, touched)}
        for it in self._changes:
            change = found.pop(it.name, None) if isinstance(it, rows.Touched) else it
            if change:
                yield change

    def _begins(self, session: Session, transaction: SessionTransaction) -> None:
        del session
        if transaction.nested:
            self._marks[transaction] = len(self._changes)

    def _rolled_back(self, session: Session, ended: SessionTransaction) -> None:
        del session
        if ended.nested:
            del self._changes[self._marks.get(ended, 0) :]
        elif ended.parent is None:
            self._changes.clear()


def _columns(row: object) -> Columns:
    state = inspect(row, raiseerr=True)
    table = state.mapper.local_table.name
    held = {attr.key: state.dict.get(attr.key) for attr in state.mapper.column_attrs}
    return {name: shown(table, name, value) for name, value in held.items() if value is not None}


def _difference(row: object) -> tuple[Columns, Columns]:
    state = inspect(row, raiseerr=True)
    table = state.mapper.local_table.name
    before: Columns = {}
    after: Columns = {}
    for attr in state.mapper.column_attrs:
        history = state.attrs[attr.key].history
        if history.has_changes():
            before[attr.key] = shown(table, attr.key, next(iter(history.deleted or ()), None))
            after[attr.key] = shown(table, attr.key, next(iter(history.added or ()), None))
    return before, after


def _merged(changes: Iterable[rows.Change]) -> tuple[Columns, Columns]:
    """Return what was before, and what is after, by row; a row that changed twice is there once."""
    before: dict[str, Columns] = {}
    after: dict[str, Columns] = {}
    for key, old, new in changes:
        before[key] = {**old, **before.get(key, {})}
        after[key] = {**after.get(key, {}), **new} if new else {}
    more = len(after) - MOST
    kept = list(after)[:MOST]
    notes: Columns = {"more": f"and {more} more rows"} if more > 0 else {}
    return _kept(before, kept), _kept(after, kept) | notes


def _kept(columns: Mapping[str, Columns], keys: list[str]) -> Columns:
    return {key: columns[key] for key in keys if columns[key]}
