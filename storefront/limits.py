"""How often something may be tried; counted in the database, so that all processes agree."""

import hashlib
import hmac
import ipaddress
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import AttemptCount, now
from models.once import upsert


class TooManyError(Exception):
    """Too many came in too short a time; retry_after_s says when to come back."""

    def __init__(self, retry_after_s: int) -> None:
        """Remember how long to wait."""
        super().__init__(f"wait {retry_after_s} s")
        self.retry_after_s = retry_after_s


def count_attempt(
    session: Session, scope: str, subject: str, *, window_s: int, secret: str
) -> tuple[int, int]:
    """Count one more attempt; return how many this window has seen and its seconds left.

    One upsert, so that no attempt of a parallel process is missed. subject: who tries, such as an
    address; only a keyed digest of it is kept.
    """
    window = _window(window_s)
    counted = session.execute(
        upsert(session, AttemptCount)
        .values(scope=scope, subject=digest(subject, secret), window_start=window, count=1)
        .on_conflict_do_update(
            index_elements=["scope", "subject", "window_start"],
            set_={"count": AttemptCount.count + 1},
        )
        .returning(AttemptCount.count)
    ).scalar_one()
    return counted, _left_s(window, window_s)


def seen(
    session: Session, scope: str, subject: str, *, window_s: int, secret: str
) -> tuple[int, int]:
    """Return how many attempts this window has seen and its seconds left; counts none."""
    window = _window(window_s)
    found = session.get(AttemptCount, (scope, digest(subject, secret), window))
    return (found.count if found else 0), _left_s(window, window_s)


def lift(session: Session, scope: str, subject_digest: str) -> bool:
    """Forget what a subject, named by its digest, has tried; False where that was nothing."""
    lifted = session.execute(
        delete(AttemptCount)
        .where(AttemptCount.scope == scope, AttemptCount.subject == subject_digest)
        .returning(AttemptCount.scope)
    )
    return bool(lifted.all())


def forgive(session: Session, scope: str, subject: str, *, secret: str) -> None:
    """Forget what a subject has tried: it succeeded."""
    session.execute(
        delete(AttemptCount).where(
            AttemptCount.scope == scope, AttemptCount.subject == digest(subject, secret)
        )
    )


def digest(subject: str, secret: str) -> str:
    """Return what is kept of who tried: a keyed digest."""
    return hmac.new(secret.encode(), subject.encode(), hashlib.sha256).hexdigest()


def network(address: str) -> str:
    """Return whom an address stands for: of IPv6, where each home has many, its first 64 bits."""
    try:
        return str(ipaddress.ip_network((ipaddress.IPv6Address(address), 64), strict=False))
    except ValueError:
        return address


def window_end(window_s: int) -> datetime:
    """Return when the present window of this length ends; the same for all who are counted."""
    return _window(window_s) + timedelta(seconds=window_s)


def _window(window_s: int) -> datetime:
    return datetime.fromtimestamp(now().timestamp() // window_s * window_s, UTC)


def _left_s(window: datetime, window_s: int) -> int:
    left = window + timedelta(seconds=window_s) - now()
    return max(1, int(left.total_seconds()))


def forget_attempts(session: Session, *, older_than: datetime) -> None:
    """Delete the counts of windows that began before a moment."""
    session.execute(delete(AttemptCount).where(AttemptCount.window_start < older_than))
