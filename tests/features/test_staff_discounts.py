"""Deciding on discounts: what they take off, for whom, when and how often."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import (
    Collection,
    Discount,
    DiscountKind,
    DiscountUse,
    DiscountUseState,
    Role,
    now,
)
from storefront.staff.typed import moment_from, moment_text, percent_from, percent_text
from tests.browser import visit
from tests.factories import make_discount, make_paid_order
from tests.staff import rows, sign_in

NEW = "/staff/discounts/new"
TEN = {"title": "Ten off", "code": "ten", "kind": "percentage", "percent": "10"}


@pytest.fixture(autouse=True)
def _owner(client, session):
    sign_in(client, session)


def the_discount(session):
    return session.scalars(select(Discount).execution_options(populate_existing=True)).one()


def state(session):
    """All that saving a discount could change."""
    columns = Discount.__table__.c
    return session.execute(select(*columns).order_by(columns.id)).all()


def edit(client, discount):
    return visit(client, f"/staff/discounts/{discount.id}")


def test_a_percentage_is_kept_exactly_and_the_code_in_capitals(client, session):
    page = visit(client, NEW).submit("Save", **TEN | {"percent": "12.5"})

    assert page.heading == "Discounts"
    assert "Ten off is saved." in page.text
    found = the_discount(session)
    assert (found.code, found.kind, found.percent_ppm) == ("TEN", "percentage", 125_000)
    assert (found.currency, found.collection_id, found.max_uses, found.is_active) == (
        *(None, None, None),
        True,
    )
    assert rows(page)[0][:7] == [
        *("Ten off", "TEN", "12.5 % off", "Running", "0 of any", "At once", "Never"),
    ]


def test_every_kind_and_limit_is_kept(client, session):
    shelf = Collection(handle="tools", title="Tools")
    session.add(shelf)
    session.flush()
    page = visit(client, NEW).submit(
        "Save",
        title="Five off",
        kind="amount",
        amount="5.00",
        percent="99",
        minimum="20.5",
        minimum_quantity="2",
        collection=shelf.id,
        starts="2026-12-01T09:00",
        ends="2026-12-24T18:30",
        max_uses="100",
    )

    assert page.status == 200, page.text
    found = the_discount(session)
    assert (found.code, found.kind, found.percent_ppm) == (None, DiscountKind.AMOUNT, 0)
    assert (found.amount_minor, found.minimum_minor, found.currency) == (500, 2050, "USD")
    assert (found.minimum_quantity, found.collection_id) == (2, shelf.id)
    assert found.starts_at == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert found.ends_at == datetime(2026, 12, 24, 18, 30, tzinfo=UTC)
    assert (found.max_uses, found.max_uses_each) == (100, None)
    shown = edit(client, found).main
    assert shown.find(id="amount")["value"] == "5.00"
    assert shown.find(id="ends")["value"] == "2026-12-24T18:30"


def test_buy_some_get_some_and_free_shipping_say_what_they_are(client, session):
    visit(client, NEW).submit(
        "Save", title="3 for 2", kind="buy x get y", buy_quantity=2, get_quantity=1, percent=100
    )
    page = visit(client, NEW).submit("Save", title="Post free", code="POST", kind="free shipping")

    assert [line[2] for line in rows(page)] == ["Free shipping", "Buy 2, get 1 100 % off"]


def test_the_list_says_what_runs_is_planned_over_or_used_up(client, session):
    day = timedelta(days=1)
    for title, over in {
        "A": {},
        "B": {"starts_at": now() + day},
        "C": {"ends_at": now() - day},
        "D": {"max_uses": 3, "used": 3},
        "E": {"is_active": False},
    }.items():
        make_discount(session, title=title, code=f"CODE-{title}", **over)

    page = visit(client, "/staff/discounts?sort=title")

    assert [(line[0], line[3], line[4]) for line in rows(page)] == [
        ("A", "Running", "0 of any"),
        ("B", "Planned", "0 of any"),
        ("C", "Over", "0 of any"),
        ("D", "Used up", "3 of 3"),
        ("E", "Over", "0 of any"),
    ]
    found = visit(client, "/staff/discounts?q=code-d")
    assert [line[0] for line in rows(found)] == ["D"]


PERCENT = "Enter a percentage from 0 to 100, such as 12.5, with at most 4 decimals."
COUNT = "Enter a whole number from 0 to 1000000."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Enter a title."),
        ({"title": "x" * 121}, "Enter at most 120 characters."),
        ({"code": "a b"}, "A code has letters, digits and hyphens, at most 40."),
        ({"code": "x" * 41}, "A code has letters, digits and hyphens, at most 40."),
        ({"percent": ""}, PERCENT),
        ({"percent": "-1"}, PERCENT),
        ({"percent": "100.0001"}, PERCENT),
        ({"percent": "0.00001"}, PERCENT),
        ({"percent": "1e1"}, PERCENT),
        ({"percent": "0"}, "Enter more than 0 percent."),
        ({"kind": "amount", "amount": ""}, "Enter a price in figures, such as 89.00."),
        ({"kind": "amount", "amount": "0"}, "Enter an amount above 0."),
        ({"kind": "amount", "amount": "-5"}, "Enter a price in figures, such as 89.00."),
        ({"kind": "amount", "amount": "5.001"}, "USD has 2 decimals: enter no more."),
        ({"kind": "amount", "amount": "1000001"}, "Enter a price of at most 1000000."),
        ({"kind": "gift"}, "Not a valid choice."),
        ({"collection": "999"}, "Not a valid choice."),
        ({"currency": "XXX"}, "Not a valid choice."),
        ({"minimum": "-1"}, "Enter a price in figures, such as 89.00."),
        ({"minimum_quantity": "1.5"}, COUNT),
        ({"starts": "tomorrow"}, "Enter a day and a time, such as 2026-12-24T18:00."),
        ({"ends": "2026-02-30T10:00"}, "Enter a day and a time, such as 2026-12-24T18:00."),
        (
            {"starts": "2026-12-24T18:00", "ends": "2026-12-24T18:00"},
            "Enter an end after the start.",
        ),
        ({"max_uses": "0"}, "Enter a whole number above 0, or nothing."),
        ({"max_uses": "99999999"}, COUNT),
        ({"max_uses_each": "-1"}, COUNT),
        (
            {"code": "", "max_uses_each": "1"},
            "Only a discount with a code can be limited for each customer.",
        ),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(client, session, typed, message):
    page = visit(client, NEW).submit("Save", **TEN | typed)

    assert page.status == 422
    assert page.errors() == [message]
    for name, value in typed.items():
        field = page.main.find(id=name)
        assert field.name == "select" or field["value"] == value
    assert state(session) == []


@pytest.mark.parametrize(("buy", "get"), [("0", "1"), ("2", ""), ("100", "1"), ("2", "-1")])
def test_buy_some_get_some_needs_both_numbers(client, session, buy, get):
    page = visit(client, NEW).submit(
        "Save", title="3 for 2", kind="buy x get y", percent=100, buy_quantity=buy, get_quantity=get
    )

    assert page.status == 422
    assert len(page.errors()) == 1
    assert state(session) == []


def test_a_code_that_another_discount_has_is_refused_beside_the_field(client, session):
    make_discount(session, code="TEN")
    other = make_discount(session, code="TWENTY")
    before = state(session)

    for page in (visit(client, NEW), edit(client, other)):
        answer = page.submit("Save", **TEN)

        assert answer.status == 422
        assert answer.errors() == ["Another discount has this code. Choose another one."]
        assert answer.main.find(id="code")["value"] == "ten"
        assert state(session) == before


def test_two_who_edit_at_once_lose_neither_text(client, session):
    discount = make_discount(session, title="Ten off", code="TEN")
    first, second = edit(client, discount), edit(client, discount)
    first.submit("Save", title="Hers", percent="20")
    before = state(session)

    page = second.submit("Save", title="His")

    assert page.status == 409
    assert "Somebody saved this discount while you were editing." in page.text
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs == "Saved meanwhile Title Hers Percent 20"
    assert page.main.find(id="title")["value"] == "His"
    assert state(session) == before
    assert page.submit("Save").status == 200
    assert the_discount(session).title == "His"


def test_a_use_meanwhile_is_no_conflict_but_the_limit_stays_above_the_uses(client, session):
    discount = make_discount(session, code="TEN", max_uses=5)
    page = edit(client, discount)
    the_discount(session).used = 2
    session.flush()

    refused = page.submit("Save", max_uses="1")

    assert refused.status == 409
    assert refused.errors() == ["It has been used 2 times already: enter no less."]
    assert the_discount(session).max_uses == 5
    assert refused.submit("Save", max_uses="2").status == 200
    assert the_discount(session).max_uses == 2


def test_what_was_used_can_be_ended_but_not_deleted(client, session):
    discount = make_discount(session, code="TEN")
    page = edit(client, discount)
    order = make_paid_order(session)
    use = DiscountUse(
        discount_id=discount.id, order_id=order.id, title="Ten", state=DiscountUseState.RELEASED
    )
    session.add(use)
    session.flush()

    refused = page.submit("Delete")

    assert refused.status == 409
    assert "it cannot be deleted. End it instead." in refused.text
    assert the_discount(session).is_active
    ended = refused.submit("End now")
    assert rows(ended)[0][3] == "Over"
    assert not the_discount(session).is_active


def test_what_was_never_used_is_deleted(client, session):
    discount = make_discount(session, code="TEN")

    page = edit(client, discount).submit("Delete")

    assert "There are no discounts yet." in page.text
    assert state(session) == []
    assert client.get(f"/staff/discounts/{discount.id}").status_code == 404


def test_staff_without_the_permission_see_no_discounts(client, session):
    visit(client, "/staff/orders").submit("Sign out")
    sign_in(client, session, Role.SUPPORT)

    assert visit(client, "/staff/discounts").status == 403
    assert client.post(NEW, data=TEN).status_code == 403
    assert state(session) == []


def test_percentages_and_moments_are_read_and_shown_exactly():
    assert percent_from("8.875") == 88_750
    assert percent_from("0.0001") == 1
    assert [percent_text(it) for it in (88_750, 1, 1_000_000, 200_000)] == [
        *("8.875", "0.0001", "100", "20"),
    ]
    moment = moment_from("2026-07-01T00:30", "America/Denver")
    assert moment == datetime(2026, 7, 1, 6, 30, tzinfo=UTC)
    assert moment_text(moment, "America/Denver") == "2026-07-01T00:30"
