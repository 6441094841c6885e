"""Collections by rule: what a rule means in SQL, and writing down what it finds.

A rule is ``{"match": "all" | "any", "conditions": [{"field", "is", "value"}, …]}``. What it finds
stands in ``collection_products``, so that readers' pages ask nothing but that.
"""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    and_,
    cast,
    delete,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
)
from sqlalchemy.orm import Session

from models import Collection, Product, Stock, Variant
from models.catalog import collection_products
from models.inventory import AVAILABLE
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload

KIND = "refresh-collections"  # of the nightly job
MOST_CONDITIONS = 8
Rule = Mapping[str, Any]
Test = Callable[[str], ColumnElement[bool]]
_PRICE: Any = Variant.__table__.c["price_minor"]


def _of_variant(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(Variant.product_id == Product.id, *conditions)


def _has_option(value: str) -> ColumnElement[bool]:
    """Tell whether a variant has this very value: it stands in the JSON text within quotes."""
    return _of_variant(cast(Variant.options, String).contains(json.dumps(value), autoescape=True))


def _in_stock() -> ColumnElement[bool]:
    there = select(Stock.variant_id).where(AVAILABLE > 0)
    return _of_variant(Variant.id.in_(there))


def _day(value: str) -> datetime:
    return datetime.combine(date.fromisoformat(value), time(), UTC)


# Each field with its tests; what they compare with is text, checked when the rule was saved.
# Prices are minor units of the main currency.
TESTS: Mapping[tuple[str, str], Test] = MappingProxyType(
    {
        ("title", "contains"): lambda it: Product.title.icontains(it, autoescape=True),
        ("title", "lacks"): lambda it: ~Product.title.icontains(it, autoescape=True),
        ("handle", "contains"): lambda it: Product.handle.contains(it, autoescape=True),
        ("price", "below"): lambda it: _of_variant(int(it) > _PRICE),
        ("price", "above"): lambda it: _of_variant(int(it) < _PRICE),
        ("option", "is"): _has_option,
        ("stock", "is"): lambda it: _in_stock() if it == "in" else ~_in_stock(),
        ("created", "after"): lambda it: Product.created_at >= _day(it),
    }
)


def matching(rule: Rule) -> Select[int]:
    """Return the statement for the ids of the products that a rule finds; none by no condition."""
    found = [TESTS[it["field"], it["is"]](it["value"]) for it in rule["conditions"]]
    if not found:
        return select(Product.id).where(literal(value=False))
    joined = and_(*found) if rule["match"] == "all" else or_(*found)
    return select(Product.id).where(joined)


def count(session: Session, rule: Rule) -> int:
    """Return how many products a rule finds now."""
    return session.scalar(select(func.count()).select_from(matching(rule).subquery())) or 0


def refresh(session: Session) -> None:
    """Write down what every rule finds, in three statements for each; all in the same order."""
    ruled = select(Collection).where(Collection.rule.is_not(None)).order_by(Collection.id)
    for collection in session.scalars(ruled):
        fill(session, collection)


def fill(session: Session, collection: Collection) -> None:
    """Write down what a collection's rule finds; two who do so at once wait for each other."""
    if not collection.rule:
        return
    table, found = collection_products, matching(collection.rule)
    session.execute(select(Collection.id).where(Collection.id == collection.id).with_for_update())
    of_it = table.c.collection_id == collection.id
    session.execute(delete(table).where(of_it, table.c.product_id.not_in(found)))
    there = select(table.c.product_id).where(of_it)
    rows = select(literal(collection.id), Product.id, literal(0)).where(
        Product.id.in_(found), Product.id.not_in(there)
    )
    session.execute(insert(table).from_select(["collection_id", "product_id", "position"], rows))


def refresh_nightly(sessions: Sessions, payload: Payload) -> Effect:
    """Follow what changed without a product being saved, such as stock; a job of the worker."""
    del sessions, payload
    return refresh
