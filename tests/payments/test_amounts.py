"""What is asked for, what comes and what goes back: to the minor unit, in the right currency."""

from contextlib import contextmanager
from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import func, select, update

from models import (
    Discount,
    DiscountKind,
    DiscountUse,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Reservation,
    ShippingRate,
    ShippingZone,
    TaxRate,
    Variant,
    ZoneCountry,
)
from storefront.formatting import money
from storefront.payments.refunded_units import WantedRefund
from storefront.payments.refunds import TooMuchError, request
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.observing import started
from tests.features.test_checkout import check_out, come_back, fill_cart, stock_of, the_order
from tests.payments.steps import (
    adds_up,
    api,
    buy,
    can_be_paid,
    hurry,
    mails,
    movements,
    order,
    order_page,
    payment,
    refunds,
    told,
)
from tests.stripe import pay, session_id_of


def at_stripe(stand_in, url):
    return api(stand_in).v1.checkout.sessions.retrieve(session_id_of(url), {"expand": []})


def asked(stand_in, url):
    """Amount and currency of what Stripe asks for."""
    found = at_stripe(stand_in, url)
    return found.amount_total, found.currency.upper()


def give_back(app, session, amount):
    """Staff give money back: the request is written, the worker asks."""
    with app.extensions["sessions"].write.begin() as writer:
        found = writer.get_one(Order, the_order(session).id)
        writer.refresh(found, ["lines", "discounts"])
        request(writer, found, WantedRefund(payment(session).id, amount, f"form-{uuid4()}"))


@pytest.mark.parametrize(
    ("other", "said"),
    [
        ({"amount_minor": 9999}, "99.99 USD"),
        ({"amount_minor": 1}, "0.01 USD"),
        ({"currency": "EUR"}, "89.00 EUR"),
    ],
)
def test_money_that_is_not_what_was_asked_for_sells_nothing_and_waits_for_staff(
    app, client, session, stand_in, worker, variant, other, said
):
    url = buy(client)
    session.execute(update(Payment).values(other))

    for number in range(2):
        told(client, stand_in, url, "checkout.session.completed")
        hurry(session, "expire-order")
        worker.work_off()
        assert number < 2

    found = the_order(session)
    assert found.status is OrderStatus.PENDING
    assert found.attention == f"Paid 89.00 USD, but {said} was asked for."
    assert payment(session).status is PaymentStatus.HELD
    assert (stock_of(session, variant), movements(session, "sold")) == ((10, 1), 0)
    assert session.scalars(select(Reservation.expires_at)).all() == [None]
    assert (mails(session), refunds(session)) == ([], [])
    assert "checking this payment by hand" in order_page(client, session)


def test_staff_who_give_wrong_money_back_end_the_order_and_free_its_units(
    app, client, session, stand_in, worker, variant
):
    url = buy(client)
    session.execute(update(Payment).values({"amount_minor": 9999}))
    told(client, stand_in, url, "checkout.session.completed")

    give_back(app, session, Money(8900, "USD"))
    worker.work_off()

    assert (the_order(session).status, stock_of(session, variant)) == (
        OrderStatus.CANCELLED,
        (10, 0),
    )
    assert (refunds(session), mails(session)) == ([(8900, "succeeded")], ["order_refunded"])
    adds_up(session, stand_in)


def test_a_buyer_whose_money_is_held_cannot_pay_a_second_time(
    client, session, stand_in, worker, variant
):
    url = buy(client)
    session.execute(update(Payment).values({"amount_minor": 9999}))
    told(client, stand_in, url, "checkout.session.completed")

    answer = visit(client, "/cart").submit("Check out", email="a@example.org", follow=False)

    found = the_order(session)
    assert answer.location == f"/orders/{found.number}?token={found.token}"
    assert not can_be_paid(url)


@contextmanager
def shop_in(app, settings, currency):
    """The shop, its prices in another currency."""
    prices = replace(settings, currencies=(currency,))
    with started(prices, app.extensions["sessions"]) as other:
        yield other


@pytest.mark.parametrize(
    ("currency", "price", "part"),
    [("JPY", 8900, 900), ("KRW", 12000, 1), ("KWD", 27500, 1230), ("EUR", 8901, 1)],
)
def test_yen_and_dinar_are_charged_and_given_back_in_their_own_minor_units(
    app, session, stand_in, settings, worker, currency, price, part
):
    product = make_product(session, handle="tool")
    make_variant(session, product=product, price_minor=price, currency=currency)
    with shop_in(app, settings, currency) as other:
        client = other.test_client()
        fill_cart(client, quantity=3)
        shown = visit(client, "/cart").main.get_text()
        assert money(Money(3 * price, currency)) in shown
        url = check_out(client)
        assert asked(stand_in, url) == (3 * price, currency)
        assert "Your payment has arrived" in come_back(client, pay(url)).text

    give_back(app, session, Money(part, currency))
    worker.work_off()

    (refund,) = (
        api(stand_in).v1.refunds.list({"payment_intent": payment(session).payment_intent_id}).data
    )
    assert (refund.amount, refund.currency) == (part, currency.lower())
    assert payment(session).refundable == Money(3 * price - part, currency)
    adds_up(session, stand_in)
    assert problems(session) == []


def test_a_dinar_price_that_stripe_cannot_take_is_a_readable_422(app, session, settings):
    product = make_product(session, handle="tool")
    variant = make_variant(session, product=product, price_minor=27501, currency="KWD")
    with shop_in(app, settings, "KWD") as other:
        client = other.test_client()
        fill_cart(client)
        page = visit(client, "/cart").submit("Check out")

    assert page.status == 422
    assert "amounts in KWD end in 0" in page.text
    assert (the_order(session).status, stock_of(session, variant)) == (
        OrderStatus.CANCELLED,
        (10, 0),
    )


