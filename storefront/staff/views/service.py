"""Saved views: a list as somebody wants to see it again, for herself or for everybody."""

from collections.abc import Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from models import SavedView, Staff

MOST = 20  # of one screen for one person, and as many for all


class TakenError(Exception):
    """A view cannot have this name; the message says why, for people."""


def of(session: Session, screen: str, person: Staff) -> Sequence[SavedView]:
    """Return the views of a screen that a person sees: those for all first."""
    hers = or_(SavedView.staff_id.is_(None), SavedView.staff_id == person.id)
    found = select(SavedView).where(SavedView.screen == screen, hers)
    order = (SavedView.staff_id.is_not(None), SavedView.title, SavedView.id)
    return session.scalars(found.order_by(*order)).all()


def by_id(session: Session, view_id: int, person: Staff) -> SavedView | None:
    """Return a view that a person may change: her own, or one for all."""
    found = session.get(SavedView, view_id)
    return found if found and found.staff_id in {None, person.id} else None


def save(session: Session, view: SavedView) -> None:
    """Write a new view, or raise TakenError and change nothing."""
    _refuse_taken(session, view, view.title)
    session.add(view)


def rename(session: Session, view: SavedView, title: str) -> None:
    """Give a view another name, or raise TakenError and change nothing."""
    _refuse_taken(session, view, title)
    view.title = title


def _refuse_taken(session: Session, view: SavedView, title: str) -> None:
    """Hold a name against those there are; one saves at a time, as no constraint knows NULLs."""
    session.execute(select(Staff.id).order_by(Staff.id).limit(1).with_for_update())
    found = select(SavedView).where(
        SavedView.screen == view.screen, SavedView.staff_id.is_not_distinct_from(view.staff_id)
    )
    others = [it for it in session.scalars(found) if it is not view]
    if any(it.title == title for it in others):
        message = "There is a view of this name already. Choose another."
        raise TakenError(message)
    if len(others) >= MOST:
        message = f"There are {MOST} views already. Remove one first."
        raise TakenError(message)
