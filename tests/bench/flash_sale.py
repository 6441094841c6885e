"""A flash sale: 2,000 buyers over HTTP for 100 units, beside the same transaction in SQL by hand.

Every buyer has a cart and presses *Check out* at the same moment: the shop's own server answers,
and asks Stripe's stand-in for a payment page for each order. Orders a second are counted until the
last unit is sold.
"""

import http.client
import multiprocessing
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import requests
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app import create_app
from models import Order, Stock
from storefront.config import from_env
from storefront.database import make_engine
from storefront.dev.launcher import processes
from storefront.logs import log
from storefront.payments.gateway import PaidSession, WantedSession
from storefront.verify import problems
from tests.bench.sql_sale import Sale, sell
from tests.bench.table import Row, show
from tests.databases import PostgresqlDatabases, SqliteDatabases
from tests.factories import make_product, make_variant
from tests.walks.conftest import answers, free_port, wait_for

BUYERS, UNITS, LEAST = 2000, 100, 0.3
CLIENTS, THREADS = 2, 8  # processes, and threads of each; SQL gets as many threads
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def main() -> list[Row]:
    """Print what was sold how fast; return the rows that have a budget."""
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        servers = {
            "sqlite": SqliteDatabases(Path(folder)),
            "postgresql": PostgresqlDatabases(Path(folder) / "postgresql", careless=()),
        }
        print(f"\n{BUYERS} buyers, {UNITS} units", end="")
        print("  orders/s  buyers/s  p50 ms  p99 ms  max ms  orders/s of SQL")
        for name, databases in servers.items():
            with databases.fresh(seeded=False) as url:
                by_hand = _by_hand(url)
            with databases.fresh(seeded=False) as url:
                _row(f"{name}, SQL by hand", by_hand, [], by_hand)
                sale, waits = _over_http(url)
                _row(f"{name}, over HTTP", sale, waits, by_hand)
                rates = sale.orders_a_second, by_hand.orders_a_second
                rows.append(Row(f"flash sale, {name} / SQL by hand", *rates, least=LEAST))
            with databases.fresh(seeded=False) as url:
                up_to_stripe = _up_to_stripe(url)
                _row(f"{name}, up to Stripe", up_to_stripe, [], by_hand)
        servers["postgresql"].close()
    show(f"Flash sale: {BUYERS} buyers, {UNITS} units, orders a second", rows)
    return rows


def _row(name: str, sale: Sale, waits: list[float], by_hand: Sale) -> None:
    found = sorted(waits)
    times = [found[int(len(found) * part)] * 1000 for part in (0.5, 0.99)] if found else []
    times += [found[-1] * 1000] if found else []
    shown = "".join(f"{it:>8.0f}" for it in times) or " " * 24
    rates = f"{sale.orders_a_second:>10.0f}{sale.buyers_a_second(BUYERS):>10.0f}"
    print(f"{name:<24}{rates}{shown}{sale.orders_a_second / by_hand.orders_a_second:>12.2f}")
    assert sale.sold == UNITS, sale


def _shelf(url: str) -> int:
    """Put the units on the shelf; return the variant's id."""
    engine = make_engine(url)
    with Session(engine) as session:
        variant_id = make_variant(session, product=make_product(session), on_hand=UNITS).id
    engine.dispose()
    return variant_id


def _by_hand(url: str) -> Sale:
    variant_id, engine = _shelf(url), make_engine(url)
    sale = sell(engine, variant_id, BUYERS, CLIENTS * THREADS)
    engine.dispose()
    return sale


