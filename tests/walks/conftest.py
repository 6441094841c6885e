"""The shop as ``make run`` starts it."""

import os
import socket
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil
import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from app import create_app
from storefront.config import ROOT, Settings, from_env
from storefront.dev.launcher import Process, processes

PATIENCE_S = 180  # four processes start at once, on a machine that does much else
ENGINES = ("sqlite", "postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Walk each way in a browser on one of the two databases, half of them on each.

    What is said over HTTP is asked on both; a browser sees the same bytes. A walk that is written
    for one of them is walked on that one.
    """
    engines: dict[str, set[str]] = {}
    for item in items:
        if _is_walk(item):
            engines.setdefault(_way(item), set()).add(_engine(item))
    others = [
        item
        for item in items
        if _is_walk(item) and len(engines[_way(item)]) > 1 and _engine(item) != _turn(item)
    ]
    config.hook.pytest_deselected(items=others)
    left_out = set(others)
    items[:] = [item for item in items if item not in left_out]


def _is_walk(item: pytest.Item) -> bool:
    return item.get_closest_marker("browser") is not None and _engine(item) in ENGINES


def _engine(item: pytest.Item) -> str | None:
    return item.callspec.params.get("engine_name") if hasattr(item, "callspec") else None


def _way(item: pytest.Item) -> str:
    """Return what a walk is called, whatever engine it is on."""
    return "-".join(part for part in item.nodeid.replace("[", "-[").split("-") if not _names(part))


def _names(part: str) -> bool:
    return part.strip("[]") in ENGINES


def _turn(item: pytest.Item) -> str:
    return ENGINES[zlib.crc32(item.originalname.encode()) % len(ENGINES)]


@dataclass
class LiveShop:
    """Web server, worker and stand-in in processes of their own."""

    settings: Settings
    environment: dict[str, str]
    processes: list[Process] = field(default_factory=list)

    @property
    def base(self) -> str:
        return self.settings.site_url

    @property
    def password(self) -> str:
        return (self.settings.instance / "demonstration-owner").read_text()

    def flask(self, *arguments: str) -> str:
        """Run one of the shop's commands; return what it printed."""
        command = [sys.executable, "-m", "flask", "--app", "app", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def seed(self) -> None:
        """Run ``flask seed`` in this process: one of its own imports the shop for seconds."""
        shop = create_app(self.settings)
        done = shop.test_cli_runner().invoke(args=["seed"])
        assert done.exit_code == 0, done.output
        shop.extensions["sessions"].engine.dispose()

    def start(self) -> None:
        self.seed()
        self.processes = processes(self.settings)
        for process in self.processes:
            process.environment |= self.environment
            process.keep_alive()
        self.wait()

    def wait(self) -> None:
        """Wait until the shop and the stand-in answer."""
        wait_for(lambda: answers(f"{self.base}/healthz"))
        wait_for(lambda: answers(f"{self.settings.stripe_api_base}/v1/events", besides=401))

    def kill_web(self) -> None:
        """End the web server, with the processes that it has started, as a power cut would."""
        web = psutil.Process(self.processes[0].running.pid)
        for process in (*web.children(recursive=True), web):
            process.kill()
        self.processes[0].running.wait()

    def stop(self) -> None:
        for process in self.processes:
            process.stop()


def answers(url: str, *, besides: int = 200) -> bool:
    try:
        return requests.get(url, timeout=2).status_code in {200, besides}
    except requests.RequestException:
        return False


def wait_for(condition) -> None:
    """Wait until a condition holds, or fail."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def free_port() -> int:
    """A port of which the next one is free too."""
    while True:
        with socket.socket() as one, socket.socket() as two:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
            try:
                two.bind(("127.0.0.1", port + 1))
            except OSError:
                continue
            return port


@pytest.fixture
def live_shop(databases, engine_name: str, instance: Path, tmp_path: Path) -> Iterator[LiveShop]:
    for made in ("assets", "templates"):  # by the first: each would take two seconds for them
        (instance / made).mkdir(exist_ok=True)
        (tmp_path / made).symlink_to(instance / made)
    with databases[engine_name].fresh(seeded=True) as url:
        given = {
            "DATABASE_URL": url,
            "INSTANCE_PATH": str(tmp_path),
            "PORT": str(free_port()),
        }
        shop = LiveShop(from_env(given), os.environ | given)
        try:
            shop.start()
            yield shop
        finally:
            shop.stop()


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The shop at an address of its own, for a browser."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    server.daemon_threads = False  # its end waits for theirs, and so for their connections
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()
