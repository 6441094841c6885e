"""Looking at routines; a constant number of queries for each."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Routine, RoutinePart, Tutorial
from storefront.routines import plan
from storefront.routines.plan import Plan

_WHOLE = (
    selectinload(Routine.parts)
    .joinedload(RoutinePart.tutorial)
    .options(joinedload(Tutorial.muscle), selectinload(Tutorial.steps))
)


def routines(session: Session) -> list[tuple[Routine, Plan]]:
    """Return every routine with its plan, in the shop's order."""
    found = select(Routine).order_by(Routine.position, Routine.id).options(_WHOLE)
    return [(routine, plan.of_routine(routine)) for routine in session.scalars(found)]


def routine(session: Session, handle: str) -> tuple[Routine, Plan] | None:
    """Return a routine with its plan, or None."""
    wanted = select(Routine).filter_by(handle=handle).options(_WHOLE)
    found = session.scalars(wanted).one_or_none()
    return None if found is None else (found, plan.of_routine(found))


def tutorial_plan(session: Session, handle: str) -> Plan | None:
    """Return the plan of a tutorial, or None."""
    found = session.scalars(
        select(Tutorial)
        .where(Tutorial.handle == handle)
        .options(joinedload(Tutorial.muscle), selectinload(Tutorial.steps))
    ).one_or_none()
    return None if found is None else plan.of_tutorial(found)


def titles(session: Session) -> list[str]:
    """Return the names of all that can be followed, to choose from."""
    found = [
        *session.scalars(select(Routine.title).order_by(Routine.position, Routine.id)),
        *session.scalars(select(Tutorial.title).order_by(Tutorial.position, Tutorial.id)),
    ]
    return list(dict.fromkeys(found))
