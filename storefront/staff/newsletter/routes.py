"""The addresses of subscribers in the back office."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Subscriber, SubscriberStatus
from models.staff import Permission
from storefront.downloads import csv_file
from storefront.extensions import db
from storefront.forms import id_from
from storefront.mail.bounces import mark_bounced
from storefront.newsletter.queries import consents
from storefront.paging import page_number
from storefront.spreadsheet import as_csv
from storefront.staff.access import needs
from storefront.staff.listing import address, sorting_asked, words_asked
from storefront.staff.newsletter import queries, service

bp = Blueprint("newsletter", __name__, url_prefix="/newsletter")


@bp.get("")
@needs(Permission.SEND_MAILS)
def index() -> str:
    """List the subscribers; ``?q=`` searches addresses, ``?status=`` has one status only."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-asked")
    return render_template(
        "staff/newsletter/index.html",
        page=queries.subscribers(db.session, words, _status(), sorting, page_number()),
        statuses=SubscriberStatus,
        counts=queries.counts(db.session),
        sorting=sorting,
        words=words,
        status=request.args.get("status", ""),
        address=address,
    )


@bp.get("/subscribers.csv")
@needs(Permission.SEND_MAILS, proof=True)
def export() -> Response:
    """Give the list as a spreadsheet."""
    rows = queries.table(db.session, words_asked(), _status())
    return csv_file(as_csv(queries.HEADS, rows), "subscribers.csv")


@bp.get("/subscribers/<subscriber_id>")
@needs(Permission.SEND_MAILS)
def show(subscriber_id: str) -> str:
    """Show a subscriber, the proof of her consent, and her mails."""
    subscriber = _found(subscriber_id)
    return render_template(
        "staff/newsletter/show.html",
        subscriber=subscriber,
        consents=consents(db.session, subscriber),
        enrolments=queries.enrolments(db.session, subscriber),
        mails=queries.mails(db.session, subscriber),
    )


@bp.post("/subscribers/<subscriber_id>/bounced")
@needs(Permission.SEND_MAILS)
def bounced(subscriber_id: str) -> ResponseReturnValue:
    """Send nothing more to an address that does not work."""
    subscriber = _found(subscriber_id)
    mark_bounced(db.session, subscriber.id)
    db.session.commit()
    flash(f"{subscriber.email} gets nothing more.")
    return redirect(url_for(".show", subscriber_id=subscriber.id), 303)


@bp.post("/subscribers/<subscriber_id>/admit")
@needs(Permission.SEND_MAILS)
def admit(subscriber_id: str) -> ResponseReturnValue:
    """Let an address that came back ask for mails again."""
    subscriber = _found(subscriber_id)
    service.admit(db.session, subscriber.id)
    db.session.commit()
    flash(f"{subscriber.email} may ask for mails again.")
    return redirect(url_for(".show", subscriber_id=subscriber.id), 303)


def _status() -> SubscriberStatus | None:
    typed = request.args.get("status", "")
    if typed and typed not in set(SubscriberStatus):
        abort(404)
    return SubscriberStatus(typed) if typed else None


def _found(typed: str) -> Subscriber:
    return queries.subscriber(db.session, id_from(typed) or 0) or abort(404)
