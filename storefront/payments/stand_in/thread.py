"""The stand-in in a thread of this process, on a free port: for tests."""

import threading
from types import TracebackType
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server

from . import StandInSettings, create_stand_in, stand_in_of
from .core import Observer
from .faults import Faults


class Quiet(WSGIRequestHandler):
    """Answers without a line on the terminal for each request."""

    def log_request(self, *_args: object) -> None:
        """Say nothing."""


class StandInServer:
    """Runs while the ``with`` block does; ``base`` is what the SDK is pointed at.

    background: False leaves deliveries to ``deliver_now``, for tests that count them.
    """

    def __init__(
        self,
        settings: StandInSettings,
        observer: Observer | None = None,
        *,
        background: bool = True,
        port: int = 0,
    ) -> None:
        app = create_stand_in(settings, observer)
        self.stand_in = stand_in_of(app)
        self._server = make_server("127.0.0.1", port, app, threaded=True, request_handler=Quiet)
        self.base = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )
        self._thread.start()
        if background:
            self.stand_in.start_background()

    @property
    def webhook_url(self) -> str | None:
        """Where events go from now on; may be set while it runs."""
        return self.stand_in.webhook_url

    @webhook_url.setter
    def webhook_url(self, address: str | None) -> None:
        self.stand_in.webhook_url = address

    @property
    def faults(self) -> Faults:
        """What goes wrong on purpose: ``server.faults.set(...)``, ``server.faults.clear()``."""
        return self.stand_in.faults

    def deliver_now(self) -> int:
        """Deliver every due webhook before returning; return how many were accepted."""
        return self.stand_in.deliver_now()

    def advance(self, seconds: float) -> None:
        """Move the stand-in's clock on: sessions expire, debits settle, retries fall due."""
        self.stand_in.advance(seconds)

    def close(self) -> None:
        """Stop answering and delivering, and close the books."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self.stand_in.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _traceback: TracebackType | None,
    ) -> None:
        self.close()
