"""The order's page."""

from flask import Blueprint, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import Order, OrderStatus, Product, Tutorial, now
from storefront.extensions import db
from storefront.orders import words
from storefront.orders.queries import account, by_number

bp = Blueprint("orders", __name__)


@bp.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show an order to whoever has its secret address."""
    order = by_number(db.session, number, request.args.get("token", ""))
    if order is None:
        abort(404)
    money = account(db.session, order)
    response = make_response(
        render_template(
            "orders/show.html",
            order=order,
            account=money,
            words=words,
            what_next=words.what_next(order, money),
            pay_url=_pay_url(order),
            tutorials=_tutorials(order),
        )
    )
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _pay_url(order: Order) -> str | None:
    if order.status is OrderStatus.PENDING and not order.attention:
        return url_for("checkout.pay_again", number=order.number)
    return None


def _tutorials(order: Order) -> list[Tutorial]:
    handles = {line.product_handle for line in order.lines}
    found = select(Tutorial).options(joinedload(Tutorial.muscle)).order_by(Tutorial.position)
    of_them = Tutorial.products.any(Product.handle.in_(handles))
    return list(db.session.scalars(found.where(of_them, Tutorial.published_at <= now())))