def test_a_refund_in_another_currency_than_the_charge_is_refused(
    app, client, session, stand_in, worker, variant
):
    told(client, stand_in, buy(client), "checkout.session.completed")

    with pytest.raises(TooMuchError):
        give_back(app, session, Money(8900, "JPY"))

    assert (refunds(session), payment(session).refunded_minor) == ([], 0)


def add_rules(session, *, percent_ppm=125_000, tax_ppm=72_500, shipping=495):
    """A discount, a tax that is added, and shipping: each rounds."""
    session.add(
        Discount(title="Spring", kind=DiscountKind.PERCENTAGE, code=None, percent_ppm=percent_ppm)
    )
    session.add(TaxRate(country="US", title="Sales tax", rate_ppm=tax_ppm))
    rate = ShippingRate(title="Post", price=Money(shipping, "USD"))
    session.add(ShippingZone(title="Home", countries=[ZoneCountry(country="US")], rates=[rate]))
    session.flush()


@pytest.mark.parametrize("prices", [(333,), (333, 335, 1), (999, 1001, 12345, 50), (8900, 101)])
def test_page_order_and_stripe_name_the_same_total_also_at_half_a_cent(
    client, session, stand_in, prices
):
    add_rules(session)
    for place, price in enumerate(prices):
        handle = f"tool-{place}"
        product = make_product(session, handle=handle)
        make_variant(session, product=product, price_minor=price)
        visit(client, f"/products/{handle}").submit("Add to cart", quantity=3)
    cart = visit(client, "/cart")

    url = check_out(client)

    found = the_order(session)
    assert str(money(found.total)) in cart.text
    assert asked(stand_in, url) == (found.total.minor, "USD")
    lines = session.scalars(select(OrderLine)).all()
    assert sum(line.discount_minor for line in lines) == found.discount_minor
    assert sum(line.tax_minor for line in lines) + found.shipping_tax_minor == found.tax_minor
    goods = 3 * sum(prices)
    off = (goods * 125 + 500) // 1000
    tax = round_half_up((goods - off + 495) * 725, 10_000)
    assert found.total.minor == goods - off + 495 + tax
    come_back(client, pay(url))
    assert the_order(session).attention is None
    assert the_order(session).status is OrderStatus.PAID


def round_half_up(number, divisor):
    return (2 * number + divisor) // (2 * divisor)


def test_shipping_is_in_what_stripe_charges_and_on_its_page(client, session, stand_in, variant):
    add_rules(session, percent_ppm=0, tax_ppm=0)

    url = order(client, quantity=2)

    assert asked(stand_in, url) == (2 * 8900 + 495, "USD")
    assert at_stripe(stand_in, url).total_details.amount_shipping == 495


def test_an_order_of_twelve_lines_is_charged_whole_and_kept_by_our_own_copy(
    client, session, stand_in
):
    for number in range(12):
        product = make_product(session, handle=f"tool-{number}")
        make_variant(session, product=product, price_minor=1000 + number)
        visit(client, f"/products/tool-{number}").submit("Add to cart")

    url = check_out(client)
    come_back(client, pay(url))

    assert asked(stand_in, url) == (12 * 1000 + 66, "USD")
    assert session.scalar(select(func.count(OrderLine.id))) == 12
    assert the_order(session).status is OrderStatus.PAID
    assert movements(session, "sold") == 12
    assert problems(session) == []


def test_a_hundred_percent_discount_completes_the_order_without_a_payment(
    client, session, stand_in, worker, variant
):
    free = Discount(
        title="Free", code="FREE", kind=DiscountKind.PERCENTAGE, percent_ppm=1_000_000, max_uses=1
    )
    session.add(free)
    session.flush()
    fill_cart(client)
    visit(client, "/cart").submit("Apply", code="FREE")

    url = check_out(client)
    page = come_back(client, pay(url))
    worker.work_off()

    found = at_stripe(stand_in, url)
    assert (found.payment_status, found.amount_total) == ("no_payment_required", 0)
    assert found.payment_intent is None
    assert (the_order(session).status, the_order(session).total.minor) == (OrderStatus.PAID, 0)
    assert page.heading == f"Order {the_order(session).number}"
    assert (stock_of(session, variant), mails(session)) == ((9, 0), ["order_paid"])
    assert session.scalars(select(DiscountUse.state)).all() == ["used"]
    assert payment(session).captured_minor == 0


def test_a_total_that_changed_after_a_declined_card_gets_a_page_with_the_new_amount(
    client, session, stand_in, variant
):
    old = order(client)
    pay(old, "4000000000000002")
    session.execute(update(Variant).values({"price_minor": 9900}))
    new = check_out(client)

    assert asked(stand_in, new) == (9900, "USD")
    assert not can_be_paid(old)
    keys = session.scalars(select(Payment.key).order_by(Payment.id)).all()
    assert len(set(keys)) == len(keys) == 2
    come_back(client, pay(new))
    assert payment_statuses(session) == [PaymentStatus.EXPIRED, PaymentStatus.PAID]


def payment_statuses(session):
    return session.scalars(select(Payment.status).order_by(Payment.id)).all()


def test_stripe_is_not_allowed_to_change_the_amount_or_the_currency(
    client, session, stand_in, variant
):
    url = order(client)

    found = at_stripe(stand_in, url)
    assert found.adaptive_pricing.enabled is False
    assert found.allow_promotion_codes is False
    assert found.automatic_tax.enabled is False
