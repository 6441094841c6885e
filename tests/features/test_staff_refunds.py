"""Giving money back to the cent, once, with units or without, against the local Stripe."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from models import (
    Discount,
    DiscountKind,
    Mail,
    Money,
    OrderEvent,
    OrderLine,
    Refund,
    RefundLine,
    TaxRate,
)
from tests.factories import make_product, make_variant
from tests.features.refunding import (
    buy,
    ledger_of,
    left_of,
    money_of,
    order_page,
    refund,
    refunds_of,
    restock_field,
    units_field,
    usd,
)
from tests.features.test_checkout import stock_of
from tests.staff import sign_in

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL-RED")


@pytest.fixture
def order(client, session, variant):
    found = buy(client, session, 3)
    sign_in(client, session)
    return found


def state_of(session, order):
    """Return all that a refund could change."""
    kinds = session.scalars(select(OrderEvent.kind).filter_by(order_id=order.id)).all()
    units = session.scalars(select(OrderLine.refunded_quantity).filter_by(order_id=order.id)).all()
    ledger, money = ledger_of(session, order), money_of(session, order)
    return kinds, units, ledger, money, refunds_of(session, order)


def test_several_partial_refunds_go_to_the_last_cent_and_no_further(client, session, order):
    for amount in ("0.01", "100.00", "66.98"):
        assert "went back to the buyer" in refund(client, order, amount).text
    assert left_of(session, order) == usd(10001)

    page = refund(client, order, "100.01")  # all of the rest

    assert "$100.01 went back to the buyer." in page.text
    assert money_of(session, order) == (26700, 26700, 0, "refunded", "to ship")
    assert [amount.minor for amount, *_ in refunds_of(session, order)] == [1, 10000, 6698, 10001]
    assert page.main.find("button", string="Refund") is None


def test_the_form_begins_with_all_that_is_left(client, session, order):
    refund(client, order, "17.00")

    page = order_page(client, order)

    assert page.main.find(id="amount")["value"] == "250.00"
    assert "$250.00 is left of this payment." in page.text
    assert page.submit("Refund", reason="All the rest").status == 200
    assert left_of(session, order) == usd(0)


def test_a_refund_tells_the_buyer_once_and_who_did_it(client, session, order):
    page = refund(client, order, "89.00", reason="One came too late")

    row = session.scalars(select(Refund)).one()
    assert (row.note, row.reason) == ("One came too late", "requested_by_customer")
    event = session.scalars(select(OrderEvent).filter_by(kind="refund")).one()
    assert (event.note, event.actor) == ("89.00 USD. One came too late", row.actor)
    keys = session.scalars(select(Mail.key).order_by(Mail.id)).all()
    assert keys == [f"order_paid:{order.number}", f"order_refunded:{row.key}"]
    for words in ("Partly refunded", "One came too late", row.actor, row.refund_id):
        assert words in page.text


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("267.01", "At most $267.00 is left of this payment."),
        ("999999999999", "At most $267.00 is left of this payment."),
        ("1" + "0" * 30, "Enter an amount in figures, such as 12.34."),
        ("0", "Enter more than nothing."),
        ("0.00", "Enter more than nothing."),
        ("-5", "Enter an amount in figures, such as 12.34."),
        ("1.005", "USD has 2 decimals: enter no more."),
        ("5,00", "Enter an amount in figures, such as 12.34."),
        ("1e2", "Enter an amount in figures, such as 12.34."),
        ("NaN", "Enter an amount in figures, such as 12.34."),
        ("٥", "Enter an amount in figures, such as 12.34."),
        ("", "Enter an amount in figures, such as 12.34."),
    ],
)
def test_an_amount_that_cannot_go_back_is_refused_beside_the_field(
    client, session, order, amount, message
):
    before = state_of(session, order)

    page = refund(client, order, amount, reason="Kept as typed")

    assert (page.status, page.errors()) == (422, [message])
    assert page.main.find(id="amount")["value"] == amount
    assert page.main.find(id="reason")["value"] == "Kept as typed"
    assert state_of(session, order) == before


def test_a_refund_needs_a_reason(client, session, order):
    before = state_of(session, order)

    page = refund(client, order, "1.00", reason=" ")

    assert (page.status, page.errors()) == (422, ["Give a reason of 3 to 300 characters."])
    assert state_of(session, order) == before


def test_a_payment_of_another_order_gives_nothing_back(client, session, order):
    other = buy(client, session)
    before = state_of(session, order), state_of(session, other)

    page = refund(client, order, "1.00", payment=f"{other.number}-1")

    assert page.status == 422
    assert "Choose a payment of this order" in page.text
    assert (state_of(session, order), state_of(session, other)) == before


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"key": ""}, 422),
        ({"key": "x" * 32}, 422),
        ({"key": "a" * 5000}, 422),
        ({"key": "a\0b"}, 422),
        ({"payment": "a\0b"}, 422),
        ({"reason": "a\0b"}, 422),
        ({"statement": "because"}, 422),
    ],
)
def test_a_forged_form_changes_nothing(client, session, order, typed, status):
    before = state_of(session, order)

    page = refund(client, order, "1.00", **typed)

    assert page.status == status
    assert state_of(session, order) == before


def test_two_clicks_are_one_refund(client, session, order):
    form = order_page(client, order)
    form.submit("Refund", amount="10.00", reason="Clicked twice")
    before = state_of(session, order)

    page = form.submit("Refund", amount="10.00", reason="Clicked twice")

    assert "This refund was taken down already, and only once." in page.text
    assert state_of(session, order) == before
    assert left_of(session, order) == usd(25700)


def test_of_two_who_refund_all_of_it_the_second_is_told(client, session, order):
    first, second = order_page(client, order), order_page(client, order)
    first.submit("Refund", reason="I was first")
    before = state_of(session, order)

    page = second.submit("Refund", reason="I was second")

    assert page.status == 409
    assert "Nothing is left to give back: it went back meanwhile" in page.text
    assert state_of(session, order) == before


def test_units_go_back_with_their_money_and_no_more_than_were_bought(
    client, session, order, variant
):
    field = units_field(session, order)

    worth = order_page(client, order, f"?worth=1&{field}=2")
    done = worth.submit("Refund", reason="Two came back", **{field: "2", restock_field(field): "y"})
    before = state_of(session, order)
    again = refund(client, order, "1.00", restock="y", **{field: "2"})

    assert worth.main.find(id="amount")["value"] == "178.00"
    assert "2 units, put back on the shelf." in done.text
    assert "2 of 3 refunded" in done.text
    assert stock_of(session, variant) == (9, 0)
    assert ledger_of(session, order) == [("reserved", 0), ("sold", -3), ("returned", 2)]
    assert (again.status, again.errors()) == (422, ["Enter a whole number from 0 to 1."])
    assert state_of(session, order) == before


def test_units_that_are_broken_do_not_go_back_on_the_shelf(client, session, order, variant):
    page = refund(client, order, "89.00", **{units_field(session, order): "1"})

    assert "1 unit, not put back." in page.text
    assert stock_of(session, variant) == (7, 0)
    assert refunds_of(session, order) == [(usd(8900), "succeeded", False)]


def test_of_one_refund_some_units_go_back_on_the_shelf_and_others_do_not(client, session, variant):
    broken = make_variant(session, on_hand=5, price_minor=1000, sku="MAT")
    client.post("/cart/add", data={"id": broken.id, "quantity": 2})
    order = buy(client, session, 2)
    sign_in(client, session)
    tool, mat = (units_field(session, order, sku) for sku in ("TOOL-RED", "MAT"))

    page = order_page(client, order).submit(
        "Refund",
        reason="One is whole, one is broken",
        amount="99.00",
        **{tool: "1", restock_field(tool): "y", mat: "1", restock_field(mat): ""},
    )

    assert "2 units, 1 put back on the shelf." in page.text
    assert stock_of(session, variant) == (9, 0)
    assert stock_of(session, broken) == (3, 0)
    lines = session.execute(
        select(OrderLine.sku, RefundLine.quantity, RefundLine.is_restocked)
        .join(RefundLine, RefundLine.order_line_id == OrderLine.id)
        .order_by(OrderLine.sku)
    ).all()
    assert [tuple(row) for row in lines] == [("MAT", 1, False), ("TOOL-RED", 1, True)]


MORE_THAN_WORTH = (
    "What you chose is worth $89.00. Enter at most that, or choose nothing to give back any amount."
)


def test_the_whole_amount_does_not_go_back_for_one_unit_by_mistake(client, session, order):
    before = state_of(session, order)

    page = order_page(client, order).submit(
        "Refund", reason="Only one of them", **{units_field(session, order): "1"}
    )

    assert (page.status, page.errors()) == (422, [MORE_THAN_WORTH])
    assert state_of(session, order) == before


def test_of_two_who_refund_the_same_units_the_second_is_told(client, session, order):
    field = units_field(session, order)
    first, second = order_page(client, order), order_page(client, order)
    typed = {"amount": "50.00", "reason": "All three", restock_field(field): "y", field: "3"}
    first.submit("Refund", **typed)
    before = state_of(session, order)

    page = second.submit("Refund", **typed)

    assert (page.status, page.errors()) == (422, ["None of these is left to refund."])
    assert state_of(session, order) == before


def test_with_discount_and_tax_unit_by_unit_comes_to_what_was_paid(client, session, variant):
    ten = Discount(title="Ten", kind=DiscountKind.PERCENTAGE, percent_ppm=100_000)
    session.add_all([ten, TaxRate(country="US", title="Sales tax", rate_ppm=82_500)])
    session.commit()
    order = buy(client, session, 3)
    sign_in(client, session)
    field = units_field(session, order)
    assert order.total == usd(26012)  # 267.00 less 26.70, plus 8.25 %, half up

    shown = order_page(client, order)
    for _ in range(3):
        worth = order_page(client, order, f"?worth=1&{field}=1")
        worth.submit("Refund", reason="One by one", **{field: "1", restock_field(field): "y"})

    for words in ("Discount −$26.70", "Tax $19.82", "Ten", "Sales tax"):
        assert words in shown.text
    assert [amount.minor for amount, *_ in refunds_of(session, order)] == [8670, 8671, 8671]
    assert left_of(session, order) == usd(0)
    assert stock_of(session, variant) == (10, 0)


@pytest.mark.parametrize(
    ("currency", "price", "first", "rest", "wrong", "message"),
    [
        ("JPY", 9800, "3267", "6533", "1.5", "JPY has 0 decimals: enter no more."),
        ("KWD", 27500, "9.160", "18.340", "0.005", "Stripe takes amounts in KWD that end in 0."),
        ("KWD", 27500, "0.010", "27.490", "0.0001", "KWD has 3 decimals: enter no more."),
    ],
)
def test_currencies_of_no_and_of_three_decimals_go_back_exactly(
    app, client, session, monkeypatch, currency, price, first, rest, wrong, message
):
    chosen = replace(app.config["SETTINGS"], currencies=(currency,))
    monkeypatch.setitem(app.config, "SETTINGS", chosen)
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, price_minor=price, currency=currency)
    order = buy(client, session)
    sign_in(client, session)

    refused = refund(client, order, wrong)
    refund(client, order, first)
    page = refund(client, order, rest)

    assert (refused.status, refused.errors()) == (422, [message])
    assert page.status == 200
    assert left_of(session, order) == Money(0, currency)
    assert money_of(session, order) == (price, price, 0, "refunded", "to ship")
    assert session.scalar(select(func.count(Refund.id))) == 2
