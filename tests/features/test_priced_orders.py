"""What was reckoned in the cart is what Stripe is asked, what is paid and what the order keeps."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import selectinload

from models import (
    Discount,
    DiscountKind,
    DiscountUse,
    Order,
    OrderStatus,
    Payment,
    ShippingRate,
    Stock,
    TaxRate,
    VariantPrice,
    now,
)
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_discount, make_product, make_rate, make_variant, make_zone
from tests.stripe import pay, session_of


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900)


def shop_with(app, settings, monkeypatch, **over):
    monkeypatch.setitem(app.config, "SETTINGS", replace(settings, **over))


def fill(client, variant, quantity=1):
    answer = client.post("/cart/add", data={"id": variant.id, "quantity": quantity})
    assert answer.status_code == 303, answer.text
    return visit(client, "/cart")


def check_out(client, **typed):
    """Press *Check out*; returns the address of the payment page."""
    answer = visit(client, "/cart").submit("Check out", follow=False, **typed)
    assert answer.status == 303, answer.text
    return answer.location


def come_back(client, paid):
    assert paid.status_code == 303, paid.text
    return visit(client, paid.headers["Location"].removeprefix("http://localhost"))


def the_order(session):
    wanted = select(Order).options(selectinload(Order.lines), selectinload(Order.discounts))
    return session.scalars(wanted.execution_options(populate_existing=True)).one()


def parts(order):
    return (
        *(order.subtotal_minor, order.discount_minor, order.shipping_minor, order.tax_minor),
        *(order.total.minor, order.total.currency),
    )


def held(session):
    return session.scalars(select(Stock.reserved)).all()


def uses(session):
    columns = Discount.__table__.c
    return session.scalars(select(columns.used).order_by(columns.id)).all()


def nothing_happened(session):
    """Whether no order was written, nothing is held and no use is counted."""
    orders = session.scalars(select(Order)).all()
    return (orders, set(held(session)), set(uses(session)) - {0}) == ([], {0}, set())


def test_discount_shipping_and_added_tax_reach_stripe_and_the_order_to_the_cent(
    client, session, stand_in, variant
):
    other = make_variant(session, price_minor=333)
    make_zone(session)
    session.add(TaxRate(country="US", title="Sales tax", rate_ppm=88_750, is_included=False))
    make_discount(session, code="TEN")
    fill(client, variant, 2)
    fill(client, other).submit("Apply", code="TEN")

    url = check_out(client)
    asked = session_of(stand_in.base, url)
    page = come_back(client, pay(url))

    # 181.33 - 18.13 + 6.90 + 8.875 % of 170.10, which is 15.096
    assert asked["amount_total"] == 18520
    assert asked["total_details"]["amount_discount"] == 1813
    assert asked["total_details"]["amount_shipping"] == 690
    lines = [(it["description"], it["amount_subtotal"]) for it in asked["line_items"]["data"]]
    assert lines == [("The tool (Red)", 17800), ("Test tool (Red)", 333), ("Sales tax", 1510)]
    order = the_order(session)
    assert order.status is OrderStatus.PAID
    assert parts(order) == (18133, 1813, 690, 1510, 18520, "USD")
    assert [line.discount_minor for line in order.lines] == [1780, 33]
    assert sum(line.tax_minor for line in order.lines) + order.shipping_tax_minor == 1510
    assert order.ships_to == ["US"]
    for words in ("Ten off -$18.13", "Shipping, Standard $6.90", "Sales tax $15.10", "$185.20"):
        assert words in page.text
    assert uses(session) == [1]
    assert problems(session) == []


def test_an_included_tax_changes_no_amount(client, session, stand_in, variant):
    session.add(TaxRate(country="US", title="VAT", rate_ppm=190_000, is_included=True))
    session.flush()
    fill(client, variant)

    url = check_out(client)

    assert session_of(stand_in.base, url)["amount_total"] == 8900
    come_back(client, pay(url))
    order = the_order(session)
    assert parts(order) == (8900, 0, 0, 1421, 8900, "USD")
    assert (order.tax_is_included, order.lines[0].tax_minor) == (True, 1421)
    assert problems(session) == []


@pytest.mark.parametrize(
    "ends",
    [{"is_active": False}, {"ends_at": now() - timedelta(days=1)}, {"max_uses": 1, "used": 1}],
)
def test_a_code_that_ends_between_cart_and_till_is_shown_and_never_charged(
    client, session, variant, ends
):
    make_discount(session, code="TEN")
    cart = fill(client, variant).submit("Apply", code="TEN")
    session.execute(update(Discount).values(**ends))

    page = cart.submit("Check out")

    assert page.status == 409
    assert "Your cart has changed since you saw it." in page.text
    assert "To pay $89.00" in page.text
    assert len(page.errors()) == 1
    assert session.scalars(select(Order)).all() == []
    assert held(session) == [0]
    assert client.post("/checkout").status_code == 409  # nor without a word of what was seen
    assert page.submit("Check out", follow=False).status == 303
    assert parts(the_order(session))[:2] == (8900, 0)


@pytest.mark.parametrize(
    "changes",
    [
        lambda session: session.execute(update(ShippingRate).values({"price_minor": 790})),
        lambda session: session.add(TaxRate(country="US", title="T", rate_ppm=1, region="")),
        lambda session: make_discount(session, title="Sale"),
    ],
)
def test_whatever_changes_the_price_is_shown_before_it_is_asked_for(
    client, session, variant, changes
):
    make_zone(session)
    cart = fill(client, variant)
    changes(session)
    session.flush()

    page = cart.submit("Check out")

    assert page.status == 409
    assert nothing_happened(session)


def test_a_limit_for_each_customer_counts_her_address_and_gives_it_back(
    app, client, session, variant
):
    make_discount(session, code="TEN", max_uses_each=1)
    fill(client, variant).submit("Apply", code="TEN")

    unnamed = visit(client, "/cart").submit("Check out")
    assert (unnamed.status, unnamed.errors()) == (
        *(422, ["Enter your email: TEN is limited for each customer."]),
    )
    assert nothing_happened(session)
    first = check_out(client, email="Ann@Example.com")
    assert check_out(client, email="ann@example.com") == first

    other = app.test_client()
    fill(other, variant).submit("Apply", code="TEN")
    again = visit(other, "/cart").submit("Check out", email="ann@example.com")
    assert (again.status, again.errors()) == (
        *(422, ["TEN has been used with this address. Remove the code to go on."]),
    )
    assert uses(session) == [1]
    come_back(client, pay(first))
    come_back(other, pay(check_out(other, email="bob@example.com")))
    assert uses(session) == [2]
    assert problems(session) == []


def test_a_code_of_an_order_that_is_never_paid_can_be_used_again(client, session, variant, worker):
    make_discount(session, code="TEN", max_uses=1)
    fill(client, variant).submit("Apply", code="TEN")
    first = check_out(client)
    assert uses(session) == [1]

    fill(client, variant)  # a changed cart replaces its own order, and keeps the last use
    second = check_out(client)

    assert first != second
    assert uses(session) == [1]
    states = session.scalars(select(DiscountUse.state).order_by(DiscountUse.id)).all()
    assert states == ["released", "held"]
    assert [order.discount_minor for order in session.scalars(select(Order))] == [890, 1780]


def test_a_hundred_percent_completes_without_a_payment(client, session, stand_in, variant):
    make_discount(session, code="ALL", percent_ppm=1_000_000)
    fill(client, variant).submit("Apply", code="ALL")

    url = check_out(client)
    page = come_back(client, pay(url))

    assert session_of(stand_in.base, url)["payment_status"] == "no_payment_required"
    order = the_order(session)
    assert parts(order) == (8900, 8900, 0, 0, 0, "USD")
    assert order.status is OrderStatus.PAID
    assert session.scalars(select(Payment.captured_minor)).one() == 0
    assert page.heading == f"Order {order.number}"
    assert session.get_one(Stock, variant.id, populate_existing=True).on_hand == 9
    assert problems(session) == []


def test_free_shipping_is_kept_with_the_order(client, session, stand_in, variant):
    make_zone(session)
    make_discount(session, DiscountKind.FREE_SHIPPING, title="Post free", code="POST")
    fill(client, variant).submit("Apply", code="POST")

    url = check_out(client)

    assert session_of(stand_in.base, url)["total_details"]["amount_shipping"] == 0
    come_back(client, pay(url))
    order = the_order(session)
    assert parts(order) == (8900, 0, 0, 0, 8900, "USD")
    assert [(it.goods_minor, it.shipping_minor) for it in order.discounts] == [(0, 690)]
    assert problems(session) == []


@pytest.mark.parametrize(
    ("currency", "price", "rate", "percent", "expected"),
    [
        # 12 345 yen less 12.5 %, which is 1 543.125; 500 shipping
        ("JPY", 12345, 500, 125_000, (24690, 3086, 500, 0, 22104, "JPY")),
        # 29.990 dinars twice less 12.5 %, which is 7.4975: cards pay it as 7.500
        ("KWD", 29990, 1500, 125_000, (59980, 7500, 1500, 0, 53980, "KWD")),
    ],
)
def test_currencies_without_and_with_three_decimals_are_paid_exactly(
    app, client, session, settings, stand_in, monkeypatch, currency, price, rate, percent, expected
):
    shop_with(app, settings, monkeypatch, currencies=("USD", currency))
    variant = make_variant(session, product=make_product(session, handle="tool"))
    session.add(VariantPrice(variant_id=variant.id, currency=currency, price_minor=price))
    make_zone(session, rates=(make_rate(rate, currency=currency),))
    make_discount(session, code="EIGHTH", percent_ppm=percent)
    fill(client, variant, 2).submit("Change currency", currency=currency)
    visit(client, "/cart").submit("Apply", code="EIGHTH")

    url = check_out(client)
    page = come_back(client, pay(url))

    asked = session_of(stand_in.base, url)
    assert (asked["amount_total"], asked["currency"]) == (expected[4], currency.lower())
    order = the_order(session)
    assert order.status is OrderStatus.PAID
    assert parts(order) == expected
    captured = session.execute(select(Payment.captured_minor, Payment.captured_currency)).one()
    assert tuple(captured) == (expected[4], currency)
    assert page.status == 200
    assert problems(session) == []


def test_a_price_that_no_card_can_pay_is_refused_and_holds_nothing(
    app, client, session, settings, monkeypatch
):
    shop_with(app, settings, monkeypatch, currencies=("KWD",))
    variant = make_variant(session, price_minor=19999, currency="KWD")
    fill(client, variant)

    page = visit(client, "/cart").submit("Check out")

    assert page.status == 422
    assert "19.999 KWD cannot be paid by card" in page.text
    assert held(session) == [0]


def test_stripe_reckons_the_tax_and_the_order_takes_it(
    app, client, session, settings, stand_in, monkeypatch, variant
):
    shop_with(app, settings, monkeypatch, taxes_by_stripe=True)
    session.add(TaxRate(country="US", title="Not used", rate_ppm=500_000, is_included=False))
    make_zone(session)
    make_discount(session, code="TEN")
    cart = fill(client, variant).submit("Apply", code="TEN")
    assert "Tax added on the payment page" in cart.text

    url = check_out(client)
    assert session_of(stand_in.base, url)["amount_total"] == 8700
    page = come_back(client, pay(url, total="9570"))

    order = the_order(session)
    assert order.status is OrderStatus.PAID, page.text
    assert order.attention is None
    assert parts(order) == (8900, 890, 690, 870, 9570, "USD")  # the stand-in's ten percent
    assert (order.tax_is_included, order.shipping_tax_minor) == (False, 69)
    assert [line.tax_minor for line in order.lines] == [801]
    assert session.scalars(select(Payment.captured_minor)).one() == 9570
    assert problems(session) == []
