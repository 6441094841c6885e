"""Who is signed in: the one module that knows Flask-Login.

Customers and staff have a cookie each. The staff cookie is sent to ``/staff`` only, and never with
a request that begins on another site.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Flask, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user, logout_user
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, joinedload

from models import Customer, SignIn, Staff, now
from storefront.config import Settings
from storefront.extensions import db

SEEN_EVERY = timedelta(minutes=10)  # how exact last_seen_at is: one write in ten minutes
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates
PROOF_LASTS = timedelta(minutes=15)
IDLE = {"staff": timedelta(hours=12), "customer": timedelta(days=30)}
ABSOLUTE = {"staff": timedelta(days=7), "customer": timedelta(days=90)}


@dataclass(frozen=True)
class SignedIn:
    """What Flask-Login asks of a user: the person, and the secret of this browser."""

    person: Customer | Staff
    token: str
    sign_in_id: int | None = None  # unknown until the browser comes back with its token
    proved_at: datetime | None = None
    is_authenticated = True
    is_active = True
    is_anonymous = False

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return self.token


class TwoCookies(SecureCookieSessionInterface):
    """Keeps the session of ``/staff`` apart from the customers'."""

    def get_cookie_name(self, app: Flask) -> str:
        """Return ``staff`` below /staff, else ``session``."""
        return "staff" if _is_staff_path() else super().get_cookie_name(app)

    def get_cookie_path(self, app: Flask) -> str:
        """Return where the browser may send the cookie."""
        return "/staff" if _is_staff_path() else super().get_cookie_path(app)

    def get_cookie_samesite(self, app: Flask) -> str | None:
        """Return Strict for staff, Lax for customers."""
        return "Strict" if _is_staff_path() else super().get_cookie_samesite(app)


def init_app(app: Flask, settings: Settings) -> None:
    """Bind sessions and sign-in to an app."""
    app.config.update(
        SESSION_COOKIE_SECURE=settings.site_url.startswith("https://"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=ABSOLUTE["customer"],
    )
    app.session_interface = TwoCookies()
    manager = LoginManager()
    manager.session_protection = None  # the secret is in the database; an address may change
    manager.user_loader(_load)
    manager.init_app(app, add_context_processor=False)  # no template asks for its user


def sign_in(person: Customer | Staff) -> None:
    """Sign this browser in with a new secret; commits nothing.

    Whatever sign-in the browser had before ends.
    """
    sign_out()
    token = secrets.token_urlsafe(32)
    owner = {"staff": person} if isinstance(person, Staff) else {"customer": person}
    db.session.add(
        SignIn(
            token_sha256=_digest(token),
            agent=_agent(),
            proved_at=now(),
            **{f"{kind}_id": found.id for kind, found in owner.items()},
        )
    )
    session.permanent = "customer" in owner
    login_user(SignedIn(person, token), force=True)


def sign_out() -> None:
    """End this browser's sign-in, on the server too; commits nothing."""
    token = session.get("_user_id")
    if isinstance(token, str):
        db.session.execute(delete(SignIn).where(SignIn.token_sha256 == _digest(token)))
    logout_user()
    session.clear()


def current_customer() -> Customer | None:
    """Return the customer who is signed in, or None; touches no cookie of anonymous visitors."""
    person = _person()
    return person if isinstance(person, Customer) else None


def current_staff() -> Staff | None:
    """Return the member of staff who is signed in, or None."""
    person = _person()
    return person if isinstance(person, Staff) and person.is_active else None


def sign_in_id() -> int | None:
    """Return which sign-in this request belongs to."""
    user: Any = current_user
    return user.sign_in_id if user.is_authenticated else None


def is_proven() -> bool:
    """Say whether the person of this request proved lately that it is she."""
    user: Any = current_user
    proved_at = user.proved_at if user.is_authenticated else None
    return proved_at is not None and proved_at > now() - PROOF_LASTS


def note_proof(session: Session, found_id: int | None) -> None:
    """Write that the person of a sign-in has just proved that it is she."""
    session.execute(update(SignIn).where(SignIn.id == found_id).values(proved_at=now()))


def _person() -> Customer | Staff | None:
    user: Any = current_user
    return user.person if user.is_authenticated else None


def _load(token: str) -> SignedIn | None:
    kind = "staff" if _is_staff_path() else "customer"
    owner: Any = SignIn.staff if kind == "staff" else SignIn.customer
    moment = now()
    found = db.session.scalars(
        select(SignIn)
        .options(joinedload(owner))
        .where(
            SignIn.token_sha256 == _digest(token),
            SignIn.last_seen_at > moment - IDLE[kind],
            SignIn.created_at > moment - ABSOLUTE[kind],
        )
    ).one_or_none()
    person = getattr(found, kind, None)
    if found is None or person is None:
        return None
    user = SignedIn(person, token, found.id, found.proved_at)
    if found.last_seen_at < moment - SEEN_EVERY:
        _note_seen(found.id)
    return user


def _note_seen(sign_in_id: int) -> None:
    db.session.rollback()  # a reader's snapshot must not be held while another session writes
    with db.sessions.write.begin() as writer:
        writer.execute(update(SignIn).where(SignIn.id == sign_in_id).values(last_seen_at=now()))


def _agent() -> str:
    return _BROKEN.sub("", request.headers.get("User-Agent", ""))[:200]


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _is_staff_path() -> bool:
    return request.path == "/staff" or request.path.startswith("/staff/")
