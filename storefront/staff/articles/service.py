"""Saving an article with what it cites and what it goes with, and publishing it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Article, ArticleTag, Author, Blog, Muscle, Product, Reference, Revision, Tutorial
from models.content import (
    article_muscles,
    article_products,
    article_references,
    article_tutorials,
)
from storefront.staff import revisions
from storefront.staff.citations import rendered
from storefront.staff.editing.service import Saving, add, check_seen, settle
from storefront.staff.links import ids_of, relink
from storefront.text import RENDERER, cited

# What an article goes with: the draft's name of it, the join table, and what it is named by.
LINKS = (
    ("tutorials", article_tutorials, Tutorial.handle),
    ("products", article_products, Product.handle),
    ("muscles", article_muscles, Muscle.handle),
)

WORDS = ("title", "summary", "figure_alt", "figure_caption", "seo_title", "seo_description")


@dataclass(frozen=True, slots=True)
class Draft:
    """What an article is to say.

    author: a handle, empty for nobody. tutorials, products and muscles: handles; references: keys
    of sources beside those that the body cites.
    """

    title: str
    summary: str
    body: str
    author: str = ""
    canonical_url: str = ""
    figure: str = ""
    figure_alt: str = ""
    figure_caption: str = ""
    seo_title: str = ""
    seo_description: str = ""
    tags: Sequence[str] = field(default_factory=list)
    tutorials: Sequence[str] = field(default_factory=list)
    products: Sequence[str] = field(default_factory=list)
    muscles: Sequence[str] = field(default_factory=list)
    references: Sequence[str] = field(default_factory=list)


def draft_of(article: Article) -> Draft:
    """Return what an article says now; all that belongs to it must be loaded."""
    in_text = cited(article.body_markdown)
    return Draft(
        title=article.title,
        summary=article.summary,
        body=article.body_markdown,
        author=article.author.handle if article.author else "",
        canonical_url=article.canonical_url or "",
        figure=article.figure or "",
        figure_alt=article.figure_alt,
        figure_caption=article.figure_caption,
        seo_title=article.seo_title,
        seo_description=article.seo_description,
        tags=[it.tag for it in article.tags],
        tutorials=[it.handle for it in article.tutorials],
        products=[it.handle for it in article.products],
        muscles=[it.handle for it in article.muscles],
        references=[it.key for it in article.references if it.key not in in_text],
    )


def revised(revision: Revision) -> Draft:
    """Return what an article said when this revision was kept."""
    return Draft(**revisions.words(revision))


def save(session: Session, article: Article, draft: Draft, saving: Saving) -> None:
    """Make an article what the draft says, and keep a revision of it.

    The article must be locked, and all that belongs to it loaded. Raises ChangedMeanwhileError,
    UnknownReferenceError, UnknownNamesError or HandleTakenError; the caller rolls back then, and
    nothing has changed.
    """
    check_seen(article, saving)
    before = draft_of(article)
    text = rendered(session, draft.body)
    for name in WORDS:
        setattr(article, name, getattr(draft, name))
    article.canonical_url, article.figure = draft.canonical_url or None, draft.figure or None
    article.author_id = _author_id(session, draft.author)
    article.body_markdown, article.body_html = draft.body, text.html
    article.renderer = RENDERER
    for name, table, column in LINKS:
        relink(session, table, article.id, ids_of(session, name, column, getattr(draft, name)))
    sources = ids_of(session, "references", Reference.key, draft.references)
    relink(session, article_references, article.id, [*(it.id for it in text.references), *sources])
    _tag(session, article.id, draft.tags)
    settle(session, article, saving)
    revisions.keep(session, article, asdict(draft), saving.actor, before=asdict(before))


def create(session: Session, blog: Blog, title: str, handle: str) -> Article:
    """Write an empty article that only staff see; raises HandleTakenError."""
    article = Article(blog=blog, title=title, handle=handle, renderer=RENDERER)
    add(session, article)
    return article


def _author_id(session: Session, handle: str) -> int | None:
    return ids_of(session, "author", Author.handle, [handle])[0] if handle else None


def _tag(session: Session, article_id: int, tags: Sequence[str]) -> None:
    """Let an article have these tags alone; those that stay are not written again."""
    of_it = ArticleTag.article_id == article_id
    session.execute(delete(ArticleTag).where(of_it, ArticleTag.tag.not_in(tags)))
    there = set(session.scalars(select(ArticleTag.tag).where(of_it)))
    session.add_all(ArticleTag(article_id=article_id, tag=tag) for tag in tags if tag not in there)
