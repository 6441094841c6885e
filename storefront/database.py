"""Engines and sessions for both databases, with or without Flask."""

import sqlite3
import threading
import time
from collections import deque
from functools import partial
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql.compiler import SQLCompiler, ilike_case_insensitive

from storefront.translations import overlay
from storefront.translations.memory import Memory

BUSY_TIMEOUT_MS = 10_000
ASK_AGAIN_S = 0.0005
overlay.listen()


class Turns:
    """Lets threads write one after the other, in the order in which they came.

    SQLite's own waiting is unfair: who comes last is often served first, and one of several
    writers may wait until its patience ends. Other processes wait as SQLite has it.
    """

    def __init__(self) -> None:
        """Begin with nobody's turn."""
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Event] = deque()
        self._is_taken = False

    def take(self, timeout_s: float) -> bool:
        """Wait for a turn; False where it did not come in time."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            mine = threading.Event()
            self._waiting.append(mine)
        if mine.wait(timeout_s):
            return True
        with self._mutex:
            if mine.is_set():  # it came at the last moment
                return True
            self._waiting.remove(mine)
            return False

    def leave(self) -> None:
        """Give the turn to who has waited longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._is_taken = False


class _TakingTurns(sqlite3.Connection):
    """A connection that gives its turn back when its transaction has ended, however it did."""

    turns: Turns | None = None  # while it has one

    def commit(self) -> None:
        try:
            super().commit()
        finally:
            self._leave()

    def rollback(self) -> None:
        try:
            super().rollback()
        finally:
            self._leave()

    def _leave(self) -> None:
        turns, self.turns = self.turns, None
        if turns is not None:
            turns.leave()


SQLITE_ARGS = {"check_same_thread": False, "factory": _TakingTurns}


@compiles(ilike_case_insensitive, "sqlite")
def _as_it_is(element: ilike_case_insensitive, compiler: SQLCompiler, **options: Any) -> str:
    """Compare without ``lower()``: SQLite's LIKE ignores case by itself, of ASCII alone as that.

    So a search through many rows takes half the time.
    """
    return compiler.process(element.element, **options)


def make_engine(url: str) -> Engine:
    """Return an engine on which a savepoint, a rollback and a lock mean the same on both databases.

    SQLite: the driver's own transactions are switched off and begun by us, readers DEFERRED and
    writers IMMEDIATE (the execution option ``sqlite_begin``), since a deferred transaction that
    reads and then writes fails at once when another wrote in between; writers of one process take
    turns. FULL synchronous writes keep an acknowledged order through a power cut. Errors do not
    show the values of a statement: they are people's names and addresses.
    Source: sqlite.org/lang_transaction.html.
    """
    options: dict[str, Any] = {"hide_parameters": True, "pool_size": 10, "max_overflow": 20}
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, **options)
    engine = create_engine(url, connect_args=SQLITE_ARGS, **options)
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", partial(_on_begin, Turns()))
    return engine


def _on_connect(connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
    del record
    connection.isolation_level = None  # sqlite3's own switch
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        f"busy_timeout={BUSY_TIMEOUT_MS}",
    ):
        connection.cursor().execute(f"PRAGMA {pragma}")


def _on_begin(turns: Turns, connection: Connection) -> None:
    if connection.get_execution_options().get("sqlite_begin") != "IMMEDIATE":
        connection.exec_driver_sql("BEGIN DEFERRED")
        return
    raw: Any = connection.connection.dbapi_connection
    raw.turns = turns if turns.take(BUSY_TIMEOUT_MS / 1000) else None
    raw.execute("PRAGMA busy_timeout=0")
    try:
        if not _is_begun(raw):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # which says what is the matter
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _is_begun(raw: sqlite3.Connection) -> bool:
    """Begin to write once no other process does; False where that is not in time.

    Asked twice in a millisecond: SQLite by itself would sleep for up to 100 while nobody writes.
    One thread of each process asks, the others wait for their turn.
    """
    end = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while time.monotonic() < end:
        try:
            raw.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as refused:
            if refused.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                return False
            time.sleep(ASK_AGAIN_S)
        else:
            return True
    return False


class Sessions:
    """Makes sessions over one engine.

    ``write()`` for changing; ``read()`` for looking in one transaction, as long as it may take;
    ``look()`` for what a page shows: on PostgreSQL each question stands by itself, so that none
    has to begin or end a transaction. What it would change is not taken back there. psycopg also
    forgets what it has prepared at each ROLLBACK, and a statement is then planned anew each time,
    which takes longer than to run it.

    Objects keep their values after a commit, so that a page can be rendered, or a gateway be
    asked, without a new transaction.
    """

    def __init__(self, engine: Engine) -> None:
        """Bind three factories to one pool."""
        options: dict[str, Any] = {"expire_on_commit": False, "info": {}}
        self.engine = engine
        self.read: sessionmaker[Session] = sessionmaker(engine, **options)
        self.look = self.read
        if engine.dialect.name == "postgresql":
            alone = engine.execution_options(isolation_level="AUTOCOMMIT")
            self.look = sessionmaker(alone, **options)
        self.write: sessionmaker[Session] = sessionmaker(
            engine.execution_options(sqlite_begin="IMMEDIATE"), **options
        )
        # Every session brings it along: rows that are loaded ask it what they say.
        self.memory = options["info"]["memory"] = Memory(self.look)
