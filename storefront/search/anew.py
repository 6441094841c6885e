"""Everything that visitors see, made findable anew: all of it, one kind, or one thing.

Who changes rows or translations past ``storefront.search.index`` calls this afterwards.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
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
    Tutorial,
)
from storefront.search import index

# Each kind with what its entry needs, in the order in which places to begin are shown.
KINDS: Mapping[Any, Select[Any]] = {
    Muscle: select(Muscle).order_by(Muscle.position, Muscle.id),
    Tutorial: select(Tutorial)
    .order_by(Tutorial.position, Tutorial.id)
    .options(selectinload(Tutorial.steps)),
    Routine: select(Routine)
    .order_by(Routine.position, Routine.id)
    .options(selectinload(Routine.parts).joinedload(RoutinePart.tutorial)),
    Region: select(Region)
    .order_by(Region.position, Region.id)
    .options(selectinload(Region.muscles).joinedload(RegionMuscle.muscle)),
    Article: select(Article).order_by(Article.id).options(joinedload(Article.blog)),
    PlainPage: select(PlainPage).order_by(PlainPage.id),
    GlossaryTerm: select(GlossaryTerm).order_by(GlossaryTerm.term),
    Product: select(Product).order_by(Product.id),
}
# Whose names stand in the entries of which others.
_NAMED_BY: Mapping[Any, Any] = {Muscle: Region, Tutorial: Routine}


def index_anew(session: Session, *kinds: Any) -> None:
    """Write the entries of all things of some kinds, by default of every kind."""
    session.flush()
    for kind in kinds or KINDS:
        for row in session.scalars(KINDS[kind]):
            _index(session, row)


def index_row_anew(session: Session, row: Any) -> None:
    """Write the entries of one thing, and of those that name it; nothing is one of no such kind."""
    kind = type(row)
    if kind not in KINDS:
        return
    session.flush()
    for found in session.scalars(KINDS[kind].where(kind.id == row.id)):
        _index(session, found)
    if kind in _NAMED_BY:
        index_anew(session, _NAMED_BY[kind])


def _index(session: Session, row: Any) -> None:
    if isinstance(row, (Article, Tutorial, PlainPage)):
        index.index_text(session, row)
    else:
        _WRITERS[type(row)](session, row)


_WRITERS: Mapping[Any, Any] = {
    Muscle: index.index_muscle,
    Routine: index.index_routine,
    Region: index.index_region,
    GlossaryTerm: index.index_term,
    Product: index.index_product,
}
