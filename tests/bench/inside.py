"""How fast a page is made in one process, beside a constant of bare Flask with the same bytes."""

import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from storefront.config import from_env
from storefront.logs import log
from tests.bench.table import Row, show
from tests.databases import durable

PAGES = {
    "home": "/",
    "collection": "/collections/all",
    "product": "/products/ql-claw",
    "article": "/blogs/the-ql-blawg/ql-muscle",
    "tutorial": "/pages/ql-release",
    "search": "/search?q=psoas",
    "cart, empty": "/cart",
}
ON_POSTGRESQL = ("product",)
LEAST = {"product": {"sqlite": 0.12, "postgresql": 0.07}}
ROUNDS, SECONDS = 5, 0.4


def main() -> Sequence[Row]:
    """Print the table; return its rows. Each is the best of five rounds, in turn."""
    with tempfile.TemporaryDirectory() as folder:
        servers = durable(Path(folder))
        rows = []
        for engine, databases in servers.items():
            names = PAGES if engine == "sqlite" else ON_POSTGRESQL
            with databases.fresh(seeded=True) as url:
                given = {"DATABASE_URL": url, "INSTANCE_PATH": folder, "PAGE_CACHE": "off"}
                shop = create_app(from_env(given))
                log.setLevel("WARNING")
                rows += [_row(name, engine, shop) for name in names]
                shop.extensions["sessions"].engine.dispose()
        servers["postgresql"].close()
    show("Made anew, in one process, beside bare Flask", rows)
    return rows


def _row(name: str, engine: str, shop: Flask) -> Row:
    body = ask(shop, PAGES[name])
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/", view_func=lambda: body)
    ours = theirs = 0.0
    for _ in range(ROUNDS):
        ours = max(ours, rate(lambda: ask(shop, PAGES[name])))
        theirs = max(theirs, rate(lambda: ask(bare, "/")))
    least = LEAST.get(name, {}).get(engine)
    return Row(f"{name} made anew, {engine} / bare Flask", ours, theirs, least)


def ask(app: Flask, address: str) -> bytes:
    """Return the body of a page that is answered well."""
    path, _, query = address.partition("?")
    environ = EnvironBuilder(path, query_string=query).get_environ()
    body, status, _ = run_wsgi_app(app.wsgi_app, environ, buffered=True)
    assert status.startswith("200"), status
    return b"".join(body)


def rate(work: Callable[[], object]) -> float:
    """Return how often the work is done in a second."""
    done, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < SECONDS:
        work()
        done += 1
    return done / spent
