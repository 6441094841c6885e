"""What was sold, to the cent: by days of the shop's zone, against the days before."""

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import update

from models import (
    Cart,
    CartLine,
    Dispute,
    Money,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Refund,
    RefundStatus,
    Role,
)
from tests.browser import visit
from tests.factories import make_article, make_blog, make_paid_order, make_product, make_variant
from tests.staff import counted_statements, sign_in

ZONE = "America/New_York"
# On 8 March 2026 the day has 23 hours there: it begins at 05:00 and ends at 04:00 UTC.
DST = "since=2026-03-07&until=2026-03-09"


@pytest.fixture
def zone(app):
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(before, timezone=ZONE)
    yield
    app.config["SETTINGS"] = before


def at(day, hour, minute=0):
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC)


def sold(session, moment, variant, **over):
    """An order that was paid at a moment."""
    order = make_paid_order(session, variant=variant, **over)
    session.execute(update(Order).where(Order.id == order.id).values(paid_at=moment))
    session.execute(update(Payment).where(Payment.order_id == order.id).values(paid_at=moment))
    return order


def given_back(session, moment, order, minor, status=RefundStatus.SUCCEEDED):
    payment = session.query(Payment).filter_by(order_id=order.id).one()
    amount = Money(minor, payment.amount.currency)
    key = f"{order.number}-{minor}"
    session.add(
        Refund(
            payment_id=payment.id,
            key=key,
            status=status,
            amount=amount,
            actor="x",
            created_at=moment,
        )
    )
    session.commit()


@pytest.fixture
def books(session, zone):
    """Hand-made: what the shop sold around the night that has an hour less."""
    tool = make_variant(session, product=make_product(session, title="Tool"), price_minor=8999)
    yen = make_variant(session, product=make_product(session), price_minor=1200, currency="JPY")
    sold(session, at(8, 4, 59), tool)  # the 7th, a minute before midnight
    first = sold(session, at(8, 5, 0), tool, quantity=3)  # the 8th: 269.97
    sold(session, at(9, 3, 59), tool)  # the 8th, its last minute
    sold(session, at(9, 4, 0), tool)  # the 9th
    sold(session, at(9, 12), yen)
    sold(session, at(4, 12), tool)  # before
    given_back(session, at(8, 20), first, 1)
    given_back(session, at(9, 20), first, 4501, RefundStatus.PENDING)
    given_back(session, at(9, 20), first, 100, RefundStatus.FAILED)
    payment = session.query(Payment).filter_by(order_id=first.id).one()
    session.add(
        Dispute(
            dispute_id="dp_1",
            payment_id=payment.id,
            status="lost",
            amount=payment.amount,
            taken_minor=2,
            created_at=at(9, 20),
        )
    )
    session.commit()
    return first


def table(page, name):
    """Return the rows of the table of this caption."""
    caption = next(it for it in page.main.find_all("caption") if it.get_text() == name)
    return {
        row.find("th").get_text(" ", strip=True): [
            cell.get_text(" ", strip=True) for cell in row.find_all("td")
        ]
        for row in caption.find_parent("table").find("tbody").find_all("tr")
    }


def test_money_is_exact_by_days_of_the_shops_zone(client, session, books):
    sign_in(client, session, Role.MANAGER)

    page = visit(client, f"/staff/reports?{DST}")

    assert "Mar 7 – Mar 9, 2026, against the 3 days before: Mar 4 – Mar 6, 2026" in page.text
    assert table(page, "What was sold, by days") == {
        "Mar 7": ["¥0", "¥0", "$89.99", "$89.99", "1", "1", "1"],
        "Mar 8": ["¥0", "¥0", "$359.95", "$0.00", "2", "0", "4"],
        "Mar 9": ["¥1,200", "¥0", "$44.96", "$0.00", "2", "0", "2"],
    }
    assert table(page, "Figures") == {
        "Sales in JPY": ["¥1,200", "¥0"],
        "Average order in JPY": ["¥1,200", "–"],
        "Sales in USD": ["$494.90", "$89.99"],
        "Average order in USD": ["$134.99", "$89.99"],
        "Orders paid": ["5", "1"],
        "Units": ["7", "1"],
        "Carts that became an order": ["–", "–"],
    }
    products = table(page, "Products by units")
    assert products == {"Test tool": ["7", "¥1,200 $539.94"]}


def test_a_chart_says_in_words_what_it_shows(client, session, books):
    sign_in(client, session)

    page = visit(client, f"/staff/reports?{DST}")

    drawings = page.main.find_all("svg")
    assert [it.find("title").get_text() for it in drawings] == [
        "Sales in JPY, less what went back",
        "Sales in USD, less what went back",
        "Orders paid",
    ]
    dollars = drawings[1]
    assert dollars.find("desc").get_text() == (
        "$494.90 in Mar 7 – Mar 9, 2026; $89.99 in the period before."
        " The table below has each number."
    )
    bars = [it.get_text() for it in dollars.find_all("rect")]
    assert bars == ["Mar 7: $89.99", "Mar 8: $359.95", "Mar 9: $44.96"]
    assert len(dollars.find("polyline")["points"].split()) == 3
    assert not page.main.find_all(style=True)


