"""How addresses are read, and those that pages link to, each made once.

A page has forty of them, and each costs Flask as much as a query's row.
"""

from collections.abc import Callable
from functools import cache
from typing import Any

from flask import Flask, request
from werkzeug.routing import Rule

from storefront.forms import Digits

MOST = 8192  # addresses; then it begins anew
LONGEST = 200  # characters of one: what a visitor typed is not kept at any length


class LateRule(Rule):
    """A rule that makes what writes its addresses when it is first asked for one.

    Werkzeug makes two such functions for each of some six hundred rules, by Python's compiler,
    while the shop starts; a process asks for few of them.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 (Werkzeug's)
        made = cache(super()._compile_builder)

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            return made(append_unknown)(rule, **values)

        return build


def init_app(app: Flask) -> None:
    """Let rules be read alike with a slash at their end and without, and numbers be ours."""
    app.url_map.strict_slashes = False
    app.url_map.converters["int"] = Digits
    app.url_rule_class = LateRule


class Addresses:
    """Makes addresses as ``flask.url_for`` does, and keeps them: the routes of an app stay."""

    def __init__(self, app: Flask) -> None:
        """Remember the app."""
        self._app = app
        self._made: dict[tuple[object, ...], str] = {}

    def url_for(self, endpoint: str, **values: Any) -> str:
        """Return the address of a page, in the language of the present one (its SCRIPT_NAME)."""
        if not request or endpoint.startswith(".") or any(name.startswith("_") for name in values):
            return self._app.url_for(endpoint, **values)
        root = request.environ.get("SCRIPT_NAME", "")
        if any(isinstance(it, list) for it in values.values()):  # which have no hash
            return self._app.url_for(endpoint, **values)
        # With their types: 1 and True are equal, but not as parts of an address.
        key = (root, endpoint, *((name, type(it), it) for name, it in values.items()))
        made = self._made.get(key)
        if made is None:
            made = self._app.url_for(endpoint, **values)
            if len(self._made) >= MOST:
                self._made.clear()
            if len(made) <= LONGEST:
                self._made[key] = made
        return made
