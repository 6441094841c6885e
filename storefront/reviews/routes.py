"""The addresses by which the buyer of an order reviews what came with it."""

from flask import (
    Blueprint,
    Response,
    abort,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from models import Order, Product, Review, ReviewStatus
from storefront.caching import PRIVATE
from storefront.extensions import db, storage
from storefront.languages import lazy_gettext
from storefront.logs import log
from storefront.media.reading import RefusedError
from storefront.orders.queries import by_number, order_url, shipped
from storefront.reviews import queries, service
from storefront.reviews.forms import ReviewForm, review_form, said_in
from storefront.sent_pictures import service as sent_pictures
from storefront.sent_pictures.reading import AGAIN, Made, pictures_from
from storefront.storage import StorageError

bp = Blueprint("reviews", __name__, url_prefix="/orders/<number>/reviews/<handle>")

INVALID = lazy_gettext("Your review was not sent yet. Correct what is marked below.")
MOST_PICTURES = 4
TOO_MANY_PICTURES = lazy_gettext(
    "With this order many pictures came already. Send the review without one."
)
AWAY = lazy_gettext(
    "The pictures cannot be kept at the moment. Try again soon, or send the review without."
)
NO_SUCH = lazy_gettext(
    "A review is written from an order page, once the product has shipped. Open it"
    " by the link in our mail."
)


@bp.get("")
def show(number: str, handle: str) -> Response:
    """Show the form for a review, with what its writer said before."""
    order, product = _found(number, handle)
    review = queries.own(db.session, order, product)
    is_there = review is not None and review.status is not ReviewStatus.WITHDRAWN
    said = said_in(review) if review and is_there else {"name": order.name.partition(" ")[0]}
    form = review_form(queries.regions(db.session), said=said)
    return _page(order, product, review, form)


@bp.post("")
def create(number: str, handle: str) -> ResponseReturnValue:
    """Take a review; what its writer said before gives way to it."""
    order, product = _found(number, handle)
    form = review_form(queries.regions(db.session), request.form)
    db.release()  # nobody waits for the database while pictures are read
    made, wrong = _pictures()
    if not form.validate() or wrong:
        return _refused(number, handle, form, INVALID, wrong or (str(AGAIN) if made else "")), 422
    try:
        rows = sent_pictures.store(storage(), made)
    except StorageError:
        log.exception("pictures not kept")
        return _refused(number, handle, form, INVALID, AWAY), 503
    order, product = _found(number, handle)
    try:
        service.post(db.session, order, product, form.draft(), rows)
    except sent_pictures.TooManyPicturesError:
        db.session.rollback()
        sent_pictures.discard(storage(), rows)
        return _refused(number, handle, form, INVALID, TOO_MANY_PICTURES), 409
    db.session.commit()
    return _shown(order, product)


@bp.post("/pictures/remove")
def drop_pictures(number: str, handle: str) -> ResponseReturnValue:
    """Take the pictures of a review away; a second time finds nothing to do."""
    order, product = _found(number, handle)
    service.drop_pictures(db.session, order, product)
    db.session.commit()
    return _shown(order, product)


@bp.post("/withdraw")
def withdraw(number: str, handle: str) -> ResponseReturnValue:
    """Forget a review; a second time finds nothing to do."""
    order, product = _found(number, handle)
    service.withdraw(db.session, (Review.order_id == order.id) & (Review.product_id == product.id))
    db.session.commit()
    return _shown(order, product)


def _pictures() -> tuple[list[Made], str]:
    """Return the pictures that were sent, and what is wrong with one; decodes them."""
    try:
        return pictures_from(request.files.getlist("pictures"), MOST_PICTURES), ""
    except RefusedError as refused:
        return [], str(refused)


def _refused(
    number: str, handle: str, form: ReviewForm, error: str, pictures_error: str
) -> Response:
    order, product = _found(number, handle)
    review = queries.own(db.session, order, product)
    return _page(order, product, review, form, error, pictures_error=pictures_error)


def _found(number: str, handle: str) -> tuple[Order, Product]:
    order = by_number(db.session, number, request.values.get("token", ""))
    if order is None:
        abort(404, str(NO_SUCH))
    product = next((it for it in shipped(db.session, order) if it.handle == handle), None)
    return order, product or abort(404, str(NO_SUCH))


def _shown(order: Order, product: Product) -> ResponseReturnValue:
    address = url_for("reviews.show", number=order.number, handle=product.handle, token=order.token)
    return redirect(address, 303)


def _page(  # noqa: PLR0913 (what is wrong, and with which part of the form)
    order: Order,
    product: Product,
    review: Review | None,
    form: ReviewForm,
    error: str | None = None,
    *,
    pictures_error: str = "",
) -> Response:
    response = make_response(
        render_template(
            "reviews/own.html",
            order=order,
            order_url=order_url(order),
            product=product,
            review=review,
            form=form,
            error=error,
            pictures_error=pictures_error,
            pictures=sent_pictures.of_review(db.session, review.id) if review else (),
            picture_url=lambda it, size: url_for(
                "orders.picture", number=order.number, key=it.key, size=size, token=order.token
            ),
        )
    )
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response
