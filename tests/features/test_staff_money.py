"""Money without order, order without money: found, shown, resolved."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import (
    Discrepancy,
    DiscrepancyKind,
    Job,
    Money,
    Order,
    Payment,
    Refund,
    RefundStatus,
    Role,
    now,
)
from storefront.payments import audit, discrepancies
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.features.refunding import buy
from tests.features.test_staff_today import differ, dispute, verified
from tests.staff import counted_statements, sign_in

NAME = "Money without order, order without money"


def all_of(session):
    """Return every discrepancy as its reference, whether it is open, by whom and how resolved."""
    found = select(Discrepancy).order_by(Discrepancy.id)
    rows = session.scalars(found.execution_options(populate_existing=True))
    return [(it.reference, it.resolved_at is None, it.resolved_by, it.resolution) for it in rows]


def test_where_all_is_well_the_page_is_empty_and_says_since_when(client, session):
    sign_in(client, session)
    before = visit(client, "/staff/money")
    done_at = now()
    for moment in (done_at - timedelta(minutes=3), done_at):
        session.add(Job(kind="reconcile", key=f"reconcile:{moment}", done_at=moment))
    session.commit()

    page = visit(client, "/staff/money")

    assert before.heading == NAME
    assert "Not compared yet" in before.text
    assert "Stripe and the shop agree" in page.text
    checked = page.main.find(id="agrees").find_parent("section").find("time")["datetime"]
    assert checked == done_at.isoformat(timespec="seconds")


def test_a_check_that_asked_stripe_counts_too(client, session):
    sign_in(client, session)
    verified(session)
    before = visit(client, "/staff/money").text
    verified(session, asked_stripe=True)

    assert "Not compared yet" in before
    assert "Stripe and the shop agree" in visit(client, "/staff/money").text


def test_what_differs_says_what_it_is_and_what_to_do(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    differ(session, "cs_lost")
    other = differ(session, "cs_ghost", order)
    other.kind = DiscrepancyKind.ORDER_WITHOUT_MONEY
    session.commit()

    page = visit(client, "/staff/money")

    titles = [it.get_text() for it in page.main.find_all("h2")][:2]
    assert titles == ["Money without order: $89.00", "Order without money: $89.00"]
    for words in ("cs_lost", "cs_ghost", "no order has it", "Do not ship the order."):
        assert words in page.text
    assert "Stripe and the shop agree" not in page.text
    assert page.link(order.number) == f"/staff/orders/{order.number}"


def test_resolving_needs_a_reason_and_keeps_what_was_typed(client, session):
    sign_in(client, session)
    differ(session, "cs_1")
    differ(session, "cs_2")
    form = visit(client, "/staff/money")

    empty = form.submit("Mark as resolved", nth=1, reason="  ")
    short = form.submit("Mark as resolved", nth=1, reason="ok")

    assert (empty.status, empty.errors()) == (422, ["Give a reason of 3 to 300 characters."])
    assert (short.status, short.errors()) == (422, ["Give a reason of 3 to 300 characters."])
    fields = short.main.find_all("input", {"name": "reason"})
    assert [it["value"] for it in fields] == ["", "ok"]
    assert [is_open for _, is_open, *_ in all_of(session)] == [True, True]


def test_what_is_resolved_stands_below_with_who_and_how(client, session):
    person = sign_in(client, session, Role.MANAGER)
    differ(session, "cs_1")
    differ(session, "cs_2")

    page = visit(client, "/staff/money").submit(
        "Mark as resolved", nth=1, reason="Given back by hand"
    )

    assert page.status == 200
    assert all_of(session) == [
        ("cs_1", True, "", ""),
        ("cs_2", False, person.email, "Given back by hand"),
    ]
    resolved = page.main.find(id="resolved").find_parent("section").find("tbody").get_text(" ")
    assert "Given back by hand" in resolved
    assert person.email in resolved
    assert len(page.main.find_all("input", {"name": "reason"})) == 1


def test_of_two_who_resolve_the_same_the_second_is_told(client, session):
    sign_in(client, session)
    differ(session)
    first, second = visit(client, "/staff/money"), visit(client, "/staff/money")
    first.submit("Mark as resolved", reason="I was first")
    before = all_of(session)

    page = second.submit("Mark as resolved", reason="I was second")

    assert page.status == 409
    assert "This was resolved meanwhile. Nothing was changed." in page.text
    assert all_of(session) == before


@pytest.mark.parametrize("typed", ["", "0", "999999", "one", "9" * 30])
def test_what_is_no_difference_cannot_be_resolved(client, session, typed):
    sign_in(client, session)
    differ(session)

    page = visit(client, "/staff/money").submit(
        "Mark as resolved", discrepancy=typed, reason="Settled"
    )

    assert page.status == 422
    assert [is_open for _, is_open, *_ in all_of(session)] == [True]


def test_what_was_resolved_has_pages(client, session):
    sign_in(client, session)
    for place in range(21):
        differ(session, f"cs_{place}", resolved_at=now(), resolved_by="worker")

    page = visit(client, "/staff/money")

    assert "Page 1 of 2" in page.text
    assert "Page 2 of 2" in page.follow("Next page").text


def test_disputes_and_refunds_that_did_not_arrive_are_listed(client, session):
    sign_in(client, session)
    variant = make_variant(session)
    orders = [make_paid_order(session, variant=variant) for _ in range(5)]
    dispute(session, orders[0], due_at=now() + timedelta(days=7))
    old = now() - timedelta(days=2)
    for order, status, since in (
        (orders[1], RefundStatus.FAILED, now()),
        (orders[2], RefundStatus.PENDING, old),
        (orders[3], RefundStatus.PENDING, now()),
        (orders[4], RefundStatus.SUCCEEDED, old),
    ):
        payment = session.scalars(select(Payment).filter_by(order_id=order.id)).one()
        row = Refund(
            payment_id=payment.id,
            key=f"key-{order.number}",
            status=status,
            amount=Money(100, "USD"),
            actor="test",
            created_at=since,
        )
        session.add(row)
    session.execute(update(Order).where(Order.id == orders[1].id).values(attention="It failed."))
    session.commit()

    page = visit(client, "/staff/money")

    listed = page.main.find(id="refunds").find_parent("section").find("tbody").get_text(" ")
    assert [order.number in listed for order in orders] == [False, True, True, False, False]
    disputes = page.main.find(id="disputes").find_parent("section").find("tbody").get_text(" ")
    assert orders[0].number in disputes
    assert "Fraudulent" in disputes
    assert "Needs response" in disputes
    assert page.link("1 order to look at") == "/staff/orders?attention=1"


def test_the_page_costs_the_same_however_long_it_is(app, client, session):
    sign_in(client, session)
    variant = make_variant(session, on_hand=20)
    dispute(session, make_paid_order(session, variant=variant))
    visit(client, "/staff/money")
    with counted_statements(app) as with_one:
        visit(client, "/staff/money")
    for place in range(10):
        order = make_paid_order(session, variant=variant)
        differ(session, f"cs_{place}", order)
        dispute(session, order)

    with counted_statements(app) as with_many:
        visit(client, "/staff/money")

    assert len(with_many) == len(with_one)


@pytest.fixture
def lost(app, client, session):
    """A payment at Stripe that the shop has forgotten: money without order."""
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product)
    order = buy(client, session)
    page_id = session.scalar(select(Payment.session_id).filter_by(order_id=order.id))

    def told(payment_status="paid"):
        gateway = app.extensions["gateway"]
        found = audit.books(gateway, now() - timedelta(hours=1))
        page = next(it for it in found.sessions if it.id == page_id)
        difference = audit.Finding(
            DiscrepancyKind.MONEY_WITHOUT_ORDER, page.id, page.amount, "Nobody has it."
        )
        differences = [difference] if payment_status == "paid" else []
        with app.extensions["sessions"].write.begin() as writer:
            discrepancies.record(writer, found, differences)

    return told


def test_what_agrees_again_is_resolved_by_itself_and_opened_again_when_it_differs(session, lost):
    lost()
    noted = all_of(session)
    lost("agrees")
    resolved = all_of(session)
    lost()

    assert [is_open for _, is_open, *_ in noted] == [True]
    assert resolved[0][1:] == (False, "worker", "Stripe and the shop agree again.")
    assert all_of(session) == noted


def test_what_staff_resolved_stays_resolved(client, session, lost):
    lost()
    person = sign_in(client, session)
    visit(client, "/staff/money").submit("Mark as resolved", reason="It is a test of ours")

    lost()
    lost("agrees")
    lost()

    (found,) = all_of(session)
    assert found[1:] == (False, person.email, "It is a test of ours")


def test_what_has_grown_too_old_to_be_asked_for_stays_open(app, session):
    differ(session, "cs_of_last_week")
    found = audit.books(app.extensions["gateway"], now() - timedelta(hours=1))

    with app.extensions["sessions"].write.begin() as writer:
        discrepancies.record(writer, found, [])

    assert all_of(session) == [("cs_of_last_week", True, "", "")]
