"""The addresses of papers: what is packed, for print, and what was issued, for the books."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, request

from models import now
from models.staff import Permission
from storefront import site
from storefront.documents import drawing, slips
from storefront.documents.slips import MOST, Pick, Slip
from storefront.documents.words import address_of, title_of
from storefront.extensions import db, settings
from storefront.formatting import day, minute
from storefront.staff.access import needs

bp = Blueprint("documents", __name__)

NONE = "None of these orders is paid, so there is nothing to pack. Choose paid orders."
TOO_MANY = f"Choose at most {MOST} orders at once, and print the others after them."


@bp.get("/packing-slips")
@needs(Permission.SHIP)
def packing_slips() -> Response:
    """Print what goes into the parcels of orders: ``?numbers=QL-…&numbers=QL-…``."""
    found = _asked()
    page = {
        "shop": site.read().name,
        "where": f"{settings().site_url}/policies/refund-policy",
        "slips": [_slip(it) for it in found],
    }
    return answer(drawing.pdf("packing_slips", page, own_faces_only=False), "packing-slips")


@bp.get("/pick-list")
@needs(Permission.SHIP)
def pick_list() -> Response:
    """Print what to take from the shelves for orders, summed by SKU; asked for as above."""
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


def answer(drawn: bytes, name: str) -> Response:
    """Return a PDF to look at, to print, or to keep under a name."""
    response = Response(drawn, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _asked() -> Sequence[Slip]:
    numbers = request.args.getlist("numbers")
    if len(numbers) > MOST:
        abort(422, TOO_MANY)
    found = slips.slips(db.session, [it for it in numbers if it.isprintable()])
    if not found:
        abort(404, NONE)
    return found


def _slip(it: Slip) -> dict[str, object]:
    order = it.order
    return {
        "number": order.number,
        "barcode": drawing.barcode(order.number),
        "placed": day(order.created_at, settings().timezone),
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
