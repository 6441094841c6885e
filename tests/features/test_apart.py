"""Rows of several tables in one answer: each found by its own index, however many tables."""

import pytest
from sqlalchemy import create_engine

from models import order_lock
from models.base import Base
from storefront.catalog import beside
from storefront.learn import parts
from storefront.orders import details, queries

STATEMENTS = [
    *(queries._PARTS, details._BESIDE, order_lock._PARTS, beside._WHOLE),
    *(parts._OF_ARTICLE, parts._OF_TUTORIAL),
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_sqlite_searches_each_table_by_an_index_of_its_own(statement):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    asked = statement.compile(engine)
    values = tuple(str(asked.params[name] or 1) for name in asked.positiontup)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all()
    engine.dispose()

    own = [row[3] for row in plan if not row[3].startswith("SEARCH (join")]  # of two tables
    assert [it for it in own if "AUTOMATIC" in it] == []
