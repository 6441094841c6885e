"""Looking at returns; the same number of queries however many there are."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Return, ReturnLine, ReturnStatus
from storefront.paging import Slice
from storefront.staff.listing import tally_by, things_of


def returns(session: Session, status: ReturnStatus | None, page: int) -> Slice[Return]:
    """Return a page of returns with their orders and lines, the newest first."""
    found = select(Return) if status is None else select(Return).where(Return.status == status)
    lines = selectinload(Return.lines).joinedload(ReturnLine.line)
    newest = found.order_by(Return.id.desc())
    return things_of(session, newest, page, joinedload(Return.order), lines)


def counts(session: Session) -> dict[str, str]:
    """Return in words how many returns are in each state, by its name; and ``all``."""
    return tally_by(session, Return.status, ReturnStatus)


def by_id(session: Session, return_id: int) -> Return | None:
    """Return a return as it is now, with its order, its lines and its exchange."""
    found = select(Return).where(Return.id == return_id)
    loaded = found.options(
        joinedload(Return.order),
        joinedload(Return.exchange),
        selectinload(Return.lines).joinedload(ReturnLine.line),
        selectinload(Return.lines).joinedload(ReturnLine.exchange_variant),
    )
    return session.scalars(loaded.execution_options(populate_existing=True)).one_or_none()
