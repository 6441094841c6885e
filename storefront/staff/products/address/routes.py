"""The address of a product's handle and of what search engines show."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Product
from models.staff import Permission
from storefront.extensions import db
from storefront.staff.access import needs, signed_in
from storefront.staff.found_by import FoundByForm
from storefront.staff.handles import HandleTakenError
from storefront.staff.products.address import service
from storefront.staff.products.found import CHANGED, INVALID, found
from storefront.staff.seen import ChangedMeanwhileError, differences

bp = Blueprint("address", __name__)
TAKEN = "Another product has this handle. Choose another one."


@bp.get("/<handle>/address")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show where a product is found."""
    product = found(handle)
    form = FoundByForm(
        data={
            "handle": product.handle,
            "seo_title": product.seo_title,
            "seo_description": product.seo_description,
            "seen": service.seen(product),
        }
    )
    return _page(product, form)


@bp.post("/<handle>/address")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save it; a renamed product leaves a redirect. *Preview* only shows the search result."""
    product, form = found(handle, to_change=True), FoundByForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(found(handle), form, error=INVALID), 422
    if request.form.get("act") == "preview":
        db.session.rollback()
        return _page(found(handle), form)
    draft = service.Draft(*form.typed)
    try:
        service.save(
            db.session,
            product,
            draft,
            seen_before=form.seen.data or "",
            actor=signed_in().email,
        )
    except HandleTakenError:
        db.session.rollback()
        form.handle.errors = [TAKEN]
        return _page(found(handle), form, error=INVALID), 422
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = found(handle)
        form.seen.data = service.seen(saved)
        typed = dict(zip(service.words_of(saved), form.typed, strict=True))
        theirs = differences(service.words_of(saved), typed)
        return _page(saved, form, error=CHANGED, theirs=theirs), 409
    db.session.commit()
    flash("It is saved." if draft.handle == handle else "It is saved; the old address leads here.")
    return redirect(url_for(".show", handle=draft.handle), 303)


def _page(
    product: Product,
    form: FoundByForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/products/address.html",
        product=product,
        form=form,
        error=error,
        theirs=theirs or {},
    )
