"""From the cart to Stripe and back.

Each step to Stripe stands between two transactions: nothing is locked while it is asked.
"""

import re

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models import Order, OrderStatus, Payment
from models.discount_use import DiscountUsedUpError
from models.gift_card import CardSpentError
from models.inventory import OutOfStockError
from models.order import IllegalTransitionError
from models.staff import owner_addresses
from storefront.cart import pages as cart
from storefront.cart.forms import CheckoutForm
from storefront.checkout import asking, drafts, service
from storefront.checkout.address import AddressForm
from storefront.checkout.purchasing import (
    Answered,
    CartChangedError,
    address_page,
    begun,
    purchase_of,
)
from storefront.checkout.service import OpenOrderExistsError, Purchase
from storefront.extensions import db, settings
from storefront.languages import gettext, lazy_gettext, ngettext
from storefront.logs import log
from storefront.orders.queries import by_number, order_url
from storefront.payments import service as payments
from storefront.payments.access import gateway, guard, letters
from storefront.payments.attempts import TooManyAttemptsError, paying
from storefront.payments.gateway import GatewayRefusedError, GatewayUnavailableError, PaidSession
from storefront.payments.outcome import PageAppearedError, fall_back, give_up

bp = Blueprint("checkout", __name__)
SESSION_ID = re.compile(r"cs_[A-Za-z0-9_]{1,200}")
SOLD_OUT = lazy_gettext(
    "Somebody was faster: not everything in this order is still there. Nothing was charged. Write"
    " to us, and we change the order, or try again later."
)
FASTER: dict[type[Exception], str] = {
    OutOfStockError: lazy_gettext(
        "Somebody was faster: not everything in your cart is still there."
    ),
    DiscountUsedUpError: lazy_gettext(
        "Somebody was faster: the discount has been used up. Look at the new total."
    ),
    CardSpentError: lazy_gettext(
        "Somebody was faster: there is less on the gift card now. Look at the new total."
    ),
}
TRIES = 3  # of placing an order while another tab does so too


@bp.post("/checkout")
def create() -> ResponseReturnValue:
    """Turn the cart into an order and send the buyer to pay."""
    form = CheckoutForm(request.form)
    if not form.validate():
        return cart.page(cart.view(), 422, form=form)
    return _begun(form, None)


@bp.get("/checkout/address")
def address_form() -> ResponseReturnValue:
    """Ask where an order goes that its gift card pays wholly; else there is nothing to ask."""
    shown = cart.view()
    return address_page(shown) if shown.is_paid_by_card else redirect(url_for("cart.show"), 303)


@bp.post("/checkout/address")
def address() -> ResponseReturnValue:
    """Place an order that its gift card pays wholly."""
    shown = cart.view()
    typed = AddressForm(request.form).offer(shown.quote.same)
    if shown.is_paid_by_card and not typed.validate():
        return address_page(shown, typed, 422)
    form = CheckoutForm(data={"email": typed.email.data, "seen": typed.seen.data})
    return _begun(form, typed.address if shown.is_paid_by_card else None)


def _begun(form: CheckoutForm, to: dict[str, str] | None) -> ResponseReturnValue:
    """Place the order and lead on: to the payment page, or to the order that is paid."""
    try:
        payment = _payment_for(form, to)
        if payment.gift_card_id is not None:
            return redirect(order_url(payment.order), 303)
        return to_payment(payment)
    except Answered as early:
        return early.response
    except CartChangedError as changed:
        db.session.commit()
        return _again(form, *changed.notices)
    except TooManyAttemptsError as too_many:
        return told_to_wait(too_many)


@bp.post("/orders/<number>/payment")
def pay_again(number: str) -> ResponseReturnValue:
    """Send the buyer of an unpaid order to its payment page."""
    order = by_number(db.session, number, request.form.get("token", ""))
    if order is None:
        abort(404)
    origin = guard().origin_of(request.remote_addr)
    try:
        if order.status is OrderStatus.PENDING:
            payment = service.latest_payment(db.session, order.id)
        else:  # a draft; what has ended may never have had a payment
            payment = drafts.begin_payment(db.session, order.id, origin)
        guard().count_checkout(db.session, paying(order), origin)
    except TooManyAttemptsError as too_many:
        return told_to_wait(too_many)
    except OutOfStockError:
        db.session.rollback()
        return _problem(gettext("Not all of it is still there"), SOLD_OUT, order), 409
    except IllegalTransitionError:
        db.session.rollback()
        return redirect(order_url(order), 303)
    db.session.commit()
    if not service.can_be_paid(payment):
        return redirect(order_url(order), 303)
    try:
        return to_payment(payment)
    except Answered as early:
        return early.response


@bp.get("/checkout/return")
def arrive() -> ResponseReturnValue:
    """Take the buyer back from Stripe; the webhook may have been here first, or come after."""
    session_id = request.args.get("session_id", "")
    if not SESSION_ID.fullmatch(session_id):
        abort(404)
    order = db.session.scalars(
        select(Order).join(Payment).where(Payment.session_id == session_id)
    ).one_or_none()
    if order is None:
        abort(404)
    db.release()
    try:
        found = gateway().fetch_session(session_id)
    except (GatewayUnavailableError, GatewayRefusedError):
        log.warning("return without an answer of Stripe", extra={"order": order.number})
        return redirect(order_url(order), 303)
    session = db.writer()
    payments.settle(session, found, letters())
    session.commit()
    return redirect(order_url(order), 303)


