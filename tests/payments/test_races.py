"""At the same moment: webhook and return page, copies of one event, the end and the payment."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event as on
from sqlalchemy import func, select, update
from sqlalchemy.exc import OperationalError

from models import (
    Job,
    Money,
    Order,
    OrderEvent,
    OrderStatus,
    Payment,
    PaymentStatus,
    Selling,
    WebhookEvent,
    now,
)
from storefront.payments.refunded_units import WantedRefund
from storefront.payments.refunds import request
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_discount, make_product, make_variant
from tests.features.test_checkout import check_out, fill_cart, stock_of, the_order
from tests.payments.steps import (
    adds_up,
    at_once,
    buy,
    can_be_paid,
    events_about,
    hurry,
    mails,
    movements,
    order,
    payment,
    reconcile,
    refund_at_stripe,
    refunds,
    return_to,
    sold,
)
from tests.stripe import deliver, pay


def delivering(app, event):
    return lambda: deliver(app.test_client(), event).status_code


def returning(app, url):
    return lambda: return_to(app.test_client(), url).status_code


@pytest.fixture
def troubles(app):
    """What the database refused meanwhile: deadlocks and locks that were waited for in vain."""
    found = []
    engine = app.extensions["sessions"].engine

    def note(context):
        if isinstance(context.sqlalchemy_exception, OperationalError):
            found.append(str(context.original_exception))

    on.listen(engine, "handle_error", note)
    return found


def test_webhook_and_return_page_at_the_same_moment_pay_mail_and_sell_once(
    app, client, session, stand_in, variant, troubles
):
    url = buy(client)
    (event,) = events_about(stand_in, url, "checkout.session.completed")
    others = [{**event, "id": f"evt_other_{number}"} for number in range(3)]

    webhooks = [delivering(app, each) for each in (event, *others)]
    returns = [returning(app, url) for _ in range(4)]
    answers = at_once(*webhooks, *returns)

    assert answers == [200] * 4 + [303] * 4
    assert the_order(session).status is OrderStatus.PAID
    assert (stock_of(session, variant), movements(session, "sold")) == ((9, 0), 1)
    assert mails(session) == ["order_paid"]
    paid = select(func.count(OrderEvent.id)).where(OrderEvent.kind == "paid")
    assert session.scalar(paid) == 1
    assert troubles == []
    assert problems(session) == []


def test_eight_copies_of_one_event_at_once_are_done_once_and_the_losers_answered_200(
    app, client, session, stand_in, variant
):
    (event,) = events_about(stand_in, buy(client), "checkout.session.completed")

    def send():
        answer = deliver(app.test_client(), event)
        return answer.status_code, answer.text.strip()

    answers = at_once(*[send] * 8)

    assert sorted(answers) == [(200, "done")] + [(200, "known")] * 7
    assert session.scalar(select(func.count(WebhookEvent.id))) == 1
    assert (mails(session), stock_of(session, variant)) == (["order_paid"], (9, 0))


@pytest.mark.parametrize(("failures", "status"), [(1, 200), (2, 200), (3, 503)])
def test_a_lock_error_in_the_webhook_is_tried_again_and_never_swallowed(
    app, client, session, stand_in, variant, failures, status
):
    (event,) = events_about(stand_in, buy(client), "checkout.session.completed")
    left = [failures]

    def deadlock(connection, cursor, statement, *rest):
        if statement.startswith("UPDATE orders SET status") and left[0]:
            left[0] -= 1
            raise OperationalError(statement, None, Exception("deadlock detected"))

    engine = app.extensions["sessions"].engine
    on.listen(engine, "before_cursor_execute", deadlock)
    answer = deliver(client, event)
    on.remove(engine, "before_cursor_execute", deadlock)

    assert answer.status_code == status
    if status == 503:  # and it comes again
        assert answer.headers["Retry-After"] == "30"
        assert the_order(session).status is OrderStatus.PENDING
        assert stock_of(session, variant) == (10, 1)
        assert deliver(client, event).status_code == 200
    assert the_order(session).status is OrderStatus.PAID
    assert (stock_of(session, variant), mails(session)) == ((9, 0), ["order_paid"])


def test_expiry_webhook_and_cancellation_at_once_give_the_units_back_once(
    app, client, session, stand_in, variant, troubles
):
    url = order(client, quantity=4)
    sessions, expire = app.extensions["sessions"], app.extensions["handlers"]["expire-order"]
    found = the_order(session)
    expire(sessions, {"order_id": found.id})  # at Stripe; what is written comes below
    (event,) = events_about(stand_in, url, "checkout.session.expired")

    def end():
        effect = expire(sessions, {"order_id": found.id})
        with sessions.write.begin() as writer:
            effect(writer)

    copies = [{**event, "id": f"evt_copy_{number}"} for number in range(3)]
    at_once(end, end, returning(app, url), *[delivering(app, each) for each in copies])

    assert the_order(session).status is OrderStatus.CANCELLED
    assert (stock_of(session, variant), movements(session, "released")) == ((10, 0), 1)
    assert (mails(session), troubles) == ([], [])
    assert problems(session) == []


def test_a_payment_that_overtakes_the_call_to_expire_is_kept_and_honoured(
    app, client, session, stand_in, worker, variant, monkeypatch
):
    url = order(client)
    hurry(session, "expire-order")
    monkeypatch.setattr(stand_in.stand_in, "observe", _paying_before(url, "/expire"))

    worker.work_off()

    assert the_order(session).status is OrderStatus.PAID
    assert (stock_of(session, variant), mails(session)) == ((9, 0), ["order_paid"])
    assert problems(session) == []


def _paying_before(url, path):
    """Pay in the moment in which Stripe gets a certain request, before it is done."""
    seen = []

    def observe(kind, payload):
        if kind == "request" and payload["path"].endswith(path) and not seen:
            seen.append(payload)
            pay(url)

    return observe


def test_a_tab_that_pays_while_the_other_replaces_its_order_pays_for_one_order_only(
    client, session, stand_in, variant, monkeypatch
):
    url = order(client)
    fill_cart(client)  # the cart of the second tab holds two by now
    monkeypatch.setattr(stand_in.stand_in, "observe", _paying_before(url, "/expire"))

    answer = visit(client, "/cart").submit("Check out", follow=False)

    found = the_order(session)
    assert answer.location == f"/orders/{found.number}?token={found.token}"
    assert found.status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)
    assert problems(session) == []


def test_eight_tabs_that_replace_one_order_leave_one_that_can_be_paid(
    app, client, session, variant
):
    """Each tab has another address typed: each would be another order."""
    old = order(client, email="first@example.com")
    cookie = client.get_cookie("cart").value

    def tab(number):
        def press():
            other = app.test_client()
            other.set_cookie("cart", cookie)
            return other.post("/checkout", data={"email": f"tab{number}@example.com"}).status_code

        return press

    answers = at_once(*[tab(number) for number in range(8)])

    assert set(answers) <= {303, 409}
    assert not can_be_paid(old)
    pending = select(Order.id).where(Order.status == OrderStatus.PENDING)
    (last,) = session.scalars(pending).all()
    payable = select(Payment.url).where(
        Payment.url.is_not(None), Payment.order_id != last, Payment.status == PaymentStatus.OPEN
    )
    assert session.scalars(payable).all() == []
    assert stock_of(session, variant) == (10, 1)
    replaced = session.scalars(select(Payment.url).where(Payment.order_id != last)).all()
    assert [url for url in replaced if url and can_be_paid(url)] == []
    assert problems(session) == []


def test_a_second_payment_of_one_order_goes_back_once(
    app, client, session, stand_in, worker, variant
):
    url = order(client)
    second = _second_page(app, session)
    pay(url)
    pay(second)

    at_once(*[returning(app, url), returning(app, second)] * 2)
    worker.work_off()
    reconcile(app, session, worker)

    assert the_order(session).status is OrderStatus.PAID
    assert (stock_of(session, variant), refunds(session)) == ((9, 0), [(8900, "succeeded")])
    assert mails(session) == ["order_paid", "order_refunded"]
    adds_up(session, stand_in)


def _second_page(app, session):
    """Another payment page of the same order, as an older version of the shop could make."""
    from storefront.checkout import asking, service

    first = service.latest_payment(session, the_order(session).id)
    other = Payment(
        order_id=first.order_id,
        attempt=2,
        key=f"{first.order.number}-2",
        amount=first.amount,
        expires_at=first.expires_at,
    )
    session.add(other)
    session.flush()
    made = service.latest_payment(session, first.order_id)
    wanted = asking.wanted_session(made, "http://localhost", ("US",), taxes_by_stripe=False)
    found = app.extensions["gateway"].open_session(wanted)
    session.execute(update(Payment).where(Payment.id == other.id).values(session_id=found.id))
    return found.url


def test_payment_refund_and_dispute_told_at_once_wait_for_each_other_without_a_deadlock(
    app, client, session, stand_in, worker, variant, troubles
):
    """Every writer of an order's money locks the order first."""
    url = sold(client, stand_in, "4000000000001976")  # an inquiry is opened at once
    settled = payment(session)
    types = ("checkout.session.completed", "charge.dispute.created", "charge.refunded")

    def ask():
        with app.extensions["sessions"].write.begin() as writer:
            wanted = WantedRefund(settled.id, Money(100, "USD"), f"form-{uuid4()}")
            request(writer, writer.get_one(Order, settled.order_id), wanted)

    for number in range(5):
        refund_at_stripe(stand_in, url, 100)
        told = [it | {"id": f"{it['id']}_{number}"} for it in events_about(stand_in, url, *types)]
        answers = at_once(*[delivering(app, it) for it in told[-4:]], *[ask] * 4)
        assert answers == [200] * len(told[-4:]) + [None] * 4

    assert troubles == []
    assert payment(session).refunded_minor == 5 * 100 + 20 * 100


