"""The addresses by which visitors ask about a product, and buyers answer."""

import re

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

from models import Answer, Order, Product, Question
from storefront.caching import PRIVATE
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.languages import lazy_gettext
from storefront.limits import TooManyError
from storefront.orders.queries import by_number, order_url, shipped
from storefront.paging import page_number
from storefront.questions import queries, service
from storefront.questions.forms import AnswerForm, QuestionForm
from storefront.signin import current_customer

bp = Blueprint("questions", __name__)

LONGEST_SEARCH = 100
BROKEN = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates
INVALID = lazy_gettext("Your question was not sent yet. Correct what is marked below.")
INVALID_ANSWER = lazy_gettext("Your answer was not sent yet. Correct what is marked below.")
TOO_MANY = lazy_gettext(
    "Too many questions came in a short time, so this one was not sent. It is still in the form:"
    " send it again in ten minutes."
)
NO_SUCH = lazy_gettext(
    "Questions are answered from an order page, once the product has shipped. Open it"
    " by the link in our mail."
)


@bp.get("/products/<handle>/questions")
def index(handle: str) -> str:
    """Show what was asked about a product; ``?q=`` searches it."""
    return _index(handle, QuestionForm())


@bp.post("/products/<handle>/questions")
def ask(handle: str) -> ResponseReturnValue:
    """Take a question."""
    product, form = _product(handle), QuestionForm(request.form)
    if not form.validate():
        return _index(handle, form, str(INVALID)), 422
    address, secret = request.remote_addr or "", settings().secret_key
    try:
        service.ask(db.session, product, form.asked(), address, secret)
    except TooManyError as many:
        db.session.rollback()
        return _index(handle, form, str(TOO_MANY)), 429, {"Retry-After": str(many.retry_after_s)}
    db.session.commit()
    return redirect(url_for("questions.index", handle=handle, asked="yes", _anchor="ask"), 303)


@bp.get("/questions/<question_id>/answer")
def answer_as_customer(question_id: str) -> ResponseReturnValue:
    """Lead a customer who bought the product to her answer; tell others how buyers answer."""
    question, product = queries.seen(db.session, id_from(question_id) or 0) or abort(404)
    customer = current_customer()
    order = queries.bought_by(db.session, customer.id, product.id) if customer else None
    if order is not None:
        return redirect(_address(order, question), 303)
    page = render_template(
        "questions/how.html", question=question, product=product, customer=customer
    )
    return _private(make_response(page))


@bp.get("/orders/<number>/questions")
def of_order(number: str) -> Response:
    """List the questions that the buyer of an order may answer."""
    order = _order(number)
    products = shipped(db.session, order)
    page = render_template(
        "questions/of_order.html",
        order=order,
        order_url=order_url(order),
        products={it.id: it for it in products},
        questions=queries.to_answer(db.session, products),
    )
    return _private(make_response(page))


@bp.get("/orders/<number>/questions/<question_id>")
def own(number: str, question_id: str) -> Response:
    """Show the form for an answer, with what the buyer answered before."""
    order, question, product = _found(number, question_id)
    given = queries.own_answer(db.session, question.id, order.id)
    said = {"answer": given.text, "name": given.name} if given else {}
    form = AnswerForm(data={"name": order.name.partition(" ")[0], **said})
    return _own_page(order, question, product, form)


@bp.post("/orders/<number>/questions/<question_id>")
def answer(number: str, question_id: str) -> ResponseReturnValue:
    """Take a buyer's answer; what she answered before gives way to it."""
    order, question, product = _found(number, question_id)
    form = AnswerForm(request.form)
    if not form.validate():
        return _own_page(order, question, product, form, str(INVALID_ANSWER)), 422
    service.answer(db.session, order, question, str(form.name.data), str(form.answer.data))
    db.session.commit()
    return redirect(_address(order, question), 303)


@bp.post("/orders/<number>/questions/<question_id>/withdraw")
def withdraw(number: str, question_id: str) -> ResponseReturnValue:
    """Take a buyer's answer away; a second time finds nothing to do."""
    order, question, _ = _found(number, question_id)
    hers = (Answer.order_id == order.id) & (Answer.question_id == question.id)
    service.withdraw(db.session, hers)
    db.session.commit()
    return redirect(_address(order, question), 303)


def _product(handle: str) -> Product:
    return queries.product_of(db.session, handle) or abort(404)


def _order(number: str) -> Order:
    order = by_number(db.session, number, request.values.get("token", ""))
    return order or abort(404, str(NO_SUCH))


def _found(number: str, question_id: str) -> tuple[Order, Question, Product]:
    order = _order(number)
    question, product = queries.seen(db.session, id_from(question_id) or 0) or abort(
        404, str(NO_SUCH)
    )
    if product.id not in {it.id for it in shipped(db.session, order)}:
        abort(404, str(NO_SUCH))
    return order, question, product


def _address(order: Order, question: Question) -> str:
    return url_for("questions.own", number=order.number, question_id=question.id, token=order.token)


def _index(handle: str, form: QuestionForm, error: str | None = None) -> str:
    product = _product(handle)
    words = BROKEN.sub("", request.args.get("q", "")).strip()[:LONGEST_SEARCH]
    return render_template(
        "questions/index.html",
        product=product,
        words=words,
        page=queries.questions(db.session, product.id, words, page_number()),
        form=form,
        error=error,
        is_asked="asked" in request.args and not error,
    )


def _own_page(
    order: Order, question: Question, product: Product, form: AnswerForm, error: str | None = None
) -> Response:
    page = render_template(
        "questions/own.html",
        order=order,
        order_url=order_url(order),
        question=question,
        product=product,
        given=queries.own_answer(db.session, question.id, order.id),
        form=form,
        error=error,
    )
    return _private(make_response(page))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response
