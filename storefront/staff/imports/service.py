"""Sending spreadsheets in, and starting what is done with them."""

from sqlalchemy.orm import Session

from models import Import, ImportKind, ImportStatus, Task
from storefront import tasks
from storefront.staff.imports import sheets
from storefront.staff.imports.queries import may_apply, may_undo

CHECK, APPLY, UNDO = "check-import", "apply-import", "undo-import"


class NotNowError(Exception):
    """It is not in a state in which this can be done."""


def send_in(
    session: Session, kind: ImportKind, filename: str, content: bytes, actor: str
) -> Import:
    """Keep a spreadsheet and start its dry run; raises SheetError where it cannot be read."""
    text, count = sheets.as_csv(content)
    sent = Import(kind=kind, filename=filename, content=text, row_count=count, actor=actor)
    session.add(sent)
    session.flush()
    _start(session, sent, CHECK, f"Check {filename or kind}", actor)
    return sent


def apply(session: Session, sent: Import, actor: str) -> Task:
    """Start to apply a locked import, or raise NotNowError."""
    if not may_apply(session, sent):
        raise NotNowError
    return _start(session, sent, APPLY, f"Import {sent.filename or sent.kind}", actor)


def undo(session: Session, sent: Import, actor: str) -> Task:
    """Start to undo a locked import, or raise NotNowError."""
    if not may_undo(session, sent):
        raise NotNowError
    sent.problems = []
    sent.status = ImportStatus.APPLIED
    return _start(session, sent, UNDO, f"Undo the import of {sent.filename or sent.kind}", actor)


def _start(session: Session, sent: Import, kind: str, title: str, actor: str) -> Task:
    task = tasks.start(session, kind, title, actor, {"import_id": sent.id, "actor": actor})
    sent.task_id = task.id
    return task
