"""What belongs to a text, as its page shows it: read in one query."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Table, bindparam, func, select
from sqlalchemy.orm import Session, aliased, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from models import (
    NOW,
    Article,
    ArticleTag,
    Claim,
    Muscle,
    Reference,
    Tutorial,
    TutorialStep,
    Video,
)
from models.apart import Part, apart, gathered
from models.content import (
    article_muscles,
    article_references,
    article_tutorials,
    page_references,
)
from storefront.catalog.statements import CARD_OF_ARTICLE, CARD_OF_TUTORIAL

RELATED = 3  # other articles
_TEXT: Any = bindparam("text")


@dataclass(frozen=True, slots=True)
class Beside:
    """What goes with a text. related: other articles, those that share a tag first."""

    claims: Sequence[Claim]
    videos: Sequence[Video]
    related: Sequence[Article] = ()


def of_article(session: Session, article: Article) -> Beside:
    """Read into an article what belongs to it, and return what goes with it."""
    tags, muscles, references, tutorials, *beside = gathered(
        session, _OF_ARTICLE, {"text": article.id}
    )
    set_committed_value(article, "tags", tags)
    set_committed_value(article, "muscles", muscles)
    set_committed_value(article, "references", references)
    set_committed_value(article, "tutorials", tutorials)
    return Beside(*beside)


def of_tutorial(session: Session, tutorial: Tutorial) -> Beside:
    """Read into a tutorial what belongs to it, and return what goes with it."""
    steps, references, articles, *beside = gathered(session, _OF_TUTORIAL, {"text": tutorial.id})
    set_committed_value(tutorial, "steps", steps)
    set_committed_value(tutorial, "references", references)
    set_committed_value(tutorial, "articles", articles)
    return Beside(*beside)


def _linked(to: Any, table: Table, text: str, name: str) -> Part:
    """Return the rows that a table links with a ``text``, in its order."""
    link = select(table.c[name]).where(table.c[text] == _TEXT)
    place = select(table.c.position).where(table.c[text] == _TEXT, table.c[name] == to.id)
    return to, to.id.in_(link), (place.scalar_subquery(),)


def _beside(column: str) -> tuple[Part, Part]:
    return (
        (Claim, getattr(Claim, column) == _TEXT, (Claim.id,)),
        (Video, getattr(Video, column) == _TEXT, (Video.position, Video.id)),
    )


def _nearest(article: Any) -> tuple[Any, ...]:
    """Return the order of articles by how near they are to the text."""
    own, tag = aliased(ArticleTag), aliased(ArticleTag)
    shared = (
        select(func.count())
        .where(tag.article_id == article.id)
        .where(tag.tag.in_(select(own.tag).where(own.article_id == _TEXT)))
        .correlate(article)
    )
    return shared.scalar_subquery().desc(), article.published_at.desc(), article.id


_OTHER = aliased(Article)
_RELATED = (
    select(_OTHER.id)
    .where(_OTHER.published_at <= NOW, _OTHER.id != _TEXT)
    .order_by(*_nearest(_OTHER))
    .limit(RELATED)
)
_TUTORIAL = _linked(Tutorial, article_tutorials, "article_id", "tutorial_id")
_OF_ARTICLE = apart(
    (ArticleTag, ArticleTag.article_id == _TEXT, (ArticleTag.tag,)),
    _linked(Muscle, article_muscles, "article_id", "muscle_id"),
    _linked(Reference, article_references, "article_id", "reference_id"),
    (Tutorial, _TUTORIAL[1] & (Tutorial.published_at <= NOW), _TUTORIAL[2]),
    *_beside("article_id"),
    (Article, Article.id.in_(_RELATED), _nearest(Article)),
).options(joinedload(Claim.references), *CARD_OF_TUTORIAL, *CARD_OF_ARTICLE)
_OF_TUTORIAL = apart(
    (TutorialStep, TutorialStep.tutorial_id == _TEXT, (TutorialStep.position,)),
    _linked(Reference, page_references, "page_id", "reference_id"),
    _linked(Article, article_tutorials, "tutorial_id", "article_id"),
    *_beside("page_id"),
).options(joinedload(Claim.references), *CARD_OF_ARTICLE)
