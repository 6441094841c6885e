"""The addresses of a product's pictures."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Picture, Product
from models.staff import Permission
from storefront.extensions import db, storage
from storefront.forms import id_from
from storefront.logs import log
from storefront.staff.access import needs, signed_in
from storefront.staff.listing import words_asked
from storefront.staff.media import queries as media
from storefront.staff.media.forms import UploadForm, arrivals_from
from storefront.staff.media.routes import AWAY
from storefront.staff.media.service import enter, store
from storefront.staff.ordering import BadPlaceError, arranged
from storefront.staff.products.found import CHANGED, INVALID, found
from storefront.staff.products.pictures import service
from storefront.staff.seen import ChangedMeanwhileError
from storefront.storage import StorageError

bp = Blueprint("pictures", __name__)
MISSING = "Say in words what is on the picture, in at most 300 characters."
TOO_MANY = f"A product has at most {service.MOST} pictures. Take one out first."
LONGEST_ALT = 300


@bp.get("/<handle>/pictures")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show a product's pictures, and those that can be added; ``?q=`` searches these."""
    return _page(found(handle))


@bp.post("/<handle>/pictures")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save order and words of the pictures, and take out those that are marked."""
    product, typed = found(handle, to_change=True), request.form.to_dict()
    kept = [it.id for it in product.images if f"remove-{it.id}" not in typed]
    alts = {row_id: typed.get(f"alt-{row_id}", "").strip() for row_id in kept}
    errors = {row_id: MISSING for row_id, alt in alts.items() if not _is_text(alt)}
    try:
        order = arranged(kept, typed)
    except BadPlaceError as wrong:
        errors |= {wrong.row_id: str(wrong)}
    if errors:
        db.session.rollback()
        return _page(found(handle), typed=typed, errors=errors, error=INVALID), 422
    try:
        draft = service.Draft(order, alts)
        service.save(db.session, product, draft, seen_before=typed.get("seen", ""))
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = found(handle)
        theirs = service.words_of(saved)
        return _page(saved, typed=typed, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash("The pictures are saved.")
    return redirect(url_for(".show", handle=handle), 303)


@bp.post("/<handle>/pictures/choose")
@needs(Permission.EDIT_CATALOG)
def choose(handle: str) -> ResponseReturnValue:
    """Add pictures that are in the shop already."""
    product = found(handle, to_change=True)
    ids = [row_id for row_id in map(id_from, request.form.getlist("picture")) if row_id]
    pictures = [it for it in (media.picture(db.session, row_id) for row_id in ids[:50]) if it]
    if not pictures:
        db.session.rollback()
        return _page(found(handle), error="Choose a picture first."), 422
    return _added(product, pictures)


@bp.post("/<handle>/pictures/add")
@needs(Permission.EDIT_CATALOG)
def add(handle: str) -> ResponseReturnValue:
    """Bring pictures in and add them: all of them, or none."""
    found(handle)
    form, actor = UploadForm(request.form), signed_in().email
    db.release()  # reading pictures takes a while
    arrivals, refused = arrivals_from(request.files.getlist("files"))
    if not form.validate() or refused:
        return _page(found(handle), upload_form=form, refused=refused, error=INVALID), 422
    try:
        store(storage(), arrivals)
    except StorageError:
        log.exception("pictures not kept")
        return _page(found(handle), upload_form=form, refused=[AWAY], error=AWAY), 503
    product = found(handle, to_change=True)
    back = url_for(".show", handle=handle)
    pictures = enter(db.session, arrivals, alt=str(form.alt.data), actor=actor, url=back)
    return _added(product, pictures)


def _added(product: Product, pictures: Sequence[Picture]) -> ResponseReturnValue:
    handle = product.handle
    try:
        count = service.add(db.session, product, pictures)
    except service.TooManyError:
        db.session.rollback()
        return _page(found(handle), error=TOO_MANY), 409
    db.session.commit()
    flash("1 picture is added." if count == 1 else f"{count} pictures are added.")
    return redirect(url_for(".show", handle=handle), 303)


def _is_text(alt: str) -> bool:
    return 0 < len(alt) <= LONGEST_ALT and alt.isprintable()


def _page(product: Product, **over: object) -> str:
    """Show the section. over: what was typed in it and what is wrong, where something was."""
    words = words_asked()
    there = [it.picture_id for it in product.images if it.picture_id]
    shown = {
        "product": product,
        "seen": service.seen(product),
        "typed": {},
        "errors": {},
        "upload_form": UploadForm(),
        "refused": (),
        "choices": media.choices(db.session, words, there),
        "words": words,
        "error": None,
        "theirs": {},
    }
    return render_template("staff/products/pictures.html", **(shown | over))