def test_our_request_and_refunds_of_the_dashboard_at_once_never_give_back_too_much(
    app, client, session, stand_in, worker, variant, troubles
):
    url = sold(client, stand_in)
    settled = payment(session)
    with app.extensions["sessions"].write.begin() as writer:
        half = WantedRefund(settled.id, settled.amount, f"ours-{uuid4()}")
        request(writer, writer.get_one(Order, settled.order_id), half)
    refund_at_stripe(stand_in, url, 5000)
    (event,) = events_about(stand_in, url, "charge.refunded")
    copies = [{**event, "id": f"evt_copy_{number}"} for number in range(4)]

    at_once(worker.work_off, *[delivering(app, it) for it in copies])

    assert sorted(refunds(session)) == [(5000, "succeeded"), (8900, "failed")]
    assert payment(session).refunded_minor == 5000
    assert troubles == []
    adds_up(session, stand_in)


def test_two_workers_take_in_one_lost_payment_once(app, client, session, stand_in, variant):
    buy(client)
    session.execute(update(Payment).values(created_at=now() - timedelta(minutes=3)))
    sessions, handler = app.extensions["sessions"], app.extensions["handlers"]["reconcile"]

    def look():
        effect = handler(sessions, {})
        with sessions.write.begin() as writer:
            effect(writer)

    at_once(look, look, look)

    assert (the_order(session).status, stock_of(session, variant)) == (OrderStatus.PAID, (9, 0))
    assert mails(session) == ["order_paid"]
    assert session.scalar(select(func.count(Job.id)).where(Job.kind == "send-mail")) == 1


