"""Which pages are for customers alone, and which need proof that it is she."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from models import Customer
from storefront.signin import current_customer

P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]


def customers_only(view: View[P]) -> View[P]:
    """Lead who is not signed in to the sign-in, and from there back; nothing is done before."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        if current_customer() is None:
            return to_sign_in(way_back())
        return view(*args, **kwargs)

    return guarded


def signed_in() -> Customer:
    """Return the customer of this request; for views that are for customers only."""
    return current_customer() or abort(403)


def to_sign_in(onward: str) -> ResponseReturnValue:
    """Lead to the sign-in, and from there to an address within the shop."""
    return redirect(url_for("accounts.login", next=onward), 303)


def way_back() -> str:
    """Return the page of this request; for what was posted, the one of the room."""
    if request.method in {"GET", "HEAD"}:
        return request.full_path.rstrip("?")
    return url_for(f"{request.blueprint}.show")
