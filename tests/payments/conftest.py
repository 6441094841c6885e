"""A product to buy, and a Stripe that is well again after each test."""

import pytest

from tests.factories import make_product, make_variant


@pytest.fixture(autouse=True)
def stripe_is_well(stand_in):
    """The stand-in is shared: neither its faults nor its clock outlive a test."""
    yield
    stand_in.faults.clear()
    stand_in.stand_in._offset_s = 0.0


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")
