"""The addresses by which the buyer of an order sends something back."""

from datetime import datetime

from flask import Blueprint, Response, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models import Order, OrderStatus, PageKind, Return, SentPicture
from models.goods_return import EXCHANGE_KEPT_FOR
from storefront.extensions import db, storage
from storefront.languages import lazy_gettext
from storefront.learn.queries import page as text_page
from storefront.logs import log
from storefront.media.reading import RefusedError
from storefront.orders import exchanges, returns, words
from storefront.orders.labels import ENDINGS, label_file
from storefront.orders.private import private, private_page
from storefront.orders.queries import by_number, order_url
from storefront.payments.access import letters
from storefront.returns.forms import Asking, reason_of
from storefront.sent_pictures import service as sent_pictures
from storefront.sent_pictures.reading import AGAIN, Made, pictures_from
from storefront.storage import StorageError

bp = Blueprint("returns", __name__, url_prefix="/orders/<number>/returns")

INVALID = lazy_gettext("Nothing was sent yet. Correct what is marked below.")
TOO_MANY = lazy_gettext("Fewer of these can come back by now. Look again. Nothing was sent.")
TOO_MANY_PICTURES = lazy_gettext(
    "With this order many pictures came already. Send it without a picture."
)
AWAY = lazy_gettext(
    "The pictures cannot be kept at the moment. Try again soon, or send it without."
)
TOO_LATE = lazy_gettext("This return can no longer be withdrawn: it has arrived, or it has ended.")


@bp.get("/new")
def new(number: str) -> ResponseReturnValue:
    """Show the rules, and the form of a return."""
    order = _order(number)
    return _form(order, _asking(order))


@bp.post("")
def create(number: str) -> ResponseReturnValue:
    """Take the wish to send something back, with pictures; once for each form."""
    order = _order(number)
    typed = _asking(order, is_sent=True)
    if not typed.lines:
        return _form(order, typed, TOO_MANY), 409
    made = _pictures(typed)
    if not typed.validate() or made is None:
        typed.pictures_error = typed.pictures_error or (AGAIN if made else "")
        return _form(order, typed, INVALID), 422
    return _written(order, typed, made)


def _written(order: Order, typed: Asking, made: list[Made]) -> ResponseReturnValue:
    db.release()  # nobody waits for the database while files are kept
    try:
        rows = sent_pictures.store(storage(), made)
    except StorageError:
        log.exception("pictures not kept")
        typed.pictures_error = AWAY
        return _form(_order(order.number), typed, INVALID), 503
    order = _order(order.number)
    key = f"{order.number}-{typed.form.key.data}"
    try:
        is_known = returns.by_key(db.session, key) is not None
        found = returns.request(
            db.session,
            order,
            typed.asked,
            words=str(typed.form.words.data or ""),
            key=key,
            actor=returns.BUYER,
        )
        if not is_known:
            sent_pictures.enter(db.session, order, rows, return_id=found.id)
            letters().returned(db.session, order, returns.loaded(db.session, found.id))
    except returns.TooManyUnitsError:
        return _undone(order.number, rows, TOO_MANY, typed)
    except sent_pictures.TooManyPicturesError:
        typed.pictures_error = TOO_MANY_PICTURES
        return _undone(order.number, rows, INVALID, typed)
    address = _address(order, found.id)
    db.session.commit()
    if is_known:
        sent_pictures.discard(storage(), rows)
    return private(make_response(redirect(address, 303)))


@bp.get("/<int:return_id>")
def show(number: str, return_id: int) -> ResponseReturnValue:
    """Show how far a return is, and what comes next."""
    order = _order(number)
    return _page(order, _found(order, return_id))


@bp.post("/<int:return_id>/withdrawal")
def withdraw(number: str, return_id: int) -> ResponseReturnValue:
    """Take a return back, until it was received."""
    order = _order(number)
    found = _found(order, return_id)
    try:
        returns.withdraw(db.session, order, found.id, letters())
    except returns.DecidedMeanwhileError:
        db.session.rollback()
        order = _order(number)
        return _page(order, _found(order, return_id), TOO_LATE), 409
    address = order_url(order, said="withdrawn")
    db.session.commit()
    return private(make_response(redirect(address, 303)))


@bp.get("/<int:return_id>/label")
def label(number: str, return_id: int) -> ResponseReturnValue:
    """Give the label that staff added, as a file."""
    order = _order(number)
    return private(label_answer(_found(order, return_id)))


def label_answer(found: Return) -> Response:
    """Return a return's label as a file to keep; 404 where it has none."""
    if not found.label_key:
        abort(404)
    try:
        content = storage().get(label_file(found.label_key))
    except StorageError:
        log.exception("label not read")
        abort(503)
    response = Response(content, mimetype=found.label_type)
    name = f"return-{found.id}.{ENDINGS.get(found.label_type, 'bin')}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


def return_days() -> int | None:
    """Return how long after its parcel left a buyer may ask to return something; None: no limit."""
    typed = current_app.extensions["present_shop"].now().return_days
    return int(typed) if typed else None


def _order(number: str) -> Order:
    return by_number(db.session, number, request.values.get("token", "")) or abort(404)


def _found(order: Order, return_id: int) -> Return:
    mine = returns.of_order(db.session, order)
    return next((it for it in mine if it.id == return_id), None) or abort(404)


def _asking(order: Order, *, is_sent: bool = False) -> Asking:
    left = returns.in_time(db.session, order, return_days())
    choices = exchanges.offered(db.session, order)
    return Asking(order, left, choices, request.form if is_sent else None)


def _pictures(typed: Asking) -> list[Made] | None:
    """Return the pictures that were sent, None where one was refused; decodes them."""
    db.release()
    try:
        return pictures_from(request.files.getlist("pictures"))
    except RefusedError as wrong:
        typed.pictures_error = str(wrong)
        return None


def _undone(number: str, rows: list[SentPicture], why: str, typed: Asking) -> ResponseReturnValue:
    db.session.rollback()
    sent_pictures.discard(storage(), rows)
    order = _order(number)
    again = _asking(order, is_sent=True)
    again.pictures_error = typed.pictures_error
    return _form(order, again, why), 409


def _address(order: Order, return_id: int) -> str:
    return url_for("returns.show", number=order.number, return_id=return_id, token=order.token)


def _kept_until(found: Return) -> datetime | None:
    """Return until when the units of an exchange are kept aside; None where none are."""
    if found.exchange is None or found.exchange.status is not OrderStatus.PROCESSING:
        return None
    return found.decided_at + EXCHANGE_KEPT_FOR if found.decided_at else None


def _form(order: Order, typed: Asking, error: str | None = None) -> Response:
    return private_page(
        "returns/new.html",
        order=order,
        order_url=order_url(order),
        typed=typed,
        days=return_days(),
        kept_days=EXCHANGE_KEPT_FOR.days,
        policy=text_page(db.session, "refund-policy", PageKind.POLICY),
        error=error,
    )


def _page(order: Order, found: Return, error: str | None = None) -> Response:
    return private_page(
        "returns/show.html",
        order=order,
        order_url=order_url(order),
        found=found,
        status=words.RETURN[found.status],
        reason_of=reason_of,
        can_withdraw=found.status in returns.WITHDRAWABLE,
        exchange_url=order_url(found.exchange) if found.exchange else None,
        kept_until=_kept_until(found),
        pictures=sent_pictures.of_return(db.session, found.id),
        picture_url=lambda it, size: url_for(
            "orders.picture", number=order.number, key=it.key, size=size, token=order.token
        ),
        error=error,
    )
