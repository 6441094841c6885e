"""The worker's part of imports: dry run, applying, undoing; each goes on where it broke off."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Import, ImportChange, ImportStatus, now
from models.audit_log import Act
from storefront import tasks
from storefront.catalog.rules import refresh
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Handler, Payload
from storefront.staff.audit.watch import watch
from storefront.staff.imports import queries
from storefront.staff.imports.columns import Line, Problem, Sheet, lines_of, read_head
from storefront.staff.imports.kinds.every import every_kind
from storefront.staff.imports.kinds.kind import Change, Kind, Said, Work
from storefront.staff.imports.service import APPLY, CHECK, UNDO

BATCH = 50  # rows in one transaction: buyers wait for it on SQLite
MOST_PROBLEMS = 20_000
LONGEST_SUBJECT = 200


class Importing:
    """Does the three jobs. Every batch is one transaction, and its rows are done exactly once."""

    def __init__(self, currencies: Sequence[str]) -> None:
        """Know what the shop sells in; the main currency first."""
        self._kinds = every_kind(currencies)

    @property
    def handlers(self) -> dict[str, Handler]:
        """Who does which kind of job."""
        return {CHECK: self.check, APPLY: self.apply, UNDO: self.undo}

    def check(self, sessions: Sessions, payload: Payload) -> Effect:
        """Look at every row and change nothing."""
        opened = _Opened(sessions, payload, self._kinds)
        sheet, kind = opened.sheet, opened.kind
        problems = [*sheet.problems]
        work, count = opened.work, 0
        if not problems:
            work, problems, count = opened.keys()
        for lines in _batches(opened.lines() if count else (), kind):
            with sessions.read() as session:
                facts = kind.facts(session, lines, work, to_change=False)
                for line in lines:
                    problems += _said(kind, line, facts, work, sheet)
            tasks.step(sessions, payload["task_id"], lines[-1].row, opened.rows)
        found = sorted(problems, key=lambda it: it.row)[:MOST_PROBLEMS]

        def effect(session: Session) -> None:
            sent = session.get_one(Import, opened.import_id)
            sent.status, sent.problems = ImportStatus.CHECKED, [it.as_dict for it in found]
            tasks.finish(session, payload["task_id"], url=opened.url)

        return effect

    def apply(self, sessions: Sessions, payload: Payload) -> Effect:
        """Do what the rows say, batch by batch; what is no longer possible is left and named."""
        opened = _Opened(sessions, payload, self._kinds)
        work, _, _ = opened.keys()
        for lines in _batches(opened.lines(), opened.kind):
            with sessions.write.begin() as session:
                opened.watch(session, "apply")
                sent = _locked(session, opened.import_id)
                if sent.status is not ImportStatus.CHECKED:
                    break
                _apply_batch(session, sent, lines, opened, work)
            tasks.step(sessions, payload["task_id"], lines[-1].row, opened.rows)

        def effect(session: Session) -> None:
            sent = _locked(session, opened.import_id)
            if sent.status is ImportStatus.CHECKED:
                sent.status, sent.applied_at = ImportStatus.APPLIED, now()
            refresh(session)  # collections by rule ask for titles, prices and stock
            tasks.finish(session, payload["task_id"], url=opened.url)

        return effect

    def undo(self, sessions: Sessions, payload: Payload) -> Effect:
        """Put back what the import changed, the last first; what changed since is left and named.

        A change is forgotten in the transaction that puts it back.
        """
        opened = _Opened(sessions, payload, self._kinds)
        with sessions.read() as session:
            of_import = _changes(opened.import_id).subquery()
            total = session.scalar(select(func.count()).select_from(of_import)) or 0
        done, is_left = 0, True
        while is_left:
            with sessions.write.begin() as session:
                opened.watch(session, "undo")
                sent = _locked(session, opened.import_id)
                newest = _changes(opened.import_id).order_by(ImportChange.id.desc()).limit(BATCH)
                made = session.scalars(newest).all()
                _undo_batch(session, sent, made, opened)
                is_left, done = bool(made), done + len(made)
            tasks.step(sessions, payload["task_id"], done, total)

        def effect(session: Session) -> None:
            sent = _locked(session, opened.import_id)
            sent.status, sent.undone_at = ImportStatus.UNDONE, now()
            refresh(session)
            tasks.finish(session, payload["task_id"], url=opened.url)

        return effect


class _Opened:
    """An import, read: its kind, head and rows."""

    def __init__(self, sessions: Sessions, payload: Payload, kinds: Any) -> None:
        with sessions.read() as session:
            sent = session.get_one(Import, payload["import_id"])
        self.import_id = sent.id
        self.rows = sent.row_count
        self.url = f"/staff/imports/{sent.id}"
        self.kind: Kind = kinds[sent.kind]
        self._text = sent.content
        self.sheet = read_head(self._text, self.kind.columns)
        name = sent.filename or f"{sent.kind} file"
        self.work = Work(sent.id, name, payload["actor"], sent.created_at)

    def watch(self, session: Session, act: str) -> None:
        """Log what this session changes as an act of who started the job."""
        watch(session, Act(self.work.actor, "", f"staff.imports.{act}", self.url))

    def lines(self) -> Iterator[Line]:
        """Yield the rows below the head."""
        return lines_of(self._text, self.sheet)

    def keys(self) -> tuple[Work, list[Problem], int]:
        """Return the work with each key's row, what stands twice, and how many rows there are."""
        rows: dict[str, int] = {}
        problems, count = [], 0
        for line in self.lines():
            first = rows.setdefault(self.kind.key(line), line.row)
            count += 1
            if first != line.row:
                message = f"Row {first} says this already. Each may stand once."
                problems.append(Problem(line.row, self._first_column(), message))
        if not count:
            problems.append(Problem(self.sheet.head_row, "", "There are no rows below the first."))
        work = Work(self.import_id, self.work.filename, self.work.actor, self.work.sent_at, rows)
        return work, problems, count

    def _first_column(self) -> str:
        name = "sku" if "sku" in self.sheet.titles else self.kind.columns[0].name
        return self.sheet.titles.get(name, name)


