"""Engines and sessions for both databases, with or without Flask."""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.orm import Session, sessionmaker
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_TIMEOUT_MS = 10_000


def make_engine(url: str) -> Engine:
    """Return an engine on which a savepoint, a rollback and a lock mean the same on both databases.

    SQLite: the driver's own transactions are switched off and begun by us, readers DEFERRED and
    writers IMMEDIATE (the execution option ``sqlite_begin``), since a deferred transaction that
    reads and then writes fails at once when another wrote in between. FULL synchronous writes
    keep an acknowledged order through a power cut. Errors do not show the values of a statement:
    they are people's names and addresses. Source: sqlite.org/lang_transaction.html.
    """
    if not url.startswith("sqlite"):
        return create_engine(
            url, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=20
        )
    engine = create_engine(url, hide_parameters=True, connect_args={"check_same_thread": False})
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
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


def _on_begin(connection: Connection) -> None:
    mode = connection.get_execution_options().get("sqlite_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


class Sessions:
    """Makes sessions over one engine: ``read()`` for looking, ``write()`` for changing.

    Objects keep their values after a commit, so that a page can be rendered, or a gateway be
    asked, without a new transaction.
    """

    def __init__(self, engine: Engine) -> None:
        """Bind two factories to one pool."""
        options: dict[str, Any] = {"expire_on_commit": False}
        self.engine = engine
        self.read: sessionmaker[Session] = sessionmaker(engine, **options)
        self.write: sessionmaker[Session] = sessionmaker(
            engine.execution_options(sqlite_begin="IMMEDIATE"), **options
        )
