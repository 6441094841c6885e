"""Opening an account, signing in and out, seeing one's orders."""

import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from sqlalchemy import func, select, update

from models import Customer, Mail, Order, SignIn, now
from storefront.accounts.forms import OWN_ADDRESS
from storefront.passwords import WEAK
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_paid_order, make_staff, make_variant

WRONG = "This email address and password do not go together, or the address is not proven yet."


def register(client, email="ada@example.org", **typed):
    page = visit(client, "/account/register")
    return page.submit(
        "Create account", **{"name": "Ada", "email": email, "password": PASSWORD, **typed}
    )


def sign_in(client, email, password=PASSWORD):
    return visit(client, "/account/login").submit("Sign in", email=email, password=password)


def only_mail(session):
    return session.scalars(select(Mail)).one()


def mailed_path(mail, path):
    """The address below ``path`` that stands in a mail, without the host."""
    (url,) = set(re.findall(rf"http://localhost({path}\S*)", mail.text))
    return url


def sign_ins(session):
    return session.scalar(select(func.count(SignIn.id)))


def test_an_account_is_opened_proven_by_mail_and_used(client, session, worker):
    page = register(client)

    assert page.status == 200
    assert page.heading == "Check your mail"
    assert "Set-Cookie" not in page.response.headers
    assert worker.work_off() == 1
    mailbox = visit(client, "/dev/mailbox")
    assert "To ada@example.org" in mailbox.text

    mail = mailbox.follow("Confirm your account at QL Claw")
    login = visit(
        client,
        urlsplit(mail.link("/account/login?confirm=")).path
        + "?"
        + urlsplit(mail.link("/account/login?confirm=")).query,
    )
    assert "Your address is proven as soon as you sign in." in login.text
    orders = login.submit("Sign in", email="Ada@Example.org", password=PASSWORD)

    assert orders.heading == "Your orders"
    assert "You are signed in as Ada (ada@example.org)." in orders.text
    assert "You have not ordered anything with this account yet." in orders.text
    customer = session.scalars(select(Customer)).one()
    assert (customer.email, customer.name) == ("ada@example.org", "Ada")
    assert customer.verified_at is not None
    assert customer.password_hash.startswith("$argon2id$")


def test_a_mailed_link_alone_signs_nobody_in(client, session):
    register(client)
    login = visit(client, mailed_path(only_mail(session), "/account/login"))

    page = login.submit("Sign in", email="ada@example.org", password="another password")

    assert page.status == 422
    assert sign_ins(session) == 0
    assert session.scalars(select(Customer.verified_at)).one() is None


def test_an_account_whose_address_is_not_proven_cannot_be_used(client, session):
    register(client)

    page = sign_in(client, "ada@example.org")

    assert page.status == 422
    assert WRONG in page.text
    assert sign_ins(session) == 0


@pytest.mark.parametrize("confirm", ["", "x", "a.b.c", "ImFkYUBleGFtcGxlLm9yZyI.x.y"])
def test_a_forged_proof_proves_nothing(client, session, confirm):
    register(client)

    page = visit(client, f"/account/login?confirm={confirm}x").submit(
        "Sign in", email="ada@example.org", password=PASSWORD
    )

    assert page.status == 422
    assert sign_ins(session) == 0


def test_the_proof_of_one_address_does_not_prove_another(client, session):
    register(client, email="ada@example.org")
    proof = mailed_path(only_mail(session), "/account/login")
    register(client, email="eve@example.org")

    page = visit(client, proof).submit("Sign in", email="eve@example.org", password=PASSWORD)

    assert page.status == 422
    assert sign_ins(session) == 0


def test_a_taken_address_gets_the_same_answer_and_its_owner_another_mail(client, session):
    owner = make_customer(session)
    fresh = register(client, email="new@example.org")
    taken = register(client, email=owner.email, name="Mallory", password="mallorys password")

    assert (taken.status, taken.text) == (fresh.status, fresh.text)
    mails = {mail.recipient: mail for mail in session.scalars(select(Mail))}
    assert mails["new@example.org"].subject == "Confirm your account at QL Claw"
    assert mails[owner.email].subject == "You already have an account at QL Claw"
    assert "confirm=" not in mails[owner.email].text
    assert "Mallory" not in mails[owner.email].text
    session.refresh(owner)
    assert owner.name == "Customer"
    assert sign_in(client, owner.email, "mallorys password").status == 422
    assert sign_in(client, owner.email).heading == "Your orders"


