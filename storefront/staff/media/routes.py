"""The addresses of pictures in the back office."""

from collections.abc import Mapping, Sequence

from flask import (
    Blueprint,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from models import Picture, PictureStatus
from models.staff import Permission
from storefront.extensions import db, storage
from storefront.forms import id_from
from storefront.logs import log
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import words_asked
from storefront.staff.media import forms, queries, service
from storefront.staff.media.forms import PictureForm, UploadForm
from storefront.staff.seen import ChangedMeanwhileError, differences
from storefront.storage import StorageError

bp = Blueprint("media", __name__, url_prefix="/pictures")

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this picture while you were editing. What you typed is still in the form, and"
    " what was saved meanwhile stands above it. Save again to replace that with yours."
)
USED = "It is shown in the places below, so it stays. Take it out there first."
AWAY = "The pictures cannot be kept at the moment. Nothing was saved; try again soon."
REFRESH_S = "4"


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the pictures, newest first; ``?q=`` searches their words and file names."""
    return _index(UploadForm())


@bp.post("")
@needs(Permission.EDIT_CONTENT)
def create() -> ResponseReturnValue:
    """Bring in one picture or several: all of them, or none."""
    form, actor = UploadForm(request.form), signed_in().email
    db.release()  # reading pictures takes a while
    arrivals, refused = forms.arrivals_from(request.files.getlist("files"))
    if not form.validate() or refused:
        return _index(form, refused), 422
    try:
        service.store(storage(), arrivals)
    except StorageError:
        log.exception("pictures not kept")
        return _index(form, [AWAY]), 503
    pictures = service.enter(
        db.session, arrivals, alt=str(form.alt.data), actor=actor, url=url_for(".index")
    )
    db.session.commit()
    if len(pictures) == 1:
        flash("The picture is here.")
        return redirect(url_for(".show", picture_id=pictures[0].id), 303)
    flash(f"{len(pictures)} pictures are here. Say of each what is on it.")
    return redirect(url_for(".index"), 303)


@bp.get("/<picture_id>")
@needs(Permission.EDIT_CONTENT)
def show(picture_id: str) -> ResponseReturnValue:
    """Show a picture; while it is being made the page asks again."""
    picture = _found(picture_id)
    answer = make_response(_page(picture, forms.shown(picture)))
    if picture.status is PictureStatus.WAITING:
        answer.headers["Refresh"] = REFRESH_S
    return answer


@bp.post("/<picture_id>")
@needs(Permission.EDIT_CONTENT)
def update(picture_id: str) -> ResponseReturnValue:
    """Save what is on a picture and where its centre is."""
    picture, form = _found(picture_id, to_change=True), PictureForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(picture_id), form, error=INVALID), 422
    try:
        service.save(picture, alt=str(form.alt.data), focus=form.focus, seen=form.seen.data or "")
    except ChangedMeanwhileError:
        return _conflict(picture_id, form)
    db.session.commit()
    flash("The picture is saved.")
    return redirect(url_for(".show", picture_id=picture_id), 303)


@bp.post("/<picture_id>/remove")
@needs(Permission.EDIT_CONTENT)
def remove(picture_id: str) -> ResponseReturnValue:
    """Remove a picture that nothing shows, with its files."""
    picture = _found(picture_id, to_change=True)
    names = service.files_of(picture)
    try:
        service.remove(db.session, picture, queries.uses(db.session, picture))
    except service.UsedError:
        db.session.rollback()
        found = _found(picture_id)
        return _page(found, forms.shown(found), error=USED), 409
    db.session.commit()
    try:
        for name in names:
            storage().delete(name)
    except StorageError:  # what is left there has no address any more
        log.exception("files of a removed picture stay")
    flash("The picture is removed.")
    return redirect(url_for(".index"), 303)


def _conflict(picture_id: str, form: PictureForm) -> ResponseReturnValue:
    """Undo, and show what was typed beside what there is by now."""
    db.session.rollback()
    picture = _found(picture_id)
    saved = service.words_of(picture)
    x, y = form.focus
    typed = {"Alternative text": str(form.alt.data), "Center across": f"{x}", "Center down": f"{y}"}
    form.seen.data = forms.shown(picture).seen.data
    return _page(picture, form, error=CHANGED, theirs=differences(saved, typed)), 409


def _found(typed: str, *, to_change: bool = False) -> Picture:
    picture = queries.picture(db.session, id_from(typed) or 0, to_change=to_change)
    if picture is None:
        abort(404)
    return picture


def _index(form: UploadForm, refused: Sequence[str] = ()) -> str:
    words = words_asked()
    return render_template(
        "staff/media/index.html",
        page=queries.pictures(db.session, words, page_number()),
        words=words,
        form=form,
        refused=refused,
    )


def _page(
    picture: Picture,
    form: PictureForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/media/show.html",
        picture=picture,
        form=form,
        uses=queries.uses(db.session, picture),
        error=error,
        theirs=theirs or {},
    )
