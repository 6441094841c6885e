"""Saving collections: words, rule, and the products that staff chose."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Collection, Product, now
from models.catalog import collection_products
from models.once import claim
from storefront import redirects
from storefront.catalog.rules import Rule, fill
from storefront.staff.collections.queries import members
from storefront.staff.handles import HandleTakenError
from storefront.staff.links import ids_of, relink
from storefront.staff.seen import ChangedMeanwhileError, seen_of


@dataclass(frozen=True, slots=True)
class Draft:
    """What a collection is to be. rule: None for one whose products staff choose."""

    title: str
    handle: str
    description: str
    is_published: bool
    rule: Rule | None
    seo_title: str
    seo_description: str


def words_of(it: Collection) -> dict[str, str]:
    """Return what a collection says, by the name of its field."""
    return {
        "Title": it.title,
        "Handle": it.handle,
        "Description": it.description,
        "In the shop": "yes" if it.is_published else "no",
        "Rule": rule_words(it.rule),
        "Title for search engines": it.seo_title,
        "Description for search engines": it.seo_description,
    }


def rule_words(rule: Rule | None) -> str:
    """Return a rule as one line; empty for none."""
    if rule is None:
        return ""
    found = "; ".join(f"{it['field']} {it['is']} {it['value']}" for it in rule["conditions"])
    return f"{rule['match']} of: {found}"


def create(session: Session, draft: Draft) -> Collection:
    """Write a new collection; raises HandleTakenError, and nothing has changed then."""
    collection = Collection()
    fill_words(collection, draft)
    if not claim(session, collection):
        raise HandleTakenError
    fill(session, collection)
    return collection


def save(session: Session, collection: Collection, draft: Draft, *, seen: str, actor: str) -> None:
    """Make a locked collection what the draft says; its old address leads to the new one.

    Raises ChangedMeanwhileError or HandleTakenError; the caller rolls back.
    """
    if seen_of(words_of(collection)) != seen:
        raise ChangedMeanwhileError
    old = collection.handle
    fill_words(collection, draft)
    collection.updated_at = now()
    try:
        session.flush()
    except IntegrityError:
        raise HandleTakenError from None
    redirects.leave(session, f"/collections/{old}", f"/collections/{draft.handle}", actor=actor)
    fill(session, collection)


def members_seen(session: Session, collection: Collection) -> str:
    """Return a digest of a collection's products and their order."""
    return seen_of({str(n): str(it.id) for n, it in enumerate(members(session, collection))})


def choose(
    session: Session,
    collection: Collection,
    order: Sequence[int],
    added: Sequence[str],
    *,
    seen: str,
) -> None:
    """Let a locked collection have these products, and behind them those of these handles.

    Raises ChangedMeanwhileError or UnknownNamesError; the caller rolls back.
    """
    if members_seen(session, collection) != seen:
        raise ChangedMeanwhileError
    new = ids_of(session, "added", Product.handle, added)
    relink(session, collection_products, collection.id, [*order, *new])
    collection.updated_at = now()


def fill_words(collection: Collection, draft: Draft) -> None:
    """Let a collection say what a draft says; writes nothing."""
    collection.title, collection.handle = draft.title, draft.handle
    collection.description, collection.is_published = draft.description, draft.is_published
    collection.rule = dict(draft.rule) if draft.rule is not None else None
    collection.seo_title = draft.seo_title
    collection.seo_description = draft.seo_description
