"""What can be found: one entry for each thing that visitors see, and the words of them all.

A thing whose main text is said in another language has an entry there too, at its address below
that language's prefix.
"""

from collections.abc import Callable

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
from models.language import LANGUAGES, prefix
from models.once import upsert
from storefront.search.speech import Speech, Texts, in_each_language
from storefront.search.words import spelled_words


def index_product(session: Session, product: Product) -> None:
    """Make a product findable as it now is; one that visitors do not see is forgotten."""
    url = f"/products/{product.handle}"
    if product.status is not ProductStatus.ACTIVE:
        forget(session, url)
        return

    def say(it: Speech) -> Texts:
        texts = [it.text(product, name) for name in ("description", "serves", "fit", "not_for")]
        return it.words(product.title), it.words(product.summary), " ".join(texts)

    main = product.description_markdown or product.summary or product.title
    _write(session, "product", url, main, say)


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
    _write(session, "article", url, _main(article), lambda it: _whole(it, article))


def index_tutorial(session: Session, tutorial: Tutorial) -> None:
    """Make a tutorial findable by its text and its steps, which must be loaded; forget a draft."""
    url = f"/pages/{tutorial.handle}"
    if not tutorial.is_published:
        forget(session, url)
        return

    def say(it: Speech) -> Texts:
        steps = " ".join(
            f"{it.words(step.title)} {it.text(step, 'text')}" for step in tutorial.steps
        )
        title, summary, body = _whole(it, tutorial)
        return title, summary, f"{body} {' '.join(it.items(tutorial.symptoms))} {steps}"

    _write(session, "tutorial", url, _main(tutorial), say)


def index_page(session: Session, page: Page) -> None:
    """Make a plain page findable; policies and drafts are not."""
    url = f"/pages/{page.handle}"
    if not page.is_published:
        forget(session, url)
    elif page.kind is PageKind.PAGE:
        _write(session, "page", url, _main(page), lambda it: _whole(it, page))


def index_muscle(session: Session, muscle: Muscle) -> None:
    """Make a muscle findable by its names, where it lies and where it may be felt."""

    def say(it: Speech) -> Texts:
        body = f"{muscle.latin} {it.words(muscle.action)} {it.words(muscle.referred_pain)}"
        return it.words(muscle.name), it.words(muscle.location), body

    _write(session, "muscle", f"/muscles/{muscle.handle}", muscle.location or muscle.name, say)


def index_region(session: Session, region: Region) -> None:
    """Make a region findable by its text and its muscles, which must be loaded with theirs."""

    def say(it: Speech) -> Texts:
        notes = [f"{it.words(link.muscle.name)} {it.note(link.note)}" for link in region.muscles]
        body = f"{it.text(region, 'body')} {' '.join(notes)}"
        return it.words(region.name), it.words(region.summary), body

    main = region.body_markdown or region.summary or region.name
    _write(session, "region", f"/where-does-it-hurt/{region.handle}", main, say)


def index_term(session: Session, term: GlossaryTerm) -> None:
    """Make a word of the glossary findable, also by its other names."""

    def say(it: Speech) -> Texts:
        return it.words(term.term), ", ".join(it.items(term.also)), it.text(term, "definition")

    _write(session, "term", f"/glossary#{term.handle}", term.definition_markdown, say)


def index_routine(session: Session, routine: Routine) -> None:
    """Make a routine findable by its text and its tutorials, which must be loaded with it."""

    def say(it: Speech) -> Texts:
        tutorials = " ".join(it.words(part.tutorial.title) for part in routine.parts)
        title, summary, body = _whole(it, routine)
        return title, summary, f"{body} {tutorials}"

    _write(session, "routine", f"/routines/{routine.handle}", _main(routine), say)


def forget(session: Session, url: str) -> None:
    """Make an address findable no longer; its words stay until the index is rebuilt."""
    _forget(session, url, set(LANGUAGES))


def forget_all(session: Session) -> None:
    """Empty the index and the words."""
    session.execute(delete(SearchEntry))
    session.execute(delete(SearchWord))


def _main(text: Article | Page | Routine) -> str:
    return text.body_markdown or text.summary or text.title


def _whole(it: Speech, text: Article | Page | Routine) -> Texts:
    return it.words(text.title), it.words(text.summary), it.text(text, "body")


def _forget(session: Session, url: str, codes: set[str]) -> None:
    urls = sorted(prefix(code) + url for code in codes)
    session.execute(delete(SearchEntry).where(SearchEntry.url.in_(urls)))


def _write(
    session: Session, kind: str, url: str, main: str, say: Callable[[Speech], Texts]
) -> None:
    """Write a thing's entries in one statement, and their new words in another.

    main: by which one sees whether the thing is said in a language, in the shop's own words.
    """
    said = in_each_language(session, main, say)
    rows = [
        {"kind": kind, "language": code, "url": prefix(code) + url}
        | dict(zip(("title", "summary", "body"), texts, strict=True))
        for code, texts in said.items()
    ]
    entries = upsert(session, SearchEntry).values(rows)
    new = {name: entries.excluded[name] for name in ("kind", "title", "summary", "body")}
    session.execute(
        entries.on_conflict_do_update(index_elements=["url"], set_=new).execution_options(
            synchronize_session=False
        )
    )
    if unsaid := set(LANGUAGES) - set(said):
        _forget(session, url, unsaid)
    words = [
        {"language": code, "word": word}
        for code, texts in sorted(said.items())
        for word in spelled_words(texts, code)
    ]
    if words:  # sorted, so that two who write at once cannot deadlock
        session.execute(upsert(session, SearchWord).on_conflict_do_nothing(), words)
