"""What of an order's money came, went back and is due: it follows from payments and refunds."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, select, union_all
from sqlalchemy.orm import Session, join

from models.money import Money
from models.order import Order, OrderStatus
from models.order_line import OrderLine
from models.payment import Payment
from models.refund import COUNTED, Dispute, Refund, RefundStatus

# Statuses in which an order can still be paid.
OPEN = frozenset({OrderStatus.DRAFT, OrderStatus.PENDING, OrderStatus.PROCESSING})


class MoneyStatus(enum.StrEnum):
    """How far an order's money has come."""

    DUE = "due"
    AWAITED = "awaited"  # by a method whose money comes days later
    PAID = "paid"
    OVERPAID = "overpaid"
    PARTLY_REFUNDED = "partly refunded"
    REFUNDED = "refunded"
    CHARGED_BACK = "charged back"
    NOT_PAID = "not paid"  # and will not be: the order has ended


class GoodsStatus(enum.StrEnum):
    """How far an order's goods have come."""

    WAITING = "waiting"  # for the money
    TO_SHIP = "to ship"
    PARTLY_SHIPPED = "partly shipped"
    SHIPPED = "shipped"
    NOT_SHIPPED = "not shipped"  # and will not be: the order has ended


@dataclass(frozen=True, slots=True)
class Balance:
    """An order's money, in minor units of its currency.

    captured: what came. refunded: what went back; refunding: what is on its way there.
    charged_back: what Stripe took for disputes. shipped: units that left in parcels.
    """

    order: Order
    captured: int = 0
    refunded: int = 0
    refunding: int = 0
    charged_back: int = 0
    shipped: int = 0

    @property
    def kept(self) -> int:
        """What came and stays, as far as is known."""
        return self.captured - self.refunded - self.refunding - self.charged_back

    def in_currency(self, minor: int) -> Money:
        """Return an amount of it as money."""
        return Money(minor, self.order.total.currency)

    @property
    def due(self) -> Money:
        """What is still to be paid: nothing once the order ended or any money went back."""
        open_ = self.order.status in OPEN
        missing = max(0, self.order.to_pay.minor - self.captured) if open_ else 0
        return Money(missing, self.order.total.currency)

    @property
    def money(self) -> MoneyStatus:
        """How far the money has come."""
        if self.charged_back:
            return MoneyStatus.CHARGED_BACK
        if not self.captured:
            return self._without_money()
        gone = self.refunded + self.refunding
        if gone and not self.kept:
            return MoneyStatus.REFUNDED
        if self.kept > self.order.total.minor:
            return MoneyStatus.OVERPAID
        return MoneyStatus.PARTLY_REFUNDED if gone else MoneyStatus.PAID

    def _without_money(self) -> MoneyStatus:
        status = self.order.status
        if status is OrderStatus.PROCESSING:
            return MoneyStatus.AWAITED
        if status is OrderStatus.CANCELLED:
            return MoneyStatus.NOT_PAID
        return (
            MoneyStatus.DUE
            if self.order.total.minor and not self.order.paid_at
            else MoneyStatus.PAID
        )

    @property
    def goods(self) -> GoodsStatus:
        """How far the goods have come."""
        if self.shipped and self.order.status is not OrderStatus.SHIPPED:
            return GoodsStatus.PARTLY_SHIPPED
        return {
            OrderStatus.DRAFT: GoodsStatus.WAITING,
            OrderStatus.PENDING: GoodsStatus.WAITING,
            OrderStatus.PROCESSING: GoodsStatus.WAITING,
            OrderStatus.PAID: GoodsStatus.TO_SHIP,
            OrderStatus.SHIPPED: GoodsStatus.SHIPPED,
            OrderStatus.CANCELLED: GoodsStatus.NOT_SHIPPED,
        }[self.order.status]


def balance_of(
    order: Order,
    payments: Sequence[Payment],
    refunds: Sequence[Refund],
    disputes: Sequence[Dispute],
) -> Balance:
    """Return the balance of an order, of which all this and the lines are loaded."""
    done = sum(it.amount.minor for it in refunds if it.status is RefundStatus.SUCCEEDED)
    counted = sum(it.amount.minor for it in refunds if it.status in COUNTED)
    return Balance(
        order,
        captured=sum(it.captured_minor for it in payments),
        refunded=done,
        refunding=counted - done,
        charged_back=sum(it.taken_minor for it in disputes),
        shipped=sum(line.shipped_quantity for line in order.lines),
    )


def balances(session: Session, orders: Sequence[Order]) -> dict[int, Balance]:
    """Return the balance of each order by its id, in one query however many there are."""
    sums: dict[int, list[int]] = {order.id: [0] * len(_SUMS) for order in orders}
    for kind, order_id, amount in session.execute(_BALANCES, {"ids": list(sums)}):
        sums[order_id][kind] = int(amount)
    return {
        order.id: Balance(order, captured, refunded, counted - refunded, taken, shipped)
        for order in orders
        for captured, refunded, counted, taken, shipped in [sums[order.id]]
    }


_AMOUNT = Refund.__table__.c["amount_minor"]
_REFUNDED = func.sum(case((Refund.status == RefundStatus.SUCCEEDED, _AMOUNT), else_=0))
_COUNTED = func.sum(case((Refund.status.in_(COUNTED), _AMOUNT), else_=0))
_SUMS: tuple[tuple[Any, Any, Any], ...] = (
    (func.sum(Payment.captured_minor), Payment.order_id, Payment),
    (_REFUNDED, Payment.order_id, join(Refund, Payment, Payment.id == Refund.payment_id)),
    (_COUNTED, Payment.order_id, join(Refund, Payment, Payment.id == Refund.payment_id)),
    (func.sum(Dispute.taken_minor), Payment.order_id, join(Dispute, Payment)),
    (func.sum(OrderLine.shipped_quantity), OrderLine.order_id, OrderLine),
)
_BALANCES: Any = union_all(
    *(
        select(literal_column(str(kind)), of, amount)
        .select_from(source)
        .where(of.in_(bindparam("ids", expanding=True)))
        .group_by(of)
        for kind, (amount, of, source) in enumerate(_SUMS)
    )
)
