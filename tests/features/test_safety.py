"""What every answer and every request must keep to."""

from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import func, select

from models import Cart, CartLine, Customer, Variant
from storefront.safety import MAX_FORM_PARTS
from tests.browser import Page
from tests.factories import (
    PASSWORD,
    make_customer,
    make_paid_order,
    make_staff,
    make_variant,
)
from tests.features.observing import started

CONTENT_POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "media-src": "'self'",
    "worker-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "frame-src": "'self'",
    "frame-ancestors": "'none'",
    "base-uri": "'none'",
}


ACCEPTS_JSON = {"Accept": "application/json"}


def policy(answer):
    parts = [
        part.split(maxsplit=1) for part in answer.headers["Content-Security-Policy"].split(";")
    ]
    return dict(parts)


def answers_of_every_kind(client, session):
    """A page of each kind that the shop has, with the address it came from."""
    variant_id = session.scalar(select(Variant.id).filter_by(sku="QLC-RED"))
    customer = make_customer(session)
    order = make_paid_order(
        session, variant=session.get_one(Variant, variant_id), customer=customer
    )
    for address in (
        *("/", "/collections", "/collections/all", "/products/ql-claw", "/products/floor-mat"),
        *("/products/ql-claw.js", "/blogs/the-ql-blawg", "/blogs/the-ql-blawg/ql-muscle"),
        *("/tutorials", "/pages/psoas-release", "/pages/safety", "/policies/refund-policy"),
        *("/search?q=psoas", "/search?q=" + "x" * 300, "/cart", "/cart.js", "/account/register"),
        *("/account/login?confirm=x", "/account", "/nowhere", "/cart/add", "/healthz", "/readyz"),
        *(f"/orders/{order.number}?token={order.token}", "/staff/login", "/staff/orders"),
    ):
        yield address, client.get(address)
    for address, data in (
        ("/cart/add", {"id": variant_id, "quantity": "x"}),
        ("/cart/add", {"id": variant_id}),
        ("/cart/change", {"id": variant_id, "quantity": "x"}),
        ("/checkout", {"email": "x"}),
        ("/account/register", {"email": "x"}),
        ("/account/login", {"email": customer.email, "password": PASSWORD}),
        ("/account/login", {"email": "x"}),
        ("/webhooks/stripe", {}),
    ):
        yield address, client.post(address, data=data)
    yield "/cart", client.get("/cart")
    yield "/account/orders", client.get("/account/orders")
    yield "/dev/mailbox", client.get("/dev/mailbox")


@pytest.mark.seeded
def test_every_answer_carries_the_headers_that_keep_others_out(client, session):
    for address, answer in answers_of_every_kind(client, session):
        found = policy(answer)
        assert CONTENT_POLICY.items() <= found.items(), address
        assert set(found) - set(CONTENT_POLICY) == {"form-action"}, address
        assert "unsafe" not in answer.headers["Content-Security-Policy"], address
        assert answer.headers["X-Content-Type-Options"] == "nosniff", address
        assert answer.headers["X-Frame-Options"] == "DENY", address
        own = "no-referrer" if "token=" in address else "strict-origin-when-cross-origin"
        assert answer.headers["Referrer-Policy"] == own, address
        for feature in ("camera", "geolocation", "microphone", "payment"):
            assert f"{feature}=()" in answer.headers["Permissions-Policy"], address
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin", address
        assert "Strict-Transport-Security" not in answer.headers, address
        assert "Server" not in answer.headers, address


@pytest.mark.seeded
def test_no_page_holds_a_script_or_a_style_of_its_own(client, session):
    for address, answer in answers_of_every_kind(client, session):
        if answer.mimetype == "text/html":
            assert inline(answer.text) == [], address


def inline(html):
    """What the content policy would refuse to run or to apply."""
    found = []
    for tag in BeautifulSoup(html, "html.parser").find_all():
        found += [f"{tag.name} {name}" for name in tag.attrs if name == "style" or name[:2] == "on"]
        is_data = tag.get("type") == "application/ld+json"  # it is not run
        if tag.name == "style" or (tag.name == "script" and not tag.get("src") and not is_data):
            found.append(str(tag))
        found += [str(tag) for name in ("href", "src") if "script:" in str(tag.get(name, ""))]
    return found


def test_the_search_for_inline_things_finds_them():
    html = "<style>a{}</style><p style='a:b' onclick='c()'>x</p><script>d()</script>"
    assert len(inline(html)) == 4