def _payment_for(form: CheckoutForm, to: dict[str, str] | None) -> Payment:
    """Return the payment that this cart is to be paid by, its order written and committed."""
    for is_last in (False,) * (TRIES - 1) + (True,):
        purchase = purchase_of(form, to)
        if not begun(purchase):
            continue
        has_order = purchase.cart.has_order
        existing = service.open_order(db.session, purchase.cart_id) if has_order else None
        payment = service.latest_payment(db.session, existing.id) if existing else None
        if payment and service.can_be_paid(payment, purchase.fingerprint):
            _count(purchase)
            db.session.commit()
            return payment
        try:
            return _place(purchase, payment)
        except (OpenOrderExistsError, PageAppearedError):
            db.session.rollback()
        except OperationalError:  # a deadlock with what does not lock in the same order
            db.session.rollback()
            if is_last:
                raise
        except (OutOfStockError, DiscountUsedUpError, CardSpentError) as faster:
            db.session.rollback()
            raise Answered(_again(form, FASTER[type(faster)])) from None
    raise Answered(_again(form, gettext("Nothing was charged. Try again.")))


def _again(form: CheckoutForm, *notices: str) -> ResponseReturnValue:
    """Show the cart as it is now; nobody waits with writing until the page is made."""
    db.look()
    return cart.page(cart.view(), 409, form=form, notices=notices)


def _count(purchase: Purchase) -> None:
    guard().count_checkout(db.session, purchase.cart_id, purchase.origin)


def _place(purchase: Purchase, superseded: Payment | None) -> Payment:
    """Write the order in one transaction with the end of the one that it replaces."""
    replaced = expired(superseded) if superseded else None
    if superseded:
        service.lock_both(db.session, superseded.order_id, purchase)
    if superseded and replaced:
        order = payments.settle(db.session, replaced, letters())
        if order.status is not OrderStatus.CANCELLED:  # she had paid it: nothing more to buy
            db.session.commit()
            raise Answered(redirect(order_url(order), 303))
    elif superseded:
        give_up(db.session, superseded, actor="customer", note="Replaced before it was payable.")
    order, payment = service.place_order(db.session, purchase)
    if payment.gift_card_id is not None:
        payments.pay_by_card(db.session, order, letters())
    _count(purchase)  # last, since all buyers wait for one another's count of all until they commit
    db.session.commit()
    log.info("order placed", extra={"event": "placed"})
    return payment


def expired(payment: Payment) -> PaidSession | None:
    """Make a superseded payment page unpayable; None where there was none yet."""
    if payment.session_id is None:
        return None
    db.release()
    try:
        return gateway().expire_session(payment.session_id)
    except (GatewayUnavailableError, GatewayRefusedError):
        raise Answered(_unavailable(payment)) from None


def to_payment(payment: Payment) -> ResponseReturnValue:
    """Redirect to the payment page, which is asked for where there is none yet."""
    db.release()
    if payment.url:
        return redirect(payment.url, 303)
    chosen = settings()
    wanted = asking.wanted_session(
        payment, chosen.site_url, chosen.shipping_countries, taxes_by_stripe=chosen.taxes_by_stripe
    )
    try:
        found = gateway().open_session(wanted)
    except GatewayUnavailableError:
        return _unavailable(payment)
    except GatewayRefusedError as refused:
        order = db.session.get_one(Order, payment.order_id)
        fall_back(db.session, order, actor="Stripe", note=refused.in_own_words)
        db.session.commit()
        return _problem(gettext("This order cannot be paid"), str(refused)), 422
    is_usable = payments.note_session(db.session, payment, found)
    db.session.commit()
    if not is_usable:
        expired(service.latest_payment(db.session, payment.order_id))
        notice = gettext("Your cart was checked out in another tab meanwhile.")
        return cart.page(cart.view(), 409, notices=(notice,))
    return redirect(found.url or url_for("cart.show"), 303)


def told_to_wait(refused: TooManyAttemptsError) -> ResponseReturnValue:
    """Say when to come again; staff are told once for each limit and window."""
    db.session.rollback()
    owners = owner_addresses(db.session)
    letters().limit_exceeded(db.session, owners, refused.scope, refused.ends_at)
    db.session.commit()
    log.warning("too many attempts", extra={"event": refused.scope})
    message = ngettext(
        "There were too many attempts to pay in a short time, so we wait a little: this keeps"
        " stolen cards out. Nothing was charged, and your cart is as it was. Try again in"
        " %(count)s minute.",
        "There were too many attempts to pay in a short time, so we wait a little: this keeps"
        " stolen cards out. Nothing was charged, and your cart is as it was. Try again in"
        " %(count)s minutes.",
        -(-refused.retry_after_s // 60),
    )
    page = _problem(gettext("Wait a moment"), message)
    return page, 429, {"Retry-After": str(refused.retry_after_s)}


def _unavailable(payment: Payment) -> ResponseReturnValue:
    message = gettext(
        "The payment page did not open. Nothing was charged, and your cart is as it was."
        " Try again in a moment."
    )
    page = _problem(gettext("Payment is not available right now"), message, payment.order)
    return page, 503, {"Retry-After": "30"}


def _problem(title: str, message: str, order: Order | None = None) -> str:
    return render_template(
        "checkout/problem.html",
        title=title,
        message=message,
        order=order,
        retry_url=order_url(order) if order and not order.cart_id else url_for("cart.show"),
    )
