"""The one permission check of the back office: what a route does not name, nobody may."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models.staff import Permission, Staff
from storefront.logs import log
from storefront.signin import current_staff
from storefront.staff import proving

View = TypeVar("View", bound=Callable[..., Any])
PUBLIC = "public"  # only the sign-in itself


def needs(
    permission: Permission, *, proof: bool = False, without_factor: bool = False
) -> Callable[[View], View]:
    """Name the permission that a view needs; goes directly above the view's function.

    proof: who asks must have proved that it is she within the last quarter of an hour.
    without_factor: the proof may be her password although SECOND_FACTOR is required, since this
    is how she gets her first factor.
    """

    def mark(view: View) -> View:
        view.needs = permission  # type: ignore[attr-defined]
        view.proof = proof  # type: ignore[attr-defined]
        view.without_factor = without_factor  # type: ignore[attr-defined]
        return view

    return mark


def open_to_all(view: View) -> View:
    """Let a view be seen without signing in."""
    view.needs = PUBLIC  # type: ignore[attr-defined]
    return view


def check() -> ResponseReturnValue | None:
    """Let a request of the back office pass, lead it to the sign-in, ask for proof, or refuse it.

    Refused is 403; so is what lacks proof, with the form that asks for it.
    """
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
    if getattr(view, "proof", False):
        return proving.ask(person, without_factor=getattr(view, "without_factor", False))
    return None


def signed_in() -> Staff:
    """Return the member of staff of this request; for views behind ``check`` only."""
    person = current_staff()
    if person is None:
        abort(403)
    return person


def _way_back() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None
