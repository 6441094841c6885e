"""What units of a line are worth when their money goes back, to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Money, Order, OrderLine
from storefront.payments.worth import offered, shipping_worth, units_worth


def order(currency="USD", *, included=True, shipping=0, shipping_tax=0):
    return Order(
        total=Money(0, currency),
        tax_is_included=included,
        shipping_minor=shipping,
        shipping_tax_minor=shipping_tax,
    )


def line(quantity, price, *, discount=0, tax=0, refunded=0, currency="USD"):
    return OrderLine(
        quantity=quantity,
        unit_price=Money(price, currency),
        discount_minor=discount,
        tax_minor=tax,
        refunded_quantity=refunded,
    )


def one_by_one(of, bought):
    """Refund a line unit by unit; returns what each was worth."""
    worths = []
    for _ in range(bought.quantity):
        worths.append(units_worth(of, bought, 1).minor)
        bought.refunded_quantity += 1
    return worths


def test_a_unit_costs_its_price_where_nothing_was_taken_off():
    assert units_worth(order(), line(3, 1000), 2) == Money(2000, "USD")


def test_three_units_of_ten_dollars_less_a_cent_sum_to_what_was_paid():
    assert one_by_one(order(), line(3, 1000, discount=1)) == [999, 1000, 1000]


def test_an_included_tax_is_in_the_price_and_an_added_one_comes_on_top():
    assert units_worth(order(included=True), line(1, 1000, tax=160), 1).minor == 1000
    assert units_worth(order(included=False), line(1, 1000, tax=80), 1).minor == 1080


def test_what_was_free_is_worth_nothing():
    assert one_by_one(order(), line(2, 1000, discount=2000)) == [0, 0]


def test_shipping_is_worth_what_it_cost_with_the_tax_that_was_added():
    assert shipping_worth(order(shipping=500, shipping_tax=40)).minor == 500
    assert shipping_worth(order(included=False, shipping=500, shipping_tax=40)).minor == 540


@pytest.mark.parametrize(
    ("worth", "left", "currency", "amount"),
    [
        (2967, 8900, "USD", 2967),
        (2967, 1000, "USD", 1000),
        (3333, 10000, "KWD", 3330),
        (333, 1000, "JPY", 333),
    ],
)
def test_what_is_offered_can_be_given_back(worth, left, currency, amount):
    assert offered(Money(worth, currency), Money(left, currency)) == Money(amount, currency)


@given(
    quantity=st.integers(1, 99),
    price=st.integers(0, 10**9),
    share=st.floats(0, 1),
    tax=st.integers(0, 10**6),
    cuts=st.lists(st.integers(1, 99)),
)
def test_in_whatever_parts_it_goes_back_the_line_comes_to_its_total(
    quantity, price, share, tax, cuts
):
    discount = int(quantity * price * share)
    bought = line(quantity, price, discount=discount, tax=tax)
    of, given_back = order(included=False), 0
    for cut in [*cuts, quantity]:
        part = min(cut, quantity - bought.refunded_quantity)
        worth = units_worth(of, bought, part).minor
        assert worth >= 0
        given_back += worth
        bought.refunded_quantity += part

    assert given_back == quantity * price - discount + tax
