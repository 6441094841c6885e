"""Saving a page or a policy with what it cites."""

from dataclasses import asdict, dataclass

from sqlalchemy import null
from sqlalchemy.orm import Session

from models import Page, PlainPage, Revision
from models.content import page_references
from storefront.staff import revisions
from storefront.staff.citations import rendered
from storefront.staff.editing.service import Saving, add, check_seen, settle
from storefront.staff.links import relink
from storefront.text import RENDERER

WORDS = ("title", "summary", "seo_title", "seo_description")


@dataclass(frozen=True, slots=True)
class Draft:
    """What a page is to say. is_sample: whether readers are told that the text is a sample."""

    title: str
    summary: str
    body: str
    seo_title: str = ""
    seo_description: str = ""
    is_sample: bool = False


def draft_of(page: Page) -> Draft:
    """Return what a page says now."""
    words = {name: getattr(page, name) for name in WORDS}
    return Draft(body=page.body_markdown, is_sample=page.is_sample, **words)


def revised(revision: Revision) -> Draft:
    """Return what a page said when this revision was kept."""
    return Draft(**revisions.words(revision))


def save(session: Session, page: Page, draft: Draft, saving: Saving) -> None:
    """Make a locked page what the draft says, and keep a revision of it.

    Raises ChangedMeanwhileError, UnknownReferenceError or HandleTakenError; the caller rolls back
    then, and nothing has changed.
    """
    check_seen(page, saving)
    before = draft_of(page)
    text = rendered(session, draft.body)
    for name in (*WORDS, "is_sample"):
        setattr(page, name, getattr(draft, name))
    page.body_markdown, page.body_html, page.renderer = draft.body, text.html, RENDERER
    relink(session, page_references, page.id, [it.id for it in text.references])
    settle(session, page, saving)
    revisions.keep(session, page, asdict(draft), saving.actor, before=asdict(before))


def create(session: Session, title: str, handle: str) -> Page:
    """Write an empty page that only staff see; raises HandleTakenError."""
    page = PlainPage(title=title, handle=handle, published_at=null(), renderer=RENDERER)
    add(session, page)
    return page
