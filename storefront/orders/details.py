"""What an order's page tells beside the order: its money, its papers, and what was asked of it."""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from models import (
    Dispute,
    Document,
    Money,
    Order,
    OrderQuestion,
    Payment,
    Refund,
    RefundStatus,
    Return,
)
from models.apart import apart, gathered
from models.balance import GoodsStatus, MoneyStatus, balance_of
from storefront.orders import returns

_OF: Any = bindparam("of")
_PAYMENTS = select(Payment.id).where(Payment.order_id == _OF)
_BESIDE = apart(
    (OrderQuestion, OrderQuestion.order_id == _OF, (OrderQuestion.id,)),
    (Payment, Payment.order_id == _OF, (Payment.id,)),
    (Refund, Refund.payment_id.in_(_PAYMENTS), (Refund.id,)),
    (Dispute, Dispute.payment_id.in_(_PAYMENTS), (Dispute.id,)),
    (Document, Document.order_id == _OF, (Document.kind.desc(), Document.number)),
    (Return, (Return.order_id == _OF) | (Return.exchange_id == _OF), (Return.id,)),
)


@dataclass(frozen=True, slots=True)
class Account:
    """The money of one order, and how far its goods are, as its buyer may see it.

    payments: those of which money came. refunds: what went back, is on its way there, or did not
    arrive; not what was given up before it was asked for.
    """

    money: MoneyStatus
    goods: GoodsStatus
    payments: Sequence[Payment]
    refunds: Sequence[Refund]

    @property
    def remaining(self) -> Money | None:
        """What stays paid, where that is one amount of one currency and a part went back."""
        left = [payment.refundable for payment in self.payments]
        currencies = {amount.currency for amount in left}
        rest = sum(amount.minor for amount in left)
        if not self.refunds or not rest or len(currencies) != 1:
            return None
        return Money(rest, currencies.pop())


@dataclass(frozen=True, slots=True)
class Details:
    """documents: the invoice first. is_exchange: the order is what something was exchanged for.

    can_return: a unit that left may still come back.
    """

    account: Account
    documents: Sequence[Document]
    returns: Sequence[Return]
    questions: Sequence[OrderQuestion]
    is_exchange: bool
    can_return: bool


def details(session: Session, order: Order) -> Details:
    """Return what stands beside an order, whose lines are loaded; in one query where it is new."""
    questions, payments, refunds, disputes, documents, own = gathered(
        session, _BESIDE, {"of": order.id}
    )
    balance = balance_of(order, payments, refunds, disputes)
    by_card = {it.id for it in payments if it.gift_card_id is not None}
    account = Account(
        balance.money,
        balance.goods,
        [it for it in payments if it.captured_minor],
        [it for it in refunds if _is_told(it, by_card)],
    )
    has_left = any(line.shipped_quantity for line in order.lines)
    return Details(
        account,
        documents,
        returns.of_order(session, order) if any(it.order_id == order.id for it in own) else (),
        questions,
        is_exchange=any(it.exchange_id == order.id for it in own),
        can_return=has_left and bool(returns.returnable(session, order)),
    )


def _is_told(refund: Refund, by_card: Container[int]) -> bool:
    """Say whether the buyer is told of a refund: of a gift card's payment Stripe knows nothing."""
    is_known = refund.refund_id is not None or refund.status is RefundStatus.REQUESTED
    is_known = is_known or refund.payment_id in by_card
    return is_known and refund.status is not RefundStatus.CANCELED
