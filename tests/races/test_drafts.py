"""A draft is paid, edited and cancelled at once; units are added to an order by two at once."""

import pytest
from sqlalchemy import func, select

from models import Order, OrderEvent, OrderLine, OrderStatus, Payment, Refund
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.refunding import buy
from tests.features.test_checkout import stock_of
from tests.payments.steps import adds_up, at_once, return_to
from tests.races.desks import Desk, press
from tests.stripe import pay


@pytest.fixture(autouse=True)
def everything_adds_up(session):
    """Whatever they did, stock, money and documents add up afterwards."""
    yield
    session.expire_all()
    assert problems(session) == []


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")


@pytest.fixture
def desk(app, session, variant):
    return Desk(app, session)


def the_draft(session):
    newest = select(Order).order_by(Order.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one()


def written(desk, session, units=2):
    line = {"line-0-sku": "TOOL", "line-0-quantity": str(units), "email": "ann@example.com"}
    visit(desk.first, "/staff/drafts/new").submit("Save", **line)
    return the_draft(session)


def buying(app, order):
    """Return what opens the payment page in a tab of the buyer's."""
    page = visit(app.test_client(), f"/orders/{order.number}?token={order.token}")
    return press(page, "Pay now")


@pytest.mark.parametrize("ends", [False, True])
def test_a_draft_that_is_paid_edited_and_cancelled_at_once_is_one_of_them(
    app, session, desk, variant, ends
):
    order = written(desk, session)
    at = f"/staff/drafts/{order.number}"
    edits = [visit(desk.browser(), at) for _ in range(2)]
    end = visit(desk.browser(), at)

    answers = at_once(
        *[buying(app, order) for _ in range(3)],
        *[press(it, "Save", **{"line-0-quantity": str(5 + n)}) for n, it in enumerate(edits)],
        *([press(end, "Mark as cancelled")] if ends else []),
    )

    assert set(answers) <= {303, 409}
    left = the_draft(session)
    units = session.scalars(select(OrderLine.quantity).filter_by(order_id=order.id)).one()
    assert left.total.minor == units * 8900
    payments = session.scalars(select(Payment)).all()
    if left.status is OrderStatus.CANCELLED:
        assert (payments, stock_of(session, variant)) == ([], (10, 0))
        return
    assert left.status is OrderStatus.PENDING  # three went to pay, and what they saw is asked for
    assert [it.amount for it in payments] == [left.total]
    assert stock_of(session, variant) == (10, units)


def test_money_that_comes_while_staff_change_and_cancel_a_draft_is_kept_or_goes_back(
    app, session, stand_in, desk, variant, worker
):
    order = written(desk, session)
    at = f"/staff/drafts/{order.number}"
    edit, end = visit(desk.browser(), at), visit(desk.browser(), at)
    tab = visit(app.test_client(), f"/orders/{order.number}?token={order.token}")
    url = tab.submit("Pay now", follow=False).location
    pay(url)

    answers = at_once(
        *[lambda: return_to(app.test_client(), url).status_code] * 3,
        press(edit, "Save", **{"line-0-quantity": "7"}),
        press(end, "Mark as cancelled"),
        press(visit(desk.browser(), at.replace("drafts", "orders")), "Cancel order"),
    )
    worker.work_off()

    assert answers[:3] == [303] * 3
    assert set(answers[3:]) <= {303, 409}
    assert the_draft(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (8, 0)
    assert session.scalars(select(Refund.id)).all() == []
    adds_up(session, stand_in)


def test_of_two_who_add_the_same_to_a_paid_order_one_adds_it(app, session, desk, variant):
    order = buy(app.test_client(), session, 2)
    at = f"/staff/orders/{order.number}/edit"
    line = session.scalars(select(OrderLine.id).filter_by(order_id=order.id)).one()
    pages = [visit(desk.browser(), at) for _ in range(4)]

    answers = at_once(
        *[press(it, "Write the draft", **{f"more-{line}-units": "1"}) for it in pages]
    )

    assert sorted(answers) == [303, 409, 409, 409]
    drafts = session.scalars(select(Order).filter_by(follows_id=order.id)).all()
    assert [it.total.minor for it in drafts] == [8900]
    added = select(func.count(OrderEvent.id)).filter_by(order_id=order.id, kind="added")
    assert session.scalar(added) == 1
