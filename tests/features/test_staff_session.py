"""Signing in to the back office, and out."""

import pytest
from sqlalchemy import func, select

from models import SignIn
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_staff
from tests.staff import sign_in

WRONG = "This email address and password do not go together."


def sign_ins(session):
    return session.scalar(select(func.count(SignIn.id)))


def test_staff_sign_in_and_see_what_needs_doing_today(client, session):
    person = make_staff(session, email="ada@example.com")

    page = visit(client, "/staff/login").submit(
        "Sign in", email="ADA@example.com", password=PASSWORD
    )

    assert page.status == 200
    assert page.heading == "Today"
    assert "ada@example.com, owner" in page.html.header.get_text(" ")
    assert session.scalars(select(SignIn.staff_id)).all() == [person.id]


def test_the_cookie_goes_to_the_back_office_only_and_never_comes_from_another_site(client, session):
    person = make_staff(session)

    page = visit(client, "/staff/login").submit(
        "Sign in", follow=False, email=person.email, password=PASSWORD
    )

    cookie = page.response.headers["Set-Cookie"]
    assert cookie.startswith("staff=")
    assert {"Path=/staff", "SameSite=Strict", "HttpOnly"} <= {
        it.strip() for it in cookie.split(";")
    }


def test_signing_in_leads_back_to_where_one_was_going(client, session):
    person = make_staff(session)

    login = visit(client, "/staff/inventory?q=claw&sort=-available")
    page = login.submit("Sign in", follow=False, email=person.email, password=PASSWORD)

    assert login.heading == "Sign in"
    assert page.location == "/staff/inventory?q=claw&sort=-available"


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/staff",
        "//evil.example/staff",
        "/\\evil.example",
        "/staff\\@evil.example",
        "/staffed",
        "/staff/../cart",
        "/staff/orders\n",
        "javascript:alert(1)",
        "/cart",
    ],
)
def test_signing_in_leads_nowhere_else(client, session, onward):
    person = make_staff(session)

    page = visit(client, "/staff/login").submit(
        "Sign in", follow=False, email=person.email, password=PASSWORD, next=onward
    )

    assert page.status == 303
    assert page.location == "/staff"


def test_every_wrong_pair_gets_the_same_answer(client, session):
    person = make_staff(session)
    gone = make_staff(session, is_active=False)
    customer = make_customer(session)

    for email, password in (
        (person.email, "not her password"),
        ("nobody@example.com", PASSWORD),
        (gone.email, PASSWORD),
        (customer.email, PASSWORD),
    ):
        page = visit(client, "/staff/login").submit("Sign in", email=email, password=password)
        assert page.status == 422
        assert page.main.find(role="alert").get_text() == WRONG
        assert page.main.find(id="email")["value"] == email
        assert password not in page.response.text
    assert sign_ins(session) == 0


def test_nothing_typed_is_told_beside_the_fields(client):
    page = visit(client, "/staff/login").submit("Sign in")

    assert page.status == 422
    assert page.errors() == ["Enter your email address.", "Enter your password."]


def test_guessing_ends_after_five_tries_and_counts_the_right_password_too(client, session):
    person = make_staff(session)
    login = visit(client, "/staff/login")
    for _ in range(5):
        assert login.submit("Sign in", email=person.email, password="a guess").status == 422

    page = login.submit("Sign in", email=person.email, password=PASSWORD)

    assert page.status == 429
    assert 0 < int(page.response.headers["Retry-After"]) <= 900
    assert "Wait a quarter of an hour, then try again." in page.text
    assert sign_ins(session) == 0


def test_signing_out_ends_it_on_the_server_too(client, session):
    sign_in(client, session)
    cookie = client.get_cookie("staff", path="/staff")

    page = visit(client, "/staff/orders").submit("Sign out")
    client.set_cookie("staff", cookie.value, path="/staff")

    assert page.heading == "Sign in"
    assert sign_ins(session) == 0
    assert client.get("/staff/orders").status_code == 303


def test_who_is_no_longer_active_is_out_at_once(client, session):
    person = sign_in(client, session)

    person.is_active = False
    session.commit()

    assert visit(client, "/staff/orders").heading == "Sign in"


def test_a_form_of_another_site_signs_nobody_in(client, session):
    person = make_staff(session)

    response = client.post(
        "/staff/login",
        data={"email": person.email, "password": PASSWORD},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert response.status_code == 403
    assert sign_ins(session) == 0
