"""What is printed on an invoice or a credit note: frozen on the day that it is issued."""

from datetime import datetime
from typing import Any

from models import Document, Money, Order, OrderLine, Payment, Refund
from storefront.documents.words import address_of, title_of
from storefront.formatting import day, money


def of_invoice(
    order: Order, payment: Payment, seller: dict[str, Any], moment: datetime, zone: str
) -> dict[str, Any]:
    """Return the content of a paid order's invoice; its lines and discounts must be loaded."""
    page = {
        **_head(order, seller, moment, zone),
        "title": "Invoice",
        "facts": [
            ["Order", order.number],
            ["Ordered", day(order.created_at, zone)],
            ["Paid", day(order.paid_at or moment, zone)],
        ],
        "lines": [_line(order, line) for line in order.lines],
        "sums": [[title, money(amount)] for title, amount in order.sums],
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
    page = {
        **_head(order, seller, moment, zone),
        "title": "Credit note",
        "facts": [
            ["Corrects", f"{invoice.label} of {day(invoice.created_at, zone)}"],
            ["Order", order.number],
            ["Given back", day(refund.settled_at or moment, zone)],
        ],
        "lines": units,
        "sums": [],
        "total": money(refund.amount),
        "note": "This amount went back the way it was paid.",
    }
    return _frozen(refund.amount, payment, page)


def _paid(order: Order) -> str:
    if not order.total.minor:
        return "Nothing is to be paid."
    if order.gift_minor:
        return f"Paid in full, {money(order.gift)} of it by gift card."
    return "Paid in full."


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
        "issued": day(moment, zone),
    }


def _line(order: Order, line: OrderLine) -> dict[str, Any]:
    currency = order.total.currency
    about = []
    if line.discount_minor:
        about.append(f"Discount \N{MINUS SIGN}{money(Money(line.discount_minor, currency))}")
    if line.tax_minor:
        tax = money(Money(line.tax_minor, currency))
        about.append(f"{'Includes' if order.tax_is_included else 'Plus'} {order.tax_title} {tax}")
    return {
        "what": title_of(line),
        "sku": line.sku,
        "about": about,
        "quantity": line.quantity,
        "each": money(line.unit_price),
        "amount": money(line.total),
    }
