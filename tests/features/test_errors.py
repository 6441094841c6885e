"""Whatever is asked, and whatever breaks: the answer can be read, and gives nothing away."""

import json
import re
from dataclasses import replace

import pytest
from flask import abort
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import func, select, text

from models import CartLine, Customer, Product
from tests.browser import visit
from tests.factories import (
    PASSWORD,
    make_customer,
    make_paid_order,
    make_product,
    make_variant,
)
from tests.features.observing import logged, started

HANDLES = {
    "a way up": "../../etc/passwd",
    "an encoded way up": "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "dots": "%2e%2e",
    "a NUL": "%00",
    "a word with a NUL": "ql%00claw",
    "another script": "%E8%85%B0",
    "a letter with a mark": "%C3%A4rger",
    "a broken encoding": "%ff%fe",
    "a surrogate": "%ED%A0%80",
    "ten thousand letters": "x" * 10_000,
    "a quote": "'%20OR%20'1'='1",
    "a percent sign": "%25",
    "a space": "%20",
    "a line's end": "%0d%0aSet-Cookie:%20a=b",
}


FAMILIES = (
    *("/products/{}", "/products/{}.js", "/collections/{}", "/collections/{}/products/{}"),
    *("/blogs/{}", "/blogs/the-ql-blawg/{}", "/blogs/the-ql-blawg/tagged/{}", "/pages/{}"),
    *("/policies/{}", "/orders/{}", "/orders/{}?token={}", "/checkout/return?session_id={}"),
    *("/static/{}", "/{}"),
)


ACCEPTS_JSON = {"Accept": "application/json"}


@pytest.mark.seeded
@pytest.mark.parametrize("kind", HANDLES)
def test_an_address_that_nobody_wrote_is_not_found_and_never_a_crash(client, kind):
    handle = HANDLES[kind]
    for family in FAMILIES:
        address = family.format(handle, handle)
        assert client.get(address).status_code in {400, 404}, address[:200]


@pytest.mark.parametrize(
    "typed", ["\0", "a\0b", "\ud800", "x" * 100_000, "'; DROP TABLE carts; --"]
)
def test_a_form_that_nobody_filled_is_refused_and_never_a_crash(client, session, typed):
    variant = make_variant(session)
    client.post("/cart/add", data={"id": variant.id})
    raw = typed.encode("utf-8", "surrogatepass")
    for address, names in (
        ("/cart/add", ("id", "quantity")),
        ("/cart/change", ("id", "quantity")),
        ("/checkout", ("email", "seen")),
        ("/account/login", ("email", "password", "confirm")),
        ("/account/register", ("name", "email", "password")),
        ("/orders/QL-1/payment", ("token",)),
        ("/staff/login", ("email", "password")),
    ):
        answer = client.post(address, data=dict.fromkeys(names, raw))
        assert answer.status_code in {400, 404, 409, 422}, address
    assert session.scalar(select(func.count(Customer.id))) == 0
    assert session.execute(select(CartLine.variant_id, CartLine.quantity)).all() == [
        (variant.id, 1)
    ]


@pytest.fixture
def crashing(settings):
    """The shop with addresses that end in each of these ways."""
    with started(settings) as app:
        add_crashes(app)
        yield app


def add_crashes(app):
    @app.get("/test/status/<int:status>")
    def refuse(status):
        abort(status)

    @app.get("/test/crash")
    def crash():
        message = "secret of ada@example.org"
        raise ZeroDivisionError(message)


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "That request could not be read"),
        (403, "That is not allowed"),
        (404, "This page is not here"),
        (405, "That cannot be done at this address"),
        (409, "Something has changed meanwhile"),
        (413, "That is too large"),
        (422, "Something in the form is not right"),
        (429, "Too many tries"),
        (503, "The shop is busy"),
    ],
)
def test_an_error_is_a_page_for_people_and_json_for_programs(crashing, status, heading):
    client = crashing.test_client()
    page = visit(client, f"/test/status/{status}")
    answer = client.get(f"/test/status/{status}", headers=ACCEPTS_JSON)

    assert page.status == answer.status_code == status
    assert page.heading == heading
    assert page.html.find("a", href="#main") is not None
    assert page.html.find("a", href="/") is not None
    assert answer.mimetype == "application/json"
    assert answer.json["status"] == status
    assert answer.json["description"] == heading
    assert answer.json["message"] in page.text


