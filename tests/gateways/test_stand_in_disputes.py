"""Disputes: the bank takes the money, the shop answers or gives in."""

from typing import Any

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, again, types
from .pay_pages import PAYS, visit

DISPUTED, NOT_RECEIVED, INQUIRED = "4000000000000259", "4000000000002685", "4000000000001976"
PAID = [
    "payment_intent.created",
    "charge.succeeded",
    "payment_intent.succeeded",
    "checkout.session.completed",
]


def disputed(sdk: stripe.StripeClient, open_session: Open, number: str = DISPUTED) -> Any:
    """Pay with a card whose charge is disputed; return the dispute."""
    session = open_session()
    visit(session.url).pay(number)
    intent = again(sdk, session).payment_intent
    (dispute,) = sdk.v1.disputes.list(params={"payment_intent": intent.id}).data
    return dispute


def evidence(sdk: stripe.StripeClient, dispute: Any, text: str, **more: Any) -> Any:
    params: Any = {"evidence": {"uncategorized_text": text}, **more}
    return sdk.v1.disputes.update(dispute.id, params=params)


def test_the_charge_succeeds_and_the_money_is_taken_back(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    dispute = disputed(sdk, open_session)

    assert (dispute.status, dispute.reason) == ("needs_response", "fraudulent")
    assert (dispute.amount, dispute.currency) == (4900, "usd")
    assert dispute.is_charge_refundable is False
    (moved,) = dispute.balance_transactions
    assert (moved.amount, moved.fee, moved.net) == (-4900, 1500, -6400)
    charge = sdk.v1.charges.retrieve(dispute.charge)
    assert (charge.status, charge.disputed, charge.refunded) == ("succeeded", True, False)
    assert types(sdk) == [*PAID, "charge.dispute.created", "charge.dispute.funds_withdrawn"]


def test_an_event_of_a_dispute_names_charge_and_payment(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    dispute = disputed(sdk, open_session)

    (event,) = sdk.v1.events.list(params={"type": "charge.dispute.created"}).data

    told = event.data.object
    assert (told["id"], told["charge"], told["payment_intent"]) == (
        dispute.id,
        dispute.charge,
        dispute.payment_intent,
    )
    assert told["metadata"].to_dict() == {}


def test_goods_not_received_are_another_reason(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    assert disputed(sdk, open_session, NOT_RECEIVED).reason == "product_not_received"


@pytest.mark.parametrize(
    ("text", "status", "events"),
    [
        ("winning_evidence", "won", ["charge.dispute.closed", "charge.dispute.funds_reinstated"]),
        ("losing_evidence", "lost", ["charge.dispute.closed"]),
    ],
)
def test_the_evidence_decides(
    sdk: stripe.StripeClient, open_session: Open, text: str, status: str, events: list[str]
) -> None:
    dispute = disputed(sdk, open_session)

    answered = evidence(sdk, dispute, text)
    assert (answered.status, answered.evidence_details.submission_count) == ("under_review", 1)

    ended = sdk.v1.disputes.retrieve(dispute.id)
    assert ended.status == status
    assert sum(each.net for each in ended.balance_transactions) == (0 if status == "won" else -6400)
    assert types(sdk)[6:] == ["charge.dispute.updated", *events]
    (closed,) = sdk.v1.events.list(params={"type": "charge.dispute.closed"}).data
    assert closed.data.object["status"] == status
    with pytest.raises(stripe.InvalidRequestError, match="takes no more evidence"):
        evidence(sdk, dispute, "winning_evidence")


def test_other_evidence_stays_under_review(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    dispute = disputed(sdk, open_session)

    evidence(sdk, dispute, "It was sent on Monday.")
    stand_in.advance(30 * 24 * 3600)

    assert sdk.v1.disputes.retrieve(dispute.id).status == "under_review"


def test_evidence_may_be_kept_before_it_is_sent(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    dispute = disputed(sdk, open_session)

    kept = evidence(sdk, dispute, "winning_evidence", submit=False, metadata={"by": "ada"})

    assert (kept.status, kept.evidence_details.has_evidence) == ("needs_response", True)
    assert kept.evidence_details.submission_count == 0
    assert kept.metadata.to_dict() == {"by": "ada"}
    evidence(sdk, dispute, "winning_evidence")
    assert sdk.v1.disputes.retrieve(dispute.id).status == "won"


def test_giving_in_loses_and_cannot_be_done_twice(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    dispute = disputed(sdk, open_session)

    assert sdk.v1.disputes.close(dispute.id).status == "lost"

    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        sdk.v1.disputes.close(dispute.id)
    assert types(sdk)[6:] == ["charge.dispute.closed"]


def test_an_inquiry_takes_no_money_and_closes_as_a_warning(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    inquiry = disputed(sdk, open_session, INQUIRED)
    assert (inquiry.status, inquiry.balance_transactions) == ("warning_needs_response", [])
    assert inquiry.payment_method_details.card.case_type == "inquiry"

    assert sdk.v1.disputes.close(inquiry.id).status == "warning_closed"

    assert types(sdk)[4:] == ["charge.dispute.created", "charge.dispute.closed"]


def test_what_the_bank_took_back_cannot_be_refunded(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    dispute = disputed(sdk, open_session)

    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.refunds.create(params={"charge": dispute.charge})

    assert caught.value.code == "charge_disputed"
    evidence(sdk, dispute, "winning_evidence")
    assert sdk.v1.refunds.create(params={"charge": dispute.charge}).amount == 4900


def test_disputes_are_found_by_payment_charge_and_time(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    first = disputed(sdk, open_session)
    stand_in.advance(100)
    second = disputed(sdk, open_session)

    def found(**params: Any) -> list[str]:
        asked: Any = params
        return [each.id for each in sdk.v1.disputes.list(params=asked).data]

    assert found() == [second.id, first.id]
    assert found(charge=first.charge) == [first.id]
    assert found(created={"gte": first.created + 50}) == [second.id]
    assert found(created={"lt": first.created + 50}) == [first.id]


def test_a_dispute_that_is_not_there_is_a_404(sdk: stripe.StripeClient, open_session: Open) -> None:
    visit(open_session().url).pay(PAYS)
    assert sdk.v1.disputes.list().data == []

    for ask in (sdk.v1.disputes.retrieve, sdk.v1.disputes.close):
        with pytest.raises(stripe.InvalidRequestError, match="No such dispute") as caught:
            ask("du_none")
        assert caught.value.http_status == 404
