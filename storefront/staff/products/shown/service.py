"""Saving what is shown with a product."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import Table, delete, func, insert, select
from sqlalchemy.orm import Session

from models import Article, Product, Tutorial
from models.content import article_products, tutorial_products
from storefront.staff.links import ids_of
from storefront.staff.seen import ChangedMeanwhileError, seen_of


@dataclass(frozen=True, slots=True)
class Draft:
    """The handles of what is shown with a product, in the order of the shop."""

    tutorials: Sequence[str] = field(default_factory=list)
    articles: Sequence[str] = field(default_factory=list)

    @property
    def words(self) -> dict[str, str]:
        """What it says, by the name of the field."""
        return {
            "Tutorials": "\n".join(sorted(self.tutorials)),
            "Articles": "\n".join(sorted(self.articles)),
        }


def draft_of(session: Session, product: Product) -> Draft:
    """Return what is shown with a product now, in two queries."""
    tutorials = (
        select(Tutorial.handle)
        .join(tutorial_products)
        .where(tutorial_products.c.product_id == product.id)
        .order_by(Tutorial.position, Tutorial.id)
    )
    articles = (
        select(Article.handle)
        .join(article_products)
        .where(article_products.c.product_id == product.id)
        .order_by(Article.published_at.desc(), Article.id)
    )
    return Draft(list(session.scalars(tutorials)), list(session.scalars(articles)))


def save(session: Session, product: Product, draft: Draft, *, seen_before: str) -> None:
    """Show these with a locked product, and no others.

    Raises ChangedMeanwhileError or UnknownNamesError; the caller rolls back.
    """
    if seen_of(draft_of(session, product).words) != seen_before:
        raise ChangedMeanwhileError
    tutorials = ids_of(session, "tutorials", Tutorial.handle, draft.tutorials)
    articles = ids_of(session, "articles", Article.handle, draft.articles)
    _link(session, tutorial_products, product.id, tutorials)
    _link(session, article_products, product.id, articles)


def _link(session: Session, table: Table, product_id: int, ids: Sequence[int]) -> None:
    """Join a product to these texts alone; in each it comes behind what the text leads to."""
    owner, of_it = next(iter(table.columns)), table.c.product_id == product_id
    session.execute(delete(table).where(of_it, owner.not_in(ids)))
    there = set(session.scalars(select(owner).where(of_it)))
    highest = select(owner, func.max(table.c.position)).where(owner.in_(ids)).group_by(owner)
    last = {row[0]: row[1] for row in session.execute(highest)}
    rows = [
        {owner.name: row_id, "product_id": product_id, "position": last.get(row_id, -1) + 1}
        for row_id in sorted(ids)
        if row_id not in there
    ]
    if rows:
        session.execute(insert(table), rows)
