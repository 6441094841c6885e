"""What can be wrong with a shop's books: each fault is planted, and says what verify should."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from models import (
    Comment,
    Discount,
    DiscountCustomer,
    DiscountUse,
    DiscountUseState,
    Document,
    Money,
    MovementKind,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    PlainPage,
    Refund,
    RefundLine,
    RefundStatus,
    StockMovement,
    now,
)
from storefront.payments.outcome import waiting_for
from tests.features import planted_gift_cards, planted_stock
from tests.features.planted_stock import LINE, PAYMENT, pending

IS_RECEIVED = StockMovement.kind == MovementKind.RECEIVED


def lose_the_lines(session, variant, order):
    session.execute(delete(OrderLine).where(OrderLine.order_id == order.id))
    return [
        f"{order.number}: its lines need 0 of TOOL, 2 left the stock",
        f"{order.number}: the subtotal is 17800, the lines sum to 0",
        f"{order.number}: the discount is 1780, the lines share 0",
        f"{order.number}: the tax is 1602, lines and shipping have 0",
    ]


def change_the_shares_of_a_line(session, variant, order):
    of_order = LINE.c.order_id == order.id
    session.execute(update(LINE).where(of_order).values(discount_minor=1779, tax_minor=1603))
    return [
        f"{order.number}: the discount is 1780, the lines share 1779",
        f"{order.number}: the tax is 1602, lines and shipping have 1603",
    ]


def change_what_a_discount_took(session, variant, order):
    session.execute(update(DiscountUse).values(goods_minor=5))
    return [f"{order.number}: the discount is 1780, the discounts took 5"]


def change_the_currency_of_a_line(session, variant, order):
    of_order = LINE.c.order_id == order.id
    session.execute(update(LINE).where(of_order).values(unit_price_currency="EUR"))
    return [f"{order.number}: in USD, but TOOL in EUR"]


def be_paid_twice(session, variant, order):
    session.add(OrderEvent(order_id=order.id, kind="paid", actor="test"))
    session.flush()
    return [f"{order.number}: paid, became paid 2 times"]


def be_paid_never(session, variant, order):
    session.execute(update(Order).where(Order.id == order.id).values(paid_at=None))
    session.execute(delete(OrderEvent).where(OrderEvent.kind == "paid"))
    return [f"{order.number}: paid, became paid 0 times"]


def count_a_use_too_many(session, variant, order):
    session.execute(update(Discount).values(used=2))
    return ["Ten off: counted 2 uses, orders have 1"]


def count_a_customers_use_too_few(session, variant, order):
    session.execute(delete(DiscountCustomer))
    return ["Ten off: counted 0 uses by ada@example.com, orders have 1"]


def give_a_use_back_that_was_paid_with(session, variant, order):
    session.execute(update(DiscountUse).values(state=DiscountUseState.RELEASED))
    session.execute(update(Discount).values(used=0))
    session.execute(update(DiscountCustomer).values(used=0))
    return [f"{order.number}: paid, but its use of Ten off is released"]


def hold_a_use_for_ever(session, variant, order):
    session.execute(update(DiscountUse).values(state=DiscountUseState.HELD))
    return [f"{order.number}: paid, but its use of Ten off is held"]


def refund_what_no_refund_says(session, variant, order):
    session.execute(update(Payment).where(Payment.order_id == order.id).values(refunded_minor=7))
    return [f"payment {order.number}-1: 7 refunded, its refunds sum to 0"]


def refund_in_another_currency(session, variant, order):
    payment = of(session, order)
    refund(session, payment, currency="EUR")
    session.execute(update(Payment).where(Payment.id == payment.id).values(refunded_minor=100))
    return [
        f"payment {order.number}-1: more than one currency: USD, EUR",
        "refund test: 100 went back, its credit note is of 0",
    ]


def ask_for_another_currency(session, variant, order):
    session.execute(update(PAYMENT).where(PAYMENT.c.order_id == order.id).values(currency="EUR"))
    return [f"payment {order.number}-1: more than one currency: USD, EUR"]


def lose_the_money(session, variant, order):
    failed = {"status": PaymentStatus.FAILED}
    session.execute(update(Payment).where(Payment.order_id == order.id).values(**failed))
    return [f"{order.number}: paid, 0 of 17622 received, 0 kept"]


def take_too_little(session, variant, order):
    session.execute(update(Payment).where(Payment.order_id == order.id).values(captured_minor=1))
    return [
        f"{order.number}: paid, 1 of 17622 received, 1 kept",
        f"{order.number}: invoice 1 is of 17622, 1 came",
    ]


def take_it_twice(session, variant, order):
    session.add(
        Payment(
            order_id=order.id,
            attempt=2,
            key="again",
            status=PaymentStatus.PAID,
            amount=order.total,
            captured_minor=17622,
            captured_currency="USD",
            expires_at=order.created_at,
        )
    )
    session.flush()
    return [f"{order.number}: paid, 35244 of 17622 received, 35244 kept"]


def take_money_for_nothing(session, variant, order):
    open_order = pending(session)
    session.execute(
        update(Payment)
        .where(Payment.order_id == open_order.id)
        .values(status=PaymentStatus.PAID, captured_minor=9790, captured_currency="USD")
    )
    return [f"{open_order.number}: pending, 9790 of 9790 received, 9790 kept"]


def keep_the_money_of_a_cancelled_order(session, variant, order):
    cancelled = {"status": OrderStatus.CANCELLED}
    session.execute(update(Order).where(Order.id == order.id).values(**cancelled))
    return [f"{order.number}: cancelled, 17622 of 17622 received, 17622 kept"]


def refund_units_that_no_refund_has(session, variant, order):
    of_order = OrderLine.order_id == order.id
    session.execute(update(OrderLine).where(of_order).values(refunded_quantity=1))
    return [f"{order.number}: 1 of TOOL refunded, its refunds have 0"]


def cancel_units_that_no_refund_has(session, variant, order):
    of_order = OrderLine.order_id == order.id
    session.execute(update(OrderLine).where(of_order).values(cancelled_quantity=1))
    return [f"{order.number}: 1 of TOOL refunded before it left, its refunds have 0"]


def ship_units_that_no_parcel_has(session, variant, order):
    of_order = OrderLine.order_id == order.id
    session.execute(update(OrderLine).where(of_order).values(shipped_quantity=1))
    return [
        f"{order.number}: 1 of TOOL shipped, its parcels hold 0",
        f"{order.number}: a part of it left, not noted",
    ]


def note_a_part_that_never_left(session, variant, order):
    session.execute(update(Order).where(Order.id == order.id).values(partly_shipped_at=now()))
    return [f"{order.number}: noted as left in part"]


def wait_for_what_has_ended(session, variant, order):
    later = Order(follows_id=order.id, status=OrderStatus.CANCELLED, total=Money(0, "USD"))
    session.add(later)
    session.flush()
    waits = {"attention": waiting_for(later.number)}
    session.execute(update(Order).where(Order.id == order.id).values(waits))
    return [f"{order.number}: waits for {later.number}, which is cancelled"]


def count_the_units_of_a_failed_refund(session, variant, order):
    made = refund(session, of(session, order), status=RefundStatus.FAILED)
    line = session.scalars(select(OrderLine).filter_by(order_id=order.id)).one()
    session.add(RefundLine(refund_id=made.id, order_line_id=line.id, quantity=2))
    session.flush()
    return refund_units_that_no_refund_has(session, variant, order)


def count_a_vote_that_nobody_gave(session, variant, order):
    page = PlainPage(handle="about-votes", title="About votes")
    session.add(page)
    session.flush()
    comment = Comment(page_id=page.id, helpful_count=1)
    session.add(comment)
    session.flush()
    return [f"comment {comment.id}: counted helpful to 1, votes of 0"]


def skip_a_number(session, variant, order):
    session.execute(update(Document).values(number=2))
    return ["invoices: 1 issued, the last is 2, counted 1"]


def give_the_invoice_to_another(session, variant, order):
    other = pending(session)
    moved = {"order_id": other.id, "created_at": now() - timedelta(days=1)}
    session.execute(update(Document).values(**moved))
    return [
        f"{order.number}: paid, but has no invoice",
        f"{other.number}: invoice 1 is of 17622, 0 came",
    ]


def of(session, order):
    return session.scalars(select(Payment).filter_by(order_id=order.id)).one()


def refund(session, payment, *, currency="USD", status=RefundStatus.SUCCEEDED):
    made = Refund(payment_id=payment.id, key="test", status=status, actor="test")
    made.amount = Money(100, currency)
    session.add(made)
    session.flush()
    return made


PLANTS = [
    *planted_stock.PLANTS,
    *planted_gift_cards.PLANTS,
    lose_the_lines,
    change_the_shares_of_a_line,
    change_what_a_discount_took,
    change_the_currency_of_a_line,
    be_paid_twice,
    be_paid_never,
    count_a_use_too_many,
    count_a_customers_use_too_few,
    give_a_use_back_that_was_paid_with,
    hold_a_use_for_ever,
    refund_what_no_refund_says,
    refund_in_another_currency,
    ask_for_another_currency,
    lose_the_money,
    take_too_little,
    take_it_twice,
    take_money_for_nothing,
    keep_the_money_of_a_cancelled_order,
    refund_units_that_no_refund_has,
    cancel_units_that_no_refund_has,
    ship_units_that_no_parcel_has,
    note_a_part_that_never_left,
    wait_for_what_has_ended,
    count_the_units_of_a_failed_refund,
    skip_a_number,
    give_the_invoice_to_another,
    count_a_vote_that_nobody_gave,
]
