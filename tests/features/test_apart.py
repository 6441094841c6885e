"""Rows of several tables in one answer: each found by its own index, however many tables."""

import pytest
from sqlalchemy import create_engine, event

from models import order_lock
from models.base import Base
from storefront.catalog import beside
from storefront.learn import parts
from storefront.orders import details, queries
from storefront.pricing import queries as pricing

STATEMENTS = [
    *(queries._PARTS, details._BESIDE, order_lock._PARTS, beside._WHOLE),
    *(parts._OF_ARTICLE, parts._OF_TUTORIAL, pricing._RULES),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_sqlite_searches_each_table_by_an_index_of_its_own(statement):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *told: seen.append(told[2:4]))
    bound = statement.compile(engine).binds.values()
    with engine.connect() as connection:
        connection.execute(statement, {it.key: 1 for it in bound if it.required})
        asked, values = seen[-1]
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all()
    engine.dispose()

    own = [row[3] for row in plan if not row[3].startswith("SEARCH (join")]  # of two tables
    assert [it for it in own if "AUTOMATIC" in it] == []
