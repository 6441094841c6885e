"""The shop beside django-oscar: pages made anew, and a product laid into the cart.

Both run on granian with two processes, on SQLite, in turn in one run, ours without the memory of
pages. ``.venv/oscar`` holds oscar, which ``make bench`` installs; without it this is left out.
"""

import http.client
import os
import re
import subprocess
import tempfile
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from storefront.config import ROOT
from tests.bench.served import granian, rate
from tests.bench.table import Row, show
from tests.databases import fill

OSCAR = ROOT / ".venv" / "oscar" / "bin" / "python"
PAGES_BUDGET, LIST_BUDGET = 15, 100
ROUNDS, CLIENTS, SECONDS = 3, 4, 3.0


def main() -> list[Row]:
    """Print the table; return its rows."""
    if not OSCAR.exists():
        print("Not measured beside django-oscar: it is not installed (make bench does).")
        return []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'ours.sqlite3'}"
        fill(url, seeded=True)
        rows = _measured(folder, url)
    show("Beside django-oscar", rows)
    return rows


def _measured(folder: Path, url: str) -> list[Row]:
    ours = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder / "instance"), "PAGE_CACHE": "off"}
    theirs = {"OSCAR_FOLDER": str(folder)}
    product = subprocess.run(
        [OSCAR, "-W", "ignore", "-m", "tests.bench.oscar.fill"],
        check=True,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | theirs,
    ).stdout.split()[-1]
    with (
        granian(("app:create_app", "--factory"), ours) as us,
        granian(("tests.bench.oscar.wsgi:app",), theirs, python=str(OSCAR)) as them,
    ):
        pages = {
            "product": (f"{us}/products/ql-claw", them + product, PAGES_BUDGET),
            "list": (f"{us}/collections/all", f"{them}/catalogue/", LIST_BUDGET),
            "search": (f"{us}/search?q=tool", f"{them}/search/?q=tool", PAGES_BUDGET),
        }
        rows = [
            Row(f"{name}, made anew / oscar", *_best(mine, other), budget)
            for name, (mine, other, budget) in pages.items()
        ]
        lay = _best_of_posts(
            (us, "/products/ql-claw", "/cart/add", {"id": "1", "quantity": "1"}),
            (
                them,
                product,
                f"/basket/add/{re.findall(r'[0-9]+', product)[-1]}/",
                {"quantity": "1"},
            ),
        )
        return [*rows, Row("add to cart / oscar", *lay, PAGES_BUDGET)]


def _best(ours: str, theirs: str) -> tuple[float, float]:
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        best = [max(best[0], rate(ours)), max(best[1], rate(theirs, is_ours=False))]
    return best[0], best[1]


def _best_of_posts(*shops: tuple[str, str, str, Mapping[str, str]]) -> tuple[float, float]:
    best = [0.0, 0.0]
    for _ in range(ROUNDS):
        best = [max(known, _posts(*shop)) for known, shop in zip(best, shops, strict=True)]
    return best[0], best[1]


def _posts(base: str, page: str, action: str, form: Mapping[str, str]) -> float:
    """Return how many forms a second are taken, each from a browser that has no cart yet."""

    def press(_: int) -> int:
        line = http.client.HTTPConnection(urlsplit(base).netloc, timeout=30)
        line.request("GET", page)
        answer = line.getresponse()
        token = re.search(r'csrfmiddlewaretoken" value="([^"]+)"', answer.read().decode())
        sent = dict(form) | ({"csrfmiddlewaretoken": token[1]} if token else {})
        cookies = _cookies(answer)
        done, end = 0, time.monotonic() + SECONDS
        while time.monotonic() < end:
            headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies}
            line.request("POST", action, urlencode(sent), headers)
            answer = line.getresponse()
            answer.read()
            assert answer.status in {302, 303}, answer.status
            done += 1
        return done

    with ThreadPoolExecutor(CLIENTS) as browsers:
        return sum(browsers.map(press, range(CLIENTS))) / SECONDS


def _cookies(answer: http.client.HTTPResponse) -> str:
    return "; ".join(it.split(";")[0] for it in answer.headers.get_all("Set-Cookie") or [])


if __name__ == "__main__":
    main()
