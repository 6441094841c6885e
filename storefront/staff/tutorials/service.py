"""Saving a tutorial: its words, its steps, and what it goes with, all or nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session

from models import Product, Reference, Revision, Tutorial, TutorialStep
from models.content import page_references, tutorial_products
from storefront.staff import revisions
from storefront.staff.citations import rendered
from storefront.staff.editing.service import Saving, add, check_seen, settle
from storefront.staff.links import ids_of, relink
from storefront.staff.tutorials import places
from storefront.text import RENDERER, cited

WORDS = ("title", "summary", "which_end", "frequency", "released", "seo_title", "seo_description")
FIGURES = ("minutes", "breath_in_s", "breath_out_s")
LISTS = ("needs", "cautions", "stop_signs", "symptoms")


@dataclass(frozen=True, slots=True)
class StepDraft:
    """What a step is to say; the names are those of its columns, text is its Markdown.

    was: its position before, 0 for a new step, None where that is not known.
    """

    title: str
    kind: str
    text: str
    figure: str
    figure_alt: str
    seconds: int | None
    rest_s: int
    cue: str
    is_per_side: bool
    is_optional: bool
    was: int | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a tutorial is to say.

    products: handles; references: keys of sources beside those that body and steps cite.
    """

    title: str
    summary: str
    body: str
    which_end: str
    frequency: str
    released: str
    minutes: int
    breath_in_s: int
    breath_out_s: int
    needs: Sequence[str]
    cautions: Sequence[str]
    stop_signs: Sequence[str]
    symptoms: Sequence[str]
    products: Sequence[str]
    references: Sequence[str]
    steps: Sequence[StepDraft]
    seo_title: str = ""
    seo_description: str = ""


def draft_of(tutorial: Tutorial) -> Draft:
    """Return what a tutorial says now; steps, products and references must be loaded."""
    steps = [_step_draft(step) for step in tutorial.steps]
    in_text = cited("\n".join([tutorial.body_markdown, *(step.text for step in steps)]))
    return Draft(
        body=tutorial.body_markdown,
        products=[it.handle for it in tutorial.products],
        references=[it.key for it in tutorial.references if it.key not in in_text],
        steps=steps,
        **{name: getattr(tutorial, name) for name in (*WORDS, *FIGURES, *LISTS)},
    )


def revised(revision: Revision) -> Draft:
    """Return what a tutorial said when this revision was kept."""
    words = revisions.words(revision)
    return Draft(**words | {"steps": [StepDraft(**step) for step in words["steps"]]})


def save(session: Session, tutorial: Tutorial, draft: Draft, saving: Saving) -> None:
    """Make a tutorial what the draft says, let routines play the same steps, keep a revision.

    The tutorial must be locked, and all that belongs to it loaded. Raises ChangedMeanwhileError,
    UnknownReferenceError, UnknownNamesError or HandleTakenError; the caller rolls back then, and
    nothing has changed.
    """
    check_seen(tutorial, saving)
    before = draft_of(tutorial)
    text = rendered(session, draft.body)
    sources = [it.id for it in text.references]
    steps = []
    for position, step in enumerate(draft.steps, start=1):
        words = rendered(session, step.text, notes=f"step-{position}")
        sources += [it.id for it in words.references]
        steps.append(_step(step, position, words.html))
    for name in (*WORDS, *FIGURES, *LISTS):
        setattr(tutorial, name, getattr(draft, name))
    tutorial.body_markdown, tutorial.body_html = draft.body, text.html
    tutorial.renderer = RENDERER
    tutorial.steps = steps
    sources += ids_of(session, "references", Reference.key, draft.references)
    relink(session, page_references, tutorial.id, sources)
    products = ids_of(session, "products", Product.handle, draft.products)
    relink(session, tutorial_products, tutorial.id, products)
    settle(session, tutorial, saving)
    places.follow(session, tutorial, places.moved(_names(before), _names(draft)))
    revisions.keep(session, tutorial, _kept(draft), saving.actor, before=_kept(before))


def create(session: Session, muscle_id: int, title: str, handle: str) -> Tutorial:
    """Write a tutorial without steps that only staff see; raises HandleTakenError."""
    last = session.scalar(select(func.max(Tutorial.position))) or 0
    tutorial = Tutorial(
        muscle_id=muscle_id,
        title=title,
        handle=handle,
        position=last + 1,
        published_at=null(),  # None would be the default
        renderer=RENDERER,
    )
    add(session, tutorial)
    return tutorial


def _names(draft: Draft) -> list[tuple[str, int | None]]:
    return [(step.title, step.was) for step in draft.steps]


def _kept(draft: Draft) -> dict[str, Any]:
    """Return what a revision keeps of a draft: not where its steps have been."""
    kept = asdict(draft)
    for step in kept["steps"]:
        del step["was"]
    return kept


def _step_draft(step: TutorialStep) -> StepDraft:
    names = [name for name in StepDraft.__slots__ if name not in {"text", "figure", "was"}]
    words = {name: getattr(step, name) for name in names}
    return StepDraft(text=step.text_markdown, figure=step.figure or "", **words)


def _step(draft: StepDraft, position: int, html: str) -> TutorialStep:
    kept = asdict(draft).items()
    words = {name: value for name, value in kept if name not in {"text", "figure", "was"}}
    return TutorialStep(
        position=position,
        text_markdown=draft.text,
        text_html=html,
        figure=draft.figure or None,
        **words,
    )
