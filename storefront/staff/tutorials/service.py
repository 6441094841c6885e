"""Saving a tutorial: its words, its steps, and what it goes with, all or nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy.orm import Session

from models import Product, Reference, Revision, Tutorial, TutorialStep, now
from models.content import page_references, tutorial_products
from storefront.search.index import index_tutorial
from storefront.staff import revisions
from storefront.staff.citations import rendered
from storefront.staff.links import ids_of, relink
from storefront.staff.seen import ChangedMeanwhileError
from storefront.text import RENDERER, cited

WORDS = ("title", "summary", "which_end", "frequency", "released")
FIGURES = ("minutes", "breath_in_s", "breath_out_s")
LISTS = ("needs", "cautions", "stop_signs", "symptoms")


@dataclass(frozen=True, slots=True)
class StepDraft:
    """What a step is to say; the names are those of its columns, text is its Markdown."""

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


def save(session: Session, tutorial: Tutorial, draft: Draft, *, seen: str, actor: str) -> None:
    """Make a tutorial what the draft says, and keep a revision of it by whom it was.

    The tutorial must be locked, and all that belongs to it loaded. seen: its ``updated_at`` as the
    page was shown, as ISO text. Raises ChangedMeanwhileError, UnknownReferenceError or
    UnknownNamesError; the caller rolls back then, and nothing has changed.
    """
    if tutorial.updated_at.isoformat() != seen:
        raise ChangedMeanwhileError(tutorial.handle)
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
    tutorial.renderer, tutorial.updated_at = RENDERER, now()
    tutorial.steps = steps
    sources += ids_of(session, "references", Reference.key, draft.references)
    relink(session, page_references, tutorial.id, sources)
    products = ids_of(session, "products", Product.handle, draft.products)
    relink(session, tutorial_products, tutorial.id, products)
    index_tutorial(session, tutorial)
    revisions.keep(session, tutorial, asdict(draft), actor, before=asdict(before))


def _step_draft(step: TutorialStep) -> StepDraft:
    names = [name for name in StepDraft.__slots__ if name not in {"text", "figure"}]
    words = {name: getattr(step, name) for name in names}
    return StepDraft(text=step.text_markdown, figure=step.figure or "", **words)


def _step(draft: StepDraft, position: int, html: str) -> TutorialStep:
    words = {name: value for name, value in asdict(draft).items() if name not in {"text", "figure"}}
    return TutorialStep(
        position=position,
        text_markdown=draft.text,
        text_html=html,
        figure=draft.figure or None,
        **words,
    )
