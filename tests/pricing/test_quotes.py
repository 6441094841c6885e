"""What a cart costs, reckoned without a database."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import Discount, DiscountKind, Money, ShippingRate, TaxRate
from models.money import payable_step
from models.shipping import Zone
from storefront.pricing.items import Item
from storefront.pricing.queries import Rules
from storefront.pricing.quote import Terms, Wish, quote

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
USD = Terms("USD", ("US", "CA"))


def item(variant_id=1, quantity=1, price=1000, *, currency="USD", weight=500, collections=()):
    return Item(variant_id, quantity, Money(price, currency), weight, frozenset(collections))


def discount(kind, **over):
    values = {
        "id": 1,
        "title": "Offer",
        "code": None,
        "percent_ppm": 0,
        "amount_minor": 0,
        "buy_quantity": 0,
        "get_quantity": 0,
        "minimum_minor": 0,
        "minimum_quantity": 0,
        "used": 0,
        "is_active": True,
    }
    return Discount(kind=kind, **(values | over))


def percent(ppm, **over):
    return discount(DiscountKind.PERCENTAGE, percent_ppm=ppm, **over)


def rules(*, zones=(), taxes=(), automatic=(), coded=None, own=()):
    return Rules(zones, taxes, automatic, coded, frozenset(own))


def zone(countries, *rates):
    return Zone(frozenset(countries), rates)


def rate(price, title="Standard", *, id_=1, currency="USD", **over):
    values = {"delivery": "", "least_weight_g": 0, "least_minor": 0}
    return ShippingRate(id=id_, title=title, price=Money(price, currency), **(values | over))


def priced(items, found, wish=None, terms=USD):
    return quote(items, wish or Wish(), found, terms, NOW)


def test_without_rules_the_lines_are_the_total_and_shipping_is_included():
    found = priced([item(quantity=3)], rules())

    assert (found.subtotal_minor, found.total_minor, found.problem) == (3000, 3000, None)
    assert found.same == ("US", "CA")


def test_ten_percent_of_three_odd_lines_is_shared_to_the_cent():
    items = [item(1, 1, 333), item(2, 1, 333), item(3, 1, 335)]

    found = priced(items, rules(automatic=[percent(100_000)]))

    assert found.discount_minor == 100  # 10 % of 10.01, half up
    assert [found.discount_of(it.variant_id) for it in items] == [33, 33, 34]
    assert found.total_minor == 901


def test_an_amount_never_takes_off_more_than_there_is():
    ten = discount(DiscountKind.AMOUNT, amount_minor=5000, currency="USD")

    assert priced([item()], rules(automatic=[ten])).total_minor == 0


def test_of_several_the_one_that_takes_off_most_is_taken_and_the_code_wins_a_tie():
    code = percent(200_000, id=2, code="TWENTY", title="Twenty")
    weaker = percent(100_000, id=1)
    equal = percent(200_000, id=3, title="Equal")

    found = priced([item()], rules(automatic=[weaker, equal], coded=code), Wish(code="TWENTY"))

    assert [it.discount_id for it in found.applied] == [2]
    assert found.reductions.message is None


def test_a_code_that_is_beaten_says_so():
    code = percent(50_000, id=2, code="FIVE")

    found = priced([item()], rules(automatic=[percent(100_000)], coded=code), Wish(code="FIVE"))

    assert found.discount_minor == 100
    assert found.reductions.message == "FIVE is not used: “Offer” takes off more."


def test_buy_two_get_one_takes_the_cheapest_of_each_three():
    offer = discount(
        DiscountKind.BUY_X_GET_Y, buy_quantity=2, get_quantity=1, percent_ppm=1_000_000
    )
    items = [item(1, 4, 1000), item(2, 3, 400)]

    found = priced(items, rules(automatic=[offer]))

    # 1000 1000 [1000] 1000 400 [400] 400
    assert (found.discount_of(1), found.discount_of(2)) == (1000, 400)


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"ends_at": NOW}, "The code X has ended."),
        ({"is_active": False}, "The code X has ended."),
        ({"starts_at": NOW + timedelta(seconds=1)}, "The code X cannot be used yet."),
        ({"max_uses": 3, "used": 3}, "The code X has been used up."),
        ({"currency": "EUR"}, "The code X is for carts in EUR."),
        ({"collection_id": 7}, "The code X is for other products."),
        (
            {"currency": "USD", "minimum_minor": 1001},
            "The code X is for orders of $10.01 and more.",
        ),
        ({"minimum_quantity": 2}, "The code X is for 2 and more items."),
    ],
)
def test_a_code_that_does_not_apply_says_why_and_takes_nothing_off(over, message):
    found = priced([item()], rules(coded=percent(100_000, code="X", **over)), Wish(code="X"))

    assert found.reductions.message == message
    assert not found.reductions.is_valid
    assert found.total_minor == 1000


def test_an_unknown_code_is_named():
    assert priced([item()], rules(), Wish(code="NO")).reductions.message == (
        "We do not know the code NO."
    )


def test_a_use_of_her_own_open_order_does_not_block_the_buyer():
    last = percent(100_000, code="X", max_uses=1, used=1)

    found = priced([item()], rules(coded=last, own=[1]), Wish(code="X"))

    assert found.total_minor == 900


def test_shipping_is_by_zone_weight_and_price_with_a_free_threshold():
    near = zone(
        ("US",),
        rate(690, most_weight_g=1000, free_from_minor=6000),
        rate(1290, "Heavy", id_=2, least_weight_g=1001),
    )

    assert priced([item()], rules(zones=[near])).shipping_minor == 690
    assert priced([item(quantity=3)], rules(zones=[near])).shipping.title == "Heavy"
    assert priced([item(price=6000)], rules(zones=[near])).shipping_minor == 0
    assert priced([item(price=5999)], rules(zones=[near])).total_minor == 6689


def test_the_free_threshold_looks_at_what_is_paid_after_the_discount():
    near = zone(("US",), rate(690, free_from_minor=6000))

    found = priced([item(price=6000)], rules(zones=[near], automatic=[percent(100_000)]))

    assert (found.shipping_minor, found.total_minor) == (690, 6090)


def test_the_buyer_chooses_a_way_else_the_cheapest_is_taken():
    two = zone(("US",), rate(1500, "Express", id_=1), rate(690, id_=2))

    assert priced([item()], rules(zones=[two])).shipping.title == "Standard"
    assert priced([item()], rules(zones=[two]), Wish(rate_id=1)).total_minor == 2500
    assert priced([item()], rules(zones=[two]), Wish(rate_id=99)).total_minor == 1690


def test_a_country_without_shipping_is_a_problem_in_words():
    only_heavy = zone(("US",), rate(690, least_weight_g=9000))

    found = priced([item()], rules(zones=[only_heavy]))

    assert found.problem.startswith("We cannot ship this cart to United States.")


def test_everywhere_else_is_a_zone_too():
    world = zone(("*",), rate(2900))

    found = priced([item()], rules(zones=[world]), Wish(country="DE"))

    assert (found.country, found.total_minor) == ("DE", 3900)
    assert {"US", "DE", "JP"} <= set(found.same)


def test_free_shipping_comes_beside_a_discount_on_the_goods():
    free = discount(DiscountKind.FREE_SHIPPING, id=2, code="FREE")

    found = priced(
        [item()],
        rules(zones=[zone(("US",), rate(690))], automatic=[percent(100_000)], coded=free),
        Wish(code="FREE"),
    )

    assert (found.total_minor, found.shipping_off_minor) == (900, 690)
    assert [it.discount_id for it in found.applied] == [1, 2]


def vat(ppm, *, is_included=True, country="US", region="", taxes_shipping=True):
    return TaxRate(
        country=country,
        region=region,
        title="Tax",
        rate_ppm=ppm,
        is_included=is_included,
        taxes_shipping=taxes_shipping,
    )


def test_an_included_tax_is_taken_out_of_the_price_and_shared_with_shipping():
    found = priced(
        [item(1, 1, 8900), item(2, 1, 1000)],
        rules(zones=[zone(("US",), rate(690))], taxes=[vat(190_000)]),
    )

    # 105.90 contains 16.91 of 19 %
    assert (found.tax.minor, found.total_minor) == (1691, 10590)
    assert (found.tax_of(1), found.tax_of(2), found.tax.shipping_minor) == (1421, 160, 110)


def test_an_added_tax_is_rounded_once_on_the_sum():
    found = priced(
        [item(1, 1, 333), item(2, 1, 333)],
        rules(taxes=[vat(88_750, is_included=False)]),
    )

    assert (found.tax.minor, found.total_minor) == (59, 725)  # 8.875 % of 6.66 is 0.591


def test_a_region_has_a_rate_of_its_own_and_other_countries_cost_something_else():
    both = rules(taxes=[vat(0), vat(29_000, region="CO", is_included=False)])

    assert priced([item()], both, Wish(country="US", region="CO")).total_minor == 1029
    found = priced([item()], both, Wish(country="US"))
    assert (found.total_minor, found.same) == (1000, ("US",))


def test_stripe_reckons_the_tax_where_it_is_asked_to():
    terms = Terms("USD", ("US",), taxes_by_stripe=True)

    found = priced([item()], rules(taxes=[vat(190_000, is_included=False)]), terms=terms)

    assert (found.tax.minor, found.total_minor) == (0, 1000)


@given(
    lines=st.lists(st.tuples(st.integers(1, 99), st.integers(0, 10**7)), min_size=1, max_size=8),
    off=st.integers(0, 1_000_000),
    tax=st.integers(0, 1_000_000),
    included=st.booleans(),
    shipping=st.integers(0, 10**6),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_every_sum_is_the_sum_of_its_shares(lines, off, tax, included, shipping, currency):
    items = [
        item(place, quantity, price, currency=currency)
        for place, (quantity, price) in enumerate(lines, 1)
    ]
    found = priced(
        items,
        rules(
            zones=[zone(("US",), rate(shipping, currency=currency))],
            taxes=[vat(tax, is_included=included)],
            automatic=[percent(off)],
        ),
        terms=Terms(currency, ("US",)),
    )

    assert sum(found.discount_of(it.variant_id) for it in items) == found.discount_minor
    assert all(found.discount_of(it.variant_id) <= it.total_minor for it in items)
    shares = sum(found.tax_of(it.variant_id) for it in items) + found.tax.shipping_minor
    assert shares == found.tax.minor
    added = 0 if included else found.tax.minor
    assert found.total_minor == (
        found.subtotal_minor - found.discount_minor + found.shipping_minor + added
    )
    assert found.total_minor >= 0


ITEMS = st.lists(
    st.tuples(st.integers(1, 99), st.integers(0, 10**7), st.integers(0, 3)), min_size=1, max_size=6
)
DISCOUNTS = st.one_of(
    st.builds(percent, st.integers(0, 1_000_000)),
    st.builds(
        lambda minor, currency: discount(
            DiscountKind.AMOUNT, amount_minor=10 * minor, currency=currency
        ),
        st.integers(0, 10**8),
        st.sampled_from(["USD", "KWD"]),
    ),
    st.builds(
        lambda buy, get, ppm: discount(
            DiscountKind.BUY_X_GET_Y, buy_quantity=buy, get_quantity=get, percent_ppm=ppm
        ),
        st.integers(1, 5),
        st.integers(1, 5),
        st.integers(0, 1_000_000),
    ),
    st.builds(lambda: discount(DiscountKind.FREE_SHIPPING)),
)


@given(
    lines=ITEMS, offer=DISCOUNTS, shuffled=st.randoms(), currency=st.sampled_from(["USD", "KWD"])
)
def test_whatever_is_taken_off_nothing_is_negative_and_no_order_of_lines_matters(
    lines, offer, shuffled, currency
):
    items = [
        item(place, quantity, 10 * price, currency=currency, weight=weight)
        for place, (quantity, price, weight) in enumerate(lines, 1)
    ]
    found_rules = rules(
        zones=[zone(("US",), rate(690, currency=currency, free_from_minor=5000))],
        taxes=[vat(88_750, is_included=False)],
        automatic=[offer],
    )
    terms = Terms(currency, ("US",))
    found = priced(items, found_rules, terms=terms)
    others = list(items)
    shuffled.shuffle(others)

    assert 0 <= found.discount_minor <= found.subtotal_minor
    assert all(0 <= found.discount_of(it.variant_id) <= it.total_minor for it in items)
    assert sum(found.discount_of(it.variant_id) for it in items) == found.discount_minor
    assert min(found.tax.lines) >= 0
    assert found.tax.shipping_minor >= 0
    assert found.total_minor == (
        found.subtotal_minor - found.discount_minor + found.shipping_minor + found.tax.minor
    )
    again = priced(others, found_rules, terms=terms)
    assert (again.total_minor, again.discount_minor, again.tax.minor, again.shipping_minor) == (
        *(found.total_minor, found.discount_minor, found.tax.minor, found.shipping_minor),
    )
    step = payable_step(currency)
    assert [it % step for it in (found.total_minor, found.discount_minor, found.tax.minor)] == [
        *(0, 0, 0)
    ]


def test_of_three_decimals_what_is_reckoned_is_rounded_to_what_cards_pay():
    dinars = Terms("KWD", ("US",))
    items = [item(1, 1, 29990, currency="KWD")]

    found = priced(
        items,
        rules(automatic=[percent(125_000)], taxes=[vat(88_750, is_included=False)]),
        terms=dinars,
    )

    # 3.748 75 is paid as 3.750; 8.875 % of 26.240 is 2.3288, paid as 2.330
    assert (found.discount_minor, found.tax.minor, found.total_minor) == (3750, 2330, 28570)


def test_a_code_is_known_or_not_while_the_cart_is_empty():
    ten = percent(100_000, code="TEN")

    assert priced([], rules(coded=ten), Wish(code="TEN")).reductions.is_valid
    assert priced([], rules(), Wish(code="NO")).reductions.message == "We do not know the code NO."
    over = priced([], rules(coded=percent(1, code="TEN", is_active=False)), Wish(code="TEN"))
    assert (over.reductions.is_valid, over.reductions.message) == (False, "The code TEN has ended.")
