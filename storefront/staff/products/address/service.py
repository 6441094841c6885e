"""Renaming a product, and what search engines show of it."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Product
from storefront import redirects
from storefront.search.index import forget, index_product
from storefront.staff.handles import HandleTakenError
from storefront.staff.seen import ChangedMeanwhileError, seen_of


@dataclass(frozen=True, slots=True)
class Draft:
    """Where a product is to be found."""

    handle: str
    seo_title: str
    seo_description: str


def words_of(product: Product) -> dict[str, str]:
    """Return where a product is found, by the name of its field."""
    return {
        "Handle": product.handle,
        "Title for search engines": product.seo_title,
        "Description for search engines": product.seo_description,
    }


def seen(product: Product) -> str:
    """Return a digest of what the section shows."""
    return seen_of(words_of(product))


def save(session: Session, product: Product, draft: Draft, *, seen_before: str, actor: str) -> None:
    """Make a locked product found so; its old address leads to the new one for good.

    Raises ChangedMeanwhileError or HandleTakenError; the caller rolls back.
    """
    if seen(product) != seen_before:
        raise ChangedMeanwhileError
    old, new = f"/products/{product.handle}", f"/products/{draft.handle}"
    product.handle = draft.handle
    product.seo_title, product.seo_description = draft.seo_title, draft.seo_description
    try:
        session.flush()
    except IntegrityError:
        raise HandleTakenError from None
    if old != new:
        redirects.leave(session, old, new, actor=actor)
        forget(session, old)
        index_product(session, product)
