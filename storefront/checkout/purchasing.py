"""What a buyer saw and means to buy, or the page that says why it cannot be."""

from contextlib import suppress
from dataclasses import dataclass

from flask import make_response, render_template, request
from flask.typing import ResponseReturnValue

from storefront.caching import PRIVATE
from storefront.cart import cookie
from storefront.cart import pages as cart
from storefront.cart import queries as cart_queries
from storefront.cart.forms import CheckoutForm
from storefront.cart.room import NotEnoughError, UnknownVariantError, lines_in
from storefront.cart.service import change
from storefront.cart.views import CartView
from storefront.checkout import service
from storefront.checkout.address import AddressForm
from storefront.checkout.service import Purchase
from storefront.extensions import db
from storefront.languages import gettext
from storefront.payments.access import guard
from storefront.signin import current_customer


@dataclass(frozen=True)
class Answered(Exception):  # noqa: N818 (not an error: the answer is known early)
    """The request has its answer; whatever was written is committed or rolled back."""

    response: ResponseReturnValue


class CartChangedError(Exception):
    """The cart is not what the buyer saw; what was corrected in it is still to be committed."""

    def __init__(self, notices: tuple[str, ...]) -> None:
        """Remember what to say of it."""
        super().__init__(*notices)
        self.notices = notices


def purchase_of(form: CheckoutForm, to: dict[str, str] | None) -> Purchase:
    """Return what the buyer saw and means to buy; answer with the cart where that is not so.

    Only looks, and lets others write meanwhile: what is taken is taken on conditions, later. Raises
    CartChangedError, having corrected the cart, where she saw another.
    """
    db.look()
    found = cookie.current()
    shown = cart_queries.view(db.session, found, cart.terms())
    if found is None or not shown.lines:
        db.session.rollback()
        raise Answered(cart.page(shown, 422, form=form, notices=(gettext("Your cart is empty."),)))
    seen = form.seen.data
    lacks = shown.needs_correction or shown.lacks_code or shown.lacks_card
    changed = seen != shown.fingerprint if seen else lacks
    if shown.needs_correction:
        _correct(shown)
    if changed or not shown.buyable:
        notice = gettext("Your cart has changed since you saw it. Look at it again.")
        raise CartChangedError((notice, *_said(shown)))
    customer = current_customer()
    purchase = Purchase(
        cart_id=found.id,
        cart=shown,
        email=form.email.data or (customer.email if customer else None),
        customer_id=customer.id if customer else None,
        origin=guard().origin_of(request.remote_addr),
        first_content=found.first_content,
        last_content=found.last_content,
        address=to,
    )
    _refuse(purchase, form)
    if shown.is_paid_by_card and to is None:  # no payment page asks for it
        db.session.rollback()
        raise Answered(address_page(shown))
    return purchase


def begun(purchase: Purchase) -> bool:
    """Let the request write from now on; False where the cart has changed since it was looked at.

    As where its order was paid in between: what was bought is not to be ordered once more.
    """
    db.begin()
    lines = purchase.cart.lines
    left = {it.variant_id: it.wanted if it.price is None else it.quantity for it in lines}
    return lines_in(db.session, purchase.cart_id) == {
        of: units for of, units in left.items() if units
    }


def _refuse(purchase: Purchase, form: CheckoutForm) -> None:
    """Answer with the cart where it cannot be shipped, or not with this discount."""
    problem = purchase.cart.quote.problem
    notices = (problem,) if problem else ()
    wrong = None if problem else service.wrong_with_email(db.session, purchase)
    if wrong:
        form.email.errors = [wrong]
    if problem or wrong:
        db.session.rollback()
        raise Answered(cart.page(cart.view(), 422, form=form, notices=notices))


def _correct(shown: CartView) -> None:
    """Write what can still be had into the cart; what is not sold in its currency stays.

    So does what was changed since it was looked at, in another tab.
    """
    db.begin()
    found = cookie.current()
    for line in shown.lines:
        if found is not None and line.price is not None and line.quantity != line.wanted:
            with suppress(UnknownVariantError, NotEnoughError):
                change(db.session, found, line.variant_id, line.quantity)


def _said(shown: CartView) -> list[str]:
    return [
        f"{line.title} {line.variant_title}: {line.notice}" for line in shown.lines if line.notice
    ]


def address_page(
    shown: CartView, form: AddressForm | None = None, status: int = 200
) -> ResponseReturnValue:
    """Return the page that asks for the address, with what was typed in the cart."""
    if form is None:
        customer = current_customer()
        typed = request.form.get("email") or (customer.email if customer else "")
        form = AddressForm(data={"email": typed, "country": shown.quote.country})
        form.offer(shown.quote.same)
    form.seen.data = shown.fingerprint
    response = make_response(
        render_template("checkout/address.html", cart=shown, form=form), status
    )
    response.headers["Cache-Control"] = PRIVATE
    return response
