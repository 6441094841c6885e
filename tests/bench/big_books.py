"""The back office over 100,000 orders and 10,000 variants: each list beside a bare query of it.

The bare query is what the list cannot do without: the rows of its first page, by SQL alone, without
count, sign-in or page. Times are the best of five.
"""

import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.orm import Session

from app import create_app
from models import Role
from storefront.config import from_env
from storefront.database import make_engine
from storefront.logs import log
from tests.books import FIRST, write_books
from tests.databases import SqliteDatabases
from tests.factories import PASSWORD, make_staff
from tests.staff import counted_statements

# ruff: noqa: S608 (the statements hold our own constants)
ORDERS, VARIANTS, ROUNDS = 100_000, 10_000, 5
LISTS = {
    "/staff": "SELECT count(*) FROM orders WHERE status = 'paid'",
    "/staff/reports?period=28": "SELECT sum(captured_minor) FROM payments WHERE paid_at"
    " >= datetime('now', '-56 days')",
    "/staff/reports?period=year": "SELECT sum(captured_minor) FROM payments WHERE paid_at"
    " >= datetime('now', '-730 days')",
    "/staff/orders": "SELECT * FROM orders ORDER BY created_at DESC LIMIT 50",
    "/staff/orders?status=paid": "SELECT * FROM orders WHERE status = 'paid'"
    " ORDER BY created_at DESC LIMIT 50",
    "/staff/orders?q=buyer-10999": "SELECT * FROM orders WHERE email LIKE '%buyer-10999%'"
    " ORDER BY created_at DESC LIMIT 50",
    "/staff/orders?sort=email": "SELECT * FROM orders ORDER BY email LIMIT 50",
    "/staff/inventory": "SELECT * FROM variants JOIN stock ON variant_id = id ORDER BY sku"
    " LIMIT 50",
    "/staff/inventory?sort=available": "SELECT * FROM variants JOIN stock ON variant_id = id"
    " ORDER BY on_hand LIMIT 50",
    f"/staff/inventory/TOOL-{FIRST + 1}": "SELECT * FROM stock_movements WHERE variant_id ="
    f" {FIRST + 1} ORDER BY id DESC LIMIT 50",
    "/staff/products": "SELECT * FROM products ORDER BY title LIMIT 50",
    "/staff/customers": "SELECT * FROM customers ORDER BY id DESC LIMIT 50",
    "/staff/customers?sort=-spent": "SELECT email, sum(total_minor) FROM orders GROUP BY email"
    " ORDER BY 2 DESC LIMIT 50",
    "/staff/drafts": "SELECT * FROM orders WHERE status = 'draft' ORDER BY created_at DESC"
    " LIMIT 50",
    "/staff/returns": "SELECT * FROM returns ORDER BY id DESC LIMIT 50",
    "/staff/purchases": "SELECT * FROM purchases ORDER BY id DESC LIMIT 50",
    "/staff/stock-takes": "SELECT * FROM stock_takes ORDER BY id DESC LIMIT 50",
    "/staff/imports": "SELECT id FROM imports ORDER BY id DESC LIMIT 50",
    "/staff/tasks": "SELECT * FROM tasks ORDER BY id DESC LIMIT 50",
    "/staff/pictures": "SELECT * FROM pictures ORDER BY id DESC LIMIT 50",
    "/staff/comments": "SELECT * FROM comments WHERE status = 'waiting' ORDER BY created_at"
    " LIMIT 50",
    "/staff/messages": "SELECT * FROM comments ORDER BY created_at DESC LIMIT 50",
    "/staff/mails": "SELECT * FROM mails ORDER BY id DESC LIMIT 50",
    "/staff/money": "SELECT * FROM payments WHERE status = 'held' LIMIT 50",
    "/staff/leads": "SELECT last_content, count(*) FROM orders GROUP BY last_content",
    "/staff/audit": "SELECT * FROM audit_entries ORDER BY id DESC LIMIT 50",
    "/staff/find?q=buyer-10999": "SELECT number FROM orders WHERE email LIKE '%buyer-10999%'"
    " LIMIT 8",
    f"/staff/find?q=QL-0{FIRST}": f"SELECT number FROM orders WHERE number = 'QL-0{FIRST}'",
}


def main() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        SqliteDatabases(Path(folder)).fresh(seeded=False) as url,
    ):
        took = _fill(url)
        print(f"\n{ORDERS} orders, {VARIANTS} variants, written in {took:.0f} s")
        print(f"{'list':<34}{'ms':>8}{'queries':>9}{'bare ms':>10}{'ratio':>8}")
        _lists(url, folder)


def _fill(url: str) -> float:
    start, engine = time.perf_counter(), make_engine(url)
    with engine.begin() as connection:
        write_books(connection, orders=ORDERS, variants=VARIANTS)
        connection.exec_driver_sql("ANALYZE")
    engine.dispose()
    return time.perf_counter() - start


def _lists(url: str, folder: str) -> None:
    app = create_app(from_env({"DATABASE_URL": url, "INSTANCE_PATH": folder}))
    log.setLevel("WARNING")
    client = app.test_client()
    with Session(app.extensions["sessions"].engine) as session:
        email = make_staff(session, role=Role.OWNER).email
    client.post("/staff/login", data={"email": email, "password": PASSWORD})
    bare = sqlite3.connect(url.removeprefix("sqlite:///"))
    for address, statement in LISTS.items():
        answer = client.get(address)
        if answer.status_code == 404:
            continue
        assert answer.status_code in {200, 302}, (address, answer.status_code)
        with counted_statements(app) as seen:
            client.get(address)
        ours = _best(lambda at=address: client.get(at))
        theirs = _best(lambda sql=statement: bare.execute(sql).fetchall())
        row = f"{ours:>8.1f}{len(seen):>9}{theirs:>10.2f}{ours / theirs:>8.1f}"
        print(f"{address:<34}{row}")
    bare.close()
    app.extensions["sessions"].engine.dispose()


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
