"""How long ``verify`` takes with 100,000 paid orders, on both databases."""

import tempfile
import time
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.orm import Session

from storefront.database import Sessions, make_engine
from storefront.verify import RULES
from tests.databases import PostgresqlDatabases, SqliteDatabases
from tests.factories import make_product, make_variant

ORDERS, VARIANTS = 100_000, 100
MOMENT = "'2026-01-01 00:00:00.000000'"
NUMBERS = f"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ORDERS})"  # noqa: S608
HERE = "(SELECT min(id) FROM locations)"
FILL = f"""
INSERT INTO orders (id, number, token, status, cart_fingerprint, name, total_minor, currency,
 subtotal_minor, discount_minor, shipping_minor, tax_minor, shipping_tax_minor, tax_is_included,
 shipping_title, tax_title, country, region, ships_to, created_at, paid_at)
 {NUMBERS} SELECT i, 'QL-' || i, 't', 'paid', '', '', 8900, 'USD', 8900, 0, 0, 0, 0, TRUE, '', '',
 'US', '', '[]', {MOMENT}, {MOMENT} FROM n;
INSERT INTO order_lines (order_id, variant_id, product_handle, title, variant_title, sku, quantity,
 unit_price_minor, unit_price_currency, discount_minor, tax_minor, weight_g, parts, promise,
 refunded_quantity) SELECT id, 1 + id % {VARIANTS}, 'tool', 'Tool', '', 'TOOL', 1, 8900, 'USD', 0,
 0, 500, '{{}}', '', 0 FROM orders;
INSERT INTO reservations (order_id, variant_id, quantity, is_backorder, state, created_at)
 SELECT id, 1 + id % {VARIANTS}, 1, FALSE, 'sold', {MOMENT} FROM orders;
INSERT INTO stock_movements (variant_id, location_id, kind, on_hand, reserved, unavailable,
 backordered, incoming, reason, reference, actor, order_id, created_at)
 SELECT 1 + id % {VARIANTS}, {HERE}, 'reserved', 0, 1, 0, 0, 0, '', '', 'x', id, {MOMENT}
 FROM orders;
INSERT INTO stock_movements (variant_id, location_id, kind, on_hand, reserved, unavailable,
 backordered, incoming, reason, reference, actor, order_id, created_at)
 SELECT 1 + id % {VARIANTS}, {HERE}, 'sold', -1, -1, 0, 0, 0, '', '', 'x', id, {MOMENT} FROM orders;
INSERT INTO order_events (order_id, kind, actor, note, created_at)
 SELECT id, 'paid', 'Stripe', '', {MOMENT} FROM orders;
INSERT INTO payments (order_id, attempt, key, status, amount_minor, currency, captured_minor,
 captured_currency, refunded_minor, origin, session_id, expires_at, created_at, paid_at)
 SELECT id, 1, number, 'paid', 8900, 'USD', 8900, 'USD', 0, '', 'cs_' || id, {MOMENT}, {MOMENT},
 {MOMENT} FROM orders;
UPDATE stock SET on_hand = on_hand - {ORDERS // VARIANTS};
UPDATE stock_levels SET on_hand = on_hand - {ORDERS // VARIANTS};
"""  # noqa: S608 (our own constants)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "sqlite": SqliteDatabases(Path(folder)),
            "postgresql": PostgresqlDatabases(Path(folder) / "postgresql", careless=()),
        }
        print(f"\nverify with {ORDERS} orders{'':<8}seconds  slowest rule")
        for name, databases in servers.items():
            with databases.fresh(seeded=False) as url:
                _row(name, url)
        servers["postgresql"].close()


def _row(name: str, url: str) -> None:
    engine = make_engine(url)
    _fill(engine)
    took = {}
    with Sessions(engine).read() as session:
        for rule in RULES:
            start = time.perf_counter()
            found = list(rule(session))
            took[rule.__name__] = time.perf_counter() - start
            assert found == [], found[:3]
    slowest = max(took, key=took.__getitem__)
    print(f"{name:<32}{sum(took.values()):>7.1f}  {slowest} {took[slowest]:.1f}")
    engine.dispose()


def _fill(engine) -> None:
    with Session(engine) as session:
        product = make_product(session)
        for _ in range(VARIANTS):
            make_variant(session, product=product, on_hand=2 * ORDERS // VARIANTS)
    with engine.begin() as connection:
        for statement in FILL.strip().split(";\n"):
            connection.execute(text(statement.rstrip(";")))


if __name__ == "__main__":
    main()
