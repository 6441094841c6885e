"""Lighthouse on a phone, of the eight pages that have a budget of paint: printed, never asserted.

The shop on its own server with the starting content; the median of three runs. The timings are
simulated (150 ms a round trip, 1.6 Mbit/s, a processor four times as slow): a busy machine makes
them longer, since the simulation begins with what was seen. ``python -m tests.bench.lighthouse``.
"""

import tempfile
from pathlib import Path

import requests
from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Variant
from storefront.database import make_engine
from tests.bench.served import granian
from tests.databases import fill
from tests.factories import make_paid_order
from tests.gates.lighthouse import PROGRAM, SCORES, look

# By name: the address, and the budget of the largest paint in milliseconds.
PAGES = {
    "home": ("/", 1300),
    "collection": ("/collections/all", 1300),
    "product": ("/products/ql-claw", 1300),
    "article": ("/blogs/the-ql-blawg/ql-muscle", 1100),
    "tutorial": ("/pages/ql-release", 1100),
    "body map": ("/where-does-it-hurt", 1300),
    "cart": ("/cart", 1300),
    "order page": ("/orders/{number}?token={token}", 1300),
}
PERSONAL = ("cart", "order page")  # not for search engines
RUNS = 3


def main() -> None:
    """Print the table."""
    if not PROGRAM.exists():
        print("Lighthouse is missing: its pages are not measured.")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        fill(url, seeded=True)
        order, variant = _sold(url)
        shop = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder / "instance")}
        with granian(("app:create_app", "--factory"), shop) as base:
            print(f"\n{'Lighthouse, phone':<20}{'scores':>18}{'LCP ms':>8}{'budget':>8}  TBT  CLS")
            for page, (path, budget) in PAGES.items():
                cookie = _cart(base, variant) if page == "cart" else ""
                _row(page, base + path.format(**order), budget, cookie)


def _row(page: str, url: str, budget: int, cookie: str) -> None:
    found = look(url, cookie=cookie, indexed=page not in PERSONAL, runs=RUNS)
    scores = "/".join(str(found.scores[name]) for name in SCORES)
    lcp, tbt, cls = (found.figures[name] for name in ("lcp", "tbt", "cls"))
    mark = "" if lcp <= budget else "  short"
    print(f"{page:<20}{scores:>18}{lcp:>8.0f}{budget:>8}{tbt:>5.0f}{cls:>5.2f}{mark}", flush=True)


def _sold(url: str) -> tuple[dict[str, str], int]:
    """Return the names of an order, and the id of a variant to put into a cart."""
    engine = make_engine(url)
    with Session(engine, expire_on_commit=False) as session:
        variant = session.scalars(select(Variant).filter_by(sku="QLC-RED")).one()
        order = make_paid_order(session, variant=variant)
    engine.dispose()
    return {"number": order.number, "token": order.token}, variant.id


def _cart(base: str, variant: int) -> str:
    """Return the cookie of a visitor with a tool in her cart."""
    with requests.Session() as visitor:
        picked = {"id": variant, "quantity": 1}
        visitor.post(f"{base}/cart/add", data=picked, headers={"Origin": base}, timeout=30)
        return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


if __name__ == "__main__":
    main()
