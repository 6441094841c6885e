"""Looking at the body: its regions, muscles and words; a constant number of queries for each."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from unicodedata import combining, normalize

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from models import Article, GlossaryTerm, Muscle, Reference, Region, RegionMuscle, Tutorial, now
from models.content import article_muscles
from storefront.learn.queries import published
from storefront.text import cited, uncited


@dataclass(frozen=True, slots=True)
class Candidate:
    """A muscle that may lie behind a pain in a region, and what the shop has about it.

    note: how one tells it from the others there; sources: what the note cites.
    """

    muscle: Muscle
    note: str
    sources: list[Reference]
    tutorial: Tutorial | None
    article: Article | None


def regions(session: Session) -> list[Region]:
    """Return every region, in the order of the map."""
    return list(session.scalars(select(Region).order_by(Region.position, Region.id)))


def candidates(session: Session, region: Region) -> list[Candidate]:
    """Return the muscles that may lie behind a pain in a region, the likeliest first."""
    found = session.scalars(
        select(RegionMuscle)
        .where(RegionMuscle.region_id == region.id)
        .order_by(RegionMuscle.position)
        .options(joinedload(RegionMuscle.muscle))
    ).all()
    ids = [row.muscle_id for row in found]
    sources = references(session, [key for row in found for key in cited(row.note)])
    lessons = {lesson.muscle_id: lesson for lesson in reversed(tutorials(session, ids))}
    texts = articles(session, ids)
    return [
        Candidate(
            muscle=row.muscle,
            note=uncited(row.note),
            sources=[sources[key] for key in cited(row.note) if key in sources],
            tutorial=lessons.get(row.muscle_id),
            article=next(iter(texts[row.muscle_id]), None),
        )
        for row in found
    ]


def muscle(session: Session, handle: str) -> Muscle | None:
    """Return a muscle with its sources, or None."""
    return (
        session.scalars(
            select(Muscle).where(Muscle.handle == handle).options(joinedload(Muscle.references))
        )
        .unique()
        .one_or_none()
    )


def regions_of(session: Session, muscle: Muscle) -> list[Region]:
    """Return where a muscle may be felt, in the order of the map."""
    wanted = select(Region).join(RegionMuscle).where(RegionMuscle.muscle_id == muscle.id)
    return list(session.scalars(wanted.order_by(Region.position, Region.id)))


def tutorials(session: Session, muscle_ids: Collection[int]) -> list[Tutorial]:
    """Return the published tutorials of these muscles, in the shop's order."""
    of_them = Tutorial.muscle_id.in_(muscle_ids)
    wanted = select(Tutorial).where(of_them, Tutorial.published_at <= now())
    ordered = wanted.order_by(Tutorial.position, Tutorial.id)
    return list(session.scalars(ordered.options(joinedload(Tutorial.muscle))))


def articles(session: Session, muscle_ids: Collection[int]) -> dict[int, list[Article]]:
    """Return the published articles on each of these muscles, the most particular first."""
    all_of_it = article_muscles.alias()
    breadth = select(func.count()).where(all_of_it.c.article_id == Article.id).scalar_subquery()
    found = session.execute(
        published()
        .join(article_muscles, article_muscles.c.article_id == Article.id)
        .where(article_muscles.c.muscle_id.in_(muscle_ids))
        .add_columns(article_muscles.c.muscle_id)
        .order_by(None)
        .order_by(breadth, article_muscles.c.position, Article.published_at, Article.id)
    )
    texts: dict[int, list[Article]] = {key: [] for key in muscle_ids}
    for article, muscle_id in found:
        texts[muscle_id].append(article)
    return texts


def references(session: Session, keys: Sequence[str]) -> dict[str, Reference]:
    """Return the sources that have these keys, by them."""
    wanted = select(Reference).where(Reference.key.in_(keys))
    return {reference.key: reference for reference in session.scalars(wanted)}


def glossary(session: Session) -> dict[str, list[GlossaryTerm]]:
    """Return the words from A to Z, by their first letter; those that begin with none under #.

    A letter with a sign of its own counts as the one without: Ü is a U.
    """
    letters: dict[str, list[GlossaryTerm]] = {}
    found = session.scalars(select(GlossaryTerm)).all()
    for term in sorted(found, key=lambda it: (plain(it.term).casefold(), it.id)):
        first = plain(term.term[:1]).upper()
        letters.setdefault(first if first.isascii() and first.isalpha() else "#", []).append(term)
    return letters


def plain(text: str) -> str:
    """Return a text without what stands over or under its letters."""
    return "".join(it for it in normalize("NFD", text) if not combining(it))
