"""Looking at what a customer has kept; never another's."""

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import Customer, Practice
from storefront.paging import Slice, slice_of

PER_PAGE, IN_CHART = 30, 60


def practices(session: Session, customer: Customer, page: int) -> Slice[Practice]:
    """Return a page of a customer's sessions, newest first."""
    mine = select(Practice).where(Practice.customer_id == customer.id)
    total = session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    sliced: Slice[Practice] = slice_of(total, page, PER_PAGE)
    ordered = mine.order_by(Practice.done_at.desc(), Practice.id.desc())
    sliced.items.extend(session.scalars(ordered.limit(PER_PAGE).offset(sliced.offset)))
    return sliced


def with_pain(session: Session, customer: Customer) -> list[Practice]:
    """Return the newest sessions that say a pain, oldest first, for the chart."""
    said = or_(Practice.pain_before.is_not(None), Practice.pain_after.is_not(None))
    newest = (
        select(Practice)
        .where(Practice.customer_id == customer.id, said)
        .order_by(Practice.done_at.desc(), Practice.id.desc())
        .limit(IN_CHART)
    )
    return list(session.scalars(newest))[::-1]


def every(session: Session, customer: Customer) -> list[Practice]:
    """Return all of a customer's sessions, oldest first, for export."""
    mine = select(Practice).where(Practice.customer_id == customer.id)
    return list(session.scalars(mine.order_by(Practice.done_at, Practice.id)))