def test_a_form_may_lead_to_the_shop_and_to_the_payment_page_alone(client, settings):
    found = policy(client.get("/cart"))

    assert found["form-action"] == f"'self' {settings.stripe_checkout_origin}"


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": ""},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "http://localhost:8001"},
        {"Origin": "null"},
        {"Origin": ""},
    ],
)
def test_a_form_sent_from_another_site_is_refused_and_changes_nothing(client, session, headers):
    variant = make_variant(session)

    answer = client.post("/cart/add", data={"id": variant.id}, headers=headers)

    assert answer.status_code == 403
    assert (
        "This form was sent from another site. Open its page here, and send it again."
        in answer.text
    )
    assert "Set-Cookie" not in answer.headers
    assert session.scalar(select(func.count(Cart.id))) == 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"},
        {"Origin": "http://localhost"},
        {},
    ],
)
def test_a_form_of_the_shop_itself_passes(client, session, headers):
    variant = make_variant(session)

    answer = client.post("/cart/add", data={"id": variant.id}, headers=headers)

    assert answer.status_code == 303
    assert session.scalar(select(func.count(CartLine.id))) == 1


def test_a_link_from_another_site_opens_a_page(client):
    answer = client.get("/", headers={"Sec-Fetch-Site": "cross-site", "Origin": "null"})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "host", ["evil.example", "localhost.evil.example", "localhost@evil.example"]
)
def test_a_foreign_host_is_refused_and_not_repeated(client, host):
    answer = client.get("/", headers={"Host": host})

    assert answer.status_code == 400
    assert "evil" not in answer.text
    assert answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000"])
def test_a_host_of_our_own_is_served(client, host):
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_a_forwarded_host_is_not_believed_without_a_proxy(client):
    answer = client.get("/account", headers={"X-Forwarded-Host": "evil.example"})

    assert answer.status_code == 303
    assert "evil" not in answer.headers["Location"]


@pytest.mark.parametrize("site", ["http://localhost", "https://localhost"])
def test_cookies_are_kept_from_scripts_from_other_sites_and_from_plain_lines(
    settings, database_url, session, site
):
    customer, staff, variant = make_customer(session), make_staff(session), make_variant(session)
    sent = {"email": customer.email, "password": PASSWORD}
    with started(replace(settings, site_url=site, database_url=database_url)) as app:
        client = app.test_client()
        cart = client.post("/cart/add", data={"id": variant.id}, base_url=site)
        login = client.post("/account/login", data=sent, base_url=site)
        office = client.post("/staff/login", data=sent | {"email": staff.email}, base_url=site)

    attributes = [cookie_of(answer) for answer in (cart, login, office)]
    assert [name for name, _ in attributes] == ["cart", "session", "staff"]
    for _, found in attributes:
        assert "httponly" in found
        assert ("secure" in found) == site.startswith("https")
        assert "domain" not in found
    assert [found["samesite"] for _, found in attributes] == ["Lax", "Lax", "Strict"]
    assert [found["path"] for _, found in attributes] == ["/", "/", "/staff"]


def cookie_of(answer):
    assert answer.status_code == 303
    (header,) = answer.headers.getlist("Set-Cookie")
    first, *rest = [part.strip() for part in header.split(";")]
    pairs = [part.partition("=") for part in rest]
    return first.partition("=")[0], {name.lower(): value for name, _, value in pairs}


def test_a_field_of_two_million_signs_is_refused_readably_and_changes_nothing(client, session):
    typed = {"name": "x" * 2_000_000, "email": "a@example.com", "password": PASSWORD}

    page = Page(client, client.post("/account/register", data=typed), "/account/register")

    assert page.status == 413
    assert page.heading == "That is too large"
    assert len(page.response.data) < 20_000
    assert session.scalar(select(func.count(Customer.id))) == 0


def test_a_form_of_too_many_parts_is_refused(client, session):
    variant = make_variant(session)
    fields = {f"field{number}": "x" for number in range(MAX_FORM_PARTS)} | {"id": str(variant.id)}

    answer = client.post("/cart/add", data=fields, content_type="multipart/form-data")

    assert answer.status_code == 413
    assert session.scalar(select(func.count(Cart.id))) == 0


def test_a_field_that_fits_the_body_but_no_form_is_refused(client, session):
    head = b'--x\r\nContent-Disposition: form-data; name="id"\r\n\r\n'
    body = head + b"1" * 700_000 + b"\r\n--x--\r\n"

    answer = client.post("/cart/add", data=body, content_type="multipart/form-data; boundary=x")

    assert answer.status_code == 413
    assert session.scalar(select(func.count(Cart.id))) == 0
