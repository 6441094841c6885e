"""Disputes: opened, answered, won, lost, closed; in any order of events; beside other trouble."""

import pytest
from sqlalchemy import select, update

from models import Dispute, Order, OrderEvent, OrderStatus, Payment
from models.balance import MoneyStatus, balances
from storefront.payments import disputes
from tests.browser import visit
from tests.features.test_checkout import the_order
from tests.payments.steps import (
    adds_up,
    api,
    dispute_of,
    events_about,
    order_page,
    reconcile,
    refund_at_stripe,
    sold,
    told,
)
from tests.staff import sign_in
from tests.stripe import deliver

DISPUTED, INQUIRY = "4000000000000259", "4000000000001976"
OPENED, UPDATED, CLOSED = (
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)
FUNDS = ("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated")


@pytest.fixture
def url(client, stand_in, variant):
    """The payment page of a paid order that is disputed at once; the shop does not know yet."""
    return sold(client, stand_in, DISPUTED)


def the_dispute(session):
    return session.scalars(select(Dispute).execution_options(populate_existing=True)).one()


def answer(stand_in, url, evidence):
    """Answer in Stripe's dashboard; the text decides, as in Stripe's test mode."""
    params = {"evidence": {"uncategorized_text": evidence}, "submit": True}
    api(stand_in).v1.disputes.update(dispute_of(stand_in, url).id, params)


def money_of(session):
    found = the_order(session)
    return balances(session, [found])[found.id].money


def history(session):
    kinds = session.scalars(select(OrderEvent.kind).order_by(OrderEvent.id)).all()
    return [kind for kind in kinds if "disput" in kind or kind in {"held", "checked"}]


def test_a_dispute_without_an_order_in_its_metadata_is_matched_by_its_payment(
    app, client, session, stand_in, url
):
    assert told(client, stand_in, url, OPENED, *FUNDS[:1]) == [200, 200]

    found = the_dispute(session)
    assert (found.status, found.taken_minor, found.is_open) == ("needs_response", 8900, True)
    attention = the_order(session).attention
    assert attention.startswith("The buyer's bank disputes 89.00 USD. Answer in Stripe's dashboard")
    assert " by " in attention
    assert money_of(session) is MoneyStatus.CHARGED_BACK
    assert history(session) == ["disputed", "held"]
    desk = app.test_client()
    sign_in(desk, session)
    page = visit(desk, f"/staff/orders/{the_order(session).number}")
    assert "Mark as shipped" not in [it.get_text(strip=True) for it in page.main("button")]


def test_a_dispute_that_was_answered_waits_for_the_bank_and_not_for_staff(
    client, session, stand_in, url
):
    told(client, stand_in, url, OPENED)
    api(stand_in).v1.disputes.update(
        dispute_of(stand_in, url).id, {"evidence": {"uncategorized_text": "It came."}}
    )

    told(client, stand_in, url, UPDATED)

    assert the_dispute(session).status == "under_review"
    said = "The buyer's bank disputes 89.00 USD. It has our answer and decides."
    assert the_order(session).attention == said


@pytest.mark.parametrize(
    ("evidence", "status", "taken", "money", "attention"),
    [
        ("winning_evidence", "won", 0, MoneyStatus.PAID, None),
        (
            "losing_evidence",
            *("lost", 8900, MoneyStatus.CHARGED_BACK),
            "A dispute was lost: 89.00 USD went back to the buyer.",
        ),
    ],
)
def test_a_dispute_that_is_decided_is_reflected_in_money_and_flag(
    client, session, stand_in, url, evidence, status, taken, money, attention
):
    told(client, stand_in, url, OPENED)
    answer(stand_in, url, evidence)
    stand_in.advance(1)

    assert set(told(client, stand_in, url, UPDATED, CLOSED)) == {200}

    found = the_dispute(session)
    assert (found.status, found.taken_minor, found.is_open) == (status, taken, False)
    assert (money_of(session), the_order(session).attention) == (money, attention)
    assert the_order(session).status is OrderStatus.PAID


def test_events_of_a_decided_dispute_in_another_order_leave_the_decision(
    client, session, stand_in, url
):
    told(client, stand_in, url, OPENED)
    (opened,) = events_about(stand_in, url, OPENED)
    api(stand_in).v1.disputes.close(dispute_of(stand_in, url).id)

    told(client, stand_in, url, CLOSED)
    told(client, stand_in, url, CLOSED)
    deliver(client, {**opened, "id": "evt_late"})
    told(client, stand_in, url, "checkout.session.completed")

    assert (the_dispute(session).status, the_dispute(session).is_open) == ("lost", False)
    assert history(session) == ["disputed", "held", "checked", "dispute lost", "held"]
    lost = "A dispute was lost: 89.00 USD went back to the buyer."
    assert the_order(session).attention == lost


