"""From the cart to a paid order, against the local Stripe stand-in over real HTTP."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import (
    CartLine,
    Job,
    Mail,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    ReservationState,
    Stock,
    StockMovement,
    Variant,
    now,
)
from models.inventory import adjust
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.stripe import deliver, event_of, pay, session_id_of


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL-RED")


def fill_cart(client, quantity=1):
    return visit(client, "/products/tool").submit("Add to cart", quantity=quantity)


def check_out(client, **typed):
    """Press *Check out*; returns the address of the payment page."""
    answer = visit(client, "/cart").submit("Check out", follow=False, **typed)
    assert answer.status == 303, answer.text
    return answer.location


def come_back(client, paid):
    """Follow Stripe's redirect to the shop, as the buyer's browser does."""
    assert paid.status_code == 303, paid.text
    return visit(client, paid.headers["Location"].removeprefix("http://localhost"))


def stock_of(session, variant):
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    return stock.on_hand, stock.reserved


def the_order(session):
    return session.scalars(select(Order).execution_options(populate_existing=True)).one()


def test_a_guest_pays_and_lands_on_a_page_that_says_what_happens_next(
    client, session, worker, variant
):
    fill_cart(client, quantity=2)
    page = come_back(client, pay(check_out(client)))

    order = the_order(session)
    assert page.heading == f"Order {order.number}"
    assert "Your payment has arrived" in page.text
    assert "$178.00" in page.text
    assert order.status is OrderStatus.PAID
    assert (order.total.minor, order.total.currency) == (17800, "USD")
    assert stock_of(session, variant) == (8, 0)
    assert "Cart (0 items)" in page.html.get_text()

    worker.work_off()
    mail = session.scalars(select(Mail)).one()
    assert mail.recipient == "buyer@example.com"
    assert order.number in mail.subject
    assert mail.sent_at is not None
    listed = visit(client, "/dev/mailbox").text
    assert mail.subject in listed
    assert "buyer@example.com" in listed


def test_the_order_copies_what_the_buyer_saw(client, session, variant):
    fill_cart(client)
    come_back(client, pay(check_out(client)))
    session.execute(update(Variant).values({"price_minor": 1}))

    order = session.scalars(select(Order)).one()
    page = visit(client, f"/orders/{order.number}?token={order.token}")

    assert "The tool" in page.text
    assert "$89.00" in page.text
    assert "1 Example Street" in page.text


def test_a_buyer_who_closes_the_tab_has_paid_all_the_same(client, session, stand_in, variant):
    fill_cart(client)
    url = check_out(client)
    pay(url)  # and never comes back

    answer = deliver(
        client, event_of(stand_in.base, "checkout.session.completed", session_id_of(url))
    )

    assert answer.status_code == 200
    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)


def test_webhook_and_return_page_together_pay_once_and_mail_once(
    client, session, stand_in, variant
):
    fill_cart(client)
    url = check_out(client)
    paid = pay(url)
    event = event_of(stand_in.base, "checkout.session.completed", session_id_of(url))

    come_back(client, paid)
    deliver(client, event)
    deliver(client, event)
    come_back(client, paid)

    assert stock_of(session, variant) == (9, 0)
    assert session.scalar(select(func.count(Mail.id))) == 1
    sold = select(func.count(StockMovement.id)).filter_by(kind="sold")
    assert session.scalar(sold) == 1


def test_a_declined_card_keeps_the_order_open_and_another_card_pays_it(client, session, variant):
    fill_cart(client)
    url = check_out(client)

    declined = pay(url, "4000000000000002")

    assert declined.status_code == 402
    assert the_order(session).status is OrderStatus.PENDING
    come_back(client, pay(url))
    assert the_order(session).status is OrderStatus.PAID


def test_a_second_click_gets_the_same_payment_page(client, session, variant):
    fill_cart(client)

    first, second = check_out(client), check_out(client)

    assert first == second
    assert session.scalar(select(func.count(Order.id))) == 1
    assert stock_of(session, variant) == (10, 1)


def test_a_changed_cart_gets_a_new_page_and_the_old_one_cannot_be_paid(client, session, variant):
    fill_cart(client)
    old = check_out(client)
    fill_cart(client)

    new = check_out(client)

    assert new != old
    assert pay_is_refused(old)
    assert stock_of(session, variant) == (10, 2)
    statuses = session.scalars(select(Order.status).order_by(Order.id)).all()
    assert statuses == [OrderStatus.CANCELLED, OrderStatus.PENDING]
    come_back(client, pay(new))
    assert stock_of(session, variant) == (8, 0)


def pay_is_refused(url):
    """Whether a payment page says that it can no longer be paid."""
    import requests

    page = requests.get(url, timeout=10)
    return "Card number" not in page.text


def test_a_buyer_who_paid_in_another_tab_is_led_to_her_order(client, session, variant):
    fill_cart(client)
    url = check_out(client)
    pay(url)
    session.execute(update(CartLine).values(quantity=3))

    answer = visit(client, "/cart").submit("Check out", follow=False)

    order = the_order(session)
    assert answer.status == 303
    assert answer.location == f"/orders/{order.number}?token={order.token}"
    assert order.status is OrderStatus.PAID


def test_the_last_unit_is_not_blocked_by_the_buyers_own_reservation(client, app, session):
    product = make_product(session, handle="tool")
    variant = make_variant(session, product=product, on_hand=1)
    fill_cart(client)
    check_out(client)

    assert "Sold out" not in visit(client, "/cart").text
    other = app.test_client()
    button = visit(other, "/products/tool").main.find(
        "button", string=lambda text: text and "Sold out" in text
    )
    assert button.has_attr("disabled")
    check_out(client, email="new@example.com")
    assert stock_of(session, variant) == (1, 1)


def test_what_sold_out_meanwhile_is_said_on_the_cart_page_and_never_at_the_till(
    client, session, variant
):
    fill_cart(client, quantity=3)
    cart = visit(client, "/cart")
    adjust(session, variant.id, -8, reason="broken", actor="test")
    session.flush()

    page = cart.submit("Check out")

    assert page.status == 409
    assert "Your cart has changed since you saw it." in page.text
    assert session.scalar(select(func.count(Order.id))) == 0
    assert stock_of(session, variant) == (2, 0)
    assert page.submit("Check out", follow=False).status == 303
    assert stock_of(session, variant) == (2, 2)


def test_a_price_that_changed_is_shown_before_it_is_asked_for(client, session, variant):
    fill_cart(client)
    cart = visit(client, "/cart")
    session.execute(update(Variant).values({"price_minor": 9900}))

    page = cart.submit("Check out")

    assert page.status == 409
    assert "$99.00" in page.text
    assert session.scalar(select(func.count(Order.id))) == 0


def test_amounts_in_the_form_are_not_believed(client, session, variant):
    fill_cart(client)

    check_out(client, price="1", total="1", total_minor="1", amount="1", currency="JPY")

    assert str(the_order(session).total) == "89.00 USD"


@pytest.mark.parametrize("typed", ["nonsense", "a@", "@b.example", "a b@example.com", "a@b\n.com"])
def test_an_email_that_is_none_is_refused_beside_the_field(client, session, variant, typed):
    fill_cart(client)

    page = visit(client, "/cart").submit("Check out", email=typed)

    assert page.status == 422
    assert page.errors() == ["Enter an email address such as name@example.com."]
    assert page.html.find("input", {"name": "email"})["value"] == " ".join(typed.split())
    assert session.scalar(select(func.count(Order.id))) == 0


def test_an_empty_cart_cannot_be_checked_out(client, session):
    answer = client.post("/checkout")

    assert answer.status_code == 422
    assert "Your cart is empty." in answer.text
    assert session.scalar(select(func.count(Order.id))) == 0


def test_a_wrong_order_token_looks_like_a_wrong_number(client, session, variant):
    fill_cart(client)
    come_back(client, pay(check_out(client)))
    order = the_order(session)

    wrong = visit(client, f"/orders/{order.number}?token={order.token[:-1]}x")
    missing = visit(client, f"/orders/{order.number}")
    unknown = visit(client, "/orders/QL-00000000?token=x")

    assert {page.status for page in (wrong, missing, unknown)} == {404}
    assert {page.text for page in (wrong, missing)} == {unknown.text}
    assert "buyer@example.com" not in wrong.text


@pytest.mark.parametrize("given", ["", "cs_test_nothing", "x" * 5000, "../../etc", "\x00"])
def test_a_return_with_a_foreign_session_is_not_found(client, given):
    assert client.get("/checkout/return", query_string={"session_id": given}).status_code == 404


def test_an_unpaid_order_ends_and_gives_its_units_back_once(
    client, session, stand_in, worker, variant
):
    fill_cart(client, quantity=4)
    url = check_out(client)
    session.execute(
        update(Job).where(Job.kind == "expire-order").values(run_at=now() - timedelta(seconds=1))
    )

    worker.work_off()
    worker.work_off()

    assert the_order(session).status is OrderStatus.CANCELLED
    assert stock_of(session, variant) == (10, 0)
    assert pay_is_refused(url)
    deliver(client, event_of(stand_in.base, "checkout.session.expired", session_id_of(url)))
    assert stock_of(session, variant) == (10, 0)
    assert "4" in visit(client, "/cart").html.find("input", {"name": "quantity"})["value"]


def test_an_order_that_was_paid_unnoticed_is_not_expired_but_paid(client, session, worker, variant):
    fill_cart(client)
    pay(check_out(client))  # no webhook, no return
    session.execute(
        update(Job).where(Job.kind == "expire-order").values(run_at=now() - timedelta(seconds=1))
    )

    worker.work_off()

    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)


def test_a_delayed_method_holds_the_units_until_the_money_comes(client, session, stand_in, variant):
    fill_cart(client)
    url = check_out(client)
    page = come_back(client, pay_by_bank(url, succeeds=True))

    assert "Your bank has been asked for the money" in page.text
    assert the_order(session).status is OrderStatus.PROCESSING
    assert stock_of(session, variant) == (10, 1)

    stand_in.advance(11)
    event = event_of(stand_in.base, "checkout.session.async_payment_succeeded", session_id_of(url))
    deliver(client, event)
    assert the_order(session).status is OrderStatus.PAID
    assert stock_of(session, variant) == (9, 0)


def test_a_delayed_payment_that_fails_gives_the_units_back_and_tells_the_buyer(
    client, session, stand_in, variant
):
    fill_cart(client)
    url = check_out(client)
    come_back(client, pay_by_bank(url, succeeds=False))
    stand_in.advance(11)

    event = event_of(stand_in.base, "checkout.session.async_payment_failed", session_id_of(url))
    deliver(client, event)
    deliver(client, event)

    assert the_order(session).status is OrderStatus.CANCELLED
    assert session.scalars(select(Payment.status)).one() is PaymentStatus.FAILED
    assert stock_of(session, variant) == (10, 0)
    keys = session.scalars(select(Mail.key).order_by(Mail.id)).all()
    assert [key.split(":")[0] for key in keys] == ["order_processing", "order_failed"]


def pay_by_bank(url, *, succeeds):
    """Choose the bank debit on the payment page."""
    return pay(url, method="bank", bank_outcome="succeeds" if succeeds else "fails")


def test_an_order_below_the_smallest_amount_says_so_and_holds_nothing(client, session):
    product = make_product(session, handle="tool")
    variant = make_variant(session, product=product, price_minor=10)
    fill_cart(client)

    page = visit(client, "/cart").submit("Check out")

    assert page.status == 422
    assert "below the smallest amount" in page.text
    assert the_order(session).status is OrderStatus.CANCELLED
    assert stock_of(session, variant) == (10, 0)


def test_no_reservation_outlives_its_order(client, session, variant):
    fill_cart(client)
    come_back(client, pay(check_out(client)))

    states = session.scalars(select(Reservation.state)).all()

    assert states == [ReservationState.SOLD]


def test_the_database_is_free_while_stripe_is_asked(
    client, app, session, stand_in, variant, monkeypatch
):
    """Another buyer's cart can be written while one waits for Stripe."""
    fill_cart(client)
    seen = []

    def write_meanwhile(kind, payload):
        if kind == "request" and not seen:
            with app.extensions["sessions"].write() as other:
                other.execute(update(Stock).values(incoming=7))
                other.commit()
            seen.append(payload)

    monkeypatch.setattr(stand_in.stand_in, "observe", write_meanwhile)
    check_out(client)

    assert len(seen) == 1
    assert session.get_one(Stock, variant.id, populate_existing=True).incoming == 7
