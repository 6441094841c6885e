"""What tests of features look with: the log, another start of the shop."""

import json
import logging
from contextlib import contextmanager

from app import create_app
from storefront.logs import JsonFormatter, log


@contextmanager
def started(settings, sessions=None):
    """The shop, started with these settings; given ``sessions``, it works with their database."""
    app = create_app(settings)
    own = app.extensions["sessions"].engine
    if sessions is not None:
        app.extensions["sessions"] = sessions
    try:
        yield app
    finally:
        own.dispose()


@contextmanager
def logged():
    """The lines that the shop logs meanwhile, as they are written."""
    lines = []

    class Keeper(logging.Handler):
        def emit(self, record):
            lines.append(json.loads(JsonFormatter().format(record)))

    keeper = Keeper()
    log.addHandler(keeper)
    try:
        yield lines
    finally:
        log.removeHandler(keeper)
