"""Rules of gift cards: each ledger replays to its balance, and to what orders paid by it."""

from collections.abc import Iterator

from sqlalchemy import and_, case, func, or_, select
from sqlalchemy.orm import Session

from models import (
    GiftCard,
    GiftCardMovement,
    GiftCardMovementKind,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
)
from storefront.verify.columns import column, or_zero, total

PAID = (OrderStatus.PAID, OrderStatus.SHIPPED)
ISSUED = GiftCardMovementKind.ISSUED


def ledger_is_balance(session: Session) -> Iterator[str]:
    """Hold each card's balance against the sum of its ledger, and its amount against its first."""
    is_issued = GiftCardMovement.kind == ISSUED
    sums = (
        select(
            GiftCardMovement.gift_card_id,
            total(GiftCardMovement.amount_minor).label("balance"),
            total(case((is_issued, GiftCardMovement.amount_minor), else_=0)).label("issued"),
        )
        .group_by(GiftCardMovement.gift_card_id)
        .subquery()
    )
    balance, issued = or_zero(sums.c.balance), or_zero(sums.c.issued)
    amount = column(GiftCard, "amount_minor")
    wrong = (
        select(GiftCard.id, GiftCard.last4, GiftCard.balance_minor, balance, amount, issued)
        .outerjoin(sums, sums.c.gift_card_id == GiftCard.id)
        .where(or_(GiftCard.balance_minor != balance, amount != issued))
        .order_by(GiftCard.id)
    )
    for card_id, last4, has, should, worth, first in session.execute(wrong):
        yield (
            f"gift card {card_id} (…{last4}): {has} of {worth} left,"
            f" {should} of {first} in its ledger"
        )


def payments_are_in_the_ledger(session: Session) -> Iterator[str]:
    """Hold what each order holds or has spent of its card against the card's ledger."""
    state = Payment.status
    should = case(
        (state == PaymentStatus.OPEN, column(Payment, "amount_minor")),
        (state == PaymentStatus.PAID, Payment.captured_minor - Payment.refunded_minor),
        else_=0,
    )
    spent = (
        select(
            GiftCardMovement.gift_card_id,
            GiftCardMovement.order_id,
            (-func.sum(GiftCardMovement.amount_minor)).label("spent"),
        )
        .where(GiftCardMovement.kind != ISSUED, GiftCardMovement.order_id.is_not(None))
        .group_by(GiftCardMovement.gift_card_id, GiftCardMovement.order_id)
        .subquery()
    )
    of_it = and_(spent.c.order_id == Payment.order_id, spent.c.gift_card_id == Payment.gift_card_id)
    wrong = (
        select(Payment.key, state, should, or_zero(spent.c.spent))
        .outerjoin(spent, of_it)
        .where(Payment.gift_card_id.is_not(None), should != or_zero(spent.c.spent))
        .order_by(Payment.key)
    )
    for key, found, held, in_ledger in session.execute(wrong):
        yield f"payment {key}: {found}, takes {held} off its gift card, the ledger says {in_ledger}"


def orders_say_what_cards_pay(session: Session) -> Iterator[str]:
    """Hold what each open or paid order says its gift card pays against that payment."""
    wrong = (
        select(Order.number, Order.gift_minor, or_zero(column(Payment, "amount_minor")))
        .outerjoin(Payment, and_(Payment.order_id == Order.id, Payment.gift_card_id.is_not(None)))
        .where(Order.gift_minor != or_zero(column(Payment, "amount_minor")))
        .order_by(Order.number)
    )
    for number, has, should in session.execute(wrong):
        yield f"{number}: a gift card is to pay {has}, its payment is of {should}"


def sold_cards_are_issued(session: Session) -> Iterator[str]:
    """Hold how many cards each paid order's lines are of against those that were issued."""
    issued = (
        select(GiftCard.order_line_id, func.count().label("cards"))
        .group_by(GiftCard.order_line_id)
        .subquery()
    )
    should = case(
        (and_(OrderLine.is_gift_card, Order.status.in_(PAID)), OrderLine.quantity), else_=0
    )
    cards = or_zero(issued.c.cards)
    wrong = (
        select(Order.number, OrderLine.sku, should, cards)
        .join(Order, Order.id == OrderLine.order_id)
        .outerjoin(issued, issued.c.order_line_id == OrderLine.id)
        .where(should != cards, Order.status != OrderStatus.CANCELLED)
        .order_by(Order.number, OrderLine.sku)
    )
    for number, sku, sold, there in session.execute(wrong):
        yield f"{number}: {sold} of {sku} sold, {there} gift cards issued"


RULES = (
    ledger_is_balance,
    payments_are_in_the_ledger,
    orders_say_what_cards_pay,
    sold_cards_are_issued,
)
