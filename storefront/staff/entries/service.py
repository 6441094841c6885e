"""Writing what texts lean on; what shows it is rendered and found anew in the same transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Author,
    GlossaryTerm,
    Muscle,
    Reference,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
    Tutorial,
    TutorialStep,
    now,
)
from storefront.learn.rendering import render_citing
from storefront.search import index
from storefront.staff.citations import rendered
from storefront.staff.editing.service import add
from storefront.staff.links import UnknownNamesError
from storefront.text import RENDERER


def write_reference(session: Session, row: Reference, words: dict[str, Any]) -> None:
    """Write a source; every text that cites it shows it as it now is."""
    row.citation = " ".join(words["citation"].split())
    row.url, row.doi, row.isbn = (words[name] or None for name in ("url", "doi", "isbn"))
    add(session, row)
    render_citing(session, row.key)


def write_author(session: Session, row: Author, words: dict[str, Any]) -> None:
    """Write who writes."""
    row.name, row.credentials = words["person"], words["credentials"]
    row.about_markdown = words["about"]
    row.about_html = rendered(session, row.about_markdown).html
    row.renderer = RENDERER
    add(session, row)


def write_term(session: Session, row: GlossaryTerm, words: dict[str, Any]) -> None:
    """Write a word of the glossary."""
    row.term, row.also, row.see = words["term"], words["also"], words["see"] or None
    row.definition_markdown = words["definition"]
    row.definition_html = rendered(session, row.definition_markdown).html
    row.renderer = RENDERER
    add(session, row)
    index.index_term(session, row)


def write_muscle(session: Session, row: Muscle, words: dict[str, Any]) -> None:
    """Write a muscle's words; the regions where it is felt are found by them too."""
    row.name = words["muscle"]
    for name in ("latin", "location", "action", "referred_pain"):
        setattr(row, name, words[name])
    session.flush()
    index.index_muscle(session, row)
    felt = Region.muscles.any(RegionMuscle.muscle_id == row.id)
    for region in session.scalars(select(Region).where(felt).options(_with_muscles())):
        index.index_region(session, region)


def write_region(session: Session, row: Region, words: dict[str, Any]) -> None:
    """Write a region's words."""
    row.name, row.summary = words["region"], " ".join(words["summary"].split())
    row.body_markdown = words["body"]
    row.body_html = rendered(session, row.body_markdown).html
    row.renderer = RENDERER
    session.flush()
    loaded = select(Region).where(Region.id == row.id).options(_with_muscles())
    index.index_region(session, session.scalars(loaded).one())


def write_routine(session: Session, row: Routine, words: dict[str, Any]) -> None:
    """Write a routine and what it plays, or raise UnknownNamesError for what there is not."""
    row.title, row.summary = words["title"], " ".join(words["summary"].split())
    row.body_markdown = words["body"]
    row.body_html = rendered(session, row.body_markdown).html
    row.renderer, row.updated_at = RENDERER, now()
    if row not in session:
        row.position = (session.scalar(select(func.max(Routine.position))) or 0) + 1
    row.parts = _parts(session, words["chosen"])
    add(session, row)
    index.index_routine(session, row)


def _parts(session: Session, chosen: Sequence[tuple[str, list[int]]]) -> list[RoutinePart]:
    handles = [handle for handle, _ in chosen]
    rows = session.scalars(select(Tutorial).where(Tutorial.handle.in_(handles)))
    tutorials = {row.handle: row for row in rows}
    ids = [row.id for row in tutorials.values()]
    steps = select(TutorialStep.tutorial_id, TutorialStep.position)
    of_them = session.execute(steps.where(TutorialStep.tutorial_id.in_(ids)))
    there = {(tutorial_id, position) for tutorial_id, position in of_them}
    unknown = [handle for handle in handles if handle not in tutorials]
    unknown += [
        f"step {position} of {handle}"
        for handle, positions in chosen
        for position in positions
        if handle in tutorials and (tutorials[handle].id, position) not in there
    ]
    if unknown:
        field = "parts"
        raise UnknownNamesError(field, unknown)
    return [
        RoutinePart(tutorial=tutorials[handle], position=at, steps=steps)
        for at, (handle, steps) in enumerate(chosen)
    ]


def _with_muscles() -> Any:
    return selectinload(Region.muscles).joinedload(RegionMuscle.muscle)
