"""The stand-in itself: settings, books, clock, and the thread that works them."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from flask import Flask, current_app

from .due import run_due
from .faults import Faults
from .settings import StandInSettings
from .store import Caller, Json, Store, Transaction
from .webhooks import deliver_due

LOG = logging.getLogger(__name__)

# Told of every ("request" | "answer" | "event", payload); the tests hold each against the spec.
Observer = Callable[[str, Json], None]


class StandIn:
    """One local Stripe; lives in ``app.extensions["stand_in"]``.

    webhook_url: where events go from now on; may be changed while it runs.
    faults: what goes wrong on purpose; see ``faults.py``.
    """

    def __init__(self, settings: StandInSettings, observer: Observer | None = None) -> None:
        self.settings = settings
        self.webhook_url = settings.webhook_url
        self.faults = Faults()
        self.observe: Observer = observer or (lambda _kind, _payload: None)
        self.store = Store(settings.database)
        self._offset_s = 0.0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def now(self) -> float:
        """Seconds since 1970, UTC, on the movable clock."""
        return time.time() + self._offset_s

    @contextmanager
    def transaction(self, caller: Caller | None = None) -> Iterator[Transaction]:
        """Work on the books as they are at this moment: what is due is done first."""
        with self.store.transaction() as connection:
            tx = Transaction(
                connection,
                self.now(),
                self.settings,
                has_endpoint=self.webhook_url is not None,
            )
            run_due(tx)  # caused by the clock, so told of before there is a caller
            tx.caller = caller or Caller()
            yield tx
        for event in tx.events:
            self.observe("event", event)

    @property
    def is_ending(self) -> bool:
        """True once ``stop`` was called: no further delivery is begun."""
        return self._ended.is_set()

    def advance(self, seconds: float) -> None:
        """Move the clock on and do what became due; deliveries stay for ``deliver_now``."""
        self._offset_s += seconds
        with self.transaction():
            pass

    def deliver_now(self) -> int:
        """Deliver what is due, in this thread; return how many the endpoint accepted."""
        with self.transaction():
            pass
        return deliver_due(self)

    def start_background(self) -> None:
        """Begin to work the clock and the deliveries until ``stop``."""
        self._thread = threading.Thread(target=self._work, name="stand-in", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        while not self._ended.wait(self.settings.poll_s):
            try:
                self.deliver_now()
            except Exception:
                # A fault in one round must not end all deliveries: say it, go on.
                LOG.exception("the stand-in's background round failed")

    def stop(self) -> None:
        """End the background thread and close the books."""
        self._ended.set()
        if self._thread is not None:
            self._thread.join()
        self.store.close()


def stand_in_of(app: Flask) -> StandIn:
    """Return the StandIn behind an application."""
    found: StandIn = app.extensions["stand_in"]
    return found


def current_stand_in() -> StandIn:
    """Return the StandIn behind this request."""
    return stand_in_of(current_app)
