"""Looking at tasks; the same number of queries however many there are.

Everybody sees what she started herself, and what others started where her role may open the
screen that it is about; owners see all.
"""

from collections.abc import Mapping
from types import MappingProxyType

from sqlalchemy import ColumnElement, or_, select, true
from sqlalchemy.orm import Session

from models import Import, ImportKind, Role, Staff, Task
from models.staff import Permission
from storefront.media import making
from storefront.paging import Slice
from storefront.staff.broken_links import jobs as links
from storefront.staff.exports.jobs import WRITE
from storefront.staff.imports.kinds.every import every_kind
from storefront.staff.listing import things_of

# What it takes to see others' tasks of a kind; one that is named nowhere is seen by owners alone.
# Imports are not named: what it takes depends on what is imported.
SCREENS: Mapping[str, Permission] = MappingProxyType(
    {
        WRITE: Permission.EXPORT,
        links.KIND: Permission.EDIT_CONTENT,
        making.KIND: Permission.EDIT_CONTENT,
    }
)


def tasks(session: Session, person: Staff, page: int, *, is_mine: bool) -> Slice[Task]:
    """Return a page of the tasks that a person may see, or of her own; two queries."""
    wanted = select(Task).where(Task.actor == person.email if is_mine else _seen_by(person))
    newest = wanted.order_by(Task.created_at.desc(), Task.id.desc())
    return things_of(session, newest, page)


def found(session: Session, person: Staff, task_id: int) -> Task | None:
    """Return a task that a person may see."""
    wanted = select(Task).where(Task.id == task_id, _seen_by(person))
    return session.scalars(wanted).one_or_none()


def _seen_by(person: Staff) -> ColumnElement[bool]:
    """Say of a task whether a person may see it; of an import, of its newest work."""
    if person.role is Role.OWNER:
        return true()
    kinds = [kind for kind, permission in SCREENS.items() if person.may(permission)]
    imports = select(Import.task_id).where(Import.kind.in_(_importable(person)))
    return or_(
        Task.actor == person.email,
        Task.kind.in_(kinds),
        Task.id.in_(imports.where(Import.task_id.is_not(None))),
    )


def _importable(person: Staff) -> list[ImportKind]:
    return [name for name, kind in every_kind(()).items() if person.may(kind.permission)]
