"""Where a tutorial's steps went, so that routines go on playing the steps that they chose."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Routine, RoutinePart, Tutorial
from storefront.search.index import index_routine

Step = tuple[str, int | None]  # its title, and its position before: 0 for a new one, None unknown


def moved(before: Sequence[Step], after: Sequence[Step]) -> dict[int, int]:
    """Return the new position of each old one, both from 1; what was removed has none.

    A step that does not know where it was is the one of the same title, else of the same place.
    """
    found: dict[int, int] = {}
    unknown = []
    for new, (title, was) in enumerate(after, start=1):
        if was is None:
            unknown.append((new, title))
        elif 0 < was <= len(before):
            found.setdefault(was, new)
    titles = {old: title for old, (title, _) in enumerate(before, start=1) if old not in found}
    strangers = []
    for new, title in unknown:
        old = next((old for old, other in titles.items() if other == title), None)
        if old is None:
            strangers.append(new)
        else:
            found[old] = new
            del titles[old]
    found |= {new: new for new in strangers if new in titles}
    return found


def follow(session: Session, tutorial: Tutorial, places: Mapping[int, int]) -> None:
    """Let each routine play the same steps of a locked tutorial, and be found by its new title.

    Where all the steps that a routine chose are gone, so is its part.
    """
    with_parts = selectinload(Routine.parts).selectinload(RoutinePart.tutorial)
    wanted = select(Routine).where(Routine.parts.any(RoutinePart.tutorial_id == tutorial.id))
    locked = wanted.order_by(Routine.id).with_for_update(of=Routine)
    for routine in session.scalars(locked.options(with_parts)).all():
        for part in list(routine.parts):
            if part.tutorial_id == tutorial.id and part.steps:
                steps = [places[old] for old in part.steps if old in places]
                if steps:
                    part.steps = steps
                else:
                    routine.parts.remove(part)
        index_routine(session, routine)