def test_registering_an_unproven_address_again_replaces_the_password(client, session):
    register(client, password="the first password")
    register(client, password="the second password")
    proof = mailed_path(session.scalars(select(Mail)).first(), "/account/login")

    first = visit(client, proof).submit(
        "Sign in", email="ada@example.org", password="the first password"
    )
    assert first.status == 422
    second = visit(client, proof).submit(
        "Sign in", email="ada@example.org", password="the second password"
    )

    assert second.heading == "Your orders"
    assert session.scalar(select(func.count(Customer.id))) == 1


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(client, session):
    customer = make_customer(session)

    wrong = sign_in(client, customer.email, "not the password")
    unknown = sign_in(client, "nobody@example.org", "not the password")

    assert wrong.status == unknown.status == 422
    assert WRONG in wrong.text
    assert wrong.main.find("form").get_text() == unknown.main.find("form").get_text()
    assert wrong.main.find("header").get_text() == unknown.main.find("header").get_text()
    for page in (wrong, unknown):
        assert "Set-Cookie" not in page.response.headers
    assert sign_ins(session) == 0


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"password": "seven77"}, "Choose 8 to 200 characters."),
        ({"password": "x" * 201}, "Choose 8 to 200 characters."),
        ({"password": "Password1"}, WEAK),
        ({"password": "adalovelace", "email": "adalovelace@example.org"}, OWN_ADDRESS),
        ({"name": ""}, "Enter your name."),
        ({"name": "   "}, "Enter your name."),
        ({"name": "x" * 201}, "At most 200 characters."),
        ({"email": ""}, "Enter your email address."),
        ({"email": "ada"}, "Enter an email address such as name@example.com."),
        ({"email": "ada@"}, "Enter an email address such as name@example.com."),
        ({"email": "a b@example.org"}, "Enter an email address such as name@example.com."),
        (
            {"email": "a@example.org\nBcc: b@example.org"},
            "Enter an email address such as name@example.com.",
        ),
    ],
)
def test_a_mistake_is_told_beside_its_field_and_the_rest_is_kept(client, session, typed, message):
    page = register(client, **typed)

    assert page.status == 422
    assert page.errors() == [message]
    kept = {"name": "Ada", "email": "ada@example.org"} | typed
    for name in ("name", "email"):
        shown = page.main.find("input", {"name": name})["value"].split()
        assert shown == kept[name].split()  # a field of one line has no ends of lines
    assert page.main.find("input", {"name": "password"}).get("value", "") == ""
    assert session.scalar(select(func.count(Customer.id))) == 0
    assert session.scalar(select(func.count(Mail.id))) == 0


def test_a_password_is_never_shown_again(client, session):
    customer = make_customer(session)

    for page in (
        register(client, name="", password="my own secret"),
        sign_in(client, customer.email, "my own secret"),
        sign_in(client, "not an address", "my own secret"),
    ):
        assert page.status == 422
        assert "my own secret" not in page.response.text
    assert sign_in(client, "ada@example.org ", "").errors() == ["Enter your password."]


def test_the_address_that_was_typed_stays_when_signing_in_fails(client):
    page = sign_in(client, "ada@example.org", "not the password")

    assert page.main.find("input", {"name": "email"})["value"] == "ada@example.org"


def test_signing_out_ends_the_session_on_the_server(app, client, session):
    page = sign_in(client, make_customer(session).email)
    stolen = client.get_cookie("session").value

    login = page.submit("Sign out")

    assert login.heading == "Sign in"
    assert client.get_cookie("session") is None
    assert sign_ins(session) == 0
    thief = app.test_client()
    thief.set_cookie("session", stolen)
    assert visit(thief, "/account/orders").heading == "Sign in"


def test_signing_in_again_ends_what_the_browser_had(app, client, session):
    customer = make_customer(session)
    sign_in(client, customer.email)
    first = client.get_cookie("session").value
    sign_in(client, customer.email)

    assert client.get_cookie("session").value != first
    assert sign_ins(session) == 1
    other = app.test_client()
    other.set_cookie("session", first)
    assert visit(other, "/account/orders").heading == "Sign in"


