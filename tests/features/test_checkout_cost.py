"""What an addition and a checkout ask of the database; a checkout two more for each line."""

import pytest

from models import OrderLine, Reservation, StockMovement
from storefront.verify import problems
from tests.factories import make_variant
from tests.features.test_cli import count
from tests.staff import counted_statements

# PostgreSQL takes all rows of a table in one INSERT; SQLite, in this process, one by one. On SQLite
# it begins once more: who only looks holds nobody up.
STATEMENTS = {
    ("postgresql", 1): 22,
    ("postgresql", 30): 22 + 2 * 29,
    ("sqlite", 1): 23,
    ("sqlite", 30): 23 + 5 * 29,
}


def test_laying_a_product_into_a_cart_asks_four_times_and_seven_where_there_is_one(
    app, client, session
):
    data = {"id": make_variant(session).id}
    for most in (4, 7, 7):
        with counted_statements(app) as seen:
            assert client.post("/cart/add", data=data).status_code == 303

        assert len(seen) == most, seen


@pytest.mark.parametrize("lines", [1, 30])
def test_a_checkout_asks_no_more_than_this(app, client, session, engine_name, lines):
    for _ in range(lines):
        variant = make_variant(session)
        assert client.post("/cart/add", data={"id": variant.id}).status_code == 303

    with counted_statements(app) as seen:
        assert client.post("/checkout").status_code == 303

    assert len(seen) == STATEMENTS[engine_name, lines]
    for table in ("stock", "stock_levels"):
        assert sum(it.startswith(f"UPDATE {table} ") for it in seen) == lines
    assert [count(session, it) for it in (OrderLine, Reservation)] == [lines, lines]
    assert count(session, StockMovement) == 2 * lines
    assert problems(session) == []
