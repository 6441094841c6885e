"""Issuing invoices and credit notes, each once, with numbers that have no gaps."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Document,
    DocumentCounter,
    DocumentKind,
    Order,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    ShopSetting,
    now,
)
from models.apart import apart, gathered
from models.once import upsert
from storefront.documents import content
from storefront.documents.seller import IS_OF_SELLER, seller, seller_of

_OF: Any = bindparam("of")
_IS_INVOICE = (Document.order_id == _OF) & (Document.kind == DocumentKind.INVOICE)
_IS_PAID = (Payment.order_id == _OF) & (Payment.status == PaymentStatus.PAID)
_IS_BACK = Refund.payment_id.in_(select(Payment.id).where(Payment.order_id == _OF)) & (
    Refund.status == RefundStatus.SUCCEEDED
)
_FOR_INVOICE = apart(
    (Document, _IS_INVOICE, ()),
    # What a gift card pays beside another payment is on the invoice of that.
    (Payment, _IS_PAID, (Payment.gift_card_id.is_not(None), Payment.id)),
    (Refund, _IS_BACK, (Refund.id,)),
    (ShopSetting, IS_OF_SELLER, ()),
)


class NotPaidError(Exception):
    """The order has no payment that an invoice could be about."""


def next_number(session: Session, kind: DocumentKind) -> int:
    """Return the next number of a kind; others who want one wait until the caller commits.

    A caller that rolls back gives it back: so no number is ever missing. It is taken last in a
    transaction, after everything that another could wait for.
    """
    counted = upsert(session, DocumentCounter).values(kind=kind, last=1)
    number: int = session.execute(
        counted.on_conflict_do_update(
            index_elements=["kind"], set_={"last": DocumentCounter.last + 1}
        ).returning(DocumentCounter.last)
    ).scalar_one()
    return number


def issue_invoice(session: Session, order: Order, *, zone: str, actor: str) -> Document:
    """Issue a paid order's invoice, with the credit notes of what has gone back of it.

    The order must be locked, its lines and discounts loaded. zone: in which its days are told.
    Issued already, it is returned. Raises NotPaidError, and changes nothing.
    """
    known, payments, refunds, said = gathered(session, _FOR_INVOICE, {"of": order.id})
    if known:
        invoice: Document = known[0]
        return invoice
    if not payments or order.paid_at is None:
        raise NotPaidError(order.number)
    payment = payments[0]
    moment = now()
    invoice = Document(
        kind=DocumentKind.INVOICE,
        number=next_number(session, DocumentKind.INVOICE),
        order_id=order.id,
        content=content.of_invoice(order, payment, seller_of(said), moment, zone),
        actor=actor,
        created_at=moment,
    )
    session.add(invoice)
    session.flush()
    for refund in refunds:
        if refund.payment_id == payment.id:
            issue_credit_note(session, order, refund, zone=zone, actor=actor)
    return invoice


def issue_credit_note(
    session: Session, order: Order, refund: Refund, *, zone: str, actor: str
) -> Document | None:
    """Issue the credit note of a refund that succeeded, once; the order must be locked.

    None where nothing is to be corrected: what was paid twice, or too late, is on no invoice.
    """
    invoice, payment = invoice_of(session, order), session.get_one(Payment, refund.payment_id)
    is_of_it = payment.gift_card_id is not None or (
        invoice is not None and invoice.content["payment_id"] == refund.payment_id
    )
    if invoice is None or not is_of_it:
        return None
    found = select(Document).where(Document.refund_id == refund.id)
    known = session.scalars(found).one_or_none()
    if known is not None:
        return known
    whole = session.scalars(
        select(Refund)
        .where(Refund.id == refund.id)
        .options(selectinload(Refund.lines))
        .execution_options(populate_existing=True)
    ).one()
    moment = now()
    note = Document(
        kind=DocumentKind.CREDIT_NOTE,
        number=next_number(session, DocumentKind.CREDIT_NOTE),
        order_id=order.id,
        refund_id=refund.id,
        content=content.of_credit_note(
            order, whole, payment, invoice, seller(session), moment, zone
        ),
        actor=actor,
        created_at=moment,
    )
    session.add(note)
    session.flush()
    return note


def invoice_of(session: Session, order: Order) -> Document | None:
    """Return an order's invoice, or None."""
    found = select(Document).where(
        Document.order_id == order.id, Document.kind == DocumentKind.INVOICE
    )
    return session.scalars(found).one_or_none()
