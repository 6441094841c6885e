"""How a customer signs in: passkeys, a password or none, and where she is signed in."""

import pytest
from sqlalchemy import func, select

from models import Customer, SignIn
from models.factor import Passkey
from storefront.passwords import WEAK
from tests.browser import visit
from tests.factories import PASSWORD
from tests.features.account import let_proof_grow_old, mailed_link, mails, signed_in
from tests.features.test_accounts import sign_in
from tests.features.test_staff_passkeys import Device, asked

ROOMS = ("orders", "wishes", "addresses", "details", "security", "mails", "data")


def options(page):
    found = asked(page)
    return found.get("publicKey", found)


def with_passkey(client, session, device):
    customer = signed_in(client, session)
    page = visit(client, "/account/security/passkeys")
    done = page.submit(
        "Add a passkey", name="My telephone", **{"new-passkey": device.make(options(page))}
    )
    assert "My telephone is added." in done.text
    return customer


def use(client, device):
    page = visit(client, "/account/login")
    return page.submit("Use a passkey", **{"proof-passkey": device.prove(options(page))})


def test_a_passkey_signs_in_without_address_and_password(client, app, session):
    device, elsewhere = Device(), app.test_client()
    customer = with_passkey(client, session, device)

    page = use(elsewhere, device)

    assert page.heading == "Your orders"
    assert customer.email in page.text
    assert "The passkey My telephone was added." in mails(session, "account_changed")[0].text
    assert session.scalars(select(Passkey.used_at)).one() is not None
    gone = visit(client, "/account/security").submit("Remove", nth=0)
    assert "The passkey is removed." in gone.text
    assert use(app.test_client(), device).status == 422


def test_a_customers_passkey_opens_no_back_office_and_a_forged_answer_nothing(client, app, session):
    device = Device()
    with_passkey(client, session, device)
    count = session.scalar(select(func.count(SignIn.id)))
    staff = visit(app.test_client(), "/staff/login")

    refused = staff.submit("Use a passkey", **{"proof-passkey": device.prove(options(staff))})

    assert refused.status == 422
    assert use(app.test_client(), Device(id=device.id)).status == 422  # another key, same name
    assert session.scalar(select(func.count(SignIn.id))) == count


def test_anothers_passkey_is_not_removed(client, app, session):
    owner = app.test_client()
    with_passkey(owner, session, Device())
    signed_in(client, session)

    passkey_id = session.scalars(select(Passkey.id)).one()

    assert client.post(f"/account/security/passkeys/{passkey_id}/removal").status_code == 404
    assert client.post(f"/account/security/browsers/{passkey_id}/removal").status_code == 404
    assert session.scalar(select(func.count(Passkey.id))) == 1
    assert session.scalar(select(func.count(SignIn.id))) == 2


def test_a_passkey_proves_who_it_is_before_an_act_that_matters(client, session):
    device = Device()
    with_passkey(client, session, device)
    let_proof_grow_old(session)

    page = visit(client, "/account/security").submit(
        "Change password", password="a fresh and long one"
    )
    assert (page.status, page.heading) == (403, "Is it you?")
    done = page.submit("Use a passkey", **{"proof-passkey": device.prove(options(page))})

    assert "Your password is saved." in done.text
    assert len(mails(session, "account_changed")) == 2


def test_a_password_is_changed_removed_and_chosen_again(client, app, session):
    other = app.test_client()
    customer = signed_in(client, session)
    sign_in(other, customer.email)

    weak = visit(client, "/account/security").submit("Change password", password="qwertyuiop")
    assert (weak.status, weak.errors()) == (422, [WEAK])
    assert visit(other, "/account/orders").heading == "Your orders"
    visit(client, "/account/security").submit("Change password", password="a fresh and long one")
    assert visit(other, "/account/orders").heading == "Sign in"
    assert sign_in(other, customer.email).status == 422
    assert sign_in(other, customer.email, "a fresh and long one").heading == "Your orders"

    page = visit(client, "/account/security").submit("Do without a password")

    assert "Your account has none." in page.text
    session.expire_all()
    assert session.get(Customer, customer.id).password_hash is None
    assert sign_in(other, customer.email, "a fresh and long one").status == 422
    again = page.submit("Choose a password", password=PASSWORD)
    assert "Your password is saved." in again.text
    assert len(mails(session, "account_changed")) == 3


def test_who_has_no_password_proves_herself_by_a_mailed_link(client, session):
    signed_in(client, session)
    page = visit(client, "/account/security").submit("Do without a password")
    let_proof_grow_old(session)

    asked_for = page.submit("Choose a password", password="a fresh and long one")
    assert (asked_for.status, asked_for.heading) == (403, "Is it you?")
    assert "Password" not in [it.get_text() for it in asked_for.main.find_all("label")]
    asked_for.submit("Mail me a link")
    back = visit(client, mailed_link(session)).submit("Sign in")

    assert back.url.endswith("/account/security")
    done = back.submit("Choose a password", password="a fresh and long one")
    assert "Your password is saved." in done.text


def test_browsers_are_listed_and_signed_out(client, app, session):
    phone, tablet = app.test_client(), app.test_client()
    customer = signed_in(client, session)
    agent = "Mozilla/5.0 (Android 14; Mobile; rv:130.0) Gecko/130.0 Firefox/130.0"
    for other in (phone, tablet):
        other.environ_base["HTTP_USER_AGENT"] = agent
        sign_in(other, customer.email)

    page = visit(client, "/account/security")
    assert page.text.count("Firefox on Android") == 2
    page.submit("Sign out there")
    assert {visit(it, "/account/orders").heading for it in (phone, tablet)} == {
        "Sign in",
        "Your orders",
    }
    done = visit(client, "/account/security").submit("Sign out everywhere else")

    assert "Signed out elsewhere: 1." in done.text
    assert session.scalar(select(func.count(SignIn.id))) == 1
    assert visit(client, "/account/orders").heading == "Your orders"


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_leads_a_stranger_to_the_sign_in_and_back(client, session, room):
    page = visit(client, f"/account/{room}")
    assert page.heading == "Sign in"

    customer = signed_in(client.application.test_client(), session)
    back = page.submit("Sign in", email=customer.email, password=PASSWORD)

    assert back.url.endswith(f"/account/{room}")
    assert back.response.headers["Cache-Control"] == "private, no-store"
    assert [it["href"] for it in back.main.select("[aria-current=page]")] == [f"/account/{room}"]


@pytest.mark.parametrize("onward", ["https://example.com/", "//example.com", "/\\example.com"])
def test_signing_in_leads_nowhere_outside_the_shop(client, session, onward):
    customer = signed_in(client.application.test_client(), session)

    page = visit(client, "/account/login").submit(
        "Sign in", email=customer.email, password=PASSWORD, next=onward, follow=False
    )

    assert page.location == "/account/orders"
