"""Where an address leads that was one of ours: asked only for what is not found."""

from urllib.parse import unquote

from flask import Flask, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import delete, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from werkzeug.exceptions import NotFound

from models import Redirect
from models.once import upsert
from storefront.errors import http_error
from storefront.extensions import db
from storefront.logs import log


def init_app(app: Flask) -> None:
    """Bind the old addresses to an app."""
    app.register_error_handler(NotFound, not_found)


def not_found(error: NotFound) -> ResponseReturnValue:
    """Lead on from an old address for good, with its query; else say that nothing is there."""
    target = _target() if request.method in {"GET", "HEAD"} else None
    if target is None:
        return http_error(error)
    query = request.query_string.decode("utf-8", "replace")
    page, sign, place = target.partition("#")
    joint = "&" if "?" in page else "?"
    return redirect(f"{page}{joint}{query}{sign}{place}" if query else target, 301)


def path_of(address: str) -> str:
    """Return an address as requests ask for it: decoded, without query and slash at its end."""
    return unquote(address.partition("#")[0].partition("?")[0]).rstrip("/") or "/"


def leave(session: Session, path: str, target: str, *, actor: str) -> None:
    """Let an address of ours lead to another from now on.

    What led to the old one leads straight to the new one, which leads nowhere itself: there are
    no chains and no circles. Both begin with ``/``; nothing happens where they are equal.
    """
    if path == target:
        return
    session.execute(delete(Redirect).where(Redirect.path == target))
    session.execute(update(Redirect).where(Redirect.target == path).values(target=target))
    written = upsert(session, Redirect).values(path=path, target=target, actor=actor)
    session.execute(
        written.on_conflict_do_update(
            index_elements=["path"], set_={"target": target, "actor": actor}
        )
    )


def _target() -> str | None:
    path = request.path.rstrip("/") or "/"
    if path.startswith("/staff") or "\x00" in path:
        return None
    try:
        return db.session.scalar(select(Redirect.target).where(Redirect.path == path))
    except (SQLAlchemyError, UnicodeError):
        log.warning("redirects not read", exc_info=True)
        return None
