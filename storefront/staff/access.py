"""The one permission check of the back office: what a route does not name, nobody may."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, redirect, request, url_for
from werkzeug.wrappers import Response

from models.staff import Permission, Staff
from storefront.logs import log
from storefront.signin import current_staff

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"  # only the sign-in itself


def needs(permission: Permission) -> Callable[[View], View]:
    """Name the permission that a view needs; goes directly above the view's function."""

    def mark(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Let a view be seen without signing in."""
    view.needs = PUBLIC  # type: ignore[attr-defined]
    return view


def check() -> Response | None:
    """Let a request of the back office pass, lead it to the sign-in, or refuse it with 403."""
    view = current_app.view_functions[request.endpoint or ""]
    needed = getattr(view, "needs", None)
    if needed == PUBLIC:
        return None
    person = current_staff()
    if person is None:
        return redirect(url_for("staff.session.show", next=_way_back()), 303)
    if needed is None or not person.may(needed):
        log.warning("refused", extra={"event": "forbidden", "reason": str(needed)})
        abort(403, "Your role does not allow this.")
    return None


def signed_in() -> Staff:
    """Return the member of staff of this request; for views behind ``check`` only."""
    person = current_staff()
    if person is None:
        abort(403)
    return person


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None
