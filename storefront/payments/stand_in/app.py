"""Puts the stand-in together as a plain WSGI application."""

import os

from flask import Flask

from . import api, fault_switches, pay_page
from .core import Observer, StandIn
from .settings import StandInSettings


def create_stand_in(settings: StandInSettings, observer: Observer | None = None) -> Flask:
    """Return the application; ``app.extensions["stand_in"]`` is the StandIn behind it.

    Nothing runs in the background until ``StandIn.start_background``. Exits with one line
    under ``SHOP_ENV=production``: no shop that takes money may pretend to.
    """
    if os.environ.get("SHOP_ENV") == "production":
        message = "The local Stripe stand-in never runs under SHOP_ENV=production."
        raise SystemExit(message)
    app = Flask(__name__.rpartition(".")[0])
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    app.register_blueprint(api.bp)
    app.register_blueprint(pay_page.bp)
    app.register_blueprint(fault_switches.bp)
    app.extensions["stand_in"] = StandIn(settings, observer)
    return app
