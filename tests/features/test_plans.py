"""Pages of the back office that show few things look at few rows, however many there are."""

import re

import pytest
from sqlalchemy import select

from models import OrderLine
from tests.factories import make_paid_order
from tests.staff import counted_statements, sign_in

GROWING = (
    "orders|order_lines|payments|refunds|mails|jobs|stock_movements|products|variants|comments"
)
PAGES = (
    "/staff",
    "/staff/orders",
    "/staff/orders?goods=to+ship",
    "/staff/orders?goods=partly+shipped",
    "/staff/orders/{order.number}",
    "/staff/inventory/{line.sku}",
    "/staff/customers/{order.number}",
    "/orders/{order.number}?token={order.token}",
)
LISTS = (
    "/staff/orders",
    "/staff/drafts",
    "/staff/returns",
    "/staff/mails",
    "/staff/products",
    "/staff/purchases",
    "/staff/customers",
    "/staff/newsletter",
    "/staff/comments",
    "/staff/comments?status=all",
    "/staff/reviews",
    "/staff/reviews?status=all",
    "/staff/questions",
    "/staff/tasks",
    "/staff/audit",
    "/staff/audit?actor=owner@example.org",
    "/staff/audit?act=orders.ship",
)


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_page_of_few_things_looks_at_all_rows_of_a_table_that_grows(app, client, session):
    """SQLite plans by its indexes alone, so a small shop is looked through as a large one is."""
    sign_in(client, session)
    order = make_paid_order(session)
    session.commit()
    named = {"order": order, "line": session.scalars(select(OrderLine)).one()}
    looked_through = {}
    for page in PAGES:
        with counted_statements(app) as statements:
            assert client.get(page.format(**named)).status_code == 200
        steps = [step for it in statements for step in plan(session, it)]
        looked_through[page] = [it for it in steps if is_whole(it)]

    assert looked_through == {page: [] for page in PAGES}


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_no_list_puts_all_that_it_could_show_in_order_to_show_fifty(app, client, session):
    sign_in(client, session)
    sorted_first = {}
    for page in LISTS:
        with counted_statements(app) as statements:
            assert client.get(page).status_code == 200
        steps = {it: plan(session, it) for it in statements if is_page(it)}
        sorted_first[page] = [it for it, found in steps.items() if any(map(is_sorting, found))]

    assert sorted_first == {page: [] for page in LISTS}


def plan(session, statement):
    """How SQLite comes to the rows of a statement, in its own words."""
    if not statement.startswith(("SELECT", "WITH")):
        return []
    asked, unknown = f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
    return [step[3] for step in session.connection().exec_driver_sql(asked, unknown)]


def is_whole(step):
    """Whether a step looks at each row, or at each that no gift card paid, which is nearly each."""
    return bool(re.fullmatch(rf"SCAN ({GROWING})", step)) or "ix_payments_gift_card_id" in step


def is_page(statement):
    """Whether it shows some of many rows, and does not group what it has narrowed before."""
    is_narrowed = re.search(r"LIMIT \? OFFSET \?\)\s+(AS \w+\s+)?GROUP BY", statement)
    return "LIMIT ?" in statement and not is_narrowed


def is_sorting(step):
    """Whether a step puts all rows that were found in order, not only those of one moment."""
    return step.startswith(("USE TEMP B-TREE FOR ORDER BY", "USE TEMP B-TREE FOR GROUP BY"))
