"""Where somebody is signed in, by the names of browsers, and ending that."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.orm import Session

from models import Customer, SignIn, Staff
from storefront.languages import gettext

ALL_IDLE = 50  # sign-ins of one person that are listed

Person = Customer | Staff
BROWSERS = (
    ("Edge", r"\bEdg(A|iOS)?/"),
    ("Opera", r"\bOPR/"),
    ("Firefox", r"\b(Firefox|FxiOS)/"),
    ("Chrome", r"(Chrome|CriOS)/"),
    ("Safari", r"\bSafari/"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac", "Mac OS X|Macintosh"),
    ("ChromeOS", "CrO[S]"),
    ("Linux", "Linux"),
)


def in_words(agent: str) -> str:
    """Return such as "Firefox on Linux"."""
    browser = next(
        (name for name, sign in BROWSERS if re.search(sign, agent)), gettext("A browser")
    )
    system = next((name for name, sign in SYSTEMS if re.search(sign, agent)), None)
    if system is None:
        return browser
    return gettext("%(browser)s on %(system)s", browser=browser, system=system)


@dataclass(frozen=True, slots=True)
class Browser:
    """Where a person is signed in. is_this: the one that asks."""

    id: int
    words: str
    since: datetime
    last_seen_at: datetime
    is_this: bool


def browsers(session: Session, person: Person, this_id: int | None) -> Sequence[Browser]:
    """Return where a person is signed in, the last seen first."""
    found = select(SignIn).where(_of(person))
    latest = found.order_by(SignIn.last_seen_at.desc(), SignIn.id.desc()).limit(ALL_IDLE)
    return [
        Browser(it.id, in_words(it.agent), it.created_at, it.last_seen_at, it.id == this_id)
        for it in session.scalars(latest)
    ]


def end_sign_in(session: Session, person: Person, found_id: int) -> bool:
    """End one sign-in of a person; False where she has none such."""
    gone = delete(SignIn).where(SignIn.id == found_id, _of(person))
    return session.scalar(gone.returning(SignIn.id)) is not None


def end_sign_ins(session: Session, person: Person, but: int | None = None) -> int:
    """End all sign-ins of a person, but perhaps one; return how many."""
    gone = delete(SignIn).where(_of(person))
    if but is not None:
        gone = gone.where(SignIn.id != but)
    return len(session.scalars(gone.returning(SignIn.id)).all())


def _of(person: Person) -> ColumnElement[bool]:
    owner = SignIn.staff_id if isinstance(person, Staff) else SignIn.customer_id
    return owner == person.id