def test_only_a_digest_of_the_cookies_secret_is_kept(client, session):
    sign_in(client, make_customer(session).email)

    (kept,) = session.scalars(select(SignIn.token_sha256))
    assert re.fullmatch("[0-9a-f]{64}", kept)
    assert kept not in client.get_cookie("session").value


@pytest.mark.parametrize(
    ("column", "days", "heading"),
    [
        ("last_seen_at", 29, "Your orders"),
        ("last_seen_at", 31, "Sign in"),
        ("created_at", 89, "Your orders"),
        ("created_at", 91, "Sign in"),
    ],
)
def test_a_session_ends_when_it_idles_and_when_it_is_old(client, session, column, days, heading):
    sign_in(client, make_customer(session).email)
    session.execute(update(SignIn).values({column: now() - timedelta(days=days)}))

    assert visit(client, "/account/orders").heading == heading


def test_a_visit_is_noted_so_that_the_session_does_not_idle(client, session):
    sign_in(client, make_customer(session).email)
    before = now() - timedelta(days=20)
    session.execute(update(SignIn).values(last_seen_at=before))

    visit(client, "/account/orders")

    assert session.scalars(select(SignIn.last_seen_at)).one() > before + timedelta(days=19)


def test_nobody_sees_orders_without_signing_in(client):
    answer = client.get("/account/orders")

    assert answer.status_code == 303
    assert answer.headers["Location"] == "/account/login?next=/account/orders"
    assert client.get("/account").headers["Location"] == "/account/orders"


def test_a_customer_cannot_enter_the_back_office(client, session):
    sign_in(client, make_customer(session).email)
    client.set_cookie("staff", client.get_cookie("session").value, path="/staff")

    for address in ("/staff", "/staff/orders", "/staff/products", "/staff/inventory"):
        answer = client.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["Location"].startswith("/staff/login"), address


def test_staff_are_no_customers(client, session):
    member = make_staff(session)

    assert sign_in(client, member.email).status == 422
    assert sign_ins(session) == 0


def test_one_sees_ones_own_orders_and_not_anothers(client, session):
    ada, eve = make_customer(session), make_customer(session)
    variant = make_variant(session, on_hand=10)
    mine = make_paid_order(session, variant=variant, customer=ada, quantity=2, email=ada.email)
    hers = make_paid_order(session, variant=variant, customer=eve, email=eve.email)

    page = sign_in(client, ada.email)

    assert [words(item) for item in page.main.select(".result__title")] == [f"Order {mine.number}"]
    assert "Paid 2 items $178.00" in page.text
    assert hers.number not in page.response.text
    assert page.follow(f"Order {mine.number}").heading == f"Order {mine.number}"
    assert client.get(f"/orders/{hers.number}?token={mine.token}").status_code == 404


def test_the_cart_is_hers_from_signing_in_and_out_of_sight_when_she_signs_out(client, session):
    customer, variant = make_customer(session), make_variant(session)
    client.post("/cart/add", data={"id": variant.id, "quantity": 2})

    orders = sign_in(client, customer.email)
    cart = visit(client, "/cart")
    assert "Cart (2 items)" in words(cart.html.header)
    assert cart.main.find("input", {"name": "email"})["value"] == customer.email

    orders.submit("Sign out")
    after = visit(client, "/cart")
    assert "Cart (0 items)" in words(after.html.header)
    assert customer.email not in str(after.html)


@pytest.mark.parametrize("cookie", ["", "x", "x.y.z", "e30.x.y", "a" * 4000])
def test_a_forged_session_is_nobody(client, cookie):
    client.set_cookie("session", cookie)

    assert visit(client, "/account/orders").heading == "Sign in"


def test_no_get_signs_out(client, session):
    sign_in(client, make_customer(session).email)

    assert client.get("/account/logout").status_code == 405
    assert visit(client, "/account/orders").heading == "Your orders"


def words(tag):
    return " ".join(tag.get_text(" ").split())


def test_orders_placed_as_a_guest_join_the_account_once_the_address_is_proven(client, session):
    hers = make_paid_order(session, email="ada@example.org")
    another = make_paid_order(session, email="eve@example.org")
    register(client)
    assert session.scalars(select(Order.customer_id)).all() == [None, None]

    page = visit(client, mailed_path(only_mail(session), "/account/login")).submit(
        "Sign in", email="ada@example.org", password=PASSWORD
    )

    assert hers.number in page.text
    assert another.number not in page.text
