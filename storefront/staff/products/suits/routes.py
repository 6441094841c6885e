"""The address of whom a product is for."""

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import HiddenField
from wtforms.validators import Length

from models import Product, now
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import Form
from storefront.search.index import index_product
from storefront.staff.access import needs
from storefront.staff.citations import UnknownReferenceError, rendered
from storefront.staff.products.found import CHANGED, INVALID, found
from storefront.staff.seen import differences, seen_of
from storefront.staff.typed import LongTextField

bp = Blueprint("suits", __name__)
LONGEST = 10_000
TEXTS = ("serves", "fit", "not_for")
HOW = [Length(max=LONGEST, message=f"Enter at most {LONGEST} characters.")]


class SuitsForm(Form):
    """Three texts beside the description. seen: a digest of them as shown."""

    serves = LongTextField(
        "Which regions it is for",
        HOW,
        description="And for which not. Markdown. [^key] cites a reference.",
        render_kw={"rows": 8},
    )
    fit = LongTextField(
        "How to tell that it fits",
        HOW,
        description="By build and floor. Say only what is known.",
        render_kw={"rows": 8},
    )
    not_for = LongTextField(
        "Who should not use it",
        HOW,
        description="And who should ask a doctor first. A reference for each.",
        render_kw={"rows": 8},
    )
    seen = HiddenField()


@bp.get("/<handle>/suits")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show whom a product is for, to edit."""
    product = found(handle)
    words = _words(product)
    return _page(product, SuitsForm(data={**words, "seen": seen_of(words)}))


@bp.post("/<handle>/suits")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save it."""
    product, form = found(handle, to_change=True), SuitsForm(request.form)
    html = _rendered(form) if form.validate() else {}
    if not html:
        db.session.rollback()
        return _page(found(handle), form, error=INVALID), 422
    now_saved, typed = _words(product), {name: form[name].data or "" for name in TEXTS}
    if seen_of(now_saved) != form.seen.data:
        db.session.rollback()
        form.seen.data = seen_of(now_saved)
        theirs = differences(now_saved, typed)
        return _page(found(handle), form, error=CHANGED, theirs=theirs), 409
    for name in TEXTS:
        setattr(product, f"{name}_markdown", typed[name])
        setattr(product, f"{name}_html", html[name])
    product.updated_at = now()
    index_product(db.session, product)
    db.session.commit()
    flash("Whom it is for is saved.")
    return redirect(url_for(".show", handle=handle), 303)


def _rendered(form: SuitsForm) -> dict[str, str]:
    """Return each text as HTML; empty where one cites what is unknown, which its field says."""
    html = {}
    for name in TEXTS:
        try:
            html[name] = rendered(db.session, form[name].data or "", notes=name).html
        except UnknownReferenceError as wrong:
            form[name].errors = [str(wrong)]
            return {}
    return html


def _words(product: Product) -> dict[str, str]:
    return {name: getattr(product, f"{name}_markdown") for name in TEXTS}


def _page(
    product: Product,
    form: SuitsForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
) -> str:
    return render_template(
        "staff/products/suits.html", product=product, form=form, error=error, theirs=theirs or {}
    )
