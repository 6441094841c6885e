"""From the cart to Stripe and back.

Each step to Stripe stands between two transactions: nothing is locked while it is asked.
"""

import re
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from models import Cart, Order, OrderStatus, Payment
from models.discount_use import DiscountUsedUpError
from models.inventory import OutOfStockError
from models.order import IllegalTransitionError
from models.staff import owner_addresses
from storefront.cart import cookie
from storefront.cart import pages as cart
from storefront.cart import queries as cart_queries
from storefront.cart.forms import CheckoutForm
from storefront.cart.queries import CartView
from storefront.cart.service import change
from storefront.checkout import drafts, service
from storefront.checkout.service import OpenOrderExistsError, Purchase
from storefront.extensions import db, settings
from storefront.logs import log
from storefront.orders.queries import by_number, order_url
from storefront.payments import service as payments
from storefront.payments.access import gateway, guard, letters
from storefront.payments.attempts import TooManyAttemptsError, paying
from storefront.payments.gateway import GatewayRefusedError, GatewayUnavailableError, PaidSession
from storefront.payments.outcome import PageAppearedError, fall_back, give_up
from storefront.signin import current_customer

bp = Blueprint("checkout", __name__)
SESSION_ID = re.compile(r"cs_[A-Za-z0-9_]{1,200}")
SOLD_OUT = (
    "Somebody was faster: not everything in this order is still there. Nothing was charged. Write"
    " to us, and we change the order, or try again later."
)
TRIES = 3  # of placing an order while another tab of the same cart does so too


@dataclass(frozen=True)
class Answered(Exception):  # noqa: N818 (not an error: the answer is known early)
    """The request has its answer; whatever was written is committed or rolled back."""

    response: ResponseReturnValue


@bp.post("/checkout")
def create() -> ResponseReturnValue:
    """Turn the cart into an order and send the buyer to pay."""
    form = CheckoutForm(request.form)
    if not form.validate():
        return cart.page(cart.view(), 422, form=form)
    try:
        return _to_payment(_payment_for(form))
    except Answered as early:
        return early.response
    except TooManyAttemptsError as too_many:
        return _too_many(too_many)


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
        return _too_many(too_many)
    except OutOfStockError:
        db.session.rollback()
        return _problem("Not all of it is there any more", SOLD_OUT, order), 409
    except IllegalTransitionError:
        db.session.rollback()
        return redirect(order_url(order), 303)
    db.session.commit()
    if not service.can_be_paid(payment):
        return redirect(order_url(order), 303)
    try:
        return _to_payment(payment)
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


def _payment_for(form: CheckoutForm) -> Payment:
    """Return the payment that this cart is to be paid by, its order written and committed."""
    for is_last in (False,) * (TRIES - 1) + (True,):
        purchase = _purchase(form)
        existing = service.open_order(db.session, purchase.cart_id)
        payment = service.latest_payment(db.session, existing.id) if existing else None
        if payment and service.can_be_paid(payment, purchase.fingerprint):
            _count(purchase)
            db.session.commit()
            return payment
        try:
            return _place(purchase, payment)
        except (OpenOrderExistsError, PageAppearedError):
            db.session.rollback()
        except OperationalError:  # a deadlock: the old order's units and the new one's cross
            db.session.rollback()
            if is_last:
                raise
        except OutOfStockError:
            db.session.rollback()
            notice = "Somebody was faster: not everything in your cart is still there."
            raise Answered(cart.page(cart.view(), 409, form=form, notices=(notice,))) from None
        except DiscountUsedUpError:
            db.session.rollback()
            notice = "Somebody was faster: the discount has been used up. Please look again."
            raise Answered(cart.page(cart.view(), 409, form=form, notices=(notice,))) from None
    raise Answered(cart.page(cart.view(), 409, form=form, notices=("Please try again.",)))


def _count(purchase: Purchase) -> None:
    guard().count_checkout(db.session, purchase.cart_id, purchase.origin)


def _purchase(form: CheckoutForm) -> Purchase:
    """Return what the buyer saw and means to buy; answer with the cart where that is not so."""
    found = cookie.current()
    shown = cart_queries.view(db.session, found, cart.terms())
    if found is None or not shown.lines:
        db.session.rollback()
        raise Answered(cart.page(shown, 422, form=form, notices=("Your cart is empty.",)))
    seen = form.seen.data
    changed = seen != shown.fingerprint if seen else shown.needs_correction or shown.lacks_code
    if shown.needs_correction:
        _correct(found, shown)
    if changed or not shown.buyable:
        db.session.commit()
        notice = "Your cart has changed since you saw it. Please look at it again."
        raise Answered(cart.page(cart.view(), 409, form=form, notices=(notice, *_said(shown))))
    customer = current_customer()
    purchase = Purchase(
        cart_id=found.id,
        cart=shown,
        email=form.email.data or (customer.email if customer else None),
        customer_id=customer.id if customer else None,
        origin=guard().origin_of(request.remote_addr),
        first_content=found.first_content,
        last_content=found.last_content,
    )
    _refuse(purchase, form)
    return purchase


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


