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
from storefront.extensions import db
from storefront.orders.queries import by_number, order_url, shipped
from storefront.reviews import queries, service
from storefront.reviews.forms import ReviewForm, review_form, said_in

bp = Blueprint("reviews", __name__, url_prefix="/orders/<number>/reviews/<handle>")

INVALID = "Your review was not sent yet. Please correct what is marked below."
NO_SUCH = (
    "A review is written from the page of an order, once the product has left with it. Open that"
    " page by the link in your mail."
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
    if not form.validate():
        return _page(order, product, queries.own(db.session, order, product), form, INVALID), 422
    service.post(db.session, order, product, form.draft())
    db.session.commit()
    return _shown(order, product)


@bp.post("/withdraw")
def withdraw(number: str, handle: str) -> ResponseReturnValue:
    """Forget a review; a second time finds nothing to do."""
    order, product = _found(number, handle)
    service.withdraw(db.session, (Review.order_id == order.id) & (Review.product_id == product.id))
    db.session.commit()
    return _shown(order, product)


def _found(number: str, handle: str) -> tuple[Order, Product]:
    order = by_number(db.session, number, request.values.get("token", ""))
    if order is None:
        abort(404, NO_SUCH)
    product = next((it for it in shipped(db.session, order) if it.handle == handle), None)
    return order, product or abort(404, NO_SUCH)


def _shown(order: Order, product: Product) -> ResponseReturnValue:
    address = url_for("reviews.show", number=order.number, handle=product.handle, token=order.token)
    return redirect(address, 303)


def _page(
    order: Order,
    product: Product,
    review: Review | None,
    form: ReviewForm,
    error: str | None = None,
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
        )
    )
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response
