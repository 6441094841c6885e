"""The shop's own server with one, two and four threads in each of two processes, one by one.

Each is asked for a page from memory and for one made anew, alone and beside slow clients: sixteen
that send their request a letter at a time, and never end it. What it does then decides.
"""

import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.browser import Browser
from tests.bench.served import granian, rate
from tests.bench.table import Row, show
from tests.databases import fill

THREADS, SLOW, ROUNDS = (1, 2, 4), 16, 2
PAGE = "/products/ql-claw"
WAYS = {"from memory": "on", "made anew": "off"}


def main() -> Sequence[Row]:
    """Print the table, each beside one thread; return its rows."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        fill(url, seeded=True)
        given = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder)}
        rows = []
        for way, memory in WAYS.items():
            settings = given | {"PAGE_CACHE": memory}
            found = {threads: _rates(threads, settings) for threads in THREADS}
            for threads, (alone, beside) in found.items():
                title = f"{way}, {threads} thread(s)"
                rows.append(Row(f"{title} / 1 thread", alone, found[1][0]))
                rows.append(Row(f"{title}, {SLOW} slow clients / none", beside, alone))
    show("Threads of each of two processes", rows)
    return rows


def _rates(threads: int, settings: Mapping[str, str]) -> tuple[float, float]:
    """Return how many requests a second are answered, alone and beside slow clients."""
    options = ("--blocking-threads", str(threads))
    with granian(("app:create_app", "--factory"), settings, options=options) as base:
        assert Browser(base).get(PAGE) == 200
        alone = max(rate(base + PAGE) for _ in range(ROUNDS))
        with slow_clients(base):
            return alone, rate(base + PAGE)


@contextmanager
def slow_clients(base: str) -> Iterator[None]:
    """Hold connections open that have sent a part of a form, and send no more."""
    parts = urlsplit(base)
    with ExitStack() as stack:
        for _ in range(SLOW):
            line = stack.enter_context(socket.create_connection((parts.hostname, parts.port)))
            line.sendall(
                b"POST /cart/add HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nid=1&quan"
            )
        yield
