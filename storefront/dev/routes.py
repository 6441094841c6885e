"""On a developer's machine only: what the shop mailed, and every component in every state."""

from flask import Blueprint, Response, abort, jsonify, render_template, request
from sqlalchemy import select

from models import Mail
from models.language import OWN, speaking
from storefront.dev.specimens import FAMILIES, till
from storefront.dev.specimens.parts import PAGES, SUGGESTED
from storefront.extensions import db

bp = Blueprint("dev", __name__, url_prefix="/dev")
MOST = 200


@bp.get("/mailbox")
def mailbox() -> str:
    """List the mails that were sent, newest first."""
    sent = select(Mail).where(Mail.sent_at.is_not(None)).order_by(Mail.id.desc()).limit(MOST)
    return render_template("dev/mailbox.html", mails=db.session.scalars(sent).all())


@bp.get("/mailbox/<int:mail_id>")
def mail(mail_id: int) -> str:
    """Show one mail."""
    return render_template("dev/mail.html", mail=_found(mail_id))


@bp.get("/mailbox/<int:mail_id>/html")
def mail_html(mail_id: int) -> Response:
    """Show the HTML of one mail as a mail program would, without scripts."""
    response = Response(_found(mail_id).html)
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'self';"
        " sandbox allow-popups"
    )
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response


@bp.get("/components")
def components() -> str:
    """List the families of components."""
    return render_template("dev/components.html", families=FAMILIES, pages=PAGES)


@bp.get("/components/<handle>")
def family(handle: str) -> str:
    """Show each component of a family in each of its states, in the language that is asked for."""
    found = FAMILIES.get(handle) or abort(404)
    with speaking(request.args.get("language", OWN)):
        name = f"dev/specimens/{handle}.html"
        return render_template(name, family=found, **found.values())


@bp.get("/pages/<name>")
def page(name: str) -> str:
    """Show a whole page that has nothing to show, as visitors see it."""
    _, template, values = PAGES.get(name) or abort(404)
    return render_template(template, **values)


@bp.get("/suggestions")
def suggestions() -> Response:
    """Suggest the same whatever is typed, as the search does."""
    return jsonify(SUGGESTED)


@bp.get("/drawers/<state>")
def drawer(state: str) -> str:
    """Show the cart's drawer in one of its states, as its script asks for it."""
    if state not in till.DRAWERS:
        abort(404)
    return render_template("cart/drawer.html", **till.drawer(state))


def _found(mail_id: int) -> Mail:
    found = db.session.get(Mail, mail_id)
    if found is None or found.sent_at is None:
        abort(404)
    return found
