"""A guest's whole order, from the first page to the thank-you without the pay page.

Beside django-oscar, on the same server with two processes, on SQLite,
with one client and with four.
Oscar's guest gives her address to the shop; ours does on the pay page, which is left out.
"""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from sqlalchemy import text

from app import create_app
from storefront.config import ROOT, from_env
from storefront.database import make_engine
from storefront.logs import log
from tests.bench.browser import SEEN, Browser
from tests.bench.paid_shop import PaidAtOnce
from tests.bench.peer import OSCAR
from tests.bench.served import granian
from tests.bench.table import Row, show
from tests.databases import fill
from tests.staff import counted_statements

PLENTY = 1_000_000  # units
CLIENTS, ROUNDS, SECONDS = (1, 4), 2, 4.0
LEAST, MOST_QUERIES = 20, 60
ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE")
ADDRESS = {
    "first_name": "Ada",
    "last_name": "Buyer",
    "line1": "1 Main Street",
    "line4": "Springfield",
    "state": "IL",
    "postcode": "62701",
    "country": "US",
}


def main() -> Sequence[Row]:
    """Print the table; return its rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = stocked(folder)
        given = {
            "DATABASE_URL": url,
            "INSTANCE_PATH": str(folder),
            "CHECKOUT_LIMITS": "off",
            "PAGE_CACHE": "on",  # as in production
        }
        queries = _queries(given)
        rows = [Row("whole guest order", queries, most=MOST_QUERIES, unit="queries")]
        if OSCAR.exists():
            rows += _beside_oscar(folder, given)
    show("A guest's whole order", rows)
    return rows


def stocked(folder: Path) -> str:
    """Write a shop with its starting content, and more units than will be sold."""
    url = f"sqlite:///{folder / 'ours.sqlite3'}"
    fill(url, seeded=True)
    engine = make_engine(url)
    with engine.begin() as connection:
        for table in ("stock", "stock_levels"):
            connection.execute(text(f"UPDATE {table} SET on_hand = {PLENTY}"))  # noqa: S608
    engine.dispose()
    return url


def _beside_oscar(folder: Path, given: dict[str, str]) -> list[Row]:
    theirs = {"OSCAR_FOLDER": str(folder)}
    filling = [OSCAR, "-W", "ignore", "-m", "tests.bench.oscar.fill"]
    environ = os.environ | theirs
    told = subprocess.run(filling, check=True, capture_output=True, cwd=ROOT, env=environ)
    product = told.stdout.decode().split()[-1]
    with (
        granian(("tests.bench.paid_shop:make", "--factory"), given) as us,
        granian(("tests.bench.oscar.wsgi:app",), theirs, python=str(OSCAR)) as them,
    ):
        rows = []
        for clients in CLIENTS:
            best = [0.0, 0.0]
            for _ in range(ROUNDS):
                best[0] = max(best[0], _orders(lambda: buy(Browser(us)), clients))
                best[1] = max(
                    best[1], _orders(lambda: buy_of_oscar(Browser(them), product), clients)
                )
            rows.append(Row(f"whole guest order, {clients} client(s) / oscar", *best, LEAST))
        return rows


def _orders(order: Callable[[], None], clients: int) -> float:
    """Return how many orders a second so many clients complete."""
    start = time.monotonic()

    def shop(_: int) -> int:
        done = 0
        while time.monotonic() < start + SECONDS:
            order()
            done += 1
        return done

    with ThreadPoolExecutor(clients) as pool:
        return sum(pool.map(shop, range(clients))) / (time.monotonic() - start)


def buy(browser: Browser) -> None:
    """Buy one of ours: home, product, cart, and with the money paid the order's page."""
    browser.get("/")
    browser.get("/products/ql-claw")
    assert browser.post("/cart/add", {"id": "1", "quantity": "1"}) == 200, browser.page
    found = SEEN.search(browser.page)
    form = {"email": "ada@example.com", "seen": found[1] if found else ""}
    assert browser.post("/checkout", form) == 200, browser.page
    assert browser.address.startswith("/orders/"), browser.address
    browser.close()


def buy_of_oscar(browser: Browser, product: str) -> None:
    """Buy one of oscar's: home, product, basket, email, address, and the preview's button."""
    browser.get("/")
    browser.get(product)
    number = product.rstrip("/").rpartition("_")[2]
    assert browser.post(f"/basket/add/{number}/", {"quantity": "1"}) == 200
    browser.get("/basket/")
    browser.get("/checkout/")
    browser.post("/checkout/", {"username": "ada@example.com", "options": "anonymous"})
    assert browser.address == "/checkout/shipping-address/", browser.address
    browser.post("/checkout/shipping-address/", ADDRESS)
    assert browser.address == "/checkout/payment-details/", browser.address
    browser.post("/checkout/preview/", {})
    browser.post("/checkout/preview/", {"action": "place_order"})
    assert browser.address == "/checkout/thank-you/", browser.address
    browser.close()


def _queries(given: dict[str, str]) -> int:
    """Return how many rows' statements a whole order takes, the first pages being in memory."""
    app = create_app(from_env(given), PaidAtOnce())
    log.setLevel("WARNING")
    counts = []
    for _ in range(2):  # what is kept from a first time is kept
        client = app.test_client()
        with counted_statements(app) as seen:
            client.get("/")
            client.get("/products/ql-claw")
            client.post("/cart/add", data={"id": "1", "quantity": "1"})
            found = SEEN.search(client.get("/cart").text)
            form = {"email": "ada@example.com", "seen": found[1] if found else ""}
            back = client.post("/checkout", data=form).location
            led = client.get(back.removeprefix("http://127.0.0.1:8000"), follow_redirects=True)
        assert led.request.path.startswith("/orders/"), led.text
        counts.append(sum(it.startswith(ROWS) for it in seen))
    app.extensions["sessions"].engine.dispose()
    return counts[-1]
