"""Looking at routines; a constant number of queries for each."""

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import Routine, RoutinePart, Tutorial, now
from storefront.routines import plan
from storefront.routines.plan import Plan


def routines(session: Session) -> list[tuple[Routine, Plan]]:
    """Return every routine with its plan, in the shop's order, except those of drafts alone."""
    found = select(Routine).order_by(Routine.position, Routine.id).options(_whole())
    shown = [routine for routine in session.scalars(found) if routine.parts]
    return [(routine, plan.of_routine(routine)) for routine in shown]


def routine(session: Session, handle: str) -> tuple[Routine, Plan] | None:
    """Return a routine with its plan, or None."""
    wanted = select(Routine).filter_by(handle=handle).options(_whole())
    found = session.scalars(wanted).one_or_none()
    return None if found is None else (found, plan.of_routine(found))


def tutorial_plan(session: Session, handle: str) -> Plan | None:
    """Return the plan of a published tutorial, or None."""
    found = session.scalars(
        select(Tutorial)
        .where(Tutorial.handle == handle, Tutorial.published_at <= now())
        .options(joinedload(Tutorial.muscle), selectinload(Tutorial.steps))
    ).one_or_none()
    return None if found is None else plan.of_tutorial(found)


def titles(session: Session) -> list[str]:
    """Return the names of all that can be followed, to choose from."""
    tutorials = select(Tutorial.title).where(Tutorial.published_at <= now())
    found = [
        *session.scalars(select(Routine.title).order_by(Routine.position, Routine.id)),
        *session.scalars(tutorials.order_by(Tutorial.position, Tutorial.id)),
    ]
    memory = session.info.get("memory")
    return list(dict.fromkeys(memory.said(it) for it in found) if memory else dict.fromkeys(found))


def _whole() -> ExecutableOption:
    """Return the option that loads what of a routine visitors see."""
    return (
        selectinload(Routine.parts.and_(RoutinePart.is_shown()))
        .joinedload(RoutinePart.tutorial)
        .options(joinedload(Tutorial.muscle), selectinload(Tutorial.steps))
    )
