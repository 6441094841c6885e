"""Exports of what was sold, and to whom."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from models import Customer, Discount, Order, OrderLine, Payment
from storefront.spreadsheet import Cell
from storefront.staff.exports.table import Period, Table, amount, moment
from storefront.staff.listing import AnySelect
from storefront.staff.typed import percent_text

_PLACE = ("name", "line1", "line2", "postal_code", "city", "state", "country")
_TOTAL, _CURRENCY = Order.__table__.c["total_minor"], Order.__table__.c["currency"]
_REFUNDED = (
    select(func.coalesce(func.sum(Payment.refunded_minor), 0))
    .where(Payment.order_id == Order.id)
    .scalar_subquery()
)


def _orders(period: Period) -> AnySelect:
    return (
        select(
            *(Order.number, Order.created_at, Order.paid_at, Order.shipped_at, Order.status),
            *(Order.email, Order.name, _CURRENCY.label("currency")),
            *(Order.subtotal_minor, Order.discount_minor, Order.shipping_minor, Order.tax_minor),
            *(_TOTAL.label("total_minor"), _REFUNDED.label("refunded_minor")),
            Order.shipping_address,
        )
        .where(*period.of(Order.created_at))
        .order_by(Order.id)
    )


def _order(row: Any) -> Sequence[Cell]:
    sums = ("subtotal", "discount", "shipping", "tax", "total", "refunded")
    place = row.shipping_address or {}
    return (
        *(row.number, moment(row.created_at), moment(row.paid_at), moment(row.shipped_at)),
        *(row.status.value, row.email, row.name, row.currency),
        *(amount(getattr(row, f"{it}_minor"), row.currency) for it in sums),
        *(str(place.get(it) or "") for it in _PLACE),
    )


def _lines(period: Period) -> AnySelect:
    price = OrderLine.__table__.c["unit_price_minor"]
    return (
        select(
            *(Order.number, Order.created_at, Order.status, _CURRENCY.label("currency")),
            *(OrderLine.sku, OrderLine.title, OrderLine.variant_title, OrderLine.quantity),
            *(OrderLine.shipped_quantity, OrderLine.refunded_quantity),
            *(price.label("price_minor"), OrderLine.discount_minor, OrderLine.tax_minor),
        )
        .join(Order, Order.id == OrderLine.order_id)
        .where(*period.of(Order.created_at))
        .order_by(OrderLine.id)
    )


def _line(row: Any) -> Sequence[Cell]:
    sums = (row.price_minor, row.discount_minor, row.tax_minor)
    return (
        *(row.number, moment(row.created_at), row.status.value),
        *(row.sku, row.title, row.variant_title),
        *(row.quantity, row.shipped_quantity, row.refunded_quantity, row.currency),
        *(amount(it, row.currency) for it in sums),
    )


def _customers(period: Period) -> AnySelect:
    orders = (
        select(func.count(Order.id))
        .where(Order.customer_id == Customer.id, Order.paid_at.is_not(None))
        .scalar_subquery()
    )
    return (
        select(
            *(Customer.email, Customer.name, Customer.created_at, Customer.verified_at),
            orders.label("orders"),
        )
        .where(*period.of(Customer.created_at))
        .order_by(Customer.id)
    )


def _customer(row: Any) -> Sequence[Cell]:
    return (row.email, row.name, moment(row.created_at), moment(row.verified_at), row.orders)


def _discounts(period: Period) -> AnySelect:
    del period
    return select(Discount).order_by(Discount.id)


def _discount(row: Any) -> Sequence[Cell]:
    it = row[0]
    return (
        *(it.title, it.code, it.kind.value, Decimal(percent_text(it.percent_ppm))),
        *(amount(it.amount_minor, it.currency), it.currency),
        *(moment(it.starts_at), moment(it.ends_at), it.used, it.max_uses),
        "yes" if it.is_active else "no",
    )


SALES = (
    Table(
        "orders",
        "Orders",
        (
            *("number", "placed (UTC)", "paid (UTC)", "shipped (UTC)", "status", "email", "buyer"),
            *("currency", "subtotal", "discount", "shipping", "tax", "total", "refunded"),
            *("name", "line1", "line2", "postal_code", "city", "state", "country"),
        ),
        _orders,
        _order,
        has_period=True,
    ),
    Table(
        "order-lines",
        "Order lines",
        (
            *("order", "placed (UTC)", "status", "sku", "title", "variant", "quantity"),
            *("shipped", "refunded", "currency", "unit price", "discount", "tax"),
        ),
        _lines,
        _line,
        has_period=True,
    ),
    Table(
        "customers",
        "Customers with an account",
        ("email", "name", "since (UTC)", "proven (UTC)", "paid orders"),
        _customers,
        _customer,
        has_period=True,
    ),
    Table(
        "discounts",
        "Discounts",
        (
            *("title", "code", "kind", "percent", "amount", "currency", "starts (UTC)"),
            *("ends (UTC)", "uses", "most uses", "active"),
        ),
        _discounts,
        _discount,
    ),
)
