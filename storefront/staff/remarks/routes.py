"""The addresses of what staff say of one order, and of mails that go once more."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models import Mail
from models.staff import Permission
from storefront.extensions import db
from storefront.mail.outbox import SentOftenError, post_again
from storefront.staff.access import needs, signed_in
from storefront.staff.orders import routes as orders
from storefront.staff.orders import service, tags
from storefront.staff.orders.forms import EmailForm, NoteForm, TagsForm

bp = Blueprint("remarks", __name__, url_prefix="/orders/<number>")

NOT_YOURS = "Only who wrote a note can remove it, and only once. Nothing was changed."
NO_MAIL = "This order has no email address or no such mail. Nothing was changed."


@bp.post("/notes")
@needs(Permission.SEE_ORDERS)
def notes_create(number: str) -> ResponseReturnValue:
    """Write a note, for staff alone."""
    order, form = orders.found(number), NoteForm(request.form)
    if not form.validate():
        return orders.page(order, noting=form), 422
    tags.note(db.session, order, str(form.note.data), actor=signed_in().email)
    db.session.commit()
    return _back(number)


@bp.post("/notes/<int:note_id>/removal")
@needs(Permission.SEE_ORDERS)
def notes_remove(number: str, note_id: int) -> ResponseReturnValue:
    """Strike one's own note out; it stays readable in the history."""
    order = orders.found(number)
    try:
        tags.strike_out(db.session, order, note_id, actor=signed_in().email)
    except tags.NotYoursError:
        db.session.rollback()
        return orders.page(orders.found(number), error=NOT_YOURS), 409
    db.session.commit()
    flash("The note is struck out.")
    return _back(number)


@bp.post("/tags")
@needs(Permission.SEE_ORDERS)
def tags_update(number: str) -> ResponseReturnValue:
    """Let an order have exactly the tags that were typed; none is none."""
    order, form = orders.found(number), TagsForm(request.form)
    if not form.validate():
        return orders.page(order, tagging=form), 422
    words = tags.tags_from(form.tags.data) if form.tags.data else []
    gone = {it.tag for it in order.tags} - set(words)
    tags.untag(db.session, [order], list(gone))
    if words:
        tags.tag(db.session, [order], words)
    db.session.commit()
    return _back(number)


@bp.post("/email")
@needs(Permission.EDIT_ORDERS)
def email_update(number: str) -> ResponseReturnValue:
    """Correct the address that mails about an order go to; what was sent stays as it is."""
    order, form = orders.found(number), EmailForm(request.form)
    if not form.validate():
        return orders.page(order, emailing=form), 422
    typed, seen = str(form.email.data), form.seen.data or ""
    try:
        service.correct_email(db.session, order.id, typed, seen=seen, actor=signed_in().email)
    except service.ChangedMeanwhileError:
        db.session.rollback()
        order = orders.found(number)
        form.seen.data = order.email
        form.email.errors = [f"It is {order.email or 'not known'} by now. Nothing was changed."]
        return orders.page(order, emailing=form), 409
    db.session.commit()
    flash(f"Mails about {number} go to {typed} now. Send again below what she should have.")
    return _back(number)


@bp.post("/mails/<int:mail_id>/again")
@needs(Permission.EDIT_ORDERS)
def mails_create(number: str, mail_id: int) -> ResponseReturnValue:
    """Send a mail about this order once more, to the address that the order has now."""
    order = orders.found(number)
    mail = db.session.get(Mail, mail_id) if mail_id < 2**31 else None
    if mail is None or mail.order_id != order.id or not order.email:
        return orders.page(order, error=NO_MAIL), 404
    try:
        post_again(db.session, mail, order.email)
    except SentOftenError as why:
        db.session.rollback()
        return orders.page(orders.found(number), error=str(why)), 409
    tags.mailed(db.session, order, mail.subject, actor=signed_in().email)
    db.session.commit()
    flash(f"“{mail.subject}” goes to {order.email} once more.")
    return _back(number)


def _back(number: str) -> ResponseReturnValue:
    return redirect(url_for("staff.orders.show", number=number), 303)
