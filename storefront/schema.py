"""Bringing the database to the newest tables."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from storefront.config import ROOT
from storefront.database import Sessions

if TYPE_CHECKING:  # Alembic weighs 8 MB, which a process that serves pages does without
    from alembic.config import Config

MIGRATIONS = ROOT / "migrations"
ANALYZE = "analyze"  # kind of the daily job


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply every migration that the database lacks, in one transaction of its own."""
    from alembic import command

    config = alembic_config()
    with rebuilding(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
        analyze(connection)


def analyze(connection: Connection) -> None:
    """Let PostgreSQL see how many rows its tables hold, and of which values.

    By itself it looks at a table after fifty changes, so at a small one never, and takes it to hold
    hundreds of rows: the largest statement of a product's page took twelve times as long. SQLite
    is not asked to: it plans by what is indexed. Source: PostgreSQL 18, 24.1.3.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ANALYZE")


def analyze_daily(sessions: Sessions, payload: dict[str, Any]) -> Callable[[Session], None]:
    """See anew how many rows there are; a job of the worker."""
    del sessions, payload
    return lambda session: analyze(session.connection())


@contextmanager
def rebuilding(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a transaction in which tables may be rebuilt.

    SQLite changes a constraint only by a copy of the table. Foreign keys are off while the old one
    is dropped, which would take the rows of others along, and are checked before the commit.
    Raises IntegrityError, and changes nothing, where a row then points nowhere. Source:
    sqlite.org/lang_altertable.html, 7.
    """
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            _set_foreign_keys(connection, on=False)
        try:
            with connection.begin():
                yield connection
                if is_sqlite:
                    _check_foreign_keys(connection)
        finally:
            if is_sqlite:
                _set_foreign_keys(connection, on=True)


def _set_foreign_keys(connection: Connection, *, on: bool) -> None:
    """Set the pragma outside of a transaction, in which it has no effect."""
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101 (a checked-out connection has one)
    driver.execute(f"PRAGMA foreign_keys={'ON' if on else 'OFF'}")


def _check_foreign_keys(connection: Connection) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    if lost is not None:
        message = f"a row of {lost[0]} points to no row of {lost[2]}"
        raise IntegrityError(message, None, ValueError(message))


@lru_cache(maxsize=1)
def newest_revision() -> str:
    """Return the name of the newest migration that the project has: its file begins with it."""
    return max(it.name.partition("_")[0] for it in (MIGRATIONS / "versions").glob("2*.py"))


def alembic_config() -> "Config":
    """Return Alembic's configuration, whatever folder the process runs in."""
    from alembic.config import Config

    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(MIGRATIONS))
    return config
