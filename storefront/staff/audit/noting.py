"""Entries of the audit log beside what changed rows: refusals, sign-ins, proofs."""

from flask import request

from models import Staff
from models.audit_log import Act, append
from storefront.extensions import db
from storefront.safety import SAFE_METHODS
from storefront.staff.audit.watch import watch, without_addresses

STRANGER = "somebody unknown"


def watch_request(person: Staff) -> None:
    """Log whatever this request changes, as its act; one that only looks changes nothing."""
    if request.method not in SAFE_METHODS:
        watch(db.session, act_of(person))


def note(person: Staff | None, result: str, act: str | None = None) -> None:
    """Write into this request's transaction what came of it. person: None for an unknown one."""
    append(db.session, act_of(person, result, act))


def note_apart(person: Staff, result: str) -> None:
    """Write, in a transaction of its own, what came of a request that changes nothing itself."""
    db.release()
    with db.sessions.write.begin() as session:
        append(session, act_of(person, result))


def act_of(person: Staff | None, result: str = "", act: str | None = None) -> Act:
    """Return this request as an act."""
    return Act(
        actor=person.email if person else STRANGER,
        role=person.role.value if person else "",
        act=act or request.endpoint or "",
        subject=_subject(),
        after={"result": result} if result else {},
    )


def _subject() -> str:
    """Return this request's path without what is secret or a buyer's in it."""
    token = (request.view_args or {}).get("token")
    path = request.path.replace(token, "(secret)") if token else request.path
    return without_addresses(path)
