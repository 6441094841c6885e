"""Where to go after signing in, or after proving who it is."""

import re

from flask import url_for

_OURS = re.compile(r"/staff([/?][^\\\x00-\x20\x7f]*)?")


def way_on(typed: str | None) -> str:
    """Return an address of the back office that was typed; for any other, its first page."""
    if typed and _OURS.fullmatch(typed) and ".." not in typed:
        return typed
    return url_for("staff.today.show")