def _correct(found: Cart, shown: CartView) -> None:
    """Write what can still be had into the cart; what is not sold in its currency stays."""
    for line in shown.lines:
        if line.price is not None and line.quantity != line.wanted:
            change(db.session, found, line.variant_id, line.quantity)


def _said(shown: CartView) -> list[str]:
    return [
        f"{line.title} {line.variant_title}: {line.notice}" for line in shown.lines if line.notice
    ]


def _place(purchase: Purchase, superseded: Payment | None) -> Payment:
    """Write the order in one transaction with the end of the one that it replaces."""
    replaced = _expired(superseded) if superseded else None
    if superseded and replaced:
        order = payments.settle(db.session, replaced, letters())
        if order.status is not OrderStatus.CANCELLED:  # she had paid it: nothing more to buy
            db.session.commit()
            raise Answered(redirect(order_url(order), 303))
    elif superseded:
        give_up(db.session, superseded, actor="customer", note="Replaced before it was payable.")
    _, payment = service.place_order(db.session, purchase)
    _count(purchase)  # last, since all buyers wait for one another's count of all until they commit
    db.session.commit()
    log.info("order placed", extra={"event": "placed"})
    return payment


def _expired(payment: Payment) -> PaidSession | None:
    """Make a superseded payment page unpayable; None where there was none yet."""
    if payment.session_id is None:
        return None
    db.release()
    try:
        return gateway().expire_session(payment.session_id)
    except (GatewayUnavailableError, GatewayRefusedError):
        raise Answered(_unavailable(payment)) from None


def _to_payment(payment: Payment) -> ResponseReturnValue:
    """Redirect to the payment page, which is asked for where there is none yet."""
    db.release()
    if payment.url:
        return redirect(payment.url, 303)
    chosen = settings()
    wanted = service.wanted_session(
        payment, chosen.site_url, chosen.shipping_countries, taxes_by_stripe=chosen.taxes_by_stripe
    )
    try:
        found = gateway().open_session(wanted)
    except GatewayUnavailableError:
        return _unavailable(payment)
    except GatewayRefusedError as refused:
        order = db.session.get_one(Order, payment.order_id)
        fall_back(db.session, order, actor="Stripe", note=str(refused))
        db.session.commit()
        return _problem("This order cannot be paid", str(refused)), 422
    is_usable = payments.note_session(db.session, payment, found)
    db.session.commit()
    if not is_usable:
        _expired(service.latest_payment(db.session, payment.order_id))
        notice = "Your cart was checked out in another tab meanwhile."
        return cart.page(cart.view(), 409, notices=(notice,))
    return redirect(found.url or url_for("cart.show"), 303)


def _too_many(refused: TooManyAttemptsError) -> ResponseReturnValue:
    """Say when to come again; staff are told once for each limit and window."""
    db.session.rollback()
    owners = owner_addresses(db.session)
    letters().limit_exceeded(db.session, owners, refused.scope, refused.ends_at)
    db.session.commit()
    log.warning("too many attempts", extra={"event": refused.scope})
    minutes = -(-refused.retry_after_s // 60)
    message = (
        "There were too many attempts to pay in a short time, so we wait a little: this keeps"
        " stolen cards out. Nothing was charged, and your cart is as it was. Please try again in"
        f" {minutes} {'minute' if minutes == 1 else 'minutes'}."
    )
    page = _problem("Please wait a moment", message)
    return page, 429, {"Retry-After": str(refused.retry_after_s)}


def _unavailable(payment: Payment) -> ResponseReturnValue:
    message = (
        "The payment page did not open. Nothing was charged, and your cart is as it was."
        " Please try again in a moment."
    )
    page = _problem("Payment is not available right now", message, payment.order)
    return page, 503, {"Retry-After": "30"}


def _problem(title: str, message: str, order: Order | None = None) -> str:
    return render_template(
        "checkout/problem.html",
        title=title,
        message=message,
        order=order,
        retry_url=order_url(order) if order and not order.cart_id else url_for("cart.show"),
    )
