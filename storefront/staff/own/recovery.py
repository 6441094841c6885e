"""Recovery codes: ten to keep on paper, each proves a person once."""

import secrets

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from models import now
from models.factor import RecoveryCode
from storefront.limits import digest

COUNT = 10
SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that looks like another
LENGTH = 10


def renew(session: Session, staff_id: int, secret_key: str) -> list[str]:
    """Write ten new codes in place of all others, and return them: they are not kept."""
    forget(session, staff_id)
    codes = ["".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(COUNT)]
    session.add_all(
        RecoveryCode(staff_id=staff_id, code_sha256=_digest(staff_id, code, secret_key))
        for code in codes
    )
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def take(session: Session, staff_id: int, typed: str, secret_key: str) -> bool:
    """Use up a code; False where it is none, or was used."""
    code = "".join(sign for sign in typed[:40].lower() if sign in SIGNS)
    used = (
        update(RecoveryCode)
        .where(
            RecoveryCode.staff_id == staff_id,
            RecoveryCode.code_sha256 == _digest(staff_id, code, secret_key),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now())
        .returning(RecoveryCode.id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(used) is not None


def left(session: Session, staff_id: int) -> int:
    """Return how many codes are not used yet."""
    unused = select(func.count(RecoveryCode.id)).where(
        RecoveryCode.staff_id == staff_id, RecoveryCode.used_at.is_(None)
    )
    return session.scalar(unused) or 0


def forget(session: Session, staff_id: int) -> None:
    """Let none of a person's codes prove anything any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == staff_id))


def _digest(staff_id: int, code: str, secret_key: str) -> str:
    return digest(f"recovery {staff_id} {code}", secret_key)
