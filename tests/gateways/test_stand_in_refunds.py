"""Refunds: whole, in parts, never more than is left."""

from typing import Any

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, types
from .pay_pages import DECLINED, PAYS, visit


@pytest.fixture
def paid(sdk: stripe.StripeClient, open_session: Open) -> stripe.PaymentIntent:
    """Return the intent of a paid order of $49.00."""
    session = open_session()
    visit(session.url).pay(PAYS)
    return intent_of(sdk, session.id)


def intent_of(sdk: stripe.StripeClient, session_id: str) -> stripe.PaymentIntent:
    session = sdk.v1.checkout.sessions.retrieve(
        session_id, params={"expand": ["payment_intent.latest_charge"]}
    )
    assert isinstance(session.payment_intent, stripe.PaymentIntent)
    return session.payment_intent


def charge_of(sdk: stripe.StripeClient, intent: stripe.PaymentIntent) -> stripe.Charge:
    (charge,) = sdk.v1.charges.list(params={"payment_intent": intent.id}).data
    return charge


def test_a_refund_without_an_amount_gives_everything_back(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    refund = sdk.v1.refunds.create(
        params={
            "payment_intent": paid.id,
            "reason": "requested_by_customer",
            "metadata": {"order": "1001"},
        }
    )

    assert (refund.amount, refund.currency, refund.status) == (4900, "usd", "succeeded")
    assert (refund.reason, refund.payment_intent) == ("requested_by_customer", paid.id)
    charge = charge_of(sdk, paid)
    assert (charge.amount_refunded, charge.refunded) == (4900, True)
    assert types(sdk)[-2:] == ["refund.created", "charge.refunded"]


def test_the_event_of_a_refund_tells_the_order_and_what_was_before(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    sdk.v1.refunds.create(params={"payment_intent": paid.id, "amount": 900})

    (event,) = sdk.v1.events.list(params={"type": "charge.refunded"}).data
    assert event.data.object["metadata"].to_dict() == {"order": "1001"}
    assert event.data.object["amount_refunded"] == 900
    assert event.data.to_dict()["previous_attributes"] == {"amount_refunded": 0}


def test_refunds_in_parts_end_at_the_whole(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    charge = charge_of(sdk, paid)

    for amount in (1000, 900):
        sdk.v1.refunds.create(params={"charge": charge.id, "amount": amount})
    rest = sdk.v1.refunds.create(params={"charge": charge.id})

    assert rest.amount == 3000
    listed = sdk.v1.refunds.list(params={"payment_intent": paid.id})
    assert [each.amount for each in listed.data] == [3000, 900, 1000]
    assert sdk.v1.refunds.retrieve(rest.id).amount == 3000
    assert charge_of(sdk, paid).refunded is True


@pytest.mark.parametrize(
    ("before", "amount", "message"),
    [
        (0, 4901, "Refund amount ($49.01) is greater than charge amount ($49.00)"),
        (
            1000,
            3901,
            "Refund amount ($39.01) is greater than unrefunded amount on charge ($39.00)",
        ),
    ],
)
def test_more_than_is_left_is_refused_and_changes_nothing(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent, before: int, amount: int, message: str
) -> None:
    if before:
        sdk.v1.refunds.create(params={"payment_intent": paid.id, "amount": before})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.refunds.create(params={"payment_intent": paid.id, "amount": amount})

    assert (caught.value.user_message, caught.value.param) == (message, "amount")
    assert charge_of(sdk, paid).amount_refunded == before


def test_a_second_whole_refund_is_refused(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    sdk.v1.refunds.create(params={"payment_intent": paid.id})

    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.refunds.create(params={"payment_intent": paid.id})

    assert caught.value.code == "charge_already_refunded"
    assert caught.value.user_message.endswith("has already been refunded.")


@pytest.mark.parametrize("amount", [0, -100])
def test_nothing_and_less_cannot_be_refunded(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent, amount: int
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.refunds.create(params={"payment_intent": paid.id, "amount": amount})

    assert (caught.value.code, caught.value.param) == ("parameter_invalid_integer", "amount")


def test_a_declined_payment_has_nothing_to_refund(
    sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session()
    visit(session.url).pay(DECLINED)
    intent = intent_of(sdk, session.id)

    with pytest.raises(stripe.InvalidRequestError, match="does not have a successful charge"):
        sdk.v1.refunds.create(params={"payment_intent": intent.id})


def test_a_payment_that_is_not_there_cannot_be_refunded(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.refunds.create(params={"payment_intent": "pi_none"})

    assert (caught.value.code, caught.value.param) == ("resource_missing", "payment_intent")


def test_a_refund_of_nothing_named_is_refused(sdk: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError, match="payment_intent or charge"):
        sdk.v1.refunds.create(params={"amount": 100})


def test_the_refunds_of_a_charge_can_be_expanded(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    refund = sdk.v1.refunds.create(params={"payment_intent": paid.id, "amount": 100})

    charge = sdk.v1.charges.retrieve(
        charge_of(sdk, paid).id, params={"expand": ["refunds", "payment_intent"]}
    )

    assert [each.id for each in charge.refunds.data] == [refund.id]
    assert charge.payment_intent.id == paid.id


def test_the_refund_of_a_bank_debit_is_pending_until_it_arrives(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    session = open_session()
    visit(session.url).send(method="bank")
    stand_in.advance(11)
    intent = intent_of(sdk, session.id)

    refund = sdk.v1.refunds.create(params={"payment_intent": intent.id})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    stand_in.advance(11)

    assert sdk.v1.refunds.retrieve(refund.id).status == "succeeded"
    (event,) = sdk.v1.events.list(params={"type": "refund.updated"}).data
    assert event.data.to_dict()["previous_attributes"]["status"] == "pending"


PENDING, FAILING = "4000000000007726", "4000000000005126"


def paid_with(sdk: stripe.StripeClient, open_session: Open, number: str) -> stripe.PaymentIntent:
    session = open_session()
    visit(session.url).pay(number)
    return intent_of(sdk, session.id)


def test_a_card_may_take_its_refund_later(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    intent = paid_with(sdk, open_session, PENDING)

    refund = sdk.v1.refunds.create(params={"payment_intent": intent.id, "amount": 900})
    assert (refund.status, refund.pending_reason) == ("pending", "processing")
    stand_in.advance(11)

    assert sdk.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert types(sdk)[4:] == [
        "refund.created",
        "charge.refunded",
        "charge.refund.updated",
        "refund.updated",
    ]


def test_a_refund_may_fail_after_it_seemed_to_arrive(
    stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open
) -> None:
    intent = paid_with(sdk, open_session, FAILING)
    sdk.v1.refunds.create(params={"payment_intent": intent.id, "amount": 900})
    rest = sdk.v1.refunds.create(params={"payment_intent": intent.id})
    assert (rest.status, charge_of(sdk, intent).refunded) == ("succeeded", True)

    stand_in.advance(11)

    failed = sdk.v1.refunds.retrieve(rest.id)
    assert (failed.status, failed.failure_reason) == ("failed", "expired_or_canceled_card")
    charge = charge_of(sdk, intent)
    assert (charge.amount_refunded, charge.refunded) == (0, False)
    assert types(sdk)[-3:] == ["charge.refund.updated", "refund.updated", "refund.failed"]
    assert types(sdk).count("refund.failed") == 2


def test_only_the_metadata_of_a_refund_can_be_changed(
    sdk: stripe.StripeClient, paid: stripe.PaymentIntent
) -> None:
    refund = sdk.v1.refunds.create(params={"payment_intent": paid.id})

    changed = sdk.v1.refunds.update(refund.id, params={"metadata": {"order": "1001"}})

    assert changed.metadata is not None
    assert changed.metadata.to_dict() == {"order": "1001"}
    assert types(sdk)[-2:] == ["charge.refund.updated", "refund.updated"]
    amount: Any = {"amount": 1}
    with pytest.raises(stripe.InvalidRequestError, match="unknown parameter: amount"):
        sdk.v1.refunds.update(refund.id, params=amount)
