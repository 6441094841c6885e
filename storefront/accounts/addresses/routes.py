"""The addresses of a customer's addresses."""

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from models import Address
from models.address import MOST_ADDRESSES
from storefront.accounts.access import customers_only, signed_in
from storefront.accounts.addresses import service
from storefront.accounts.addresses.forms import AddressForm, in_words
from storefront.cart.pages import view
from storefront.extensions import db
from storefront.forms import id_from
from storefront.languages import gettext, lazy_gettext

bp = Blueprint("addresses", __name__, url_prefix="/addresses")

ENOUGH = lazy_gettext(
    "You keep %(count)s addresses already: remove one first.", count=MOST_ADDRESSES
)
SHOWS_COUNTRY = "shows-country"  # the button that only shows the form of another country


@bp.get("")
@customers_only
def show() -> str:
    """List the addresses."""
    found = service.addresses(db.session, signed_in().id)
    return render_template("accounts/addresses.html", addresses=found, in_words=in_words)


@bp.get("/new")
@customers_only
def new() -> str:
    """Show the form for one more."""
    return _page(_form(AddressForm(data={"name": signed_in().name})))


@bp.post("/new")
@customers_only
def create() -> ResponseReturnValue:
    """Keep one more."""
    form = _form(AddressForm(request.form))
    if SHOWS_COUNTRY in request.form:
        return _page(form)
    if not form.validate():
        return _page(form), 422
    default = bool(form.is_default.data)
    try:
        service.add(db.session, signed_in().id, form.values, is_default=default)
    except service.TooManyAddressesError:
        db.session.rollback()
        return _page(form, error=ENOUGH), 409
    return _saved(gettext("The address is kept."))


@bp.get("/<address_id>")
@customers_only
def edit(address_id: str) -> str:
    """Show the form of one."""
    address = _address(address_id)
    return _page(_form(AddressForm(obj=address, area=address.state)), address)


@bp.post("/<address_id>")
@customers_only
def update(address_id: str) -> ResponseReturnValue:
    """Keep one as it was changed."""
    address, form = _address(address_id), _form(AddressForm(request.form))
    if SHOWS_COUNTRY in request.form:
        return _page(form, address)
    if not form.validate():
        return _page(form, address), 422
    service.change(db.session, address, form.values, is_default=bool(form.is_default.data))
    return _saved(gettext("The address is saved."))


@bp.post("/<address_id>/default")
@customers_only
def make_default(address_id: str) -> ResponseReturnValue:
    """Let one come first."""
    service.make_default(db.session, _address(address_id))
    return _saved(gettext("That address comes first now."))


@bp.post("/<address_id>/removal")
@customers_only
def remove(address_id: str) -> ResponseReturnValue:
    """Forget one."""
    service.remove(db.session, _address(address_id))
    return _saved(gettext("The address is removed."))


def _address(address_id: str) -> Address:
    found = service.one(db.session, signed_in().id, id_from(address_id) or 0)
    return found or abort(404)


def _form(form: AddressForm) -> AddressForm:
    form.suit(view().quote.served)
    return form


def _saved(said: str) -> Response:
    db.session.commit()
    flash(said)
    return redirect(url_for(".show"), 303)


def _page(form: AddressForm, address: Address | None = None, error: str | None = None) -> str:
    return render_template("accounts/address.html", form=form, address=address, error=error)
