"""The order's page."""

from flask import Blueprint, Response, abort, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import DocumentKind, Order, OrderStatus, Product, Tutorial, now
from storefront.documents import drawing
from storefront.documents import queries as documents
from storefront.extensions import db
from storefront.mail.letters import cart_path
from storefront.orders import words
from storefront.orders.queries import account, by_number, shipped

PAYABLE = frozenset({OrderStatus.DRAFT, OrderStatus.PENDING})

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
            documents=documents.of_order(db.session, order),
            words=words,
            what_next=words.what_next(order, money),
            pay_url=_pay_url(order),
            again_url=cart_path(order) if order.status is OrderStatus.CANCELLED else None,
            tutorials=_tutorials(order),
            products=shipped(db.session, order),
        )
    )
    return _private(response)


@bp.get("/orders/<number>/invoice.pdf")
def invoice(number: str) -> ResponseReturnValue:
    """Show an order's invoice to whoever has its secret address."""
    return _document(number, DocumentKind.INVOICE, None)


@bp.get("/orders/<number>/credit-notes/<label>.pdf")
def credit_note(number: str, label: str) -> ResponseReturnValue:
    """Show a credit note of an order to whoever has its secret address."""
    return _document(number, DocumentKind.CREDIT_NOTE, label)


def _document(number: str, kind: DocumentKind, label: str | None) -> ResponseReturnValue:
    order = by_number(db.session, number, request.args.get("token", ""))
    issued = documents.of_order(db.session, order) if order else ()
    found = next((it for it in issued if it.kind is kind and label in {None, it.label}), None)
    if found is None:
        abort(404)
    response = Response(drawing.document(found), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.label}.pdf"'
    return _private(response)


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _pay_url(order: Order) -> str | None:
    if order.status in PAYABLE and not order.attention:
        return url_for("checkout.pay_again", number=order.number)
    return None


def _tutorials(order: Order) -> list[Tutorial]:
    handles = {line.product_handle for line in order.lines}
    found = select(Tutorial).options(joinedload(Tutorial.muscle)).order_by(Tutorial.position)
    of_them = Tutorial.products.any(Product.handle.in_(handles))
    return list(db.session.scalars(found.where(of_them, Tutorial.published_at <= now())))
