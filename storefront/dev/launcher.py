"""Everything that ``make run`` starts: the shop, its worker and the local Stripe stand-in."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from types import FrameType

from storefront.config import ROOT, Settings

START_WITHIN_S = 60
STOP_WITHIN_S = 5


class PortTakenError(Exception):
    """Another program listens where the shop should."""


@dataclass
class Process:
    """A command that is started again when it ends by itself."""

    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    running: subprocess.Popen[bytes] | None = None

    def keep_alive(self) -> None:
        """Start it, where it does not run."""
        if self.running is None or self.running.poll() is not None:
            self.running = subprocess.Popen(  # noqa: S603 (our own commands)
                self.command,
                cwd=ROOT,
                env=os.environ | self.environment,
            )

    def stop(self) -> None:
        """End it: politely, then not."""
        if self.running is None or self.running.poll() is not None:
            return
        self.running.terminate()
        try:
            self.running.wait(STOP_WITHIN_S)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


def processes(settings: Settings) -> list[Process]:
    """Return what has to run for these settings; the stand-in only where it takes the payments."""
    base = {"PORT": str(settings.port), "INSTANCE_PATH": str(settings.instance)}
    web = [*_granian("app:create_app", settings.port), "--factory", "--blocking-threads", "8"]
    wanted = [
        Process(web, base),
        Process([sys.executable, "-m", "flask", "--app", "app", "worker"], base),
    ]
    if settings.uses_stand_in:
        stand_in = _granian("storefront.payments.stand_in.wsgi:app", settings.port + 1)
        told = {
            "STAND_IN_DATABASE": str(settings.instance / "stand-in.sqlite3"),
            "STAND_IN_WEBHOOK_URL": f"http://127.0.0.1:{settings.port}/webhooks/stripe",
            "STAND_IN_WEBHOOK_SECRET": settings.stripe_webhook_secret,
            "STAND_IN_PUBLIC_URL": settings.stripe_api_base,
        }
        wanted.append(Process([*stand_in, "--blocking-threads", "8"], told))
    return wanted


def run(settings: Settings, greeting: str) -> None:
    """Keep everything running until Ctrl-C; print the greeting when the shop answers.

    Raises PortTakenError before anything was started.
    """
    wanted = processes(settings)
    _refuse_taken(settings)
    for number in (signal.SIGTERM, signal.SIGINT):  # a shell's background job ignores SIGINT
        signal.signal(number, _interrupt)
    try:
        for process in wanted:
            process.keep_alive()
        _wait_for(f"http://127.0.0.1:{settings.port}/healthz")
        print(greeting, flush=True)  # noqa: T201 (what make run is asked to say)
        while True:
            time.sleep(1)
            for process in wanted:
                process.keep_alive()
    except KeyboardInterrupt:
        pass
    finally:
        for process in wanted:
            process.stop()


def _granian(target: str, port: int) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws"),
        *("--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--log-level", "error"),
        target,
    ]


def _refuse_taken(settings: Settings) -> None:
    """Raise PortTakenError where another program has one of our ports already."""
    for port in (settings.port, settings.port + 1)[: 2 if settings.uses_stand_in else 1]:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError as error:
                raise PortTakenError(port) from error


def _wait_for(url: str) -> None:
    end = time.monotonic() + START_WITHIN_S
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=1):  # noqa: S310 (our own address)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)


def _interrupt(number: int, frame: FrameType | None) -> None:
    del number, frame
    raise KeyboardInterrupt
