"""What the back office weighs: a phone in a stockroom has little of a net."""

import gzip
from urllib.parse import urljoin, urlsplit

import pytest

from storefront.staff.places import PLACES
from tests.books import write_books
from tests.browser import visit
from tests.staff import sign_in

PAGE, SHEETS, SCRIPTS = 150_000, 20_000, 20_000
pytestmark = pytest.mark.seeded


def packed(client, address):
    with client.get(address) as answer:
        assert answer.status_code == 200, address
        return len(gzip.compress(answer.get_data()))


def test_no_screen_weighs_more_than_it_may(app, client, session):
    sign_in(client, session)
    with app.extensions["sessions"].engine.begin() as connection:
        write_books(connection, orders=100, variants=100)
    with app.test_request_context():
        addresses = [urlsplit(place.url).path for place in PLACES]
    weights, parts = {}, {}

    for address in dict.fromkeys(addresses):
        page = visit(client, address)
        assert page.status == 200, address
        sheets = [it["href"] for it in page.html.find_all("link", rel="stylesheet")]
        scripts = [it["src"] for it in page.html.find_all("script", src=True)]
        for part in (*sheets, *scripts):
            url = urljoin(page.url, part)
            parts.setdefault(part, packed(client, urlsplit(url).path))
        css, js = (sum(parts[it] for it in some) for some in (sheets, scripts))
        assert css <= SHEETS, (address, css)
        assert js <= SCRIPTS, (address, js)
        weights[address] = len(page.response.get_data()) + css + js

    assert len(weights) >= 30
    assert {at: it for at, it in weights.items() if it > PAGE} == {}
