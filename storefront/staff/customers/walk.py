"""Everybody by her address or by when she was seen last, one after the other along the indexes.

For the list that nothing narrows: ``Everybody`` makes all people first and sorts them then, which
takes as long as there are many. Here both databases merge what comes in order, and stop with the
page.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, literal_column, select, tuple_, union_all
from sqlalchemy.orm import aliased

from models import Customer, Order, OrderStatus, Subscriber
from storefront.staff.customers.everybody import PLACED, SEEN
from storefront.staff.listing import AnySelect, Sorting

BY = frozenset({SEEN, "email"})
_ONE: ColumnElement[int] = literal_column("1")


def walked(sorting: Sorting) -> AnySelect:
    """Return the statement for the addresses of everybody, each once. sorting: by one of BY."""
    buyers = select(Order.email, Order.created_at.label(SEEN)).where(*PLACED, _none(_newer()))
    others = (
        select(table.email, table.created_at.label(SEEN)).where(*map(_none, besides))
        for table, besides in _others().items()
    )
    # Each comes in order by itself: PostgreSQL merges no others.
    kinds = (_sorted(it, sorting).subquery() for it in (buyers, *others))
    people = union_all(*(select(it) for it in kinds)).subquery("people")
    return _sorted(select(people), sorting)


def nameless() -> AnySelect:
    """Return a statement with a row for each person, which names nobody: that is counted faster."""
    buyers = select(_ONE).select_from(Order).where(*PLACED).group_by(Order.email)
    others = (
        select(_ONE).select_from(table).where(*(~it.exists() for it in besides))
        for table, besides in _others().items()
    )
    return select(_ONE).select_from(union_all(buyers, *others).subquery())


def _others() -> Mapping[type[Customer | Subscriber], Sequence[AnySelect]]:
    """Return who is not known by an order: the tables, and of what a row must have none."""
    account = select(Customer.id).where(Customer.email == Subscriber.email)
    return {
        Customer: (_ordered(Customer.email),),
        Subscriber: (_ordered(Subscriber.email), account),
    }


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
