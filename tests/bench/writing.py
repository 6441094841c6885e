"""Laying a product into a cart, and a checkout up to Stripe, beside the same SQL by hand.

In one process and one thread, each in one transaction, in turn; the best round of each counts. Then
32 connections at once lay products into carts over HTTP, on SQLite: no one may be refused.
"""

import secrets
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import create_app
from storefront.config import from_env
from storefront.database import make_engine
from storefront.logs import log
from tests.bench.browser import Browser
from tests.bench.flash_sale import AtOnce
from tests.bench.served import granian
from tests.bench.sql_sale import buy, statement
from tests.bench.table import Row, show
from tests.databases import durable
from tests.factories import make_product, make_variant

ROUNDS, TIMES, UNITS = 5, 20, 100_000
MOST, CONNECTIONS, EACH = 3, 32, 10
MOMENT = "2026-01-01 00:00:00.000000"
OFFERED = """SELECT p.status, v.price_currency, x.currency FROM variants v
 JOIN products p ON p.id = v.product_id
 LEFT JOIN variant_prices x ON x.variant_id = v.id AND x.currency = 'USD' WHERE v.id = :variant"""
THERE = (
    "SELECT on_hand - reserved - unavailable - backordered FROM stock WHERE variant_id = :variant"
)
CART = """INSERT INTO carts (token_sha256, updated_at, gift_message, removed_gifts, created_at)
 VALUES (:token, :moment, '', '[]', :moment) RETURNING id"""
LINE = """INSERT INTO cart_lines (cart_id, variant_id, quantity, gifts, created_at)
 VALUES (:cart, :variant, 1, '[]', :moment) ON CONFLICT (cart_id, variant_id)
 DO UPDATE SET quantity = cart_lines.quantity + 1"""


def main() -> Sequence[Row]:
    """Print the table; return its rows."""
    with tempfile.TemporaryDirectory() as folder:
        servers = durable(Path(folder))
        rows = []
        for name, databases in servers.items():
            with databases.fresh(seeded=False) as url:
                rows += _beside_sql(name, url, folder)
        servers["postgresql"].close()
        with servers["sqlite"].fresh(seeded=False) as url:
            rows += _at_once(url, folder)
    show("Writing, beside the same SQL by hand (ms)", rows)
    return rows


def _beside_sql(name: str, url: str, folder: str) -> list[Row]:
    engine = make_engine(url)
    variant_id = _shelf(engine)
    given = {"DATABASE_URL": url, "INSTANCE_PATH": folder, "CHECKOUT_LIMITS": "off"}
    app = create_app(from_env(given), AtOnce())
    log.setLevel("WARNING")
    raw = engine.raw_connection()

    def add() -> Any:
        client = app.test_client()
        assert client.post("/cart/add", data={"id": variant_id}).status_code == 303
        return client

    def check_out(client: Any) -> None:
        assert client.post("/checkout").status_code == 303

    rows = []
    for what, ours, theirs, prepared in (
        ("add to cart", lambda _: add(), lambda _: lay(engine, raw, variant_id), lambda: None),
        ("checkout up to Stripe", check_out, lambda _: buy(engine, raw, variant_id), add),
    ):
        best = [float("inf")] * 2
        for _ in range(ROUNDS):
            best[0] = min(best[0], _spent(ours, prepared))
            best[1] = min(best[1], _spent(theirs, lambda: None))
        rows.append(Row(f"{what}, {name} / SQL by hand", *best, most=MOST, unit="ms"))
    raw.close()
    engine.dispose()
    app.extensions["sessions"].engine.dispose()
    return rows


def _shelf(engine: Engine) -> int:
    with Session(engine) as session:
        return make_variant(session, product=make_product(session), on_hand=UNITS).id


def _spent(work: Callable[[Any], object], prepare: Callable[[], Any]) -> float:
    """Return the milliseconds of one, after each was prepared."""
    prepared = [prepare() for _ in range(TIMES)]
    start = time.perf_counter()
    for it in prepared:
        work(it)
    return (time.perf_counter() - start) / TIMES * 1000


def lay(engine: Engine, raw: Any, variant_id: int) -> None:
    """Lay one unit into a new cart, in SQL."""
    cursor, is_sqlite = raw.cursor(), engine.dialect.name == "sqlite"
    values = {"variant": variant_id, "token": secrets.token_hex(32), "moment": MOMENT}
    if is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    cursor.execute(statement(OFFERED, is_sqlite=is_sqlite), values)
    cursor.fetchone()
    cursor.execute(statement(THERE, is_sqlite=is_sqlite), values)
    cursor.fetchone()
    cursor.execute(statement(CART, is_sqlite=is_sqlite), values)
    values["cart"] = cursor.fetchone()[0]
    cursor.execute(statement(LINE, is_sqlite=is_sqlite), values)
    raw.commit()


def _at_once(url: str, folder: str) -> list[Row]:
    """Press *Add to cart* on 32 connections at once; return how many were refused."""
    engine = make_engine(url)
    variant_id = _shelf(engine)
    engine.dispose()
    given = {"DATABASE_URL": url, "INSTANCE_PATH": folder}
    with granian(("app:create_app", "--factory"), given) as base:

        def press(_: int) -> int:
            failed = 0
            for _ in range(EACH):
                browser = Browser(base)
                is_well = browser.post("/cart/add", {"id": str(variant_id)}, follow=False) == 303
                failed += not is_well
                browser.close()
            return failed

        start = time.monotonic()
        with ThreadPoolExecutor(CONNECTIONS) as pool:
            failed = sum(pool.map(press, range(CONNECTIONS)))
        rate = CONNECTIONS * EACH / (time.monotonic() - start)
    title = f"add to cart at {CONNECTIONS} connections, sqlite"
    return [
        Row(f"{title}: refused", failed, most=0, unit=f"of {CONNECTIONS * EACH}"),
        Row(title, rate),
    ]
