"""The stand-in as a process of its own: started, killed, started again, never in production."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
import stripe

from .conftest import SECRET, client_of, wanted
from .endpoints import Endpoint
from .pay_pages import PAYS, visit

ROOT = Path(__file__).parents[2]
TARGET = "storefront.payments.stand_in.wsgi:app"


class Process:
    """A stand-in under granian, as ``make run`` starts it."""

    def __init__(self, environment: dict[str, str]) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.base = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [sys.executable, "-m", "granian", "--interface", "wsgi", "--port", str(port), TARGET],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            text=True,
        )

    def wait(self) -> None:
        ends_at = time.monotonic() + 20
        while True:
            try:
                requests.get(f"{self.base}/c/pay/none", timeout=1)
            except requests.ConnectionError:
                assert time.monotonic() < ends_at
                time.sleep(0.05)
            else:
                return

    def kill(self) -> str:
        """End it and its workers at once, as a crash would; return what it said."""
        os.killpg(self.process.pid, signal.SIGKILL)
        return self.process.communicate()[0]


@pytest.fixture
def environment(tmp_path: Path, endpoint: Endpoint) -> dict[str, str]:
    return {
        "STAND_IN_DATABASE": str(tmp_path / "instance" / "stand_in.sqlite"),
        "STAND_IN_WEBHOOK_URL": endpoint.url,
        "STAND_IN_WEBHOOK_SECRET": SECRET,
        "STAND_IN_PUBLIC_URL": "http://pay.example",
        "SHOP_ENV": "development",
    }


@pytest.fixture
def first(environment: dict[str, str]) -> Iterator[Process]:
    process = Process(environment)
    process.wait()
    yield process
    if process.process.poll() is None:
        process.kill()


def test_a_killed_stand_in_forgets_nothing(
    first: Process, environment: dict[str, str], endpoint: Endpoint
) -> None:
    endpoint.may_answer.clear()
    session = client_of(first.base).v1.checkout.sessions.create(params=wanted())  # type: ignore[arg-type]
    assert session.url == f"http://pay.example/c/pay/{session.id}"
    visit(f"{first.base}/c/pay/{session.id}").pay(PAYS)
    first.kill()
    endpoint.may_answer.set()

    second = Process(environment)
    try:
        second.wait()
        kept = client_of(second.base).v1.checkout.sessions.retrieve(session.id)
        assert kept.payment_status == "paid"
        wait_for(endpoint, "checkout.session.completed")
    finally:
        second.kill()


def wait_for(endpoint: Endpoint, kind: str) -> None:
    ends_at = time.monotonic() + 10
    while kind not in endpoint.types:
        assert time.monotonic() < ends_at, endpoint.types
        time.sleep(0.05)


def test_a_dropped_connection_breaks_there_too(first: Process) -> None:
    """Its server hands out no socket: the answer ends in the middle."""
    events = client_of(first.base).v1.events
    for kind in ("drop", "lost"):
        faults = {"api": [{"kind": kind, "times": 1}]}
        assert requests.post(f"{first.base}/_faults", json=faults, timeout=5).status_code == 200

        with pytest.raises(stripe.APIConnectionError):
            events.list(options={"max_network_retries": 0})

        assert events.list().data == []


def test_it_never_starts_in_production(environment: dict[str, str]) -> None:
    command = [sys.executable, "-c", f"import {TARGET.partition(':')[0]}"]

    ended = subprocess.run(
        command,
        cwd=ROOT,
        env={**os.environ, **environment, "SHOP_ENV": "production"},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )

    assert ended.returncode == 1
    assert ended.stderr == "The local Stripe stand-in never runs under SHOP_ENV=production.\n"
