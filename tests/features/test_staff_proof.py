"""Asking again who it is before an act that matters."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import Refund, Role, SignIn, now
from tests.browser import visit
from tests.factories import PASSWORD, make_product, make_variant
from tests.features.refunding import buy
from tests.staff import sign_in

ASKED = "Is it you?"


def forget_proof(session):
    """A quarter of an hour goes by."""
    session.execute(update(SignIn).values(proved_at=now() - timedelta(minutes=16)))
    session.commit()


def refunds(session):
    return session.scalar(select(func.count(Refund.id)))


def refund_asked(client, session, **typed):
    page = visit(client, f"/staff/orders/{order(client, session).number}")
    forget_proof(session)
    return page.submit("Refund", **{"restock": "", "amount": "1.00", "reason": "Late"} | typed)


def order(client, session):
    tool = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=tool, on_hand=10)
    return buy(client, session, 1)


def test_a_fresh_sign_in_refunds_without_being_asked(client, session):
    sign_in(client, session)
    number = order(client, session).number

    visit(client, f"/staff/orders/{number}").submit(
        "Refund", amount="1.00", reason="Late", restock=""
    )

    assert refunds(session) == 1


def test_an_old_one_is_asked_and_what_was_typed_is_done_once_proven(client, session):
    sign_in(client, session)

    asked = refund_asked(client, session, reason="Größe <b>\r\nfalsch")

    assert (asked.status, asked.heading) == (403, ASKED)
    assert refunds(session) == 0
    assert asked.html.find("input", {"name": "reason"})["value"] == "Größe <b>\r\nfalsch"
    done = asked.submit("Go on", **{"proof-password": PASSWORD})
    assert done.status == 200
    assert done.heading.startswith("Order")
    assert session.scalars(select(Refund.amount_minor)).all() == [100]


def test_a_wrong_password_does_nothing_and_loses_nothing(client, session):
    sign_in(client, session)
    asked = refund_asked(client, session)

    wrong = asked.submit("Go on", **{"proof-password": "a guess"})

    assert wrong.status == 422
    assert "That is not your password." in wrong.text
    assert "a guess" not in wrong.response.text
    assert wrong.html.find("input", {"name": "amount"})["value"] == "1.00"
    assert refunds(session) == 0
    wrong.submit("Go on", **{"proof-password": PASSWORD})
    assert refunds(session) == 1


def test_guessing_ends_after_five_tries(client, session):
    sign_in(client, session)
    asked = refund_asked(client, session)
    for _ in range(5):
        assert asked.submit("Go on", **{"proof-password": "a guess"}).status == 422

    page = asked.submit("Go on", **{"proof-password": PASSWORD})

    assert page.status == 429
    assert 0 < int(page.response.headers["Retry-After"]) <= 900
    assert refunds(session) == 0


def test_a_proof_holds_for_a_quarter_of_an_hour(client, session):
    sign_in(client, session)
    refund_asked(client, session).submit("Go on", **{"proof-password": PASSWORD})

    assert visit(client, "/staff/newsletter/subscribers.csv").response.mimetype == "text/csv"
    forget_proof(session)
    assert visit(client, "/staff/newsletter/subscribers.csv").status == 403


@pytest.mark.parametrize(
    "address", ["/staff/leads.csv?sort=-last_orders", "/staff/newsletter/subscribers.csv"]
)
def test_an_export_is_led_to_after_the_proof(client, session, address):
    sign_in(client, session)
    forget_proof(session)

    asked = visit(client, address)
    led = asked.submit("Go on", follow=False, **{"proof-password": PASSWORD})

    assert (asked.status, asked.heading) == (403, ASKED)
    assert (led.status, led.location) == (303, address)
    assert visit(client, led.location).response.mimetype == "text/csv"


def test_a_proof_leads_nowhere_but_into_the_back_office(client, session):
    sign_in(client, session)
    forget_proof(session)

    led = visit(client, "/staff/leads.csv").submit(
        "Go on", follow=False, next="//evil.example", **{"proof-password": PASSWORD}
    )

    assert led.location == "/staff"


def test_who_lacks_the_permission_is_refused_before_any_proof(client, session):
    sign_in(client, session, Role.FULFILMENT)
    forget_proof(session)

    page = visit(client, "/staff/newsletter/subscribers.csv")

    assert page.status == 403
    assert "Your role does not allow this." in page.text


@pytest.mark.parametrize("odd", ["\x00", "ü" * 100_000, "=cmd()", "<script>"])
def test_odd_proofs_are_wrong(client, session, odd):
    sign_in(client, session)

    asked = refund_asked(client, session)

    assert asked.submit("Go on", **{"proof-password": odd}).status == 422
    assert refunds(session) == 0