def test_a_wrong_method_says_which_are_right(client):
    for headers in ({}, ACCEPTS_JSON):
        answer = client.get("/cart/add", headers=headers)
        assert answer.status_code == 405
        assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}
    answer = client.post("/tutorials")
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_crash_has_a_reference_and_no_details(crashing):
    with logged() as lines:
        page = visit(crashing.test_client(), "/test/crash")
        answer = crashing.test_client().get("/test/crash", headers=ACCEPTS_JSON)

    assert page.status == answer.status_code == 500
    assert page.heading == "Something went wrong on our side"
    reference = page.main.find("code").get_text()
    assert re.fullmatch("[0-9a-f]{12}", reference)
    assert page.response.headers["X-Request-Id"] == reference
    crashes = [line for line in lines if line["message"] == "crash"]
    assert [line["reference"] for line in crashes] == [reference, answer.json["reference"]]
    assert "ZeroDivisionError" in crashes[0]["exception"]
    for shown in (page.html.get_text(), answer.text):
        for detail in ("ZeroDivision", "Traceback", "secret", "ada@", ".py"):
            assert detail not in shown


def test_the_shop_is_alive_and_ready(client):
    alive, ready = client.get("/healthz"), client.get("/readyz")

    assert (alive.status_code, alive.json) == (200, {"status": "alive"})
    assert ready.status_code == 200
    assert ready.json == {
        "status": "ready",
        "database": "answers",
        "migrations": "up to date",
        "worker": "silent",
        "storage": "memory",
        "mail": "development mailbox",
    }
    for answer in (alive, ready):
        assert answer.headers["Cache-Control"] == "no-store"
        assert "Set-Cookie" not in answer.headers


def test_readiness_knows_a_working_worker(client, worker):
    worker._beat()

    assert client.get("/readyz").json["worker"] == "works"


def test_a_database_without_the_newest_tables_is_not_ready(client, session):
    session.connection().exec_driver_sql("UPDATE alembic_version SET version_num = '20261122'")

    answer = client.get("/readyz")

    assert answer.status_code == 503
    assert answer.json["status"] == "not ready"
    assert answer.json["migrations"] == "behind"


@pytest.fixture(params=["sqlite", "postgresql"])
def cut_off(request, settings, tmp_path):
    """The shop with a database that does not answer."""
    gone = {
        "sqlite": f"sqlite:///{tmp_path}/nowhere/shop.sqlite3",
        "postgresql": "postgresql+psycopg://shop@127.0.0.1:1/shop",
    }
    with started(replace(settings, database_url=gone[request.param])) as app:
        yield app


def test_while_the_database_is_away_pages_say_when_to_come_again(cut_off, settings):
    client = cut_off.test_client()
    client.set_cookie("cart", URLSafeTimedSerializer(settings.secret_key, "cart").dumps("x"))
    for address in ("/", "/products/ql-claw", "/cart", "/search?q=psoas", "/orders/QL-1?token=x"):
        page = visit(client, address)
        assert page.status == 503, address
        assert page.heading == "The shop is busy", address
        assert page.response.headers["Retry-After"] == "5", address
        assert "public" not in page.response.headers["Cache-Control"], address
    answer = client.post("/cart/add", data={"id": "1"}, headers=ACCEPTS_JSON)
    assert (answer.status_code, answer.json["status"]) == (503, 503)
    assert "sqlite" not in answer.text
    assert "psycopg" not in answer.text


def test_while_the_database_is_away_the_shop_is_alive_but_not_ready(cut_off):
    client = cut_off.test_client()

    assert client.get("/healthz").json == {"status": "alive"}
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.json == {"status": "not ready", "database": "does not answer"}


def test_the_log_names_rules_and_no_people_or_secrets(app, client, session):
    customer, order = make_customer(session), make_paid_order(session, email="ada@example.org")
    with logged() as lines:
        client.get(f"/orders/{order.number}?token={order.token}")
        client.get(f"/account/login?confirm={order.token}")
        client.get("/search?q=ada%40example.org")
        client.post("/account/login", data={"email": customer.email, "password": "wrong horse"})
        client.post("/account/login", data={"email": customer.email, "password": PASSWORD})
        register = {"name": "Ada Byron", "email": "ada@example.org", "password": "a long password"}
        client.post("/account/register", data=register)
        client.get("/nowhere/ada@example.org")
        client.post("/webhooks/stripe", data="ada@example.org", headers={"Stripe-Signature": "x"})

    requests = [line for line in lines if line["message"] == "request"]
    assert [line["rule"] for line in requests[:3]] == [
        "/orders/<number>",
        "/account/login",
        "/search",
    ]
    assert len(requests) == 8
    written = json.dumps(lines)
    cookies = (client.get_cookie("session").value,)
    for secret in (
        *("ada@example.org", "Ada", customer.email, order.token, PASSWORD, "wrong horse"),
        *("a long password", *cookies),
    ):
        assert secret not in written, secret


def test_an_error_of_the_database_does_not_log_what_was_asked(app, client, session):
    make_product(session, handle="one")
    session.execute(text("ALTER TABLE search_entries RENAME TO elsewhere"))
    with logged() as lines:
        answer = client.get("/search?q=ada%40example.org")

    assert answer.status_code in {500, 503}
    assert any("exception" in line for line in lines)
    assert "ada" not in json.dumps(lines)
    assert session.scalar(select(func.count(Product.id))) == 1
