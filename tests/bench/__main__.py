"""How fast a page is made, beside bare Flask with the same bytes in the same run; then the rest.

Times on shared machines swing; the ratio is what counts. Each row is the best of five rounds.
"""

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask
from werkzeug.test import EnvironBuilder, run_wsgi_app

from app import create_app
from storefront.config import ROOT, from_env
from storefront.logs import log
from tests.bench import big_books, flash_sale, large_books, lighthouse, peer, served
from tests.databases import fill

PAGES = {
    "home": "/",
    "collection": "/collections/all",
    "product": "/products/ql-claw",
    "article": "/blogs/the-ql-blawg/ql-muscle",
    "tutorial": "/pages/ql-release",
    "search": "/search?q=psoas",
    "cart, empty": "/cart",
}
ROUNDS, SECONDS = 5, 0.4


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        fill(url, seeded=True)
        shop = create_app(from_env({"DATABASE_URL": url, "INSTANCE_PATH": folder}))
        log.setLevel("WARNING")
        print(f"{'page':<14}{'bytes':>8}{'a second':>10}{'bare Flask':>12}{'ratio':>8}")
        for name, address in PAGES.items():
            row(name, shop, address)
    rows = [*served.main(), *peer.main()]
    written = ROOT / "build" / "bench.json"
    written.parent.mkdir(exist_ok=True)
    written.write_text(json.dumps([it.as_json() for it in rows], indent=2) + "\n", encoding="utf-8")
    flash_sale.main()
    large_books.main()
    big_books.main()
    lighthouse.main()


def row(name: str, shop: Flask, address: str) -> None:
    """Print one page's rate beside that of a constant of the same length."""
    body = ask(shop, address)
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/", view_func=lambda: body)
    ours = theirs = 0.0
    for _ in range(ROUNDS):
        ours = max(ours, rate(lambda: ask(shop, address)))
        theirs = max(theirs, rate(lambda: ask(bare, "/")))
    print(f"{name:<14}{len(body):>8}{ours:>10.0f}{theirs:>12.0f}{ours / theirs:>8.3f}")


def ask(app: Flask, address: str) -> bytes:
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


if __name__ == "__main__":
    main()
