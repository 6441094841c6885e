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


def plan(session, statement):
    """How SQLite comes to the rows of a statement, in its own words."""
    if not statement.startswith(("SELECT", "WITH")):
        return []
    asked, unknown = f"EXPLAIN QUERY PLAN {statement}", (None,) * statement.count("?")
    return [step[3] for step in session.connection().exec_driver_sql(asked, unknown)]


def is_whole(step):
    """Whether a step looks at each row, or at each that no gift card paid, which is nearly each."""
    return bool(re.fullmatch(rf"SCAN ({GROWING})", step)) or "ix_payments_gift_card_id" in step
