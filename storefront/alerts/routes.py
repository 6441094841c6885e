"""The addresses of asking for these mails, and of the links in them."""

from typing import NoReturn

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    g,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from models import Cart, Product
from storefront.alerts import carts, invitations, stock
from storefront.alerts.forms import AskForm, RemindForm
from storefront.alerts.links import Purpose
from storefront.alerts.mails import AlertMails
from storefront.alerts.words import ASKED, BROKEN, EMPTY, GONE, LOOK, STOPPED, TOO_MANY, USED
from storefront.caching import PRIVATE
from storefront.cart import cookie
from storefront.cart.joining import join
from storefront.catalog.queries import VariantView, product_of_variant, variant_views
from storefront.extensions import db, settings
from storefront.languages import gettext
from storefront.newsletter.attempts import wait_s
from storefront.signin import current_customer

bp = Blueprint("alerts", __name__)
bp.after_request(cookie.attach)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep the pages of one person out of caches and search engines."""
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "same-origin"  # the address may hold the secret
    return response


@bp.get("/back-in-stock/<int:variant_id>")
def ask(variant_id: int) -> ResponseReturnValue:
    """Show how to be told when a variant is back."""
    return _ask_page(*_variant(variant_id), AskForm())


@bp.post("/back-in-stock/<int:variant_id>")
def ask_create(variant_id: int) -> ResponseReturnValue:
    """Let a customer wait at once, anybody else once she has confirmed her address."""
    product, variant = _variant(variant_id)
    if variant.orderable > 0:
        return _ask_page(product, variant, AskForm())
    if customer := current_customer():
        stock.ask_proven(db.session, variant.id, customer.email)
        db.session.commit()
        return _waits(customer.email, product)
    form = AskForm(request.form)
    if form.website.data:
        return _said(*LOOK, names_mailbox=True)
    if not form.validate():
        return _ask_page(product, variant, form, status=422)
    if left_s := _wait_s(str(form.email.data), "back in stock"):
        page, status = _ask_page(product, variant, form, error=TOO_MANY, status=429)
        return page, status, {"Retry-After": str(left_s)}
    title = _title(product, variant)
    stock.ask(db.session, variant.id, str(form.email.data), title, mails())
    db.session.commit()
    return _said(*LOOK, names_mailbox=True)


@bp.get("/back-in-stock/confirm/<token>")
def confirm_stock(token: str) -> ResponseReturnValue:
    """Show the button that confirms who waits."""
    _key(Purpose.CONFIRM_STOCK, token)
    return _button(Purpose.CONFIRM_STOCK)


@bp.post("/back-in-stock/confirm/<token>")
def confirm_stock_create(token: str) -> ResponseReturnValue:
    """Let her wait whose address it is; a link works once."""
    alert = stock.confirm(db.session, _key(Purpose.CONFIRM_STOCK, token))
    if alert is None:
        return _said(*USED), 410
    product = product_of_variant(db.session, alert.variant_id)
    db.session.commit()
    return _waits(alert.email, product)


@bp.get("/back-in-stock/stop/<token>")
def stop_stock(token: str) -> ResponseReturnValue:
    """Show the button that ends the waiting."""
    _key(Purpose.STOP_STOCK, token)
    return _button(Purpose.STOP_STOCK)


@bp.post("/back-in-stock/stop/<token>")
def stop_stock_create(token: str) -> ResponseReturnValue:
    """End it at once, also by a mail program's own button (RFC 8058); twice is fine."""
    stock.stop(db.session, _key(Purpose.STOP_STOCK, token))
    db.session.commit()
    return _said(*STOPPED[Purpose.STOP_STOCK])


@bp.get("/cart-reminders")
def remind() -> ResponseReturnValue:
    """Show how to be reminded of the visitor's cart; a customer says so in her account."""
    if cookie.signed_in():
        return redirect(url_for("accounts.mails.show"), 303)
    return _remind_page(_filled(), RemindForm())


@bp.post("/cart-reminders")
def remind_create() -> ResponseReturnValue:
    """Ask to be reminded of the visitor's cart; the address is confirmed by mail first."""
    if cookie.signed_in():
        return redirect(url_for("accounts.mails.show"), 303)
    cart, form = _filled(), RemindForm(request.form)
    if form.website.data:
        return _said(*LOOK, names_mailbox=True)
    if cart is None or not form.validate():
        return _remind_page(cart, form, status=422)
    if left_s := _wait_s(str(form.email.data), "cart reminder"):
        page, status = _remind_page(cart, form, error=TOO_MANY, status=429)
        return page, status, {"Retry-After": str(left_s)}
    carts.ask(db.session, cart.id, str(form.email.data), mails())
    db.session.commit()
    return _said(*LOOK, names_mailbox=True)


@bp.get("/cart-reminders/confirm/<token>")
def confirm_cart(token: str) -> ResponseReturnValue:
    """Show the button that confirms who is reminded."""
    _key(Purpose.CONFIRM_CART, token)
    return _button(Purpose.CONFIRM_CART)


