"""The address of the queue of what waits for an answer or a decision."""

from typing import Any

from flask import Blueprint, abort, render_template, request, url_for

from models.staff import Permission
from storefront.extensions import db
from storefront.paging import page_number, present_address
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import address
from storefront.staff.messages import kinds, queries

bp = Blueprint("messages", __name__, url_prefix="/messages")


@bp.get("")
@needs(Permission.SEE)
def index() -> str:
    """List what this person may answer, oldest first; ``?kind=`` narrows it to one kind."""
    mine, asked = list(kinds.open_to(signed_in())), request.args.get("kind", "")
    chosen = [it for it in mine if it.name == asked] if asked else mine
    if asked and not chosen:
        abort(404)
    return render_template(
        "staff/messages/index.html",
        page=queries.waiting(db.session, chosen, page_number()),
        counts=queries.counts(db.session, mine),
        kinds=mine,
        asked=asked,
        address=address,
        act_url=_act_url,
    )


def _act_url(it: queries.Waiting) -> str:
    """Return where it is answered; from there one comes back to this list."""
    values: dict[str, Any] = {it.kind.parameter: it.id, "next": present_address()}
    return url_for(it.kind.endpoint, **values)
