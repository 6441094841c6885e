"""The development mailbox: what the shop mailed, on a developer's machine only."""

from flask import Blueprint, Response, abort, render_template
from sqlalchemy import select

from models import Mail
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


def _found(mail_id: int) -> Mail:
    found = db.session.get(Mail, mail_id)
    if found is None or found.sent_at is None:
        abort(404)
    return found
