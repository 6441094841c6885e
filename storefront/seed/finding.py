"""Makes everything that visitors see findable, whoever wrote it."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from models import (
    Article,
    GlossaryTerm,
    Muscle,
    PlainPage,
    Product,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
    SearchEntry,
    Tutorial,
)
from storefront.search import index


def index_everything(session: Session) -> int:
    """Build the index anew from what there is; return how many things can be found."""
    session.flush()
    index.forget_all(session)
    muscles = select(Muscle).order_by(Muscle.position, Muscle.id)
    for muscle in session.scalars(muscles):
        index.index_muscle(session, muscle)
    _index_what_is_done(session)
    _index_texts(session)
    for product in session.scalars(select(Product).order_by(Product.id)):
        index.index_product(session, product)
    return session.scalar(select(func.count()).select_from(SearchEntry)) or 0


def _index_what_is_done(session: Session) -> None:
    tutorials = select(Tutorial).order_by(Tutorial.position, Tutorial.id)
    for tutorial in session.scalars(tutorials.options(selectinload(Tutorial.steps))):
        index.index_tutorial(session, tutorial)
    with_parts = selectinload(Routine.parts).joinedload(RoutinePart.tutorial)
    routines = select(Routine).order_by(Routine.position, Routine.id).options(with_parts)
    for routine in session.scalars(routines):
        index.index_routine(session, routine)
    with_muscles = selectinload(Region.muscles).joinedload(RegionMuscle.muscle)
    regions = select(Region).order_by(Region.position, Region.id).options(with_muscles)
    for region in session.scalars(regions):
        index.index_region(session, region)


def _index_texts(session: Session) -> None:
    articles = select(Article).order_by(Article.id).options(joinedload(Article.blog))
    for article in session.scalars(articles):
        index.index_article(session, article, article.blog.handle)
    for page in session.scalars(select(PlainPage).order_by(PlainPage.id)):
        index.index_page(session, page)
    for term in session.scalars(select(GlossaryTerm).order_by(GlossaryTerm.term)):
        index.index_term(session, term)