def test_the_numbers_are_given_as_csv(client, session, books):
    sign_in(client, session)

    response = client.get(f"/staff/reports/sales.csv?{DST}")

    assert response.mimetype == "text/csv"
    name = 'attachment; filename="sales-2026-03-07-2026-03-09.csv"'
    assert response.headers["Content-Disposition"] == name
    found = list(csv.DictReader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert len(found) == 6
    the_8th = next(it for it in found if it["first day"] == "2026-03-08")
    assert (the_8th["period"], the_8th["came USD"]) == ("chosen", "359.96")
    assert (the_8th["went back USD"], the_8th["sales USD"]) == ("0.01", "359.95")
    assert (the_8th["orders USD"], the_8th["units"], the_8th["sales JPY"]) == ("2", "4", "0")
    products = client.get(f"/staff/reports/products.csv?{DST}").text
    assert "test-tool,Test tool,7,1200,539.94" in products
    assert client.get(f"/staff/reports/texts.csv?{DST}").status_code == 200
    assert client.get(f"/staff/reports/secrets.csv?{DST}").status_code == 404


def test_goods_are_called_what_they_are_called_now_in_the_shops_own_language(client, session, zone):
    tool = make_product(session, handle="the-tool", title="Tool")
    sold(session, at(8, 12), make_variant(session, product=tool))
    session.execute(update(OrderLine).values(product_handle="the-tool", title="Werkzeug"))
    gone = sold(session, at(8, 13), make_variant(session))
    of_gone = update(OrderLine).where(OrderLine.order_id == gone.id)
    session.execute(of_gone.values(product_handle="gone", title="What it was"))
    session.commit()
    sign_in(client, session, Role.MANAGER)

    products = table(visit(client, f"/staff/reports?{DST}"), "Products by units")

    assert products == {"Tool": ["1", "$89.00"], "What it was": ["1", "$89.00"]}


def test_carts_with_something_in_them_become_orders_or_not(client, session, zone):
    variant = make_variant(session)
    carts = [Cart(token_sha256=f"{number:064}", created_at=at(8, 12)) for number in range(4)]
    session.add_all(carts)
    session.flush()
    session.add_all(
        [CartLine(cart_id=it.id, variant_id=variant.id, quantity=1) for it in carts[:2]]
    )
    session.commit()
    order = sold(session, at(20, 12), variant)  # days later: the cart's day counts
    session.execute(update(Order).where(Order.id == order.id).values(cart_id=carts[2].id))
    session.execute(update(Order).where(Order.id == order.id).values(status=OrderStatus.SHIPPED))
    sign_in(client, session)

    found = table(visit(client, f"/staff/reports?{DST}"), "Figures")

    assert found["Carts that became an order"] == ["1 of 3, 33.3%", "–"]


def test_the_texts_that_led_to_most_orders_stand_first(client, session, zone):
    variant = make_variant(session)
    blog = make_blog(session)
    make_article(session, blog=blog, title="On the QL", handle="ql")
    for _ in range(2):
        order = sold(session, at(8, 12), variant)
        session.execute(
            update(Order)
            .where(Order.id == order.id)
            .values(last_content=f"/blogs/{blog.handle}/ql", first_content="/blogs/gone/away")
        )
    sign_in(client, session)

    found = table(visit(client, f"/staff/reports?{DST}"), "Texts by orders")

    assert found == {"On the QL": ["2", "0", "$178.00"]}


@pytest.mark.parametrize("period", ["today", "7", "28", "90", "year"])
def test_a_period_is_chosen_by_its_name(client, session, period):
    make_paid_order(session)
    sign_in(client, session)

    page = visit(client, f"/staff/reports?period={period}")

    assert table(page, "Figures")["Sales in USD"][0] == "$89.00"
    chosen = page.main.find("nav").find(attrs={"aria-current": True})
    assert chosen["href"] == f"/staff/reports?period={period}"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("since=2026-03-09&until=2026-03-08", "Enter a day that is not before the first."),
        ("since=2024-01-01&until=2026-03-08", "Choose at most 366 days."),
        ("since=2026-02-30&until=2026-03-08", "Enter a day, such as 2026-12-24."),
        ("since=1026-02-03&until=1026-03-08", "Enter a day, such as 2026-12-24."),
        ("since=%00&until=9999-12-31", "Enter a day, such as 2026-12-24."),
        ("since=2026-03-08", "Enter a day, such as 2026-12-24."),
    ],
)
def test_days_that_are_none_are_refused_beside_the_field(client, session, query, error):
    sign_in(client, session)

    page = visit(client, f"/staff/reports?{query}")

    assert page.status == 422
    assert error in page.errors()
    assert client.get(f"/staff/reports/sales.csv?{query}").status_code == 422


@pytest.mark.parametrize("period", ["", "0", "365", "x", "🙂"])
def test_a_period_that_is_none_is_not_found(client, session, period):
    sign_in(client, session)

    status = client.get("/staff/reports", query_string={"period": period or "none"}).status_code

    assert status == 404


def test_a_year_costs_the_same_and_is_no_large_page(app, client, session, books):
    sign_in(client, session)
    with counted_statements(app) as of_days:
        visit(client, f"/staff/reports?{DST}")
    with counted_statements(app) as of_a_year:
        page = visit(client, "/staff/reports?since=2025-03-10&until=2026-03-10")

    assert len(of_a_year) == len(of_days)
    assert len(page.response.data) < 150_000
    assert table(page, "Figures")["Sales in USD"] == ["$584.89", "$0.00"]
