"""Who looks, as far as the catalogue must know: told by her cart, which stands above it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flask import current_app

NOTHING: Mapping[int, int] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody who looks at the shop.

    currency: that she chose, where it is other than the main one. holds: units of stocked variants
    by id that her own unpaid order holds; they are there for her.
    """

    currency: str | None = None
    holds: Mapping[int, int] = field(default_factory=lambda: NOTHING)


ANYBODY = Visitor()


def visitor() -> Visitor:
    """Return who looks; what finds it out is bound in ``app.py``."""
    found: Visitor = current_app.extensions["visitor"]()
    return found
