"""The order's page, finding it, and asking something there."""

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
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from models import DocumentKind, Order, OrderStatus, Product, Tutorial, now
from storefront.documents import drawing
from storefront.documents import queries as documents
from storefront.extensions import db, settings
from storefront.languages import lazy_gettext
from storefront.languages.sums import said_sums
from storefront.mail.letters import cart_path
from storefront.orders import finding, questions, words
from storefront.orders.details import details
from storefront.orders.forms import FindForm, QuestionForm
from storefront.orders.private import private, private_page
from storefront.orders.queries import (
    by_number,
    changes_until,
    order_url,
    shipped,
    waits_for,
)
from storefront.sent_pictures import service as sent_pictures
from storefront.sent_pictures.answer import answer as picture_answer

PAYABLE = frozenset({OrderStatus.DRAFT, OrderStatus.PENDING})
NOT_FOUND = lazy_gettext(
    "No order has this number and this address. Check our mail about it: both are there."
)
TOO_MANY = lazy_gettext("Too many tries. Wait a quarter of an hour, or open the link in our mail.")
ASKED_OFTEN = lazy_gettext(
    "Several of your questions still wait for our answer. We answer them first."
)

ADDED = (
    lazy_gettext("Something was added to this order, and it waits until that is paid."),
    lazy_gettext("Both ship together. If it is not paid, your order stays as it was."),
)

bp = Blueprint("orders", __name__)
bp.add_app_template_filter(said_sums)


@bp.get("/orders")
def find() -> Response:
    """Show the form that finds an order without an account."""
    return _find_page(FindForm())


@bp.post("/orders")
def find_create() -> ResponseReturnValue:
    """Lead to the page of the order of this number and address, else answer the same to all."""
    form = FindForm(request.form)
    if not form.validate():
        return _find_page(form), 422
    number, secret = finding.number_of(str(form.number.data)), settings().secret_key
    wait_s = finding.wait_s(db.session, number, request.remote_addr or "", secret)
    db.session.commit()  # the try counts, whatever comes of it
    if wait_s:
        return _find_page(form, TOO_MANY), 429, {"Retry-After": str(wait_s)}
    order = finding.by_number_and_email(db.session, number, str(form.email.data))
    if order is None:
        return _find_page(form, NOT_FOUND), 422
    return private(make_response(redirect(order_url(order), 303)))


@bp.get("/orders/<number>")
def show(number: str) -> ResponseReturnValue:
    """Show an order to whoever has its secret address."""
    return _page(_found(number), QuestionForm())


@bp.post("/orders/<number>/questions")
def question_create(number: str) -> ResponseReturnValue:
    """Take a question about an order, to be answered by staff."""
    order, form = _found(number), QuestionForm(request.form)
    if not form.validate():
        return _page(order, form), 422
    try:
        questions.ask(db.session, order, str(form.text.data), f"{number}-{form.key.data}")
    except questions.TooManyQuestionsError:
        db.session.rollback()
        form.text.errors = [ASKED_OFTEN]
        return _page(_found(number), form), 429
    address = order_url(order, said="asked")
    db.session.commit()
    return private(make_response(redirect(f"{address}#questions", 303)))


@bp.get("/orders/<number>/invoice.pdf")
def invoice(number: str) -> ResponseReturnValue:
    """Show an order's invoice to whoever has its secret address."""
    return _document(number, DocumentKind.INVOICE, None)


@bp.get("/orders/<number>/credit-notes/<label>.pdf")
def credit_note(number: str, label: str) -> ResponseReturnValue:
    """Show a credit note of an order to whoever has its secret address."""
    return _document(number, DocumentKind.CREDIT_NOTE, label)


@bp.get("/orders/<number>/pictures/<key>-<size>.webp")
def picture(number: str, key: str, size: str) -> Response:
    """Show a picture that came with an order to whoever has its secret address."""
    order, found = _found(number), sent_pictures.by_key(db.session, key)
    is_of_it = found is not None and found.order_id == order.id
    return private(picture_answer(found if is_of_it else None, size))


def _found(number: str) -> Order:
    return by_number(db.session, number, request.values.get("token", "")) or abort(404)


def _find_page(form: FindForm, error: str | None = None) -> Response:
    response = make_response(render_template("orders/find.html", form=form, error=error))
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(order: Order, form: QuestionForm) -> Response:
    found = details(db.session, order)
    money = found.account
    added = waits_for(db.session, order)
    return private_page(
        "orders/show.html",
        order=order,
        account=money,
        documents=found.documents,
        words=words,
        said=words.SAID.get(request.args.get("said", "")),
        what_next=ADDED if added else words.what_next(order, money, is_exchange=found.is_exchange),
        added=added,
        pay_url=_pay_url(order),
        again_url=cart_path(order) if order.status is OrderStatus.CANCELLED else None,
        until=changes_until(order),
        returns=found.returns,
        can_return=found.can_return,
        questions=found.questions,
        form=form,
        tutorials=_tutorials(order),
        products=shipped(db.session, order),
    )


def _document(number: str, kind: DocumentKind, label: str | None) -> ResponseReturnValue:
    order = by_number(db.session, number, request.args.get("token", ""))
    issued = documents.of_order(db.session, order) if order else ()
    found = next((it for it in issued if it.kind is kind and label in {None, it.label}), None)
    if found is None:
        abort(404)
    response = Response(drawing.document(found), mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="{found.label}.pdf"'
    return private(response)


def _pay_url(order: Order) -> str | None:
    if order.status in PAYABLE and not order.attention:
        return url_for("checkout.pay_again", number=order.number)
    return None


def _tutorials(order: Order) -> list[Tutorial]:
    handles = {line.product_handle for line in order.lines}
    found = select(Tutorial).options(joinedload(Tutorial.muscle)).order_by(Tutorial.position)
    of_them = Tutorial.products.any(Product.handle.in_(handles))
    return list(db.session.scalars(found.where(of_them, Tutorial.published_at <= now())))