@bp.post("/cart-reminders/confirm/<token>")
def confirm_cart_create(token: str) -> ResponseReturnValue:
    """Let her be reminded whose address it is; a link works once."""
    email = carts.confirm(db.session, _key(Purpose.CONFIRM_CART, token))
    if email is None:
        return _said(*USED), 410
    db.session.commit()
    return _said(
        gettext("We remind you"),
        gettext("If you leave your cart behind, %(email)s gets a mail after a day.", email=email),
    )


@bp.get("/cart-reminders/stop/<token>")
def stop_cart(token: str) -> ResponseReturnValue:
    """Show the button that ends reminders of carts."""
    _key(Purpose.STOP_CART, token)
    return _button(Purpose.STOP_CART)


@bp.post("/cart-reminders/stop/<token>")
def stop_cart_create(token: str) -> ResponseReturnValue:
    """End them at once, also by a mail program's own button (RFC 8058); twice is fine."""
    carts.stop(db.session, _key(Purpose.STOP_CART, token))
    db.session.commit()
    return _said(*STOPPED[Purpose.STOP_CART])


@bp.get("/cart-reminders/open/<token>")
def open_cart(token: str) -> ResponseReturnValue:
    """Show the button that leads back to a cart."""
    if carts.left(db.session, _key(Purpose.OPEN_CART, token)) is None:
        return _said(*GONE), 410
    return _button(Purpose.OPEN_CART)


@bp.post("/cart-reminders/open/<token>")
def open_cart_create(token: str) -> ResponseReturnValue:
    """Give this browser the cart that its mail is about; what it has in another goes along."""
    cart, own = carts.left(db.session, _key(Purpose.OPEN_CART, token)), cookie.current()
    customer = cookie.signed_in()
    if cart is None:
        return _said(*GONE), 410
    here = url_for("cart.show")
    if own is not None and own.id == cart.id:
        return redirect(here, 303)
    if cart.customer_id is not None:  # nobody gets a customer's cart but by her sign-in
        return redirect(url_for("accounts.login", next=here), 303)
    if customer is not None:
        join(db.session, cart, customer.id)
    else:
        g.new_cart_token = carts.take_over(db.session, cart, own)
    db.session.commit()
    return redirect(here, 303)


@bp.get("/review-invitations/stop/<token>")
def stop_reviews(token: str) -> ResponseReturnValue:
    """Show the button that ends being asked for reviews."""
    _key(Purpose.STOP_REVIEWS, token)
    return _button(Purpose.STOP_REVIEWS)


@bp.post("/review-invitations/stop/<token>")
def stop_reviews_create(token: str) -> ResponseReturnValue:
    """End it at once, also by a mail program's own button (RFC 8058); twice is fine."""
    invitations.stop(db.session, _key(Purpose.STOP_REVIEWS, token))
    db.session.commit()
    return _said(*STOPPED[Purpose.STOP_REVIEWS])


def mails() -> AlertMails:
    """Return what writes these mails for the current app."""
    found: AlertMails = current_app.extensions["alerts"]
    return found


def _variant(variant_id: int) -> tuple[Product, VariantView]:
    product = product_of_variant(db.session, variant_id)
    if product is None or not product.is_sold:
        abort(404, gettext("This product is not in the shop."))
    found = next(it for it in variant_views(db.session, product, variant_id)[0] if it.is_selected)
    return product, found


def _title(product: Product, variant: VariantView) -> str:
    return f"{product.title} ({variant.title})" if variant.title else product.title


def _key(purpose: Purpose, token: str) -> str:
    return mails().links.key(purpose, token) or _not_whole()


def _not_whole() -> NoReturn:
    abort(404, str(BROKEN))


def _wait_s(email: str, scope: str) -> int:
    secret = settings().secret_key
    left_s = wait_s(db.session, email, request.remote_addr or "", secret, scope)
    if left_s:
        db.session.commit()
    return left_s


def _ask_page(
    product: Product, variant: VariantView, form: AskForm, *, error: str = "", status: int = 200
) -> tuple[str, int]:
    page = render_template(
        "alerts/ask.html",
        product=product,
        variant=variant,
        title=_title(product, variant),
        customer=current_customer(),
        form=form,
        error=error,
    )
    is_there = variant.orderable > 0 and request.method == "POST"
    return page, 409 if is_there else status


def _filled() -> Cart | None:
    """Return the visitor's cart where something lies in it."""
    return cookie.current() if cookie.item_count() else None


def _remind_page(
    cart: Cart | None, form: RemindForm, *, error: str = "", status: int = 200
) -> tuple[str, int]:
    if cart is None:
        return _said(*EMPTY), status
    return render_template("alerts/remind.html", form=form, error=error), status


def _waits(email: str, product: Product | None) -> str:
    message = gettext(
        "When it can be had again, we mail %(email)s, once. Whoever asked first is told first, and"
        " nothing is put aside for you. The mail has a link to stop it.",
        email=email,
    )
    path = f"/products/{product.handle}" if product else ""
    return _said(gettext("You are on the list"), message, path=path)


def _button(purpose: Purpose) -> str:
    title, message, text = ASKED[purpose]
    return render_template("newsletter/act.html", title=title, message=message, button_text=text)


def _said(title: str, message: str, **more: object) -> str:
    return render_template("alerts/said.html", title=title, message=message, **more)
