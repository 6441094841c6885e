"""Forgetting people whom gift cards were for, and those who gave them."""

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from models import Cart, CartLine, GiftCard, Order, OrderLine, SavedLine


def forget(session: Session, email: str, of_hers: ColumnElement[bool]) -> int:
    """Take a person out of the cards that she got or gave; return how many those were.

    of_hers: which orders are hers. The cards stay, with their money: whoever has a code can spend
    it. What was not mailed yet is not mailed any more where she was to get it. Messages to others
    on her orders go too.
    """
    hers = select(Order.id).where(of_hers)
    got = GiftCard.recipient_email == email
    session.execute(
        update(GiftCard)
        .where(GiftCard.order_id.in_(hers))
        .values(sender_name="", message="")
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(OrderLine)
        .where(
            OrderLine.is_gift_card,
            or_(
                OrderLine.order_id.in_(hers),
                OrderLine.id.in_(select(GiftCard.order_line_id).where(got)),
            ),
        )
        .values(gifts=[])
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(Order)
        .where(of_hers)
        .values(gift_message="")
        .execution_options(synchronize_session=False)
    )
    in_carts = select(Order.cart_id).where(of_hers, Order.cart_id.is_not(None))
    session.execute(
        update(Cart)
        .where(Cart.id.in_(in_carts))
        .values(gift_message="", removed_gifts=[])
        .execution_options(synchronize_session=False)
    )
    for table in (CartLine, SavedLine):
        session.execute(
            update(table)
            .where(table.cart_id.in_(in_carts))
            .values(gifts=[])
            .execution_options(synchronize_session=False)
        )
    forgotten = session.execute(
        update(GiftCard)
        .where(got)
        .values(recipient_email="", recipient_name="", message="")
        .returning(GiftCard.id)
        .execution_options(synchronize_session=False)
    )
    return len(forgotten.all())
