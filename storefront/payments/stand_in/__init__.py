"""A local Stripe: its HTTP API, its pay page and its webhooks, on a port of its own.

For development and tests only: it moves no money and never starts in production. It knows
nothing of the shop, and the shop reaches it over HTTP alone, through Stripe's own SDK.

``endpoints.py`` lists what it answers, ``cards.py`` the test cards, ``totals.py`` says how its
tax is computed, ``faults.py`` how tests make things go wrong.
"""

from .app import create_stand_in
from .core import StandIn, stand_in_of
from .settings import StandInSettings

__all__ = ["StandIn", "StandInSettings", "create_stand_in", "stand_in_of"]
