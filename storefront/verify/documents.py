"""Rules of documents: no number is missing, and each says what came or went back."""

from collections.abc import Iterator

from sqlalchemy import and_, case, exists, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models import Document, DocumentCounter, DocumentKind, Order, Payment, Refund, RefundStatus
from storefront.verify.columns import column, or_zero

IS_INVOICE = Document.kind == DocumentKind.INVOICE
TOTAL = Document.content["total_minor"].as_integer()
PAYMENT = Document.content["payment_id"].as_integer()


def numbers_have_no_gaps(session: Session) -> Iterator[str]:
    """Hold how many documents of each kind there are against their last number and counter."""
    none = literal(0)
    rows = union_all(
        select(
            DocumentCounter.kind.label("kind"),
            DocumentCounter.last.label("last"),
            none.label("count"),
            none.label("highest"),
        ),
        select(Document.kind, none, func.count(), func.max(Document.number)).group_by(
            Document.kind
        ),
    ).subquery()
    last, count, highest = (func.sum(rows.c[name]) for name in ("last", "count", "highest"))
    wrong = (
        select(rows.c.kind, last, count, highest)
        .group_by(rows.c.kind)
        .having(or_(last != count, count != highest))
        .order_by(rows.c.kind)
    )
    for kind, counted, there, most in session.execute(wrong):
        yield f"{kind}s: {there} issued, the last is {most}, counted {counted}"


def paid_orders_have_invoices(session: Session) -> Iterator[str]:
    """Find orders without an invoice that were paid since invoices are issued."""
    first = select(func.min(Document.created_at)).where(IS_INVOICE).scalar_subquery()
    has_one = exists().where(Document.order_id == Order.id, IS_INVOICE)
    wrong = select(Order.number).where(Order.paid_at > first, ~has_one).order_by(Order.number)
    for number in session.scalars(wrong):
        yield f"{number}: paid, but has no invoice"


def invoices_say_what_came(session: Session) -> Iterator[str]:
    """Hold each invoice's total against what its payment brought."""
    captured = or_zero(Payment.captured_minor) + case(
        (Payment.gift_card_id.is_(None), Order.gift_minor), else_=0
    )
    wrong = (
        select(Order.number, Document.number, TOTAL, captured)
        .join(Order, Order.id == Document.order_id)
        .outerjoin(Payment, and_(Payment.id == PAYMENT, Payment.order_id == Order.id))
        .where(IS_INVOICE, or_(captured != TOTAL, Payment.id.is_(None)))
        .order_by(Document.number)
    )
    for number, own, total, came in session.execute(wrong):
        yield f"{number}: invoice {own} is of {total}, {came} came"


def credit_notes_say_what_went_back(session: Session) -> Iterator[str]:
    """Hold each refund of an invoiced payment that succeeded against its one credit note."""
    invoice = select(PAYMENT.label("payment_id")).where(IS_INVOICE).subquery()
    amount = column(Refund, "amount_minor")
    note = or_zero(TOTAL)
    wrong = (
        select(Refund.key, amount, note)
        .join(invoice, invoice.c.payment_id == Refund.payment_id)
        .outerjoin(Document, Document.refund_id == Refund.id)
        .where(
            or_(
                and_(Document.id.is_(None), Refund.status == RefundStatus.SUCCEEDED),
                and_(Document.id.is_not(None), note != amount),
            )
        )
        .order_by(Refund.key)
    )
    for key, back, noted in session.execute(wrong):
        yield f"refund {key}: {back} went back, its credit note is of {noted}"


RULES = (
    numbers_have_no_gaps,
    paid_orders_have_invoices,
    invoices_say_what_came,
    credit_notes_say_what_went_back,
)
