"""What really happens in the shop begins sequences and ends them: orders, parcels, accounts."""

import pytest

from models import Enrolment, SequenceTrigger
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.features.newsletter import ADA, enrol, fresh, make_sequence, make_subscriber, the
from tests.features.test_accounts import mailed_path, only_mail, register
from tests.features.test_accounts import sign_in as sign_in_customer
from tests.features.test_checkout import the_order
from tests.payments.steps import buy, return_to
from tests.staff import sign_in


@pytest.mark.parametrize("subscribes", [True, False])
def test_a_paid_order_begins_one_sequence_and_ends_another_once(client, session, subscribes):
    make_variant(session, product=make_product(session, handle="tool"))
    after = make_sequence(session, handle="after", trigger=SequenceTrigger.PAID)
    url = buy(client)
    return_to(client, url)
    buyer = the_order(session).email
    assert fresh(session, Enrolment) == []

    if subscribes:
        welcome = make_sequence(session, stops_on=["bought"])
        enrol(session, make_subscriber(session, buyer), welcome)
    again = buy(client)
    for _ in range(2):
        return_to(client, again)

    found = {it.sequence_id: it.end_reason for it in fresh(session, Enrolment)}
    assert found == ({after.id: "", welcome.id: "bought"} if subscribes else {})


def test_a_parcel_that_leaves_begins_a_sequence(client, session):
    make_subscriber(session)
    sequence = make_sequence(session, trigger=SequenceTrigger.SHIPPED)
    order = make_paid_order(session, email=ADA)
    sign_in(client, session)

    visit(client, f"/staff/orders/{order.number}").submit("Mark as shipped", tracking_number="1")

    assert the(session, Enrolment).sequence_id == sequence.id


def test_an_account_that_is_opened_begins_a_sequence_once(client, session):
    make_subscriber(session)
    sequence = make_sequence(session, trigger=SequenceTrigger.ACCOUNT)
    register(client)
    assert fresh(session, Enrolment) == []

    proof = mailed_path(only_mail(session), "/account/login")
    visit(client, proof).submit("Sign in", email=ADA, password="correct horse battery")
    assert the(session, Enrolment).sequence_id == sequence.id
    sign_in_customer(client, ADA)

    assert len(fresh(session, Enrolment)) == 1
