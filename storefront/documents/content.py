"""What is printed on an invoice or a credit note: frozen on the day that it is issued.

It speaks the language of the order, whoever issues it.
"""

from datetime import datetime
from typing import Any

from models import Document, Money, Order, OrderLine, Payment, Refund
from models.language import language, speaking
from storefront.documents.words import address_of, title_of
from storefront.formatting import day, money
from storefront.languages import gettext
from storefront.languages.sums import said_sums


def of_invoice(
    order: Order, payment: Payment, seller: dict[str, Any], moment: datetime, zone: str
) -> dict[str, Any]:
    """Return the content of a paid order's invoice; its lines and discounts must be loaded."""
    with speaking(order.language):
        page = {
            **_head(order, seller, moment, zone),
            "title": gettext("Invoice"),
            "facts": [
                [gettext("Order"), order.number],
                [gettext("Ordered"), day(order.created_at, zone)],
                [gettext("Paid"), day(order.paid_at or moment, zone)],
            ],
            "lines": [_line(order, line) for line in order.lines],
            "sums": [[title, money(amount)] for title, amount in said_sums(order)],
            "total": money(order.total),
            "note": _paid(order),
        }
    return _frozen(order.total, payment, page)


def of_credit_note(  # noqa: PLR0913, PLR0917 (everything that is printed on it)
    order: Order,
    refund: Refund,
    payment: Payment,
    invoice: Document,
    seller: dict[str, Any],
    moment: datetime,
    zone: str,
) -> dict[str, Any]:
    """Return the content of a refund's credit note; the refund's lines must be loaded."""
    by_id = {line.id: line for line in order.lines}
    units = [
        {
            "what": title_of(by_id[it.order_line_id]),
            "sku": by_id[it.order_line_id].sku,
            "about": [],
            "quantity": it.quantity,
            "each": "",
            "amount": "",
        }
        for it in refund.lines
        if it.order_line_id in by_id
    ]
    with speaking(order.language):
        of_day = day(invoice.created_at, zone)
        corrected = gettext("%(label)s of %(day)s", label=invoice.label, day=of_day)
        page = {
            **_head(order, seller, moment, zone),
            "title": gettext("Credit note"),
            "facts": [
                [gettext("Corrects"), corrected],
                [gettext("Order"), order.number],
                [gettext("Given back"), day(refund.settled_at or moment, zone)],
            ],
            "lines": units,
            "sums": [],
            "total": money(refund.amount),
            "note": gettext("This amount went back the way it was paid."),
        }
    return _frozen(refund.amount, payment, page)


def _paid(order: Order) -> str:
    if not order.total.minor:
        return gettext("Nothing is to be paid.")
    if order.gift_minor:
        gift = money(order.gift)
        return gettext("Paid in full, %(amount)s of it by gift card.", amount=gift)
    return gettext("Paid in full.")


def _frozen(total: Money, payment: Payment, page: dict[str, Any]) -> dict[str, Any]:
    return {
        "total_minor": total.minor,
        "currency": total.currency,
        "payment_id": payment.id,
        "page": page,
    }


def _head(order: Order, seller: dict[str, Any], moment: datetime, zone: str) -> dict[str, Any]:
    return {
        "seller": seller,
        "buyer": [*address_of(order), *([order.email] if order.email else [])],
        "issued": gettext("Issued %(day)s", day=day(moment, zone)),
        "language": language(),
        "words": {
            "tax_number": gettext("Tax number"),
            "to": gettext("To"),
            "columns": [gettext("What"), gettext("Units"), gettext("Each"), gettext("Amount")],
            "total": gettext("Total"),
        },
    }


def _line(order: Order, line: OrderLine) -> dict[str, Any]:
    currency = order.total.currency
    about = []
    if line.discount_minor:
        off = f"\N{MINUS SIGN}{money(Money(line.discount_minor, currency))}"
        about.append(gettext("Discount %(amount)s", amount=off))
    if line.tax_minor:
        tax = money(Money(line.tax_minor, currency))
        what = f"{order.tax_title} {tax}"
        is_in = order.tax_is_included
        about.append(
            gettext("Includes %(title)s", title=what)
            if is_in
            else gettext("Plus %(tax)s", tax=what)
        )
    return {
        "what": title_of(line),
        "sku": line.sku,
        "about": about,
        "quantity": line.quantity,
        "each": money(line.unit_price),
        "amount": money(line.total),
    }
