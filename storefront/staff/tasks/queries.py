"""Looking at tasks; the same number of queries however many there are."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Task
from storefront.paging import Slice, slice_of
from storefront.staff.listing import PER_PAGE


def tasks(session: Session, actor: str | None, page: int) -> Slice[Task]:
    """Return a page of tasks, the newest first, in two queries. actor: whose; None for all."""
    wanted = select(Task) if actor is None else select(Task).where(Task.actor == actor)
    total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    sliced: Slice[Task] = slice_of(total, page, PER_PAGE)
    shown = wanted.order_by(Task.created_at.desc(), Task.id.desc())
    sliced.items.extend(session.scalars(shown.limit(PER_PAGE).offset(sliced.offset)))
    return sliced