def _batches(lines: Iterable[Line], kind: Kind) -> Iterator[list[Line]]:
    """Yield rows in batches; those of one group that follow each other stay together."""
    batch: list[Line] = []
    for line in lines:
        group = kind.group(line)
        if len(batch) >= BATCH and not (group and kind.group(batch[-1]) == group):
            yield batch
            batch = []
        batch.append(line)
    if batch:
        yield batch


def _said(kind: Kind, line: Line, facts: Any, work: Work, sheet: Sheet) -> list[Problem]:
    return _problems(line.row, kind.check(line, facts, work), sheet)


def _problems(row: int, wrong: Iterable[Said], sheet: Sheet) -> list[Problem]:
    return [Problem(row, sheet.titles.get(name, name), text) for name, text in wrong]


def _apply_batch(
    session: Session, sent: Import, lines: Sequence[Line], opened: _Opened, work: Work
) -> None:
    """Apply the rows that were not yet; the last change of the import says how far it is."""
    kind, sheet = opened.kind, opened.sheet
    newest = select(func.max(ImportChange.row)).where(ImportChange.import_id == sent.id)
    reached = session.scalar(newest) or 0
    left = [line for line in lines if line.row > reached]
    if not left:
        return
    facts = kind.facts(session, left, work, to_change=True)
    problems = []
    for done in kind.apply_all(session, left, facts, work):
        session.add_all(_row(sent, done.line, change) for change in done.changes)
        problems += _problems(done.line.row, done.wrong, sheet)
    session.add(_row(sent, left[-1], Change("", {}, {})))
    if problems:
        sent.problems = [*sent.problems, *(it.as_dict for it in problems)]


def _undo_batch(
    session: Session, sent: Import, made: Sequence[ImportChange], opened: _Opened
) -> None:
    rows = [it for it in made if it.subject]
    changes = [Change(it.subject, it.before, it.after) for it in rows]
    problems = []
    undone = opened.kind.undo_all(session, changes, opened.work)
    for row, wrong in zip(rows, undone, strict=True):
        problems += _problems(row.row, [wrong] if wrong else [], opened.sheet)
    if problems:
        sent.problems = [*sent.problems, *(it.as_dict for it in problems)]
    for it in made:
        session.delete(it)


def _row(sent: Import, line: Line, change: Change) -> ImportChange:
    return ImportChange(
        import_id=sent.id,
        row=line.row,
        subject=change.subject[:LONGEST_SUBJECT],
        before=dict(change.before),
        after=dict(change.after),
    )


def _changes(import_id: int) -> Any:
    return select(ImportChange).where(ImportChange.import_id == import_id)


def _locked(session: Session, import_id: int) -> Import:
    sent = queries.found(session, import_id, to_change=True)
    if sent is None:
        message = f"import {import_id} is gone"
        raise LookupError(message)
    return sent
