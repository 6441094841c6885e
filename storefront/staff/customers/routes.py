"""The addresses of people who bought or signed up."""

import json
from urllib.parse import urlencode

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.customers import service, takeout
from storefront.staff.customers.forms import ForgetForm, NoteForm, SegmentForm, WantedForm
from storefront.staff.customers.profile import email_of, profile
from storefront.staff.customers.queries import COLUMNS, People, segment, segments
from storefront.staff.listing import address, sorting_asked, words_asked

bp = Blueprint("customers", __name__, url_prefix="/customers")

TAKEN = "Another segment has this name. Choose another one."
NO_RULE = "Narrow the list first: everybody is no segment."


@bp.get("")
@needs(Permission.SEE_CUSTOMERS)
def index() -> ResponseReturnValue:
    """List people, who was seen last first; the address says which, as ``WantedForm`` reads it."""
    return _list(SegmentForm())


@bp.post("/segments")
@needs(Permission.SEE_CUSTOMERS)
def segments_create() -> ResponseReturnValue:
    """Keep the list of this address under a name."""
    form = SegmentForm(request.form)
    rule = _rule(_wanted_form())
    if not form.validate():
        return _list(form, 422)
    title = str(form.title.data)
    if not rule or not service.keep_segment(db.session, title, rule, signed_in().email):
        form.title.errors = [TAKEN if rule else NO_RULE]
        return _list(form, 422)
    db.session.commit()
    flash(f"The segment {title} is kept.")
    return redirect(f"{url_for('.index')}?{urlencode(rule)}", 303)


@bp.post("/segments/<segment_id>/removal")
@needs(Permission.SEE_CUSTOMERS)
def segments_remove(segment_id: str) -> ResponseReturnValue:
    """Forget a segment."""
    found = segment(db.session, id_from(segment_id) or 0) or abort(404)
    title = found.title
    service.drop_segment(db.session, found.id)
    db.session.commit()
    flash(f"The segment {title} is gone. Nobody in it was touched.")
    return redirect(url_for(".index"), 303)


@bp.get("/<key>")
@needs(Permission.SEE_CUSTOMERS)
def show(key: str) -> ResponseReturnValue:
    """Show a person; by any of her keys, which leads to her best one."""
    found = profile(db.session, _email(key))
    if found.key != key:
        return redirect(url_for(".show", key=found.key), 303)
    return _page(key)


@bp.post("/<key>/notes")
@needs(Permission.SEE_CUSTOMERS)
def notes_create(key: str) -> ResponseReturnValue:
    """Write something down of a person."""
    email, form = _email(key), NoteForm(request.form)
    if not form.validate():
        return _page(key, noting=form), 422
    service.note(db.session, email, str(form.text.data), signed_in().email)
    db.session.commit()
    flash("The note is kept.")
    return redirect(url_for(".show", key=key), 303)


@bp.post("/<key>/notes/<note_id>/removal")
@needs(Permission.SEE_CUSTOMERS)
def notes_remove(key: str, note_id: str) -> ResponseReturnValue:
    """Take a note away."""
    if not service.drop_note(db.session, _email(key), id_from(note_id) or 0):
        abort(404)
    db.session.commit()
    flash("The note is gone.")
    return redirect(url_for(".show", key=key), 303)


@bp.post("/<key>/file")
@needs(Permission.EXPORT, proof=True)
def takeout_create(key: str) -> Response:
    """Give all that is known of a person, as a file to send to her."""
    everything = takeout.everything(db.session, _email(key))
    text = json.dumps(everything, ensure_ascii=False, indent=2)
    response = Response(text, mimetype="application/json")
    day = now().date().isoformat()
    response.headers["Content-Disposition"] = f'attachment; filename="{key}-{day}.json"'
    return response


@bp.post("/<key>/erasure")
@needs(Permission.ERASE_CUSTOMERS, proof=True)
def erasure_create(key: str) -> ResponseReturnValue:
    """Forget a person who asks for it; what the law makes one keep stays, and is said."""
    email, form = _email(key), ForgetForm(request.form)
    if not form.validate() or not form.is_of(email):
        return _page(key, forgetting=form), 422
    try:
        done = service.forget(db.session, email, signed_in().email)
    except service.UnderWayError as open_:
        db.session.rollback()
        return _page(key, forgetting=form, under_way=open_.counts), 409
    db.session.commit()
    return render_template("staff/customers/forgotten.html", done=done)


def _list(naming: SegmentForm, status: int = 200) -> ResponseReturnValue:
    people, form, words = People(settings().currency), _wanted_form(), words_asked()
    sorting = sorting_asked(COLUMNS, "-seen")
    is_valid = form.validate()
    page = people.page(db.session, form.wanted(words), sorting, page_number()) if is_valid else None
    text = render_template(
        "staff/customers/index.html",
        page=page,
        sorting=sorting,
        words=words,
        form=form,
        naming=naming,
        segments=segments(db.session),
        rule=_rule(form),
        address=address,
        currency=settings().currency,
    )
    return text, status if is_valid else 422


def _rule(form: WantedForm) -> dict[str, str]:
    """Return what narrows the list of this address."""
    words = words_asked()
    return form.rule | ({"q": words} if words else {})


def _wanted_form() -> WantedForm:
    return WantedForm(MultiDict(request.args), settings().currency, settings().timezone)


def _email(key: str) -> str:
    return email_of(db.session, key) or abort(404)


def _page(
    key: str,
    *,
    noting: NoteForm | None = None,
    forgetting: ForgetForm | None = None,
    under_way: object = None,
) -> str:
    return render_template(
        "staff/customers/show.html",
        whom=profile(db.session, _email(key)),
        key=key,
        noting=noting or NoteForm(),
        forgetting=forgetting or ForgetForm(),
        under_way=under_way,
    )
