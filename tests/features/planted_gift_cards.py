"""What can be wrong with gift cards: each fault is planted, and says what verify should."""

from sqlalchemy import update

from models import GiftCard, GiftCardMovement, Money, Order, OrderLine, Payment, now
from models.gift_card import issue


def _card(session):
    card = GiftCard(code_digest="d" * 64, last4="WXYZ", amount=Money(5000, "USD"), send_at=now())
    issue(session, card, actor="test")
    session.flush()
    return card


def leave_more_on_a_card(session, variant, order):
    card = _card(session)
    session.execute(update(GiftCardMovement).values(amount_minor=4000))
    return [f"gift card {card.id} (…WXYZ): 5000 of 5000 left, 4000 of 4000 in its ledger"]


def pay_by_a_card_that_was_not_taken_from(session, variant, order):
    card = _card(session)
    session.add(
        Payment(
            order_id=order.id,
            attempt=0,
            key="test-gift",
            amount=Money(100, "USD"),
            gift_card_id=card.id,
            expires_at=now(),
        )
    )
    session.execute(update(Order).where(Order.id == order.id).values(gift_minor=200))
    session.flush()
    return [
        f"{order.number}: paid, 17622 of 17622 received, 17622 kept",
        f"{order.number}: invoice 1 is of 17622, 17822 came",
        "payment test-gift: open, takes 100 off its gift card, the ledger says 0",
        f"{order.number}: a gift card is to pay 200, its payment is of 100",
    ]


def sell_a_card_without_issuing_it(session, variant, order):
    session.execute(
        update(OrderLine).where(OrderLine.order_id == order.id).values(is_gift_card=True)
    )
    return [
        f"{order.number}: its lines need 0 of TOOL, 2 left the stock",
        f"{order.number}: 2 of TOOL sold, 0 gift cards issued",
    ]


PLANTS = [
    leave_more_on_a_card,
    pay_by_a_card_that_was_not_taken_from,
    sell_a_card_without_issuing_it,
]
