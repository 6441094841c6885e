"""What one web process weighs under load, and how soon after its start the shop answers."""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from storefront.config import ROOT
from tests.bench.browser import Browser
from tests.bench.inside import PAGES
from tests.bench.served import end, free_port
from tests.bench.table import Row, show
from tests.databases import fill

MEGABYTES, START_S, STARTS = 150, 2.0, 3
LEAST_PAGES = 100  # of the starting content
BROWSERS, VISITS = 8, 12  # each visits every page so often, with a cart
# As docs/guides/run.md starts it.
THREADS, ALLOCATOR = "2", {"MALLOC_ARENA_MAX": "2", "MALLOC_TRIM_THRESHOLD_": "131072"}
PATH = re.compile(r"<loc>https?://[^/<]+([^<]*)</loc>")


def main() -> Sequence[Row]:
    """Print the table; return its rows."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.sqlite3'}"
        fill(url, seeded=True)
        environ = os.environ | {
            "DATABASE_URL": url,
            "INSTANCE_PATH": folder,
            "PYTHONPATH": str(ROOT),
            **ALLOCATOR,
        }
        started = [_run(environ, visits=0)[0] for _ in range(STARTS)]
        _, memory, after_all = _run(environ, visits=VISITS)
    rows = [
        Row("memory of one web process under load", memory, most=MEGABYTES, unit="MB"),
        Row("the same, each page of the sitemap made too", after_all, unit="MB"),
        Row("start to first answer, warm disk", min(started), most=START_S, unit="s"),
    ]
    show("One web process", rows)
    return rows


def _run(environ: dict[str, str], visits: int) -> tuple[float, float, float]:
    """Start one web process; return the seconds to its first page, and its megabytes.

    First after the visits, then after every page of the sitemap as well.
    """
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--workers", "1"]
    command += ["--blocking-threads", THREADS, "--host", "127.0.0.1", "--port", str(port)]
    command += ["--factory", "app:create_app"]
    start = time.perf_counter()
    server = subprocess.Popen(
        command, env=environ, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(port)
        base = f"http://127.0.0.1:{port}"
        assert Browser(base).get("/") == 200
        took = time.perf_counter() - start
        with ThreadPoolExecutor(BROWSERS) as pool:
            list(pool.map(lambda _: _visit(base, visits), range(BROWSERS if visits else 0)))
        memory = _megabytes_of(server.pid)
        if visits:
            _see_everything(base)
        return took, memory, _megabytes_of(server.pid)
    finally:
        end(server)


def _visit(base: str, visits: int) -> None:
    browser = Browser(base)
    assert browser.post("/cart/add", {"id": "1"}) == 200
    for _ in range(visits):
        for page in PAGES.values():
            assert browser.get(page) == 200, page
    browser.close()


def _see_everything(base: str) -> None:
    browser = Browser(base)
    waiting, seen = ["/sitemap.xml"], 0
    while waiting:
        path = waiting.pop()
        assert browser.get(path or "/") == 200, path
        seen += 1
        if path.endswith(".xml"):  # the whole, or one of its parts
            waiting += PATH.findall(browser.page)
    assert seen > LEAST_PAGES
    browser.close()


def _wait_for(port: int) -> None:
    for _ in range(3000):
        with socket.socket() as line:
            if line.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.01)


def _megabytes_of(server: int) -> float:
    return max(_megabytes(it) for it in _children(server))


def _children(pid: int) -> list[int]:
    """Return the processes that a process has started, by Linux's own list."""
    found = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii")
    return [int(it) for it in found.split()]


def _megabytes(pid: int) -> float:
    """Return the memory that a process holds, what it shares with others too."""
    lines = Path(f"/proc/{pid}/status").read_text("utf-8").splitlines()
    found = next((it for it in lines if it.startswith("VmRSS:")), "VmRSS: 0 kB")
    return int(found.split()[1]) / 1024
