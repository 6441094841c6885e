"""Looking at imports."""

from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session, defer

from models import Import, ImportChange, ImportKind, ImportStatus, Task
from storefront.paging import Slice, slice_of
from storefront.staff.imports.columns import Sheet, read_head
from storefront.staff.imports.kinds.kind import Kind
from storefront.staff.listing import PER_PAGE

HEAD = 60_000  # signs of a file that surely hold its first row


def imports(session: Session, kinds: Collection[ImportKind], page: int) -> Slice[Import]:
    """Return a page of the imports of these kinds, newest first, without their cells."""
    of_kinds = Import.kind.in_(kinds)
    total = session.scalar(select(func.count()).select_from(Import).where(of_kinds)) or 0
    sliced: Slice[Import] = slice_of(total, page, PER_PAGE)
    wanted = select(Import).where(of_kinds).options(defer(Import.content), defer(Import.problems))
    shown = wanted.order_by(Import.id.desc()).limit(PER_PAGE).offset(sliced.offset)
    sliced.items.extend(session.scalars(shown))
    return sliced


def found(session: Session, import_id: int, *, to_change: bool = False) -> Import | None:
    """Return an import without its cells, locked where it is about to change."""
    wanted = select(Import).where(Import.id == import_id).options(defer(Import.content))
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def head(session: Session, sent: Import, kind: Kind) -> Sheet:
    """Return what was understood of a file's head."""
    text = session.scalar(select(func.substr(Import.content, 1, HEAD)).where(Import.id == sent.id))
    return read_head(text or "", kind.columns)


def changed(session: Session, sent: Import) -> int:
    """Return how many rows changed something."""
    rows = func.count(ImportChange.row.distinct())
    of_import = (ImportChange.import_id == sent.id, ImportChange.subject != "")
    return session.scalar(select(rows).where(*of_import)) or 0


def task_of(session: Session, sent: Import) -> Task | None:
    """Return the work at it that was started last."""
    return session.get(Task, sent.task_id) if sent.task_id else None


def may_apply(session: Session, sent: Import) -> bool:
    """Say whether it can be applied: checked, without a problem; or begun and broken off."""
    if sent.status is not ImportStatus.CHECKED or _is_busy(session, sent):
        return False
    return not sent.problems or _has_begun(session, sent)


def may_undo(session: Session, sent: Import) -> bool:
    """Say whether there is something to put back."""
    is_there = sent.status in {ImportStatus.CHECKED, ImportStatus.APPLIED}
    return is_there and not _is_busy(session, sent) and _has_begun(session, sent)


def _is_busy(session: Session, sent: Import) -> bool:
    task = task_of(session, sent)
    return task is not None and not task.is_over


def _has_begun(session: Session, sent: Import) -> bool:
    mine = select(ImportChange.id).where(ImportChange.import_id == sent.id).limit(1)
    return session.scalar(mine) is not None
