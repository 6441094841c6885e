"""The addresses of acts on many orders: those that are ticked, or all that the list finds."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from models import Order
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.payments.access import letters
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import sorting_of
from storefront.staff.orders import bulk, queries, tags
from storefront.staff.orders.asked import asked

bp = Blueprint("bulk", __name__, url_prefix="/orders/bulk")

NONE_TICKED = "Choose at least one order first. Nothing was changed."
TOO_MANY = f"That is more than {bulk.MOST} orders: narrow the list first. Nothing was changed."
LONGEST_LIST = 2000  # signs of an address


@bp.post("/tags")
@needs(Permission.SEE_ORDERS)
def tags_update() -> ResponseReturnValue:
    """Give tags to orders, or take them off."""
    orders = _chosen()
    try:
        words = tags.tags_from(request.form.get("tag"))
    except ValueError as wrong:
        return _back(f"{wrong} Nothing was changed.")
    if not orders:
        return _back(NONE_TICKED)
    if len(orders) > bulk.MOST:
        return _back(TOO_MANY)
    if request.form.get("act") == "remove":
        tags.untag(db.session, orders, words)
        full, done = [], "Took {} off {}."
    else:
        full, done = tags.tag(db.session, orders, words), "Tagged {1} with {0}."
    db.session.commit()
    said = done.format(", ".join(words), _count(len(orders) - len(full)))
    if full:
        said += f" {', '.join(full)}: {tags.MOST} tags are the most that an order has."
    return _back(said)


@bp.post("/shipped")
@needs(Permission.SHIP)
def shipped_create() -> ResponseReturnValue:
    """Mark orders as shipped, each in a parcel without tracking; each has its own result."""
    numbers = [order.number for order in _chosen()]
    if not numbers:
        return _back(NONE_TICKED)
    if len(numbers) > bulk.MOST:
        return _back(TOO_MANY)
    result = bulk.ship(db.session, numbers, letters(), actor=signed_in().email)
    db.session.commit()
    return _back(_came_of(result, "shipped"))


@bp.post("/delivered")
@needs(Permission.SHIP)
def delivered_create() -> ResponseReturnValue:
    """Mark the parcels of orders as delivered; each order has its own result."""
    numbers = [order.number for order in _chosen()]
    if not numbers:
        return _back(NONE_TICKED)
    if len(numbers) > bulk.MOST:
        return _back(TOO_MANY)
    result = bulk.deliver(db.session, numbers, letters(), actor=signed_in().email)
    db.session.commit()
    return _back(_came_of(result, "delivered"))


def _came_of(result: bulk.Result, done: str) -> str:
    said = f"{_count(len(result.done))} {done}."
    if result.refused:
        why = [f"{number}: {reason}" for number, reason in result.refused.items()]
        more = f" and {len(why) - 10} more" if len(why) > 10 else ""  # noqa: PLR2004 (a cookie's room)
        said += f" {len(why)} refused: {'; '.join(why[:10])}{more}."
    return said


def _chosen() -> Sequence[Order]:
    """Return the orders that were ticked, or all that the list finds; at most one too many."""
    if request.form.get("all") == "1":
        sent = dict(parse_qsl(request.form.get("query", "")))
        wanted = asked(sent, settings().timezone, settings().currency).wanted
        sorting = sorting_of(queries.COLUMNS, "placed")
        numbers = bulk.numbers_of(db.session, wanted, sorting)
    else:
        numbers = request.form.getlist("numbers")[: bulk.MOST + 1]
    clean = [number for number in numbers if number.isascii() and number.isprintable()]
    found = select(Order).where(Order.number.in_(clean)).order_by(Order.id)
    return db.session.scalars(found).all()


def _back(said: str) -> ResponseReturnValue:
    """Go back to the list as it was, and say what happened."""
    flash(said)
    query = urlencode(parse_qsl(request.form.get("query", "")), errors="replace")
    address = url_for("staff.orders.index")
    return redirect(f"{address}?{query}" if 0 < len(query) <= LONGEST_LIST else address, 303)


def _count(number: int) -> str:
    return f"{number} {'order' if number == 1 else 'orders'}"
