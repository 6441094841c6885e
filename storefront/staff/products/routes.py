"""The addresses of products."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import Product
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.paging import page_number
from storefront.staff.access import needs, signed_in
from storefront.staff.citations import UnknownReferenceError, rendered
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.products import forms, queries, service
from storefront.staff.products.address.routes import bp as address
from storefront.staff.products.bundles import BundleError
from storefront.staff.products.copying import ManyCopiesError, duplicate
from storefront.staff.products.forms import Editor
from storefront.staff.products.new_form import NewForm
from storefront.staff.products.pictures.routes import bp as pictures
from storefront.staff.products.shown.routes import bp as shown
from storefront.staff.products.suits.routes import bp as suits
from storefront.staff.products.variants.routes import bp as variants
from storefront.staff.seen import ChangedMeanwhileError

bp = Blueprint("products", __name__, url_prefix="/products")
for section in (variants, pictures, shown, suits, address):
    bp.register_blueprint(section)

INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this product while you were editing. Your text is still in the form, and what"
    " was saved meanwhile stands above it. Save again to replace that with yours."
)
NOT_COUNTED = "Nothing was saved, since a count cannot be taken down."


@bp.get("")
@needs(Permission.EDIT_CATALOG)
def index() -> str:
    """List the products, drafts too; ``?q=`` searches title and handle."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "title")
    return render_template(
        "staff/products/index.html",
        page=queries.products(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/new")
@needs(Permission.EDIT_CATALOG)
def new() -> str:
    """Show the form for a new product."""
    return render_template("staff/products/new.html", form=_new_form(None), error=None)


@bp.post("/new")
@needs(Permission.EDIT_CATALOG)
def create() -> ResponseReturnValue:
    """Write a new product, a draft with one variant."""
    form = _new_form(request.form)
    if not form.validate():
        return render_template("staff/products/new.html", form=form, error=INVALID), 422
    try:
        product = service.create(db.session, form.draft())
    except service.TakenError as taken:
        db.session.rollback()
        form[taken.field].errors = [str(taken)]
        return render_template("staff/products/new.html", form=form, error=INVALID), 422
    db.session.commit()
    flash(f"{product.title} is here, as a draft.")
    return redirect(url_for(".show", handle=product.handle), 303)


@bp.get("/<handle>")
@needs(Permission.EDIT_CATALOG)
def show(handle: str) -> str:
    """Show a product to edit."""
    product = _found(handle)
    stock = queries.stock_of(db.session, product)
    return _page(product, forms.shown(product, stock, _further(), settings().timezone))


@bp.post("/<handle>")
@needs(Permission.EDIT_CATALOG)
def update(handle: str) -> ResponseReturnValue:
    """Save a product: words, prices and counts, or nothing."""
    product = _found(handle, to_change=True)
    stock = queries.stock_of(db.session, product)
    editor = forms.posted(product, stock, _further(), request.form, settings().timezone)
    if not editor.validate():
        db.session.rollback()
        return _page(_found(handle), editor, error=INVALID), 422
    draft = editor.draft(product.variants)
    try:
        service.save(db.session, product, draft, actor=signed_in().email)
    except UnknownReferenceError as wrong:
        db.session.rollback()
        editor.product.description.errors = [str(wrong)]
        return _page(_found(handle), editor, error=INVALID), 422
    except ChangedMeanwhileError:
        return _conflict(handle, editor, CHANGED, draft)
    except service.CountError as wrong:
        editor.variants[wrong.variant_id].on_hand.errors = [str(wrong)]
        return _conflict(handle, editor, NOT_COUNTED)
    except BundleError as wrong:
        db.session.rollback()
        editor.variants[wrong.variant_id].parts.errors = [str(wrong)]
        return _page(_found(handle), editor, error=INVALID), wrong.status
    db.session.commit()
    flash(f"{draft.title} is saved.")
    return redirect(url_for("staff.products.show", handle=handle), 303)


@bp.post("/<handle>/preview")
@needs(Permission.EDIT_CATALOG)
def preview(handle: str) -> ResponseReturnValue:
    """Show what was typed as readers would see it; saves nothing."""
    product = _found(handle)
    stock = queries.stock_of(db.session, product)
    editor = forms.posted(product, stock, _further(), request.form, settings().timezone)
    if not editor.validate():
        return _page(product, editor), 422
    try:
        html = rendered(db.session, str(editor.product.description.data)).html
    except UnknownReferenceError as wrong:
        editor.product.description.errors = [str(wrong)]
        return _page(product, editor), 422
    return _page(product, editor, preview=html)


@bp.post("/<handle>/duplicate")
@needs(Permission.EDIT_CATALOG)
def copy(handle: str) -> ResponseReturnValue:
    """Add a draft like a product, and lead to its form."""
    try:
        made = duplicate(db.session, _found(handle))
    except ManyCopiesError:
        abort(409, "There are many copies of this product already. Rename one of them first.")
    db.session.commit()
    flash(f"{made.title} is there as a draft, without stock: give it a title and SKUs of its own.")
    return redirect(url_for(".show", handle=made.handle), 303)


def _conflict(
    handle: str, editor: Editor, error: str, draft: service.Draft | None = None
) -> ResponseReturnValue:
    """Undo, and show what was typed beside what there is by now."""
    db.session.rollback()
    product = _found(handle)
    theirs = forms.differences(product, draft) if draft else {}
    editor.now_seen(product, queries.stock_of(db.session, product))
    return _page(product, editor, error=error, theirs=theirs), 409


def _new_form(sent: MultiDict[str, str] | None) -> NewForm:
    form = NewForm(sent)
    form.currency = settings().currency
    return form


def _further() -> tuple[str, ...]:
    """Return the shop's currencies beside the main one."""
    return settings().currencies[1:]


def _found(handle: str, *, to_change: bool = False) -> Product:
    product = queries.product(db.session, handle, to_change=to_change)
    if product is None:
        abort(404)
    return product


def _page(
    product: Product,
    editor: Editor,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
    preview: str | None = None,
) -> str:
    return render_template(
        "staff/products/show.html",
        preview=preview,
        product=product,
        form=editor.product,
        variants=[(variant, editor.variants[variant.id]) for variant in product.variants],
        error=error,
        theirs=theirs or {},
    )
