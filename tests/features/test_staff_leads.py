"""What each text leads to, as staff see it."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from models import Cart, Dispute, Money, Payment, Refund, RefundStatus, now
from storefront.spreadsheet import as_csv
from tests.browser import visit
from tests.factories import make_article, make_blog, make_paid_order, make_tutorial, make_variant
from tests.staff import counted_statements, rows, sign_in

ARTICLE, TUTORIAL = "/blogs/the-ql-blawg/deep", "/pages/release"
NONE = ["0", "0", "0", "–"]


@pytest.fixture
def texts(session):
    make_article(session, blog=make_blog(session), handle="deep", title="Deep")
    make_tutorial(session, handle="release", title="Release")


def sell(session, first, last, *, variant=None, quantity=1, begun=None):
    """A cart and its paid order; first and last are the texts that led there."""
    session.add(
        Cart(
            token_sha256=f"{datetime.now(UTC).timestamp()}{first}{last}"[:64],
            first_content=first,
            last_content=last,
            created_at=begun or now(),
        )
    )
    order = make_paid_order(session, variant=variant, quantity=quantity)
    order.first_content, order.last_content = first, last
    if begun:
        order.paid_at = begun
    session.commit()
    return order


def payment_of(session, order):
    return session.scalars(select(Payment).where(Payment.order_id == order.id)).one()


def give_back(session, order, minor):
    payment = payment_of(session, order)
    payment.refunded_minor = minor
    refund = Refund(
        payment_id=payment.id,
        key=f"{order.number}-r",
        status=RefundStatus.SUCCEEDED,
        amount=Money(minor, order.total.currency),
        actor="test",
    )
    session.add(refund)
    session.commit()


def test_each_text_shows_what_it_led_to_as_the_first_and_as_the_last(client, session, texts):
    sign_in(client, session)
    variant = make_variant(session, price_minor=8900)
    sell(session, ARTICLE, TUTORIAL, variant=variant, quantity=2)
    give_back(session, sell(session, ARTICLE, ARTICLE, variant=variant), 900)
    session.add(Cart(token_sha256="only looked", first_content=ARTICLE, last_content=TUTORIAL))
    session.commit()

    page = visit(client, "/staff/orders").follow("What texts lead to")

    assert rows(page) == [
        [f"Deep {ARTICLE}", "3", "2", "3", "$258.00", "1", "1", "1", "$80.00"],
        [f"Release {TUTORIAL}", *NONE, "2", "1", "2", "$178.00"],
    ]


def test_what_a_bank_took_back_is_not_counted_as_money(client, session, texts):
    sign_in(client, session)
    order = sell(session, ARTICLE, ARTICLE)
    payment = payment_of(session, order)
    session.add(
        Dispute(
            dispute_id="dp_1",
            payment_id=payment.id,
            status="needs_response",
            amount=order.total,
            taken_minor=8900,
        )
    )
    session.commit()

    assert rows(visit(client, "/staff/leads"))[0][1:5] == ["1", "1", "1", "$0.00"]


def test_money_stands_in_each_currency(client, session, texts):
    sign_in(client, session)
    sell(session, ARTICLE, ARTICLE)
    sell(session, ARTICLE, ARTICLE, variant=make_variant(session, currency="JPY", price_minor=900))

    assert rows(visit(client, "/staff/leads"))[0][4] == "¥900 $89.00"


def test_unpaid_orders_and_other_days_are_not_counted(client, session, texts):
    sign_in(client, session)
    sell(session, ARTICLE, ARTICLE, begun=datetime(2026, 3, 31, 23, 59, tzinfo=UTC))
    sell(session, TUTORIAL, ARTICLE, begun=datetime(2026, 4, 1, 0, 0, tzinfo=UTC))
    unpaid = sell(session, TUTORIAL, TUTORIAL, begun=datetime(2026, 3, 31, 12, 0, tzinfo=UTC))
    unpaid.paid_at = None
    session.commit()

    march = visit(client, "/staff/leads?since=2026-03-31&until=2026-03-31")

    assert [line[:4] for line in rows(march)] == [
        [f"Deep {ARTICLE}", "1", "1", "1"],
        [f"Release {TUTORIAL}", "1", "0", "0"],
    ]
    assert rows(visit(client, "/staff/leads?since=2026-04-02&until=2026-04-30")) == []
    assert "No text led to a cart" in visit(client, "/staff/leads").text


def test_only_texts_that_there_are_are_shown(client, session, texts):
    sign_in(client, session)
    sell(session, "/pages/made-up", "mail:nobody-1")
    sell(session, "/where-does-it-hurt", "/glossary")

    assert [line[0] for line in rows(visit(client, "/staff/leads?sort=content"))] == [
        "Glossary /glossary",
        "Where does it hurt? /where-does-it-hurt",
    ]


def test_the_list_is_sorted_by_its_address(client, session, texts):
    sign_in(client, session)
    sell(session, ARTICLE, ARTICLE)
    sell(session, TUTORIAL, TUTORIAL, quantity=3)

    def first(sort):
        return rows(visit(client, f"/staff/leads?sort={sort}"))[0][0].split()[0]

    names = ("content", "first_money", "-first_money", "-last_units", "-last_carts")
    assert [first(it) for it in names] == ["Deep", "Deep", "Release", "Release", "Deep"]
    assert client.get("/staff/leads?sort=token").status_code == 404
    page = visit(client, "/staff/leads?since=2026-01-01&until=2026-12-31&sort=content")
    assert "sort=first_orders" in page.main.find("thead").find("a", string="Orders")["href"]
    assert page.html.find("input", {"name": "since"})["value"] == "2026-01-01"


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("since=yesterday&until=2026-01-01", "Enter a day, such as 2026-12-24."),
        ("since=2026-02-30&until=2026-03-01", "Enter a day, such as 2026-12-24."),
        ("since=&until=2026-03-01", "Enter a day, such as 2026-12-24."),
        ("since=2026-03-01", "Enter a day, such as 2026-12-24."),
        ("since=0001-01-01&until=9999-12-31", "Enter a day, such as 2026-12-24."),
        ("since=2026-03-02&until=2026-03-01", "Enter a day that is not before the first."),
        ("since=%00&until=%F0%9F%92%AA", "Enter a day, such as 2026-12-24."),
    ],
)
def test_days_that_are_none_are_refused_beside_the_field(client, session, texts, query, error):
    sign_in(client, session)

    for address in ("/staff/leads", "/staff/leads.csv"):
        page = visit(client, f"{address}?{query}")
        assert page.status == 422
        assert error in page.errors()


def test_the_table_can_be_saved_for_a_spreadsheet(client, session):
    sign_in(client, session)
    make_article(
        session, blog=make_blog(session), handle="deep", title='=HYPERLINK("https://evil","x")'
    )
    sell(session, ARTICLE, ARTICLE, quantity=2)

    page = visit(client, "/staff/leads?since=2020-01-01&until=2099-12-31")
    answer = client.get(page.link("Save as CSV"))

    assert answer.mimetype == "text/csv"
    name = 'attachment; filename="leads-2020-01-01-2099-12-31.csv"'
    assert answer.headers["Content-Disposition"] == name
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))) == [
        [
            *("content", "title", "first carts", "first orders", "first units", "first USD"),
            *("last carts", "last orders", "last units", "last USD"),
        ],
        [ARTICLE, '\'=HYPERLINK("https://evil","x")', *["1", "1", "2", "178.00"] * 2],
    ]


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1"])
def test_no_text_is_a_formula_in_a_spreadsheet(cell):
    ((written,),) = list(csv.reader(io.StringIO(as_csv(["a"], [[cell]]), newline="")))[1:]

    assert written == "'" + cell


def test_the_list_takes_as_many_statements_for_many_texts_as_for_one(app, client, session):
    sign_in(client, session)
    blog, variant, counts = make_blog(session), make_variant(session, on_hand=50), []
    for size in (1, 9):
        for number in range(size):
            handle = f"text-{size}-{number}"
            make_article(session, blog=blog, handle=handle, title=handle)
            address = f"/blogs/the-ql-blawg/{handle}"
            sell(session, address, address, variant=variant)
        with counted_statements(app) as seen:
            page = visit(client, "/staff/leads")
        counts.append((len(rows(page)), len(seen)))

    assert [count for count, _ in counts] == [1, 10]
    assert counts[0][1] == counts[1][1]


def test_an_order_says_which_texts_led_to_it(client, session, texts):
    sign_in(client, session)
    order = sell(session, ARTICLE, "mail:welcome-2")

    page = visit(client, f"/staff/orders/{order.number}")

    assert f"Came from: {ARTICLE} / mail:welcome-2" in page.text
    assert page.link(ARTICLE) == ARTICLE
    plain = make_paid_order(session)
    assert "Came from" not in visit(client, f"/staff/orders/{plain.number}").text


def test_the_last_thirty_days_are_shown_first(client, session, texts):
    sign_in(client, session)
    sell(session, ARTICLE, ARTICLE, begun=now() - timedelta(days=28))
    sell(session, TUTORIAL, TUTORIAL, begun=now() - timedelta(days=32))

    assert [line[0] for line in rows(visit(client, "/staff/leads"))] == [f"Deep {ARTICLE}"]
