"""The addresses of the outbox: which mails went, which did not and why, and to send one again."""

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.jobs import queue
from storefront.mail.kinds import SECRET, title_of
from storefront.mail.outbox import SentOftenError, post_again
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import address, sorting_asked, words_asked
from storefront.staff.mails import queries
from storefront.staff.mails.forms import FilterForm
from storefront.staff.mails.frame import framed
from storefront.staff.orders import tags

bp = Blueprint("mails", __name__, url_prefix="/mails")

NOT_GIVEN_UP = "This mail was not given up, or somebody else tries it again. Nothing was changed."
ERASED = "The words of this mail were erased, so it cannot go again. Nothing was changed."


@bp.get("")
@needs(Permission.EDIT_ORDERS)
def index() -> ResponseReturnValue:
    """List the mails, newest first; filters, words and sorting stand in the address."""
    state, form = request.args.get("state", ""), FilterForm(request.args)
    if state and state not in queries.STATES:
        abort(404)
    form.kind.choices = {"": "Any"} | queries.kinds(db.session)
    is_right = form.validate()
    asked = {it.name: it.data or "" for it in form} if is_right else {}
    wanted = queries.Wanted(
        state=state,
        kind=asked.get("kind", ""),
        to=asked.get("to", "").lower(),
        order=asked.get("order", "").upper(),
        words=words_asked(),
    )
    sorting = sorting_asked(queries.COLUMNS, "-written")
    html = render_template(
        "staff/mails/index.html",
        page=queries.page(db.session, wanted, sorting, page_number()),
        counts=queries.counts(db.session),
        states=queries.STATES,
        sorting=sorting,
        wanted=wanted,
        form=form,
        address=address,
    )
    return html if is_right else (html, 422)


@bp.get("/<mail_id>")
@needs(Permission.EDIT_ORDERS)
def show(mail_id: str) -> str:
    """Show a mail: to whom, what it says, how often it was tried, and why it failed."""
    return _page(_found(mail_id))


@bp.get("/<mail_id>/html")
@needs(Permission.EDIT_ORDERS)
def html(mail_id: str) -> Response:
    """Show a mail's HTML as a mail program does."""
    mail = _found(mail_id).mail
    if mail.template in SECRET or not mail.html:
        abort(404)
    return framed(mail.html)


@bp.post("/<mail_id>/again")
@needs(Permission.EDIT_ORDERS)
def again(mail_id: str) -> ResponseReturnValue:
    """Send a mail once more: to the address its order has now, or to the one it went to."""
    shown = _found(mail_id, to_change=True)
    mail, order = shown.mail, shown.order
    recipient = (order.email if order else None) or mail.recipient
    if not recipient or not mail.text:
        return _refused(mail_id, ERASED)
    try:
        post_again(db.session, mail, recipient)
    except SentOftenError as refused:
        return _refused(mail_id, str(refused))
    if order:
        tags.mailed(db.session, order, mail.subject, actor=signed_in().email)
    db.session.commit()
    flash(f"“{mail.subject}” goes to {recipient} once more.")
    return redirect(url_for(".show", mail_id=mail_id), 303)


@bp.post("/<mail_id>/retry")
@needs(Permission.EDIT_ORDERS)
def retry(mail_id: str) -> ResponseReturnValue:
    """Try a mail that was given up anew."""
    mail = _found(mail_id).mail
    if not queue.retry(db.session, f"send-mail:{mail.id}"):
        return _refused(mail_id, NOT_GIVEN_UP)
    db.session.commit()
    flash("It is tried again now. Look again in a minute.")
    return redirect(url_for(".show", mail_id=mail_id), 303)


def _found(typed: str, *, to_change: bool = False) -> queries.Shown:
    return queries.mail(db.session, id_from(typed) or 0, to_change=to_change) or abort(404)


def _refused(mail_id: str, error: str) -> ResponseReturnValue:
    db.session.rollback()
    return _page(_found(mail_id), error), 409


def _page(shown: queries.Shown, error: str = "") -> str:
    return render_template(
        "staff/mails/show.html",
        shown=shown,
        mail=shown.mail,
        state=queries.STATES[shown.state][0],
        kind=title_of(shown.mail.template),
        is_secret=shown.mail.template in SECRET,
        error=error,
    )
