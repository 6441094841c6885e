"""The same sale in plain SQL: what a checkout writes, in one transaction, without a shop around."""

import re
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine

ORDER = """INSERT INTO orders (number, token, status, cart_fingerprint, name, total_minor, currency,
 subtotal_minor, discount_minor, shipping_minor, tax_minor, shipping_tax_minor, tax_is_included,
 shipping_title, tax_title, country, region, ships_to, expires_at, created_at)
 VALUES (:name, :name, 'pending', '', '', 8900, 'USD', 8900, 0, 0, 0, 0, :yes, '', '', 'US', '',
 '[]', :moment, :moment) RETURNING id"""
TAKE = """UPDATE stock SET reserved = reserved + 1 WHERE variant_id = :variant
 AND on_hand - reserved - unavailable - backordered >= 1 RETURNING variant_id"""
ROWS = (
    """UPDATE stock_levels SET reserved = reserved + 1 WHERE variant_id = :variant AND location_id =
 (SELECT id FROM locations WHERE is_active ORDER BY position, id LIMIT 1)
 AND on_hand - reserved - unavailable >= 1""",
    """INSERT INTO stock_movements (variant_id, kind, on_hand, reserved, unavailable, backordered,
 incoming, reason, reference, actor, order_id, created_at)
 VALUES (:variant, 'reserved', 0, 1, 0, 0, 0, '', '', :name, :order, :moment)""",
    """INSERT INTO reservations (order_id, variant_id, quantity, is_backorder, state, expires_at,
 created_at) VALUES (:order, :variant, 1, :no, 'held', :moment, :moment)""",
    """INSERT INTO order_events (order_id, kind, actor, note, created_at)
 VALUES (:order, 'placed', 'customer', '', :moment)""",
    """INSERT INTO order_lines (order_id, variant_id, product_handle, title, variant_title, sku,
 quantity, unit_price_minor, unit_price_currency, discount_minor, tax_minor, weight_g, parts,
 promise, refunded_quantity) VALUES (:order, :variant, 'tool', 'Tool', 'Red', 'TOOL', 1, 8900,
 'USD', 0, 0, 500, '{}', '', 0)""",
    """INSERT INTO payments (order_id, attempt, key, status, amount_minor, currency, captured_minor,
 refunded_minor, origin, expires_at, created_at)
 VALUES (:order, 1, :name, 'open', 8900, 'USD', 0, 0, '', :moment, :moment)""",
    """INSERT INTO jobs (kind, key, payload, run_at, attempts, is_dead, error, created_at)
 VALUES ('expire-order', :name, '{}', :moment, 0, :no, '', :moment)""",
)


@dataclass(frozen=True)
class Sale:
    """seconds: until the last unit was sold, and until the last buyer was answered."""

    sold: int
    sold_after_s: float
    ended_after_s: float

    @property
    def orders_a_second(self) -> float:
        return self.sold / self.sold_after_s

    def buyers_a_second(self, buyers: int) -> float:
        return buyers / self.ended_after_s


def sell(engine: Engine, variant_id: int, buyers: int, threads: int) -> Sale:
    """Let the buyers take one unit each, from as many threads."""
    local = threading.local()

    def press(_: int) -> float | None:
        if not hasattr(local, "raw"):
            local.raw = engine.raw_connection()
        return time.perf_counter() if buy(engine, local.raw, variant_id) else None

    with ThreadPoolExecutor(threads) as pool:
        start = time.perf_counter()
        moments = [it for it in pool.map(press, range(buyers)) if it]
        end = time.perf_counter()
    return Sale(len(moments), max(moments) - start, end - start)


def buy(engine: Engine, raw: Any, variant_id: int) -> bool:
    """Buy one unit over a connection of the driver's; False where none was left."""
    is_sqlite = engine.dialect.name == "sqlite"
    cursor, name = raw.cursor(), uuid.uuid4().hex[:20]
    values = {
        "name": name,
        "variant": variant_id,
        "moment": "2026-01-01 00:00:00.000000",
        "yes": True,
        "no": False,
    }
    run: Callable = lambda sql: cursor.execute(statement(sql, is_sqlite=is_sqlite), values)  # noqa: E731
    if is_sqlite:
        cursor.execute("BEGIN IMMEDIATE")
    run(ORDER)
    values["order"] = cursor.fetchone()[0]
    run(TAKE)
    is_sold = cursor.fetchone() is not None
    if is_sold:
        for sql in ROWS:
            run(sql)
    if is_sqlite:
        cursor.execute("COMMIT" if is_sold else "ROLLBACK")
    else:
        (raw.commit if is_sold else raw.rollback)()
    return is_sold


def statement(sql: str, *, is_sqlite: bool) -> str:
    """Return a statement as a database's driver has its parameters."""
    return sql if is_sqlite else re.sub(r":(\w+)", r"%(\1)s", sql)
