"""The way back to the list that somebody came from, as ``?next=`` names it."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from storefront.forms import local_path


def back_or(default: str) -> ResponseReturnValue:
    """Lead on to the page of the back office that ``?next=`` names, or to a default."""
    asked = local_path(request.args.get("next")) or ""
    return redirect(asked if asked.startswith("/staff/") else default, 303)
