"""The command that issues the invoices of orders that were paid before there were any."""

from datetime import timedelta

from sqlalchemy import select, update

from models import Document, Order, now
from tests.factories import make_paid_order


def issued(session):
    found = session.execute(
        select(Document.number, Order.number, Document.actor)
        .join(Order, Order.id == Document.order_id)
        .order_by(Document.number)
    ).all()
    session.rollback()
    return [tuple(row) for row in found]


def test_old_orders_get_their_invoices_in_order_of_payment_once(app, session):
    young, old, unpaid = (make_paid_order(session) for _ in range(3))
    changes = {old.id: {"paid_at": now() - timedelta(days=9)}, unpaid.id: {"paid_at": None}}
    for order_id, values in changes.items():
        session.execute(update(Order).where(Order.id == order_id).values(**values))
    session.commit()
    flask = app.test_cli_runner()

    answer = flask.invoke(args=["invoices", "issue"])

    assert answer.output.splitlines()[-1] == "2 issued: INV-00001 to INV-00002."
    wanted = [(1, old.number, "command line"), (2, young.number, "command line")]
    assert issued(session) == wanted
    again = flask.invoke(args=["invoices", "issue"])
    assert "Every paid order has its invoice: nothing was issued." in again.output
    assert issued(session) == wanted
    assert "audit log is whole" in flask.invoke(args=["verify-audit"]).output
