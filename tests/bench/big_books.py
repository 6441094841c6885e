"""The back office over 100,000 orders and 10,000 variants: each list beside a bare query of it.

The bare query is what the list cannot do without: the rows of its first page, by SQL alone, without
count, sign-in or page. Times are the best of five. A list must ask as often as over ten orders.
"""

import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from app import create_app
from models import Role
from storefront.config import from_env
from storefront.database import make_engine
from storefront.logs import log
from tests.bench.big_lists import DOWNLOADS, LISTS
from tests.books import write_books
from tests.databases import PostgresqlDatabases, SqliteDatabases
from tests.factories import PASSWORD, make_staff
from tests.staff import counted_statements

ORDERS, VARIANTS, FEW, ROUNDS = 100_000, 10_000, 10, 5
Sent = dict[str, str] | None


@dataclass(frozen=True)
class Asked:
    """An address, what is sent to it where it is a form's, and the bare query."""

    address: str
    sent: Sent
    statement: str


ASKED = [
    *(Asked(address, None, statement) for address, statement in LISTS.items()),
    *(Asked(address, sent, statement) for address, (sent, statement) in DOWNLOADS.items()),
]


class Office:
    """Somebody signed in to a shop of so many orders."""

    def __init__(self, url: str, folder: str, orders: int, variants: int) -> None:
        start, engine = time.perf_counter(), make_engine(url)
        with engine.begin() as connection:
            write_books(connection, orders=orders, variants=variants)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")
        engine.dispose()
        self.took = time.perf_counter() - start
        self.app: Flask = create_app(from_env({"DATABASE_URL": url, "INSTANCE_PATH": folder}))
        log.setLevel("WARNING")
        self._client: FlaskClient = self.app.test_client()
        with Session(self.app.extensions["sessions"].engine) as session:
            email = make_staff(session, role=Role.OWNER).email
        self._client.post("/staff/login", data={"email": email, "password": PASSWORD})

    def ask(self, asked: Asked) -> None:
        """Ask for a list, and read all of the answer."""
        method = "GET" if asked.sent is None else "POST"
        answer = self._client.open(asked.address, method=method, data=asked.sent)
        assert answer.status_code in {200, 302}, (asked.address, answer.status_code)
        answer.get_data()

    def statements(self, asked: Asked) -> int:
        """Return how many statements it takes, when what is kept from a first time is kept."""
        self.ask(asked)
        with counted_statements(self.app) as seen:
            self.ask(asked)
        return len(seen)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "sqlite": SqliteDatabases(Path(folder)),
            "postgresql": PostgresqlDatabases(Path(folder) / "postgresql", careless=()),
        }
        for name, databases in servers.items():
            with databases.fresh(seeded=False) as url:
                few = Office(url, folder, FEW, FEW)
                with_few = [_statements_or_none(few, it) for it in ASKED]
                few.app.extensions["sessions"].engine.dispose()
            with databases.fresh(seeded=False) as url:
                _table(name, Office(url, folder, ORDERS, VARIANTS), with_few)
        servers["postgresql"].close()


def _statements_or_none(few: Office, asked: Asked) -> int | None:
    """Return how many statements it takes, or None where so small a shop has no such thing."""
    try:
        return few.statements(asked)
    except AssertionError:
        return None


def _table(name: str, office: Office, with_few: list[int | None]) -> None:
    engine = office.app.extensions["sessions"].engine
    raw = engine.raw_connection()
    print(f"\n{name}: {ORDERS} orders, {VARIANTS} variants, written in {office.took:.0f} s")
    print(f"{'list':<64}{'ms':>8}{'queries':>9}{f'with {FEW}':>9}{'bare ms':>10}{'ratio':>8}")
    for asked, few in zip(ASKED, with_few, strict=True):
        queries = office.statements(asked)
        ours = _best(lambda it=asked: office.ask(it))
        statement = _with_moments(asked.statement, is_sqlite=name == "sqlite")
        theirs = _best(lambda sql=statement: _bare(raw, sql))
        row = f"{ours:>8.1f}{queries:>9}{few or '':>9}{theirs:>10.2f}{ours / theirs:>8.1f}"
        print(f"{asked.address:<64}{row}", flush=True)
    raw.close()
    engine.dispose()


def _with_moments(statement: str, *, is_sqlite: bool) -> str:
    def moment(found: re.Match[str]) -> str:
        at = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=int(found[1]))
        return f"'{at}'" if is_sqlite else f"'{at}'::timestamp"

    return re.sub(r"\{(\d+)\}", moment, statement)


def _bare(raw: Any, statement: str) -> None:
    cursor = raw.cursor()
    cursor.execute(statement)
    cursor.fetchall()
    raw.rollback()


def _best(work: Callable[[], object]) -> float:
    """Return the shortest time of some rounds, in milliseconds."""
    found = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        work()
        found.append(time.perf_counter() - start)
    return min(found) * 1000


if __name__ == "__main__":
    main()
