"""Guessing ends: who tries too often waits, and nobody else does."""

import time

from sqlalchemy import func, select

from models import Mail
from storefront.accounts.service import BY_BOTH, WINDOW_S
from tests.factories import make_customer
from tests.features.test_accounts import register, sign_in, sign_ins


def within_one_window(act):
    """What came of it, where no new window of the limit began meanwhile."""
    while True:
        window = time.time() // WINDOW_S
        came = act()
        if time.time() // WINDOW_S == window:
            return came


def test_the_sixth_try_in_a_quarter_of_an_hour_is_refused_even_with_the_right_password(
    client, session
):
    def tries():
        customer = make_customer(session)
        for _ in range(BY_BOTH):
            assert sign_in(client, customer.email, "not the password").status == 422
        return sign_in(client, customer.email)

    page = within_one_window(tries)

    assert page.status == 429
    assert "Too many tries. Wait a quarter of an hour, then try again." in page.text
    assert 1 <= int(page.response.headers["Retry-After"]) <= WINDOW_S
    assert sign_ins(session) == 0


def test_the_tries_for_one_address_do_not_shut_out_another(client, session):
    for _ in range(BY_BOTH + 1):
        sign_in(client, "ada@example.org", "not the password")

    assert sign_in(client, make_customer(session).email).heading == "Your orders"


def test_guesses_from_elsewhere_do_not_shut_their_victim_out(client, app, session):
    guesser = app.test_client()
    guesser.environ_base["REMOTE_ADDR"] = "192.0.2.1"

    def tries():
        customer = make_customer(session)
        guesses = [sign_in(guesser, customer.email, "not the password") for _ in range(6)]
        return [page.status for page in guesses], sign_in(client, customer.email).heading

    assert within_one_window(tries) == ([422] * 5 + [429], "Your orders")


def test_guesses_from_many_places_are_refused_after_thirty(app, session):
    def tries():
        customer = make_customer(session)
        for number in range(31):
            guesser = app.test_client()
            guesser.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
            page = sign_in(guesser, customer.email, "not the password")
            assert page.status == (422 if number < 30 else 429)
        return page

    assert "Retry-After" in within_one_window(tries).response.headers
    assert sign_ins(session) == 0


def test_whoever_signs_in_has_her_mistakes_forgiven(client, session):
    customer = make_customer(session)
    for _ in range(2):
        for _ in range(4):
            assert sign_in(client, customer.email, "not the password").status == 422
        assert sign_in(client, customer.email).heading == "Your orders"


def test_signing_in_often_with_the_right_password_is_never_too_often(client, session):
    customer = make_customer(session)

    for _ in range(BY_BOTH + 3):
        assert sign_in(client, customer.email).heading == "Your orders"


def test_the_sixth_account_for_one_address_is_refused_and_mails_nothing(client, session):
    def tries():
        email = f"ada-{time.time_ns()}@example.org"
        pages = [register(client, email) for _ in range(6)]
        mails = select(func.count(Mail.id)).filter_by(recipient=email)
        return pages[-1], [page.status for page in pages], session.scalar(mails)

    page, statuses, mails = within_one_window(tries)

    assert statuses == [200] * 5 + [429]
    assert mails == 5
    assert 1 <= int(page.response.headers["Retry-After"]) <= WINDOW_S
    assert "Too many tries" in page.text
