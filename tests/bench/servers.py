"""The shop's own server with one, two and four threads in each of two processes, in turn.

Each is asked for a page from memory and for one made anew, alone and beside slow clients: sixteen
that send their request a letter at a time, and never end it. What it does then decides.
"""

import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.served import granian, rate
from tests.bench.table import Row, show
from tests.databases import fill

THREADS, SLOW, ROUNDS = (1, 2, 4), 16, 2
PAGE = "/products/ql-claw"
WAYS = {"from memory": "on", "made anew": "off"}


def main() -> Sequence[Row]:
    """Print the table, each beside one thread; return its rows."""
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        url = f"sqlite:///{folder / 'bench.sqlite3'}"
        fill(url, seeded=True)
        given = {"DATABASE_URL": url, "INSTANCE_PATH": str(folder)}
        bases = {
            (threads, way): stack.enter_context(
                granian(
                    ("app:create_app", "--factory"),
                    given | {"PAGE_CACHE": memory},
                    options=("--blocking-threads", str(threads)),
                )
            )
            for threads in THREADS
            for way, memory in WAYS.items()
        }
        rows = []
        for way in WAYS:
            alone, beside = dict.fromkeys(THREADS, 0.0), dict.fromkeys(THREADS, 0.0)
            for _ in range(ROUNDS):
                for threads in THREADS:
                    base = bases[threads, way]
                    alone[threads] = max(alone[threads], rate(base + PAGE))
                    with slow_clients(base):
                        beside[threads] = max(beside[threads], rate(base + PAGE))
            for threads in THREADS:
                title = f"{way}, {threads} thread(s)"
                rows.append(Row(f"{title} / 1 thread", alone[threads], alone[1]))
                rows.append(
                    Row(f"{title}, {SLOW} slow clients / none", beside[threads], alone[threads])
                )
    show("Threads of each of two processes", rows)
    return rows


@contextmanager
def slow_clients(base: str) -> Iterator[None]:
    """Hold connections open that have sent a part of a form, and send no more."""
    with ExitStack() as stack:
        for _ in range(SLOW):
            line = stack.enter_context(socket.create_connection(urlsplit(base).netloc.split(":")))
            line.sendall(
                b"POST /cart/add HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n"
                b"Content-Type: application/x-www-form-urlencoded\r\n\r\nid=1&quan"
            )
        yield
