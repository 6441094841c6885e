"""Old addresses lead to where their pages are now."""

import pytest
from sqlalchemy import select

from models import Redirect
from storefront.redirects import leave


def rows(session):
    found = session.execute(select(Redirect.path, Redirect.target).order_by(Redirect.path))
    return [tuple(row) for row in found]


def test_an_old_address_leads_to_the_new_one_for_good_with_its_query(client, session):
    leave(session, "/products/old", "/products/new", actor="test")
    session.commit()

    for address in ("/products/old", "/products/old/"):
        response = client.get(f"{address}?variant=3")
        assert (response.status_code, response.location) == (301, "/products/new?variant=3")


def test_renaming_twice_leaves_no_chain_and_renaming_back_no_circle(session):
    leave(session, "/products/a", "/products/b", actor="test")
    leave(session, "/products/b", "/products/c", actor="test")
    assert rows(session) == [("/products/a", "/products/c"), ("/products/b", "/products/c")]

    leave(session, "/products/c", "/products/a", actor="test")

    assert rows(session) == [("/products/b", "/products/a"), ("/products/c", "/products/a")]


def test_a_page_that_is_there_is_never_led_away_from(client, session):
    leave(session, "/cart", "/elsewhere", actor="test")
    session.commit()

    assert client.get("/cart").status_code == 200


@pytest.mark.parametrize("address", ["/products/none", "/nothing%00here", "/staff/none", "/%ff"])
def test_what_was_never_here_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_post_to_an_old_address_is_not_led_on(client, session):
    leave(session, "/products/old", "/products/new", actor="test")
    session.commit()

    assert client.post("/products/old").status_code in {404, 405}
