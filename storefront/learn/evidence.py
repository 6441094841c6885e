"""What stands behind texts, as readers see it: claims, and the sources with who cites them."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Article, Blog, Muscle, Page, PageKind, Reference, now
from models.content import article_references, muscle_references, page_references


@dataclass(frozen=True, slots=True)
class Citing:
    """A text that cites a source."""

    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Source:
    """A reference with the texts that cite it, by their titles."""

    reference: Reference
    texts: Sequence[Citing]


def sources(session: Session) -> list[Source]:
    """Return every reference once with the texts that cite it, in four queries."""
    citing = _citing(session)
    found = session.scalars(select(Reference).order_by(Reference.citation, Reference.id))
    return [Source(row, sorted(citing[row.id], key=lambda it: it.title)) for row in found]


def _citing(session: Session) -> dict[int, list[Citing]]:
    found: dict[int, list[Citing]] = defaultdict(list)
    articles = (
        select(article_references.c.reference_id, Article.title, Blog.handle, Article.handle)
        .join(Article, Article.id == article_references.c.article_id)
        .join(Blog)
        .where(Article.published_at <= now())
    )
    for reference_id, title, blog, handle in session.execute(articles):
        found[reference_id].append(Citing(title, f"/blogs/{blog}/{handle}"))
    pages = (
        select(page_references.c.reference_id, Page.title, Page.handle)
        .join(Page, Page.id == page_references.c.page_id)
        .where(Page.kind != PageKind.POLICY, Page.published_at <= now())
    )
    for reference_id, title, handle in session.execute(pages):
        found[reference_id].append(Citing(title, f"/pages/{handle}"))
    muscles = select(muscle_references.c.reference_id, Muscle.name, Muscle.handle).join(
        Muscle, Muscle.id == muscle_references.c.muscle_id
    )
    for reference_id, name, handle in session.execute(muscles):
        found[reference_id].append(Citing(name, f"/muscles/{handle}"))
    return found
