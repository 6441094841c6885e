"""Lists of more than ten thousand things: they say that there are more, and every page opens."""

from datetime import timedelta

import pytest
from sqlalchemy import insert

from models import Order, OrderStatus, Redirect, Subscriber, SubscriberStatus, now
from tests.browser import visit
from tests.factories import make_customer, make_paid_order, make_variant
from tests.features.newsletter import make_subscriber
from tests.features.test_staff_parcels import ship, ship_field
from tests.staff import rows, sign_in

COUNTED, LIST = 10_000, 50


def place(page):
    return page.main.select_one(".pagination__place").get_text(strip=True)


def write(session, table, rows_):
    session.execute(insert(table), list(rows_))
    session.commit()


def redirects(numbers):
    return [{"path": f"/old/{n:06}", "target": "/", "actor": "x"} for n in numbers]


@pytest.fixture(autouse=True)
def _owner(client, session):
    sign_in(client, session)


def test_ten_thousand_are_counted_and_of_more_it_is_said_that_there_are_more(client, session):
    write(session, Redirect.__table__, redirects(range(COUNTED)))

    assert place(visit(client, "/staff/redirects")) == "Page 1 of 200"
    last = visit(client, "/staff/redirects?page=200")
    assert (place(last), rows(last)[-1][0]) == ("Page 200 of 200", "/old/009999")
    assert last.main.find("a", rel="next") is None

    write(session, Redirect.__table__, redirects([COUNTED]))

    first = visit(client, "/staff/redirects")
    assert place(first) == "Page 1"
    assert first.link("Next page") == "/staff/redirects?page=2"
    last_counted = visit(client, "/staff/redirects?page=200")
    assert place(last_counted) == "Page 200"
    assert last_counted.link("Next page") == "/staff/redirects?page=201"
    last = visit(client, "/staff/redirects?page=201")
    assert (place(last), [row[0] for row in rows(last)]) == ("Page 201 of 201", ["/old/010000"])
    assert last.main.find("a", rel="next") is None
    assert place(visit(client, "/staff/redirects?page=999")) == "Page 201 of 201"


def test_more_than_ten_thousand_people_are_told_as_that(client, session):
    def people(numbers):
        it = {"status": SubscriberStatus.CONFIRMED, "topics": [], "created_at": now()}
        return [{"email": f"a{n}@example.org", "secret": str(n), **it} for n in numbers]

    write(session, Subscriber.__table__, people(range(COUNTED)))
    assert "10000 people." in visit(client, "/staff/customers").text

    write(session, Subscriber.__table__, people([COUNTED]))

    page = visit(client, "/staff/customers")
    assert "More than 10,000 people." in page.text
    assert place(page) == "Page 1"


def test_more_than_ten_thousand_orders_are_told_as_that_on_their_view(client, session):
    it = {"token": "t", "status": OrderStatus.SHIPPED, "total_minor": 0, "subtotal_minor": 0}
    of = it | {"currency": "USD", "created_at": now()}
    numbers = (f"QL-{n:08}" for n in range(COUNTED + 1))
    write(session, Order.__table__, ({"number": number, **of} for number in numbers))

    page = visit(client, "/staff/orders")

    assert page.link("All (more than 10,000)") == "/staff/orders"
    assert "To ship (0)" in page.text


def test_each_view_of_orders_counts_what_it_shows(client, session):
    variant = make_variant(session, on_hand=50)
    part, over, _ = (make_paid_order(session, variant=variant, quantity=2) for _ in range(3))
    ship(client, part, "A", **{ship_field(session, part): "1"})
    ship(client, over, "B", **{ship_field(session, over): "1"})
    over.status, over.cancelled_at, over.attention = OrderStatus.CANCELLED, now(), "Look."
    session.commit()

    page = visit(client, "/staff/orders")

    counts = {"All": 3, "To ship": 1, "Partly shipped": 2, "Not paid": 0, "Needs attention": 1}
    for title, count in counts.items():
        assert len(rows(visit(client, page.link(f"{title} ({count})")))) == count


def test_people_come_once_each_by_when_they_were_seen_last(client, session):
    variant = make_variant(session, on_hand=50)

    def ordered(email, days, **more):
        order = make_paid_order(session, variant=variant, email=email)
        order.created_at = now() - timedelta(days=days)
        for name, value in more.items():
            setattr(order, name, value)
        session.commit()

    for email, days in (("ann@example.com", 9), ("bea@example.com", 5), ("ann@example.com", 1)):
        ordered(email, days)
    ordered("bea@example.com", 0, status=OrderStatus.DRAFT)
    customer = make_customer(session)
    customer.email, customer.created_at = "cleo@example.com", now() - timedelta(days=3)
    for email, days in (("dora@example.com", 7), ("ann@example.com", 0)):
        make_subscriber(session, email).created_at = now() - timedelta(days=days)
    session.commit()
    newest_first = ["ann@example.com", "cleo@example.com", "bea@example.com", "dora@example.com"]

    for sort, expected in (
        ("-seen", newest_first),
        ("seen", newest_first[::-1]),
        ("email", sorted(newest_first)),
        ("-email", sorted(newest_first)[::-1]),
    ):
        page = visit(client, f"/staff/customers?sort={sort}")
        assert [row[0] for row in rows(page)] == expected
        assert "4 people." in page.text
