"""What of an order's money came, went back and is due: it follows from payments and refunds."""

import enum
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import Session

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


def balances(session: Session, orders: Sequence[Order]) -> dict[int, Balance]:
    """Return the balance of each order by its id, in four queries however many there are."""
    ids = [order.id for order in orders]
    captured = _sums(session, select(Payment.order_id, func.sum(Payment.captured_minor)), ids)
    amount = Refund.__table__.c["amount_minor"]
    done = case((Refund.status == RefundStatus.SUCCEEDED, amount), else_=0)
    counted = case((Refund.status.in_(COUNTED), amount), else_=0)
    refunds = session.execute(
        select(Payment.order_id, func.sum(done), func.sum(counted))
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id.in_(ids))
        .group_by(Payment.order_id)
    )
    refunded = {row[0]: (int(row[1]), int(row[2]) - int(row[1])) for row in refunds}
    disputed = select(Payment.order_id, func.sum(Dispute.taken_minor)).join(
        Payment, Payment.id == Dispute.payment_id
    )
    taken = _sums(session, disputed, ids)
    units = select(OrderLine.order_id, func.sum(OrderLine.shipped_quantity))
    left = session.execute(units.where(OrderLine.order_id.in_(ids)).group_by(OrderLine.order_id))
    shipped = {row[0]: int(row[1]) for row in left}
    return {
        order.id: Balance(
            order,
            captured.get(order.id, 0),
            *refunded.get(order.id, (0, 0)),
            charged_back=taken.get(order.id, 0),
            shipped=shipped.get(order.id, 0),
        )
        for order in orders
    }


def _sums(session: Session, wanted: Select[int, int], ids: Sequence[int]) -> dict[int, int]:
    found = session.execute(wanted.where(Payment.order_id.in_(ids)).group_by(Payment.order_id))
    return {row[0]: int(row[1]) for row in found}
