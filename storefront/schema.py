"""Bringing the database to the newest tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import IntegrityError

from storefront.config import ROOT

if TYPE_CHECKING:  # Alembic weighs 8 MB, which a process that serves pages does without
    from alembic.config import Config

MIGRATIONS = ROOT / "migrations"


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply every migration that the database lacks, in one transaction of its own."""
    from alembic import command

    config = alembic_config()
    with rebuilding(engine) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


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
