"""The W3C's checker finds no mistake in any page, in any state, in any language."""

import pytest
from sqlalchemy import select

from models import Variant
from tests.browser import visit
from tests.factories import make_paid_order
from tests.features.account import signed_in
from tests.gates import pages as seen
from tests.gates.html import mistakes
from tests.staff import sign_in

pytestmark = [
    pytest.mark.seeded,
    pytest.mark.parametrize("engine_name", ["sqlite"]),
]
HERS = ("/account", "/cart", "/orders", "/checkout")


def test_no_public_page_and_no_answer_to_a_mistake_has_a_mistake_in_its_html(app, client, tmp_path):
    pages = seen.public(client)
    refused = seen.refused(app, client, pages.values()) | seen.broken(client)

    assert len(pages) > 100
    assert {page.status for page in refused.values()} >= {404, 405, 422}
    assert checked(pages | refused, tmp_path) == {}


def test_no_page_of_a_customer_has_a_mistake_in_its_html(app, client, session, tmp_path):
    person = signed_in(client, session)
    order = make_paid_order(session, email=person.email)
    sku = select(Variant.id).filter_by(sku="QLC-RED")
    client.post("/cart/add", data={"id": session.scalar(sku), "quantity": 2})
    assert visit(client, "/cart").main.select_one("form") is not None
    pages = {}
    for language in ("", "/de"):
        starts = (f"{language}/orders/{order.number}?token={order.token}", f"{language}/cart")
        parts = tuple(language + part for part in HERS)
        pages |= seen.below(app, client, parts, *starts, f"{language}/account")
    refused = seen.refused(app, client, pages.values())

    assert {"/account/orders", "/de/account/orders"} <= set(pages)
    assert checked(pages | refused, tmp_path) == {}


def test_no_page_of_the_back_office_has_a_mistake_in_its_html(app, client, session, tmp_path):
    make_paid_order(session)
    sign_in(client, session)
    pages = seen.below(app, client, ("/staff",))
    refused = seen.refused(app, client, pages.values())

    assert len(pages) > 100
    assert sum(page.status == 422 for page in refused.values()) > 20
    assert checked(pages | refused, tmp_path) == {}


def checked(pages, folder):
    """Say what is wrong with pages, of which none is a crash."""
    assert {name for name, page in pages.items() if page.status >= 500} == set()
    return mistakes({name: page.response.text for name, page in pages.items()}, folder)
