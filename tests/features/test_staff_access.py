"""Who may see and do what in the back office."""

import pytest

from models import Role
from models.staff import PERMISSIONS, Permission
from storefront.staff.access import PUBLIC
from storefront.staff.places import PLACES
from tests.browser import visit
from tests.staff import sign_in

OPEN = {"staff.session.show", "staff.session.create", "staff.session.remove"} | {
    "staff.session.code",
    "staff.session.code_create",
    "staff.session.passkey_create",
    "staff.people.invitation",
    "staff.people.invitation_accept",
}


def rules_of(app):
    """Return (endpoint, address, methods) of every rule of the back office."""
    return [
        (
            rule.endpoint,
            rule.rule.replace("<path:", "<")
            .replace("<int:", "<")
            .replace("<parcel_id>", "1")
            .replace("<view_id>", "1")
            .replace("<note_id>", "1")
            .replace("<mail_id>", "1")
            .replace("<name>", "none")
            .replace("<return_id>", "1")
            .replace("<question_id>", "1")
            .replace("<number>", "QL-00000000")
            .replace("<sku>", "NO")
            .replace("<handle>", "none")
            .replace("<screen>", "orders")
            .replace("<take_id>", "99")
            .replace("<location_id>", "99"),
            sorted(rule.methods - {"HEAD", "OPTIONS"}),
        )
        for rule in app.url_map.iter_rules()
        if rule.rule == "/staff" or rule.rule.startswith("/staff/")
    ]


def answer(client, address, method):
    return client.open(address, method=method, headers={"Origin": "http://localhost"})


def test_every_view_of_the_back_office_names_what_it_needs(app):
    found = rules_of(app)

    assert len(found) >= 18
    for endpoint, _, _ in found:
        needed = getattr(app.view_functions[endpoint], "needs", None)
        assert needed == PUBLIC if endpoint in OPEN else isinstance(needed, Permission), endpoint


def test_nobody_sees_or_does_anything_without_signing_in(app, client):
    for endpoint, address, methods in rules_of(app):
        for method in methods:
            if endpoint in OPEN:
                continue
            response = answer(client, address, method)
            assert response.status_code == 303, (method, address)
            assert response.location.startswith("/staff/login"), (method, address)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_is_refused_exactly_what_it_lacks(app, client, session, role):
    sign_in(client, session, role)

    for endpoint, address, methods in rules_of(app):
        if endpoint in OPEN:
            continue
        needed = app.view_functions[endpoint].needs
        for method in methods:
            refused = answer(client, address, method).status_code == 403
            assert refused == (needed not in PERMISSIONS[role]), (method, address, needed)


def test_staff_see_links_only_to_what_they_may_open(client, session):
    sign_in(client, session, Role.SUPPORT)
    may = PERMISSIONS[Role.SUPPORT]

    page = visit(client, "/staff/orders")

    links = [link.get_text() for link in page.html.find("nav", "staff-menu__nav").find_all("a")]
    assert links == [place.title for place in PLACES if place.permission in may] + ["View shop"]
    assert "Orders" in links
    assert "Products" not in links
    refused = visit(client, "/staff/products")
    assert refused.status == 403
    assert refused.link("Today") == "/staff"
    assert visit(client, "/staff/nothing").link("Find anything") == "/staff/find"


def test_a_customer_of_the_shop_is_no_staff(client, session):
    sign_in(client, session)
    cookie = client.get_cookie("staff", path="/staff").value
    client.delete_cookie("staff", path="/staff")

    client.set_cookie("session", cookie)

    assert visit(client, "/staff/orders").heading == "Sign in"
    assert visit(client, "/account/orders").heading == "Sign in"


def test_no_cache_keeps_a_page_of_the_back_office(client, session):
    public = client.get("/staff/login")
    sign_in(client, session)
    private = client.get("/staff/orders")

    for response in (public, private):
        assert response.headers["Cache-Control"] == "private, no-store"
        assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    "address",
    [
        "/staff/orders/QL-00000000",
        "/staff/inventory/NO-SUCH-SKU",
        "/staff/products/none",
        "/staff/articles/none",
        "/staff/orders?status=lost",
        "/staff/orders?sort=token",
        "/staff/inventory?sort=--sku",
        "/staff/orders?page=0",
        "/staff/nothing",
    ],
)
def test_a_wrong_address_is_not_found(client, session, address):
    sign_in(client, session)

    assert client.get(address).status_code == 404


def test_a_role_without_the_permission_changes_nothing(client, session):
    sign_in(client, session, Role.SUPPORT)

    response = answer(client, "/staff/products/none", "POST")

    assert response.status_code == 403
    assert "Your role does not allow this." in response.text
