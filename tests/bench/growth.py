"""Growth: each page over few rows and over many; a page may take 1.3 times as long, no query more.

Public pages over 50 products and over 100,000, staff lists over 500 orders and over 100,000; both
shops are asked in turn, and the best of several rounds counts. So few still fill the first page of
each list: with fewer the shorter page would be measured, not what stands behind it. Lists of what
only some orders bring with them (returns, comments) need 25,000 to be filled so. A cart's page and
what a delivery costs, in a shop that names every country and taxes 77 places, beside one of a few,
are printed only: so much more is reckoned with, and the latter's page lists all countries.
``BENCH_ORDERS=1000000`` writes so many orders, which takes minutes and gigabytes.
"""

import os
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import Engine, func, insert, select

from app import create_app
from models import Product, ProductStatus, Stock, TaxRate, Variant, ZoneCountry
from storefront.config import from_env
from storefront.database import make_engine
from storefront.logs import log
from storefront.pricing.countries import countries
from tests.bench.big_books import Asked, Office
from tests.bench.inside import ask
from tests.bench.table import Row, show
from tests.books import BATCH, FIRST
from tests.databases import SqliteDatabases
from tests.staff import counted_statements

FEW, FEW_ORDERS, FULL, PRODUCTS = 50, 500, 25_000, int(os.environ.get("BENCH_PRODUCTS", "100000"))
ORDERS = int(os.environ.get("BENCH_ORDERS", "100000"))
ROUNDS, MOST = 7, 1.3
PAGES = {
    "home": "/",
    "collection": "/collections/all",
    "product": f"/products/tool-{FIRST}",
    "article": "/blogs/the-ql-blawg/ql-muscle",
    "cart, empty": "/cart",
}
OF_PLACES = {"cart, empty": "/cart", "delivery": "/products/ql-claw/delivery?country=US"}
STATES, TAXED = 50, 27  # of the United States; countries that have one rate
LISTS = ("orders", "inventory", "products", "customers", "mails")
RARER = ("drafts", "returns", "comments", "questions", "newsletter", "tasks", "audit")
OF_STOCK = ("purchases", "stock-takes")  # of which there are as many as there are variants


def main() -> Sequence[Row]:
    """Print the table; return its rows."""
    with tempfile.TemporaryDirectory() as folder:
        databases = SqliteDatabases(Path(folder))
        with databases.fresh(seeded=True) as few, databases.fresh(seeded=True) as many:
            shops = [_shop(few, folder, FEW), _shop(many, folder, PRODUCTS)]
            what = f"{PRODUCTS:,} products / {FEW}"
            rows = [row for it in PAGES.items() for row in _pages(*it, what, shops, MOST)]
        with databases.fresh(seeded=True) as few, databases.fresh(seeded=True) as many:
            shops = [_shop(few, folder, 0), _shop(many, folder, 0)]
            _serve_the_world(shops[1].extensions["sessions"].engine)
            what = "all countries / few"
            rows += [row for it in OF_PLACES.items() for row in _pages(*it, what, shops)]
        with databases.fresh(seeded=False) as few, databases.fresh(seeded=False) as many:
            large = Office(many, folder, ORDERS, ORDERS // 10)
            small = Office(few, folder, FEW_ORDERS, FEW_ORDERS)
            rows += [row for name in LISTS for row in _lists(name, FEW_ORDERS, (small, large))]
            with databases.fresh(seeded=False) as full:
                small = Office(full, folder, FULL, FULL // 5)
                further = (*RARER, *OF_STOCK)
                rows += [row for name in further for row in _lists(name, FULL, (small, large))]
    show("Growth (ms; over many beside over few)", rows)
    return rows


def _shop(url: str, folder: str, products: int) -> Flask:
    engine = make_engine(url)
    with engine.begin() as connection:
        for start in range(0, products, BATCH):
            ids = range(FIRST + start, FIRST + min(start + BATCH, products))
            for model, row in ((Product, _product), (Variant, _variant), (Stock, _stock)):
                connection.execute(insert(model.__table__), [row(it) for it in ids])
    engine.dispose()
    given = {"DATABASE_URL": url, "INSTANCE_PATH": folder, "PAGE_CACHE": "off"}
    shop = create_app(from_env(given))
    log.setLevel("WARNING")
    return shop


def _product(id_: int) -> dict[str, Any]:
    words = dict.fromkeys(("summary", "description_markdown", "description_html"), "")
    told = {"handle": f"tool-{id_}", "title": f"Tool {id_}", "renderer": "1"}
    return {"id": id_, **words, **told, "status": ProductStatus.ACTIVE, "option_names": []}


def _variant(id_: int) -> dict[str, Any]:
    price = {"price_minor": 8900, "price_currency": "USD"}
    return {"id": id_, "product_id": id_, "sku": f"TOOL-{id_}", "options": [], **price}


def _stock(id_: int) -> dict[str, Any]:
    return {"variant_id": id_, "on_hand": id_ % 50}


def _serve_the_world(engine: Engine) -> None:
    """Let the zone that comes last name every country that no other does; tax 77 places."""
    with engine.begin() as connection:
        last = connection.scalar(select(func.max(ZoneCountry.zone_id)))
        served = set(connection.scalars(select(ZoneCountry.country)))
        missing = [it for it in countries() if it not in served]
        connection.execute(
            insert(ZoneCountry), [{"country": it, "zone_id": last} for it in missing]
        )
        places = [("US", f"{it:02}") for it in range(STATES)]
        places += [(it, "") for it in missing[:TAXED]]
        told = {"title": "Tax", "rate_ppm": 70_000}
        rates = [{"country": country, "region": region, **told} for country, region in places]
        connection.execute(insert(TaxRate), rates)


def _pages(
    name: str, address: str, what: str, shops: Sequence[Flask], most: float | None = None
) -> list[Row]:
    few, many = _best([lambda it=shop: ask(it, address) for shop in shops])
    counts = [_statements(shop, address) for shop in shops]
    return _rows(f"{name}, {what}", (few, many), counts, most)


def _lists(name: str, orders: int, offices: Sequence[Office]) -> list[Row]:
    asked = Asked(f"/staff/{name}", None, "")
    counts = [office.statements(asked) for office in offices]
    few, many = _best([lambda it=office: it.ask(asked) for office in offices])
    return _rows(f"{asked.address}, {ORDERS:,} orders / {orders:,}", (few, many), counts, MOST)


def _rows(
    name: str, took: tuple[float, float], counts: Sequence[int], most: float | None
) -> list[Row]:
    few, many = took
    return [
        Row(name, many, few, most=most, unit="ms"),
        Row(f"{name}: queries", counts[1], counts[0], most=1, unit="queries"),
    ]


def _statements(shop: Flask, address: str) -> int:
    ask(shop, address)
    with counted_statements(shop) as seen:
        ask(shop, address)
    return len(seen)


def _best(works: Sequence[Callable[[], object]]) -> list[float]:
    """Return the shortest time of each, in milliseconds; they take turns."""
    best = [float("inf")] * len(works)
    for _ in range(ROUNDS):
        for place, work in enumerate(works):
            start = time.perf_counter()
            work()
            best[place] = min(best[place], time.perf_counter() - start)
    return [it * 1000 for it in best]
