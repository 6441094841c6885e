from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.money import CurrencyMismatchError, Money, decimals
from storefront.formatting import money

minors = st.integers(-(10**12), 10**12)
currencies = st.sampled_from(["USD", "EUR", "JPY", "KWD", "RSD"])


@given(minors, currencies)
def test_an_amount_survives_the_way_to_major_units_and_back(minor, currency):
    assert Money.of(Money(minor, currency).amount, currency) == Money(minor, currency)


@given(minors, minors, currencies)
def test_adding_is_adding_minor_units(one, other, currency):
    assert Money(one, currency) + Money(other, currency) == Money(one + other, currency)


def test_two_currencies_do_not_add_up():
    with pytest.raises(CurrencyMismatchError):
        Money(1, "USD") + Money(1, "EUR")


def test_more_decimals_than_the_currency_has_are_refused_and_not_rounded():
    with pytest.raises(ValueError, match="more decimals"):
        Money.of(Decimal("1.005"), "USD")
    with pytest.raises(ValueError, match="more decimals"):
        Money.of(Decimal("1.5"), "JPY")


@pytest.mark.parametrize(
    ("amount", "shown"),
    [
        (Money(8900, "USD"), "$89.00"),
        (Money(123456, "USD"), "$1,234.56"),
        (Money(1234, "JPY"), "¥1,234"),
        (Money(1234, "KWD"), "KWD\N{NO-BREAK SPACE}1.234"),
        (Money(1234, "RSD"), "RSD\N{NO-BREAK SPACE}12.34"),
        (Money(-500, "USD"), "-$5.00"),
    ],
)
def test_money_is_shown_with_the_decimals_of_its_currency(amount, shown):
    assert money(amount) == shown


def test_the_serbian_dinar_has_two_decimals_whatever_is_displayed_elsewhere():
    assert decimals("RSD") == 2
