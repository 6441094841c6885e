"""What can be found: one entry for each thing that visitors see, and the words of them all."""

from dataclasses import dataclass

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import (
    Article,
    GlossaryTerm,
    Muscle,
    Page,
    PageKind,
    Product,
    ProductStatus,
    Region,
    Routine,
    SearchEntry,
    SearchWord,
    Tutorial,
)
from models.once import upsert
from storefront.search.words import spelled_words
from storefront.text import said, uncited  # sources would crowd the excerpts with their titles


@dataclass(frozen=True, slots=True)
class Entry:
    """What of a thing is searched; kind is one of ``queries.KINDS``."""

    kind: str
    url: str
    title: str
    summary: str
    body: str


def index_product(session: Session, product: Product) -> None:
    """Make a product findable as it now is; one that visitors do not see is forgotten."""
    url = f"/products/{product.handle}"
    if product.status is not ProductStatus.ACTIVE:
        forget(session, url)
        return
    texts = (product.description_html, product.serves_html, product.fit_html)
    body = said(" ".join((*texts, product.not_for_html)))
    _write(session, Entry("product", url, product.title, product.summary, body))


def index_text(session: Session, text: Article | Page) -> None:
    """Make a text findable; an article's blog and a tutorial's steps must be loaded."""
    if isinstance(text, Article):
        index_article(session, text, text.blog.handle)
    elif isinstance(text, Tutorial):
        index_tutorial(session, text)
    else:
        index_page(session, text)


def index_article(session: Session, article: Article, blog_handle: str) -> None:
    """Make an article findable as it now is; one that visitors do not see is forgotten."""
    url = f"/blogs/{blog_handle}/{article.handle}"
    if not article.is_published:
        forget(session, url)
        return
    body = said(article.body_html)
    _write(session, Entry("article", url, article.title, article.summary, body))


def index_tutorial(session: Session, tutorial: Tutorial) -> None:
    """Make a tutorial findable by its text and its steps, which must be loaded; forget a draft."""
    url = f"/pages/{tutorial.handle}"
    if not tutorial.is_published:
        forget(session, url)
        return
    steps = " ".join(f"{step.title} {said(step.text_html)}" for step in tutorial.steps)
    body = f"{said(tutorial.body_html)} {' '.join(tutorial.symptoms)} {steps}"
    _write(session, Entry("tutorial", url, tutorial.title, tutorial.summary, body))


def index_page(session: Session, page: Page) -> None:
    """Make a plain page findable; policies and drafts are not."""
    url, body = f"/pages/{page.handle}", said(page.body_html)
    if not page.is_published:
        forget(session, url)
    elif page.kind is PageKind.PAGE:
        _write(session, Entry("page", url, page.title, page.summary, body))


def index_muscle(session: Session, muscle: Muscle) -> None:
    """Make a muscle findable by its names, where it lies and where it may be felt."""
    url = f"/muscles/{muscle.handle}"
    body = f"{muscle.latin} {muscle.action} {muscle.referred_pain}"
    _write(session, Entry("muscle", url, muscle.name, muscle.location, body))


def index_region(session: Session, region: Region) -> None:
    """Make a region findable by its text and its muscles, which must be loaded with theirs."""
    url = f"/where-does-it-hurt/{region.handle}"
    muscles = " ".join(f"{link.muscle.name} {uncited(link.note)}" for link in region.muscles)
    body = f"{said(region.body_html)} {muscles}"
    _write(session, Entry("region", url, region.name, region.summary, body))


def index_term(session: Session, term: GlossaryTerm) -> None:
    """Make a word of the glossary findable, also by its other names."""
    url, body = f"/glossary#{term.handle}", said(term.definition_html)
    _write(session, Entry("term", url, term.term, ", ".join(term.also), body))


def index_routine(session: Session, routine: Routine) -> None:
    """Make a routine findable by its text and its tutorials, which must be loaded with it."""
    tutorials = " ".join(part.tutorial.title for part in routine.parts)
    url, body = f"/routines/{routine.handle}", f"{said(routine.body_html)} {tutorials}"
    _write(session, Entry("routine", url, routine.title, routine.summary, body))


def forget(session: Session, url: str) -> None:
    """Make an address findable no longer; its words stay until the index is rebuilt."""
    session.execute(delete(SearchEntry).where(SearchEntry.url == url))


def forget_all(session: Session) -> None:
    """Empty the index and the words."""
    session.execute(delete(SearchEntry))
    session.execute(delete(SearchWord))


def _write(session: Session, entry: Entry) -> None:
    """Write an entry in one statement, and its new words in another."""
    words = {"kind": entry.kind, "title": entry.title, "summary": entry.summary, "body": entry.body}
    session.execute(
        upsert(session, SearchEntry)
        .values(url=entry.url, **words)
        .on_conflict_do_update(index_elements=["url"], set_=words)
        .execution_options(synchronize_session=False)
    )
    spelled = spelled_words((entry.title, entry.summary, entry.body))
    if spelled:  # sorted, so that two who write at once cannot deadlock
        session.execute(
            upsert(session, SearchWord).on_conflict_do_nothing(),
            [{"word": word} for word in spelled],
        )
