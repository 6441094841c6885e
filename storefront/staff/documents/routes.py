"""The addresses of papers: what is packed, for print, and what was issued, for the books."""

from collections.abc import Callable, Sequence
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models import Document, Order, now
from models.order_lock import lock
from models.staff import Permission
from storefront import site
from storefront.documents import drawing, queries, slips
from storefront.documents.issuing import NotPaidError, issue_invoice
from storefront.documents.slips import MOST, Pick, Slip
from storefront.documents.words import address_of, title_of
from storefront.extensions import db, settings
from storefront.formatting import day, minute
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import sorting_of
from storefront.staff.orders import bulk
from storefront.staff.orders import queries as orders
from storefront.staff.orders.asked import asked

bp = Blueprint("documents", __name__)

NONE = "None of these orders is paid, so there is nothing to pack. Choose paid orders."
NOTHING_TICKED = "Choose the orders to print, or all that match. Nothing was printed."
LONGEST_QUERY = 4000  # signs of the list's address
NOT_PAID = "This order was not paid, so there is nothing to invoice."
TOO_MANY = f"Choose at most {MOST} orders at once, and print the others after them."


@bp.route("/packing-slips", methods=["GET", "POST"])
@needs(Permission.SHIP)
def packing_slips() -> ResponseReturnValue:
    """Print what goes into the parcels of orders: ``numbers=QL-…&numbers=QL-…``.

    Sent by POST, as the buttons do, it takes paid orders in hand: their buyers cannot change them
    any more. By GET one only looks.
    """
    if _is_nothing_ticked():
        return _back_to_the_list()
    found = _asked()
    page = {
        "shop": site.read().name,
        "where": f"{settings().site_url}/policies/refund-policy",
        "slips": [_slip(it) for it in found],
    }
    return answer(drawing.pdf("packing_slips", page, own_faces_only=False), "packing-slips")


@bp.route("/pick-list", methods=["GET", "POST"])
@needs(Permission.SHIP)
def pick_list() -> ResponseReturnValue:
    """Print what to take from the shelves for orders, summed by SKU; asked for as above."""
    if _is_nothing_ticked():
        return _back_to_the_list()
    found = _asked()
    picks = slips.picks(db.session, found)
    if not picks:
        abort(404, NONE)
    count = len({number for pick in picks for number in pick.numbers})
    page = {
        "printed": minute(now(), settings().timezone),
        "orders": f"{count} {'order' if count == 1 else 'orders'}",
        "rows": [_row(it) for it in picks],
    }
    return answer(drawing.pdf("pick_list", page, own_faces_only=False), "pick-list")


@bp.get("/orders/<number>/documents/<label>.pdf")
@needs(Permission.SEE_ORDERS)
def show(number: str, label: str) -> Response:
    """Show an invoice or a credit note as it was issued."""
    document = queries.named(db.session, _order(number), label)
    if document is None:
        abort(404)
    return answer(drawing.document(document), document.label)


@bp.post("/orders/<number>/documents")
@needs(Permission.EDIT_ORDERS)
def create(number: str) -> ResponseReturnValue:
    """Issue the invoice of an order that was paid before there were invoices."""
    order = lock(db.session, _order(number).id)
    try:
        document = issue_invoice(
            db.session, order, zone=settings().timezone, actor=signed_in().email
        )
    except NotPaidError:
        abort(409, NOT_PAID)
    db.session.commit()
    flash(f"{document.label} is issued.")
    return redirect(url_for("staff.orders.show", number=number), 303)


@bp.app_context_processor
def papers() -> dict[str, Callable[[Order], Sequence[Document]]]:
    """Give the page of an order what was issued for it, where it asks."""
    return {"documents_of": lambda order: queries.of_order(db.session, order)}


def answer(drawn: bytes, name: str) -> Response:
    """Return a PDF to look at, to print, or to keep under a name."""
    response = Response(drawn, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _order(number: str) -> Order:
    order = orders.order(db.session, number)
    if order is None:
        abort(404)
    return order


def _asked() -> Sequence[Slip]:
    sent = request.values
    numbers = _listed() if sent.get("all") == "1" else sent.getlist("numbers")
    if len(numbers) > MOST:
        abort(422, TOO_MANY)
    if request.method == "POST":
        slips.take_in_hand(db.session, numbers, actor=signed_in().email)
        db.session.commit()
    found = slips.slips(db.session, [it for it in numbers if it.isprintable()])
    if not found:
        abort(404, NONE)
    return found


def _is_nothing_ticked() -> bool:
    """Say whether a list sent its form, and no order with it."""
    sent = request.values
    return "query" in sent and sent.get("all") != "1" and not sent.getlist("numbers")


def _back_to_the_list() -> ResponseReturnValue:
    flash(NOTHING_TICKED)
    query = dict(parse_qsl(request.values.get("query", "")[:LONGEST_QUERY]))
    return redirect(f"{url_for('staff.orders.index')}?{urlencode(query)}".rstrip("?"), 303)


def _listed() -> Sequence[str]:
    """Return the numbers of all orders that the list finds, as its page was asked."""
    sent = dict(parse_qsl(request.values.get("query", "")))
    wanted = asked(sent, settings().timezone, settings().currency).wanted
    return bulk.numbers_of(db.session, wanted, sorting_of(orders.COLUMNS, "placed"))


def _slip(it: Slip) -> dict[str, object]:
    order = it.order
    return {
        "number": order.number,
        "barcode": drawing.barcode(order.number),
        "placed": day(order.created_at, settings().timezone),
        "message": order.gift_message,
        "address": address_of(order) or ["The address is not known."],
        "lines": [
            {
                "sku": packed.line.sku,
                "what": title_of(packed.line),
                "now": packed.now,
                "later": packed.later,
            }
            for packed in it.lines
        ],
    }


def _row(it: Pick) -> dict[str, object]:
    return {
        "sku": it.sku,
        "units": it.units,
        "what": it.title,
        "where": ", ".join(f"{title} ({count})" for title, count in it.places) or "Not noted",
        "orders": ", ".join(it.numbers),
    }
