"""Everybody by her address or by when she was seen last, one after the other along the indexes.

For the list that nothing narrows: ``Everybody`` makes all people first and sorts them then, which
takes as long as there are many. Here both databases merge what comes in order, and stop with the
page.
"""

from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, select, tuple_, union_all
from sqlalchemy.orm import aliased

from models import Customer, Order, OrderStatus, Subscriber
from storefront.staff.customers.everybody import PLACED, SEEN
from storefront.staff.listing import AnySelect, Sorting

BY = frozenset({SEEN, "email"})


def walked(sorting: Sorting) -> AnySelect:
    """Return the statement for the addresses of everybody, each once. sorting: by one of BY."""
    buyers = select(Order.email, Order.created_at.label(SEEN)).where(*PLACED, _none(_newer()))
    accounts = _others(Customer).where(_none(_ordered(Customer.email)))
    has_account = select(Customer.id).where(Customer.email == Subscriber.email)
    subscribers = _others(Subscriber).where(_none(_ordered(Subscriber.email)), _none(has_account))
    # Each comes in order by itself: PostgreSQL merges no others.
    kinds = (_sorted(it, sorting).subquery() for it in (buyers, accounts, subscribers))
    people = union_all(*(select(it) for it in kinds)).subquery("people")
    return _sorted(select(people), sorting)


def _others(table: type[Customer | Subscriber]) -> AnySelect:
    found: AnySelect = select(table.email, table.created_at.label(SEEN))
    return found


def _sorted(found: AnySelect, sorting: Sorting) -> AnySelect:
    columns = dict(found.selected_columns.items())
    listed: AnySelect = replace(sorting, columns=columns).applied(found, columns["email"])
    return listed


def _newer() -> AnySelect:
    """Return the statement for what a buyer has ordered after an order."""
    newer = aliased(Order)
    is_newer = tuple_(newer.created_at, newer.id) > tuple_(Order.created_at, Order.id)
    of_hers = (newer.email == Order.email, newer.status != OrderStatus.DRAFT)
    return select(newer.id).where(*of_hers, is_newer)


def _ordered(email: Any) -> AnySelect:
    return select(Order.id).where(Order.email == email, *PLACED)


def _none(found: AnySelect) -> ColumnElement[bool]:
    """Return the condition that a row has none of these.

    Without the OFFSET PostgreSQL makes a join of it: of everybody, before it shows the first.
    """
    return ~found.offset(0).exists()
