"""Orders as specimens show them, from the first click to the door."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from models import DiscountUse, Fulfilment, FulfilmentLine, Order, OrderLine, OrderStatus
from models.balance import GoodsStatus, MoneyStatus
from storefront.dev.specimens.shelf import LONG, usd
from storefront.orders import words
from storefront.orders.details import Account

PLACED = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)


def order(status: OrderStatus, *, days: int = 0, **other: Any) -> Order:
    """Return an order of two lines. days: since it was paid, None of them where it is unpaid."""
    found = Order(
        number="QL-7K2MPQ4X",
        token="specimen",  # noqa: S106 (opens nothing)
        status=status,
        created_at=PLACED,
        paid_at=PLACED if status in {OrderStatus.PAID, OrderStatus.SHIPPED} else None,
        shipped_at=PLACED + timedelta(days) if status is OrderStatus.SHIPPED else None,
        total=usd(20910),
        subtotal_minor=21300,
        discount_minor=890,
        shipping_minor=500,
        shipping_title="Post",
        tax_minor=0,
        tax_is_included=True,
        gift_minor=0,
        **other,
    )
    found.lines = [
        _line(1, "QL Claw", "Red", 2, 8900),
        _line(2, LONG, "", 1, 3500, promise="Ships in about three weeks."),
    ]
    found.discounts = [DiscountUse(title="Ten percent (TEN)", goods_minor=890)]
    return found


def _line(
    line_id: int, title: str, variant: str, quantity: int, minor: int, **other: Any
) -> OrderLine:
    return OrderLine(
        id=line_id,
        product_handle="ql-claw",
        title=title,
        variant_title=variant,
        sku=f"QLC-{line_id}",
        quantity=quantity,
        unit_price=usd(minor),
        **{"promise": "", "cancelled_quantity": 0, "shipped_quantity": 0} | other,
    )


def parcel(*contents: tuple[int, int], days: int | None = None, number: str = "") -> Fulfilment:
    """Return a parcel of (line, units). days: after which it was delivered, None before it is."""
    return Fulfilment(
        created_at=PLACED + timedelta(1),
        delivered_at=None if days is None else PLACED + timedelta(days),
        lines=[FulfilmentLine(order_line_id=it, quantity=units) for it, units in contents],
        carrier="DHL",
        tracking_number=number,
        tracking_url=f"https://example.com/{number}" if number else "",
    )


def values() -> dict[str, Any]:
    """Return what the page of orders shows."""
    ways = {
        "unpaid": ("Waits for payment", _order(OrderStatus.PENDING)),
        "bank": ("Payment on its way", _order(OrderStatus.PROCESSING)),
        "paid": ("Paid", _order(OrderStatus.PAID)),
        "partly": (
            "A part has left",
            _order(OrderStatus.PAID, parcel((1, 2), number="00340434161094042557")),
        ),
        "shipped": ("On its way", _order(OrderStatus.SHIPPED, parcel((1, 2), (2, 1)))),
        "arrived": ("Delivered", _order(OrderStatus.SHIPPED, parcel((1, 2), (2, 1), days=4))),
        "cancelled": ("Cancelled", _order(OrderStatus.CANCELLED)),
    }
    cancelled = _order(OrderStatus.PAID)
    cancelled.lines[0].cancelled_quantity, cancelled.gift_minor = 1, 5000
    return {
        "ways": {name: (title, it, _account(it)) for name, (title, it) in ways.items()},
        "cancelled_line": cancelled,
        "words": words,
    }


def _order(status: OrderStatus, *parcels: Fulfilment) -> Order:
    found = order(status, days=1)
    found.fulfilments = list(parcels)
    return found


def _account(of: Order) -> Account:
    money = {
        OrderStatus.PENDING: MoneyStatus.DUE,
        OrderStatus.PROCESSING: MoneyStatus.AWAITED,
        OrderStatus.CANCELLED: MoneyStatus.NOT_PAID,
    }.get(of.status, MoneyStatus.PAID)
    goods = {
        OrderStatus.PAID: GoodsStatus.PARTLY_SHIPPED if of.fulfilments else GoodsStatus.TO_SHIP,
        OrderStatus.SHIPPED: GoodsStatus.SHIPPED,
        OrderStatus.CANCELLED: GoodsStatus.NOT_SHIPPED,
    }.get(of.status, GoodsStatus.WAITING)
    nothing: Sequence[Any] = ()
    return Account(money, goods, nothing, nothing)
