"""A shop with thousands of orders and variants: each list asks as often as with ten."""

from urllib.parse import urlsplit

from storefront.staff.places import PLACES
from tests.books import FIRST, write_books
from tests.browser import visit
from tests.staff import counted_statements, sign_in

BESIDE = (
    "/staff/orders?status=paid",
    "/staff/orders?q=buyer-10000",
    f"/staff/inventory/TOOL-{FIRST + 1}",
    "/staff/leads",
    "/staff/find?q=buyer",
    "/staff/find/suggestions.json?q=TOOL",
    "/staff/reports?period=year",
)
FEW, MANY = 10, 3000


def statements(app, client, address):
    with counted_statements(app) as seen:
        page = visit(client, address)
    assert page.status == 200, address
    return len(seen)


def write(app, **numbers):
    with app.extensions["sessions"].engine.begin() as connection:
        write_books(connection, **numbers)


def test_every_list_asks_as_often_with_thousands_as_with_ten(app, client, session):
    sign_in(client, session)
    with app.test_request_context():
        addresses = [*dict.fromkeys(urlsplit(place.url).path for place in PLACES), *BESIDE]
    write(app, orders=FEW, variants=FEW)
    for address in addresses:
        visit(client, address)  # what is kept from a first time is kept

    with_ten = {address: statements(app, client, address) for address in addresses}
    write(app, orders=MANY, variants=MANY, start=1000)
    with_thousands = {address: statements(app, client, address) for address in addresses}

    assert with_thousands == with_ten
    assert len(addresses) >= 20
    assert max(with_ten.values()) <= 30, with_ten
