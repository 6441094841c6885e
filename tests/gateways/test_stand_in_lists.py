"""Lists: in pages, from either end, bounded by time, for every kind that a shop reads."""

from typing import Any

import pytest
import stripe

from storefront.payments.stand_in.thread import StandInServer

from .conftest import Open, again
from .pay_pages import visit

DISPUTED = "4000000000000259"
KINDS = ("checkout.sessions", "payment_intents", "charges", "refunds", "disputes", "events")


def service(sdk: stripe.StripeClient, kind: str) -> Any:
    found: Any = sdk.v1
    for name in kind.split("."):
        found = getattr(found, name)
    return found


@pytest.fixture
def five(stand_in: StandInServer, sdk: stripe.StripeClient, open_session: Open) -> list[int]:
    """Make five of everything, a hundred seconds apart; return when each was made."""
    moments = []
    for _ in range(5):
        session = open_session()
        visit(session.url).pay(DISPUTED)
        (dispute,) = sdk.v1.disputes.list(params={"limit": 1}).data
        sdk.v1.disputes.update(
            dispute.id, params={"evidence": {"uncategorized_text": "winning_evidence"}}
        )
        intent = again(sdk, session).payment_intent
        sdk.v1.refunds.create(params={"payment_intent": intent.id})
        moments.append(int(session.created))
        stand_in.advance(100)
    return moments


@pytest.mark.usefixtures("five")
def test_every_list_comes_in_pages_from_either_end(sdk: stripe.StripeClient) -> None:
    for kind in KINDS:
        everything = [each.id for each in service(sdk, kind).list(params={"limit": 100}).data]
        assert len(everything) >= 5, kind

        page = service(sdk, kind).list(params={"limit": 2})
        assert ([each.id for each in page.data], page.has_more) == (everything[:2], True), kind
        assert [each.id for each in page.auto_paging_iter()] == everything, kind

        last = service(sdk, kind).list(params={"limit": 2, "ending_before": everything[-1]})
        assert ([each.id for each in last.data], last.has_more) == (everything[-3:-1], True), kind
        assert [each.id for each in last.auto_paging_iter()] == everything[:-1][::-1], kind

        rest = service(sdk, kind).list(params={"limit": 100, "starting_after": everything[1]})
        assert ([each.id for each in rest.data], rest.has_more) == (everything[2:], False), kind


def test_every_list_is_bounded_by_time(sdk: stripe.StripeClient, five: list[int]) -> None:
    middle = five[2] + 50
    for kind in KINDS:
        everything = list(service(sdk, kind).list(params={"limit": 100}).data)
        for bound in ("gte", "gt", "lte", "lt"):
            found = service(sdk, kind).list(params={"limit": 100, "created": {bound: middle}}).data

            is_after = bound.startswith("g")
            expected = [each.id for each in everything if (each.created > middle) is is_after]
            assert [each.id for each in found] == expected, (kind, bound)
            assert 0 < len(expected) < len(everything), (kind, bound)


def test_a_bound_is_itself_in_or_out(sdk: stripe.StripeClient, five: list[int]) -> None:
    def count(**bounds: int) -> int:
        params: Any = {"created": bounds}
        return len(sdk.v1.checkout.sessions.list(params=params).data)

    moment = five[2]
    assert (count(gte=moment), count(gt=moment)) == (3, 2)
    assert (count(lte=moment), count(lt=moment)) == (3, 2)
    assert count(gte=five[1], lt=five[3]) == 2


@pytest.mark.usefixtures("five")
def test_pages_of_a_filtered_list_stay_filtered(sdk: stripe.StripeClient) -> None:
    params: Any = {"type": "charge.refunded", "limit": 2}

    found = list(sdk.v1.events.list(params=params).auto_paging_iter())

    assert [each.type for each in found] == ["charge.refunded"] * 5


@pytest.mark.usefixtures("five")
def test_events_are_listed_for_thirty_days(
    stand_in: StandInServer, sdk: stripe.StripeClient
) -> None:
    (event,) = sdk.v1.events.list(params={"limit": 1}).data

    stand_in.advance(30 * 24 * 3600)

    assert sdk.v1.events.list().data == []
    assert sdk.v1.events.retrieve(event.id).id == event.id


@pytest.mark.usefixtures("five")
def test_sessions_are_found_by_the_buyers_email(sdk: stripe.StripeClient) -> None:
    def found(email: str) -> int:
        params: Any = {"customer_details": {"email": email}}
        return len(sdk.v1.checkout.sessions.list(params=params).data)

    assert (found("buyer@example.com"), found("eve@example.com")) == (5, 0)


@pytest.mark.usefixtures("five")
def test_events_are_found_by_a_part_of_their_type(sdk: stripe.StripeClient) -> None:
    params: Any = {"type": "charge.dispute.*", "limit": 100}

    found = {each.type for each in sdk.v1.events.list(params=params).data}

    assert found == {
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.updated",
        "charge.dispute.closed",
        "charge.dispute.funds_reinstated",
    }


@pytest.mark.parametrize(
    ("params", "param"),
    [
        ({"limit": 101}, "limit"),
        ({"limit": 0}, "limit"),
        ({"starting_after": "re_none"}, "starting_after"),
        ({"ending_before": "re_none"}, "ending_before"),
        ({"starting_after": "re_1", "ending_before": "re_2"}, "starting_after"),
        ({"created": {"after": 1}}, "created[after]"),
    ],
)
def test_a_list_that_makes_no_sense_is_refused(
    sdk: stripe.StripeClient, params: Any, param: str
) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        sdk.v1.refunds.list(params=params)

    assert caught.value.param == param
