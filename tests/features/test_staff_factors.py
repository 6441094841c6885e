"""A second factor: set up, asked for at the sign-in and again, used up, lost and replaced."""

import re
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select, update

from models import Mail, SignIn, now
from models.factor import RecoveryCode, Totp
from tests.browser import visit
from tests.factories import PASSWORD
from tests.staff import sign_in

ME = "/staff/me"


def add_app(client):
    """Add an app; return it and the recovery codes that are shown."""
    page = visit(client, ME).submit("Add an app")
    app = pyotp.TOTP(page.main.find("code").get_text())
    shown = page.submit("Add the app", code=app.now())
    assert shown.heading == "Recovery codes", shown.text
    return app, [it.get_text() for it in shown.main.find("ul").find_all("code")]


def forget_steps(session):
    """Half a minute or more goes by, so that the present code was not used yet."""
    session.execute(update(Totp).values(last_step=0))


def again(app, person):
    """Type the password in another browser."""
    other = app.test_client()
    page = visit(other, "/staff/login").submit("Sign in", email=person.email, password=PASSWORD)
    return other, page


def signed_in(session):
    return session.scalar(select(func.count(SignIn.id)))


def subjects(session):
    return session.scalars(select(Mail.text).order_by(Mail.id)).all()


def test_an_app_counts_from_its_first_code_on(client, session):
    sign_in(client, session)
    page = visit(client, ME).submit("Add an app")

    wrong = page.submit("Add the app", code="000000")

    assert wrong.status == 422
    assert wrong.errors() == [
        "That is not a code of this app, or it came too late. Enter the one it shows now."
    ]
    assert session.scalars(select(Totp.confirmed_at)).all() == [None]
    secret = wrong.main.find("code").get_text()
    assert secret == page.main.find("code").get_text()
    assert secret not in session.scalars(select(Totp.secret)).one()
    shown = wrong.submit("Add the app", code=pyotp.TOTP(secret).now())
    assert len(shown.main.find("ul").find_all("code")) == 10
    assert "An app that makes codes was added." in subjects(session)[-1]


def test_the_password_alone_opens_nothing_any_more(app, client, session):
    person = sign_in(client, session)
    device, _ = add_app(client)
    forget_steps(session)

    other, page = again(app, person)

    assert page.heading == "Second factor"
    assert signed_in(session) == 1
    assert visit(other, "/staff/orders").heading == "Sign in"
    _, page = again(app, person)
    assert page.submit("Go on", **{"proof-code": device.now()}).heading == "Today"
    assert signed_in(session) == 2


@pytest.mark.parametrize(
    "typed",
    [
        lambda code: code,
        lambda code: f" {code[:3]} {code[3:]} ",
        lambda code: "".join(chr(0x660 + int(digit)) for digit in code),
        lambda code: "".join(chr(0xFF10 + int(digit)) for digit in code),
    ],
)
def test_a_code_opens_once_however_it_is_written(app, client, session, typed):
    person = sign_in(client, session)
    device, _ = add_app(client)
    forget_steps(session)
    code = device.now()

    _, first = again(app, person)
    _, second = again(app, person)

    assert first.submit("Go on", **{"proof-code": typed(code)}).heading == "Today"
    page = second.submit("Go on", **{"proof-code": typed(code)})
    assert page.status == 422
    assert page.submit("Go on", **{"proof-code": code}).status == 422
    assert signed_in(session) == 2


def test_a_code_of_long_ago_is_refused(app, client, session):
    person = sign_in(client, session)
    device, _ = add_app(client)
    forget_steps(session)

    _, page = again(app, person)

    old = device.at(now() - timedelta(seconds=95))
    assert page.submit("Go on", **{"proof-code": old}).status == 422


def test_guessing_codes_ends_after_five_tries(app, client, session):
    person = sign_in(client, session)
    device, _ = add_app(client)
    forget_steps(session)
    _, page = again(app, person)
    for _ in range(5):
        assert page.submit("Go on", **{"proof-code": "000000"}).status == 422

    page = page.submit("Go on", **{"proof-code": device.now()})

    assert page.status == 429
    assert page.response.headers["Retry-After"]
    assert signed_in(session) == 1


def test_a_recovery_code_opens_once_and_is_mailed_of(app, client, session):
    person = sign_in(client, session)
    _, codes = add_app(client)

    _, first = again(app, person)
    _, second = again(app, person)

    assert first.submit("Go on", **{"proof-code": codes[3].upper()}).heading == "Today"
    assert second.submit("Go on", **{"proof-code": codes[3]}).status == 422
    assert "One of your recovery codes was used" in subjects(session)[-1]
    assert "9 left" in visit(client, ME).text
    kept = session.scalars(select(RecoveryCode.code_sha256)).all()
    assert not {code.replace("-", "") for code in codes} & set(kept)


def test_new_recovery_codes_end_the_old_ones(app, client, session):
    person = sign_in(client, session)
    _, codes = add_app(client)
    shown = visit(client, ME).submit("Make new codes")

    _, page = again(app, person)

    assert page.submit("Go on", **{"proof-code": codes[0]}).status == 422
    fresh = shown.main.find("ul").find("code").get_text()
    assert re.fullmatch("[a-z2-9]{5}-[a-z2-9]{5}", fresh)
    assert page.submit("Go on", **{"proof-code": fresh}).heading == "Today"


def test_an_act_that_matters_asks_for_the_factor_and_takes_no_password(client, session):
    sign_in(client, session)
    device, codes = add_app(client)
    session.execute(update(SignIn).values(proved_at=None))
    forget_steps(session)

    asked = visit(client, "/staff/leads.csv")

    assert asked.main.find(id="proof-password") is None
    assert asked.submit("Go on", **{"proof-password": PASSWORD}).status == 422
    assert asked.submit("Go on", **{"proof-code": codes[0][:-1]}).status == 422
    led = asked.submit("Go on", follow=False, **{"proof-code": device.now()})
    assert (led.status, led.location) == (303, "/staff/leads.csv")


def test_removing_the_last_factor_asks_again_mails_and_forgets_the_codes(client, session):
    sign_in(client, session)
    device, _ = add_app(client)
    session.execute(update(SignIn).values(proved_at=None))
    forget_steps(session)

    asked = visit(client, ME).submit("Remove the app")
    assert asked.heading == "Is it you?"
    page = asked.submit("Go on", **{"proof-code": device.now()})

    assert "You have none." in page.text
    assert session.scalars(select(RecoveryCode.id)).all() == []
    assert "It was the last" in subjects(session)[-1]


def test_half_way_in_is_nothing_and_ends_with_the_password(app, client, session):
    person = sign_in(client, session)
    device, _ = add_app(client)
    forget_steps(session)
    other, page = again(app, person)

    person.password_hash = "another"
    session.commit()

    assert page.submit("Go on", **{"proof-code": device.now()}).heading == "Sign in"
    assert visit(other, "/staff/login/code").heading == "Sign in"
    assert signed_in(session) == 1


@pytest.mark.parametrize("odd", ["", "\x00", "ü" * 100_000, "{}", '{"rawId": 1}', "[]", "null"])
def test_an_odd_passkey_opens_nothing(app, client, session, odd):
    login = visit(client, "/staff/login")
    challenge = login.html.find("input", {"name": "proof-challenge"})["value"]

    response = client.post(
        "/staff/login/passkey",
        data={"proof-passkey": odd, "proof-challenge": challenge},
        headers={"Origin": "http://localhost"},
    )

    assert response.status_code == 422
    assert signed_in(session) == 0
