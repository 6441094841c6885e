"""The addresses of a product's options and variants."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Product
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.staff.access import needs
from storefront.staff.products.found import CHANGED, INVALID, found
from storefront.staff.products.service import TakenError
from storefront.staff.products.variants import forms, service
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("variants", __name__)
KEPT = (
    "{sku} was ordered, counted or bought, so its history needs it. Set it to sold out instead,"
    " or archive the product."
)


@bp.get("/<handle>/variants")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show the options and variants of a product."""
    return _page(found(handle))


@bp.post("/<handle>/variants")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save them, and take away those that are marked."""
    product, typed = found(handle, to_change=True), forms.Typed(request.form.to_dict())
    draft = typed.draft(product)
    if typed.errors:
        db.session.rollback()
        return _page(found(handle), typed, error=INVALID), 422
    try:
        service.save(db.session, product, draft, seen_before=typed.words.get("seen", ""))
    except TakenError as taken:
        db.session.rollback()
        return _page(found(handle), typed, error=str(taken)), 422
    except service.KeptError as kept:
        db.session.rollback()
        return _page(found(handle), typed, error=KEPT.format(sku=kept)), 409
    except ChangedMeanwhileError:
        db.session.rollback()
        saved = found(handle)
        return _page(saved, typed, error=CHANGED, theirs=service.words_of(saved)), 409
    db.session.commit()
    flash("The variants are saved.")
    return redirect(url_for(".show", handle=handle), 303)


@bp.post("/<handle>/variants/add")
@needs(Permission.EDIT_CATALOG)
def add(handle: str) -> ResponseReturnValue:
    """Add each combination of the values that is not there yet."""
    product, typed = found(handle, to_change=True), forms.Typed(request.form.to_dict())
    wanted = typed.combination(product, settings().currency)
    if typed.errors:
        db.session.rollback()
        return _page(found(handle), typed, error=INVALID), 422
    try:
        count = service.add(db.session, product, wanted)
    except TakenError as taken:
        db.session.rollback()
        typed.errors[taken.field] = str(taken)
        return _page(found(handle), typed, error=INVALID), 422
    db.session.commit()
    flash("1 variant is added." if count == 1 else f"{count} variants are added.")
    return redirect(url_for(".show", handle=handle), 303)


def _page(
    product: Product,
    typed: forms.Typed | None = None,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    errors = typed.errors if typed else {}
    return render_template(
        "staff/products/variants_page.html",
        product=product,
        words={**forms.shown(product), **(typed.words if typed else {})},
        errors=errors,
        wrong={name.rpartition("-")[2] for name in errors},
        seen=service.seen(product),
        most_options=service.MOST_OPTIONS,
        currency=settings().currency,
        error=error,
        theirs=theirs or {},
    )
