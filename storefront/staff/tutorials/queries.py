"""Looking at tutorials as staff do."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import Muscle, Product, Reference, Tutorial, TutorialStep


def tutorials(session: Session) -> list[tuple[Tutorial, int]]:
    """Return every tutorial with its muscle and the number of its steps, in one query."""
    steps = (
        select(func.count())
        .where(TutorialStep.tutorial_id == Tutorial.id)
        .correlate(Tutorial)
        .scalar_subquery()
    )
    wanted = select(Tutorial, steps).order_by(Tutorial.position, Tutorial.id)
    found = session.execute(wanted.options(joinedload(Tutorial.muscle)))
    return [(row[0], row[1]) for row in found]


def tutorial(session: Session, handle: str, *, to_change: bool = False) -> Tutorial | None:
    """Return a tutorial as it is now, with all that is edited; locked where it is to change."""
    wanted = select(Tutorial).where(Tutorial.handle == handle)
    if to_change:
        wanted = wanted.with_for_update(of=Tutorial)
    belonging = (
        selectinload(Tutorial.steps),
        selectinload(Tutorial.products),
        selectinload(Tutorial.references),
    )
    return session.scalars(
        wanted.options(*belonging).execution_options(populate_existing=True)
    ).one_or_none()


def muscles(session: Session) -> list[Muscle]:
    """Return the muscles in the shop's order."""
    return list(session.scalars(select(Muscle).order_by(Muscle.position, Muscle.id)))


def names(session: Session) -> dict[str, list[tuple[str, str]]]:
    """Return what a tutorial can go with, (name to type, words) each, in two queries."""
    kinds = {
        "Products": select(Product.handle, Product.title).order_by(Product.title).limit(200),
        "References": select(Reference.key, Reference.citation).order_by(Reference.key),
    }
    return {kind: [(row[0], row[1]) for row in session.execute(it)] for kind, it in kinds.items()}
