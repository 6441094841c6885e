"""Writers of one process on SQLite: one after the other, in the order in which they came."""

import threading
import time

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from storefront.database import Sessions, Turns, make_engine

WRITERS = 12


@pytest.fixture
def sessions(tmp_path):
    engine = make_engine(f"sqlite:///{tmp_path / 'turns.sqlite3'}")
    sessions = Sessions(engine)
    with sessions.write.begin() as session:
        session.execute(text("CREATE TABLE notes (number INTEGER)"))
    yield sessions
    engine.dispose()


def write(sessions, number):
    with sessions.write.begin() as session:
        session.execute(text("INSERT INTO notes VALUES (:number)"), {"number": number})


def numbers(sessions):
    with sessions.read() as session:
        return session.scalars(text("SELECT number FROM notes")).all()


def test_writers_write_in_the_order_in_which_they_came(sessions):
    first = sessions.write()
    first.execute(text("INSERT INTO notes VALUES (-1)"))
    waiting = [threading.Thread(target=write, args=(sessions, it)) for it in range(WRITERS)]
    for thread in waiting:
        thread.start()
        time.sleep(0.02)  # for the next to come after it

    first.commit()
    for thread in waiting:
        thread.join()

    assert numbers(sessions) == [-1, *range(WRITERS)]
    first.close()


@pytest.mark.parametrize("ends", ["commit", "rollback", "close"])
def test_a_turn_ends_with_its_transaction_however_it_ends(sessions, ends):
    session = sessions.write()
    session.execute(text("INSERT INTO notes VALUES (1)"))

    getattr(session, ends)()
    start = time.monotonic()
    write(sessions, 2)

    assert time.monotonic() - start < 5
    assert numbers(sessions)[-1] == 2
    session.close()


def test_a_statement_that_fails_gives_the_turn_back(sessions):
    with pytest.raises(OperationalError), sessions.write.begin() as session:
        session.execute(text("INSERT INTO nowhere VALUES (1)"))

    write(sessions, 3)

    assert numbers(sessions) == [3]


def test_who_waited_in_vain_is_not_given_a_turn_later():
    turns = Turns()
    assert turns.take(0)
    assert not turns.take(0.01)

    turns.leave()

    assert turns.take(0)
