"""What tests of refunds do: buy something for real, give money back, and look at what became."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Money, Order, OrderLine, Payment, Refund, StockMovement, balances
from tests.browser import visit
from tests.features.test_checkout import check_out, come_back, fill_cart
from tests.stripe import PAYS, pay


def buy(client, session, quantity=1, *, card=PAYS):
    """Buy the tool as its buyer does, and return the paid order."""
    fill_cart(client, quantity)
    come_back(client, pay(check_out(client), card))
    return newest_order(session)


def newest_order(session):
    newest = select(Order).order_by(Order.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one()


def order_page(client, order, query=""):
    return visit(client, f"/staff/orders/{order.number}{query}")


def refund(client, order, amount, **typed):
    """Give an amount back on the order's page, for a reason, without putting units back."""
    page, restock = order_page(client, order), typed.pop("restock", "")
    boxes = page.main.select("input[name$=-restock]")
    typed = {"reason": "She asked for it", **{it["name"]: restock for it in boxes}, **typed}
    return page.submit("Refund", amount=amount, **typed)


def restock_field(units):
    """The name of the box beside a field for units: these go back on the shelf."""
    return units.replace("-units", "-restock")


def units_field(session, order, sku=None):
    """The name of the field for the units of an order's (only) line."""
    found = select(OrderLine.id).where(OrderLine.order_id == order.id)
    return (
        f"line-{session.scalars(found.where(OrderLine.sku == sku) if sku else found).one()}-units"
    )


def money_of(session, order):
    """Return what came, what went back and what is on its way back, and the names of both."""
    session.expire_all()
    found = balances(session, [session.get_one(Order, order.id)])[order.id]
    return found.captured, found.refunded, found.refunding, found.money.value, found.goods.value


def refunds_of(session, order):
    """Return each refund as its amount, status and whether units went back on the shelf."""
    found = select(Refund).join(Payment).where(Payment.order_id == order.id).order_by(Refund.id)
    found = found.options(selectinload(Refund.lines))
    rows = session.scalars(found.execution_options(populate_existing=True))
    return [
        (it.amount, it.status.value, any(line.is_restocked for line in it.lines)) for it in rows
    ]


def left_of(session, order):
    payment = session.scalars(
        select(Payment)
        .where(Payment.order_id == order.id)
        .execution_options(populate_existing=True)
    ).one()
    return payment.refundable


def ledger_of(session, order):
    """Return what the order did to the shelf, movement by movement."""
    found = select(StockMovement).where(StockMovement.order_id == order.id)
    return [(it.kind.value, it.on_hand) for it in session.scalars(found.order_by(StockMovement.id))]


def usd(minor):
    return Money(minor, "USD")