def _over_http(url: str) -> tuple[Sale, list[float]]:
    variant_id = _shelf(url)
    with _served(url) as base, multiprocessing.get_context("spawn").Pool(CLIENTS) as pool:
        many = [(base, variant_id, BUYERS // CLIENTS)] * CLIENTS
        carts = pool.starmap(fill_carts, many)
        start = time.time()
        found = pool.starmap(press_check_out, [(base, cookies) for cookies in carts])
        end = time.time()
    answered = [it for some in found for it in some]
    _assert_right(url, variant_id)
    sold = [moment for status, moment, _ in answered if status == 303]
    assert {status for status, _, _ in answered} == {303, 409}
    return Sale(len(sold), max(sold) - start, end - start), [wait for _, _, wait in answered]


@contextmanager
def _served(url: str) -> Iterator[str]:
    """The production server, and the stand-in in a process of its own."""
    with tempfile.TemporaryDirectory() as instance:
        given = {
            "DATABASE_URL": url,
            "INSTANCE_PATH": instance,
            "PORT": str(free_port()),
            "CHECKOUT_LIMITS": "off",
        }
        settings = from_env(given)
        web, _, stand_in = processes(settings)
        try:
            with _quiet():
                for process in (web, stand_in):
                    process.environment |= given
                    process.keep_alive()
            wait_for(lambda: answers(f"{settings.site_url}/healthz"))
            wait_for(lambda: answers(f"{settings.stripe_api_base}/v1/events", besides=401))
            yield settings.site_url
        finally:
            web.stop()
            stand_in.stop()


@contextmanager
def _quiet() -> Iterator[None]:
    """Let the processes that start meanwhile log nowhere: the table is what is to be read."""
    kept = os.dup(2)
    with Path(os.devnull).open("w") as nowhere:
        os.dup2(nowhere.fileno(), 2)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


def fill_carts(base: str, variant_id: int, count: int) -> list[str]:
    """Put one unit into each of many carts; return their cookies."""

    def fill(_: int) -> str:
        data = {"id": variant_id}
        answer = requests.post(f"{base}/cart/add", data=data, allow_redirects=False, timeout=60)
        assert answer.status_code == 303, answer.text
        return answer.headers["Set-Cookie"].split(";")[0]

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(fill, range(count)))


def press_check_out(base: str, cookies: list[str]) -> list[tuple[int, float, float]]:
    """Check all carts out; return status, moment and seconds of each answer."""
    local = threading.local()

    def press(cookie: str) -> tuple[int, float, float]:
        if not hasattr(local, "connection"):
            local.connection = http.client.HTTPConnection(urlsplit(base).netloc, timeout=120)
        start = time.perf_counter()
        body = urlencode({"email": "buyer@example.com"})
        local.connection.request("POST", "/checkout", body, FORM | {"Cookie": cookie})
        answer = local.connection.getresponse()
        answer.read()
        return answer.status, time.time(), time.perf_counter() - start

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(press, cookies))


class AtOnce:
    """A gateway that answers at once: what is left is the shop's own work."""

    is_live = False

    def open_session(self, wanted: WantedSession) -> PaidSession:
        return PaidSession(f"cs_{wanted.key}", "open", "unpaid", wanted.lines[0].unit_price, "/")


def _up_to_stripe(url: str) -> Sale:
    """Sell in this process, in one thread, with a Stripe that takes no time."""
    variant_id = _shelf(url)
    with tempfile.TemporaryDirectory() as instance:
        given = {"DATABASE_URL": url, "INSTANCE_PATH": instance, "CHECKOUT_LIMITS": "off"}
        app = create_app(from_env(given), AtOnce())
        log.setLevel("WARNING")
        clients = [app.test_client() for _ in range(UNITS)]
        for client in clients:
            assert client.post("/cart/add", data={"id": variant_id}).status_code == 303
        start = time.perf_counter()
        answered = [client.post("/checkout").status_code for client in clients]
        spent = time.perf_counter() - start
        app.extensions["sessions"].engine.dispose()
    _assert_right(url, variant_id)
    assert answered == [303] * UNITS
    return Sale(UNITS, spent, spent * BUYERS / UNITS)


def _assert_right(url: str, variant_id: int) -> None:
    """Exactly as many were sold as there were, and all of it adds up."""
    engine = make_engine(url)
    with Session(engine) as session:
        stock = session.get_one(Stock, variant_id)
        assert (stock.on_hand, stock.reserved) == (UNITS, UNITS)
        assert session.scalar(select(func.count(Order.id))) == UNITS
        assert problems(session) == []
    engine.dispose()


if __name__ == "__main__":
    main()