def test_the_till_is_free_for_others_while_one_order_is_replaced(
    client, app, session, variant, troubles
):
    """Carts that replace their orders by each other's goods take turns, and none deadlocks."""
    make_variant(session, product=make_product(session, handle="other"), on_hand=10)
    buyers = [app.test_client() for _ in range(4)]
    for place, buyer in enumerate(buyers):
        handle = ("tool", "other")[place % 2]
        add(buyer, handle)
        check_out(buyer)
        add(buyer, ("other", "tool")[place % 2])

    answers = at_once(*[lambda it=it: it.post("/checkout").status_code for it in buyers])

    assert (answers, troubles) == ([303] * 4, [])
    assert problems(session) == []


def test_a_code_that_one_adds_to_her_order_and_others_begin_with_is_taken_in_turn(
    client, app, session, variant, troubles
):
    """Who replaces an order has units already; who begins has the code first, then the units."""
    discount = make_discount(session, code="TEN")
    buyers = [app.test_client() for _ in range(6)]
    for place, buyer in enumerate(buyers):
        add(buyer, "tool")
        if place % 2:
            check_out(buyer)
        visit(buyer, "/cart").submit("Apply", code="TEN")

    answers = at_once(*[lambda it=it: it.post("/checkout").status_code for it in buyers])

    assert (answers, troubles) == ([303] * 6, [])
    session.refresh(discount)
    assert (discount.used, stock_of(session, variant)) == (6, (10, 6))
    assert problems(session) == []


def test_orders_that_end_give_back_what_waits_and_what_does_not_in_turn(app, session, troubles):
    later = make_product(session, handle="tool")
    make_variant(session, product=later, on_hand=0, selling=Selling.BACKORDER)
    make_variant(session, product=make_product(session, handle="other"), on_hand=10)
    buyers = [app.test_client() for _ in range(8)]
    for buyer in buyers:
        add(buyer, "tool")
        add(buyer, "other")
    for buyer in buyers[:4]:
        check_out(buyer)
    sessions, expire = app.extensions["sessions"], app.extensions["handlers"]["expire-order"]
    ending = [{"order_id": it} for it in session.scalars(select(Order.id))]
    for it in ending:
        expire(sessions, it)  # at Stripe
    effects = [expire(sessions, it) for it in ending]

    def end(effect):
        with sessions.write.begin() as writer:
            effect(writer)

    answers = at_once(
        *[lambda it=it: end(it) for it in effects],
        *[lambda it=it: it.post("/checkout").status_code for it in buyers[4:]],
    )

    assert (answers, troubles) == ([None] * 4 + [303] * 4, [])
    assert movements(session, "released") == 8
    assert problems(session) == []


def add(buyer, handle):
    visit(buyer, f"/products/{handle}").submit("Add to cart")
