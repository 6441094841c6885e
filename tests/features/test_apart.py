"""Rows of several tables in one answer: each found by its own index, however many tables."""

import pytest
from sqlalchemy import create_engine

from models.base import Base
from storefront.orders.details import _BESIDE
from storefront.orders.queries import _PARTS


@pytest.mark.parametrize("statement", [_PARTS, _BESIDE])
def test_sqlite_searches_each_table_by_an_index_of_its_own(statement):
    engine = create_engine("sqlite://")
    Base.metadata.create_all(engine)
    asked = statement.compile(engine)
    values = tuple(asked.params[name] or 1 for name in asked.positiontup)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {asked}", values).all()
    engine.dispose()

    assert [row[3] for row in plan if "AUTOMATIC" in row[3]] == []
