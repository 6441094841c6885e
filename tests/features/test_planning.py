"""PostgreSQL plans well, and what it has planned it plans no second time."""

import pytest
from sqlalchemy import text

from models import Job

pytestmark = pytest.mark.parametrize("engine_name", ["postgresql"])
COUNTED = "SELECT reltuples FROM pg_class WHERE oid = 'shipping_rates'::regclass"  # -1: never
PREPARED = "SELECT statement FROM pg_prepared_statements"


@pytest.fixture
def sessions(app):
    return app.extensions["sessions"]


def counted_rates(sessions):
    with sessions.read() as session:
        return session.scalar(text(COUNTED))


def test_a_shop_that_was_just_seeded_knows_how_few_rates_it_has(app, sessions):
    assert counted_rates(sessions) == 0

    app.test_cli_runner().invoke(args=["seed"])

    assert counted_rates(sessions) == 10


@pytest.mark.seeded
def test_every_day_the_rows_are_counted_anew(sessions, worker):
    with sessions.write.begin() as session:
        session.execute(text("DELETE FROM shipping_rates WHERE position > 0"))
        session.add(Job(kind="analyze", key="day", payload={}))
        left = session.scalar(text("SELECT count(*) FROM shipping_rates"))
    assert counted_rates(sessions) == 10

    worker.work_off()

    assert counted_rates(sessions) == left < 10


@pytest.mark.seeded
def test_a_page_that_is_often_asked_for_is_planned_once(client, sessions):
    for _ in range(7):
        assert client.get("/search?q=psoas").status_code == 200
    with sessions.look() as session:
        planned = session.scalars(text(PREPARED)).all()

    assert any("search" in it for it in planned)