def test_a_dispute_of_which_the_end_is_told_first_is_closed_from_the_start(
    client, session, stand_in, url
):
    api(stand_in).v1.disputes.close(dispute_of(stand_in, url).id)

    told(client, stand_in, url, CLOSED, OPENED)

    assert history(session) == ["disputed", "dispute lost", "held"]
    assert the_dispute(session).is_open is False


def test_what_was_asked_before_a_dispute_was_decided_does_not_open_it_again(
    app, client, session, stand_in, url
):
    told(client, stand_in, url, OPENED)
    old = app.extensions["gateway"].fetch_dispute(the_dispute(session).dispute_id)
    api(stand_in).v1.disputes.close(old.dispute_id)
    told(client, stand_in, url, CLOSED)

    with app.extensions["sessions"].write.begin() as writer:
        disputes.note(writer, old)

    assert the_dispute(session).status == "lost"
    assert the_dispute(session).closed_at is not None


def test_an_inquiry_takes_no_money_and_its_end_takes_the_flag_away(
    client, session, stand_in, variant
):
    url = sold(client, stand_in, INQUIRY)
    told(client, stand_in, url, OPENED)
    assert (the_dispute(session).taken_minor, money_of(session)) == (0, MoneyStatus.PAID)
    assert the_order(session).attention is not None

    api(stand_in).v1.disputes.close(the_dispute(session).dispute_id)
    told(client, stand_in, url, CLOSED)

    assert (the_dispute(session).status, the_order(session).attention) == ("warning_closed", None)


def test_a_closed_inquiry_that_becomes_a_dispute_is_open_again(app, client, session, stand_in, url):
    """Stripe goes on with the same object: its status changes from a warning's to a dispute's."""
    told(client, stand_in, url, OPENED)
    session.execute(update(Dispute).values(status="warning_closed", closed_at=Dispute.created_at))
    session.execute(update(Order).values(attention=None))
    (event,) = events_about(stand_in, url, OPENED)

    deliver(client, {**event, "id": "evt_escalated", "type": UPDATED})

    assert (the_dispute(session).status, the_dispute(session).is_open) == ("needs_response", True)
    assert the_order(session).attention is not None


def test_a_dispute_hides_no_other_trouble_and_no_other_trouble_hides_it(
    client, session, stand_in, url
):
    session.execute(update(Order).values(attention="Something else."))
    told(client, stand_in, url, OPENED)
    first, second = the_order(session).attention.split("\n")
    assert (first, second[:18]) == ("Something else.", "The buyer's bank d")

    api(stand_in).v1.disputes.update(
        dispute_of(stand_in, url).id, {"evidence": {"uncategorized_text": "winning_evidence"}}
    )
    stand_in.advance(1)
    told(client, stand_in, url, CLOSED)

    assert the_order(session).attention == "Something else."


def test_a_dispute_whose_end_was_not_told_is_asked_for(app, client, session, stand_in, worker, url):
    told(client, stand_in, url, OPENED)
    answer(stand_in, url, "winning_evidence")
    stand_in.advance(1)

    reconcile(app, session, worker)

    assert (the_dispute(session).status, the_order(session).attention) == ("won", None)
    adds_up(session, stand_in)


def test_a_refund_of_what_the_bank_took_is_refused_and_given_back_to_what_is_left(
    app, client, session, stand_in, worker, url
):
    from tests.payments.test_refunds_at_stripe import ask

    told(client, stand_in, url, OPENED)
    ask(app, session, 8900)
    worker.work_off()

    assert session.scalars(select(Payment.refunded_minor)).one() == 0
    assert "A refund of 89.00 USD failed." in the_order(session).attention
    assert "disputes 89.00 USD" in the_order(session).attention


def test_a_dispute_of_another_integration_is_answered_and_ignored(
    client, session, stand_in, variant
):
    api(stand_in).v1.payment_intents.create(
        {
            "amount": 500,
            "currency": "usd",
            "confirm": True,
            "payment_method": "pm_card_createDispute",
        }
    )
    event = api(stand_in).v1.events.list({"type": OPENED, "limit": 1}).data[0].to_dict()

    response = deliver(client, event)

    assert (response.status_code, response.text) == (200, "ignored: another's\n")
    assert session.scalars(select(Dispute)).all() == []


def test_the_buyer_does_not_read_of_a_dispute_as_of_a_refund(client, session, stand_in, variant):
    url = sold(client, stand_in, INQUIRY)
    told(client, stand_in, url, OPENED)
    refund_at_stripe(stand_in, url, 500)
    told(client, stand_in, url, "charge.refunded")

    page = order_page(client, session)

    assert "$5.00" in page
    assert "dispute" not in page.lower()
