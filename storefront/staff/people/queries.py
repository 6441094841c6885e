"""Looking at who works here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Invitation, SignIn, Staff
from models.factor import Passkey, Totp
from models.staff import PERMISSIONS, Permission, Role


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody in the list. factors: in words, empty where she has none."""

    staff: Staff
    last_seen_at: datetime | None
    factors: str


def people(session: Session) -> Sequence[Person]:
    """Return everybody, who is active first, in one query."""
    seen = select(func.max(SignIn.last_seen_at)).where(SignIn.staff_id == Staff.id)
    keys = select(func.count(Passkey.id)).where(Passkey.staff_id == Staff.id)
    app = select(func.count(Totp.staff_id)).where(
        Totp.staff_id == Staff.id, Totp.confirmed_at.is_not(None)
    )
    found = session.execute(
        select(
            Staff,
            seen.scalar_subquery(),
            keys.scalar_subquery(),
            app.scalar_subquery(),
        ).order_by(Staff.is_active.desc(), Staff.email)
    )
    return [Person(staff, at, _in_words(count, bool(has))) for staff, at, count, has in found]


def person(session: Session, staff_id: int) -> Staff | None:
    """Return one person."""
    return session.get(Staff, staff_id)


def invitations(session: Session) -> Sequence[Invitation]:
    """Return the invitations that nobody has used."""
    return session.scalars(select(Invitation).order_by(Invitation.email)).all()


def permissions() -> list[tuple[Permission, list[bool]]]:
    """Return each permission with whether each role, in order, holds it."""
    return [(it, [it in PERMISSIONS[role] for role in Role]) for it in Permission]


def _in_words(passkeys: int, has_app: bool) -> str:  # noqa: FBT001 (one caller, above)
    words = [f"{passkeys} passkey{'s' if passkeys > 1 else ''}"] if passkeys else []
    return ", ".join([*words, *(["an app"] if has_app else [])])
