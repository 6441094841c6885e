"""What tests of features look with: the log, another start of the shop."""

import json
import logging
from contextlib import contextmanager

from app import create_app
from storefront.logs import JsonFormatter, log


@contextmanager
def started(settings):
    """The shop, started with these settings."""
    app = create_app(settings)
    try:
        yield app
    finally:
        app.extensions["sessions"].engine.dispose()


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
