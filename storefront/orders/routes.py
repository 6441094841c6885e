"""The order's page."""

from collections.abc import Sequence

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Order, OrderStatus, Product, Tutorial
from storefront.extensions import db
from storefront.orders.queries import by_number

bp = Blueprint("orders", __name__)

WHAT_NEXT = {
    OrderStatus.PENDING: (
        "Your order waits for its payment. The units are yours until then, for about 40 minutes.",
        "If you have just paid, this page will say so in a moment: load it again.",
    ),
    OrderStatus.PROCESSING: (
        "Your bank has been asked for the money, which takes some days.",
        "We mail you when it has come, and ship then. You need not do anything.",
    ),
    OrderStatus.PAID: (
        "Your payment has arrived, and a confirmation is on its way to you by mail.",
        "Next we pack your order. You get a mail with the tracking number when it leaves.",
    ),
    OrderStatus.SHIPPED: (
        "Your order is on its way.",
        "Before you first lie down on the tool, read the cautions of its tutorial.",
    ),
    OrderStatus.CANCELLED: (
        "This order has ended without a payment. Nothing was charged.",
        "If you still want it, put it in the cart again.",
    ),
}
WAITS = (
    "Your payment has arrived. Not all of your order is here yet: below stands when it ships.",
    "We send all of it in one parcel, and mail you the tracking number when it leaves.",
)
HELD = "We are checking this payment by hand, and write to you as soon as we have."


@bp.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show an order to whoever has its secret address."""
    order = by_number(db.session, number, request.args.get("token", ""))
    if order is None:
        abort(404)
    response = make_response(
        render_template(
            "orders/show.html",
            order=order,
            what_next=_what_next(order),
            pay_url=_pay_url(order),
            tutorials=_tutorials(order),
        )
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _what_next(order: Order) -> Sequence[str]:
    if order.attention:
        return (HELD,)
    if order.status is OrderStatus.PAID and order.waits:
        return WAITS
    return WHAT_NEXT[order.status]


def _pay_url(order: Order) -> str | None:
    if order.status is OrderStatus.PENDING and not order.attention:
        return url_for("checkout.pay_again", number=order.number)
    return None


def _tutorials(order: Order) -> list[Tutorial]:
    handles = {line.product_handle for line in order.lines}
    found = select(Tutorial).options(joinedload(Tutorial.muscle)).order_by(Tutorial.position)
    return list(db.session.scalars(found.where(Tutorial.products.any(Product.handle.in_(handles)))))
