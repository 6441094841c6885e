"""Proof that nobody changed, cut or forked the audit log."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.audit_log import FIRST_DIGEST, AuditEntry, AuditHead, seal

AT_ONCE = 1000


def see_one_moment(session: Session) -> None:
    """Let a new session see one moment only, while others go on writing; SQLite's readers do."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def broken(session: Session) -> str | None:
    """Return what is wrong with the log, by the first number that is; None where nothing is."""
    head = session.execute(select(AuditHead.number, AuditHead.digest)).one_or_none()
    if head is None:
        return "the row that says where the log ends is gone"
    number, digest, wrong = _walk(session)
    if wrong:
        return wrong
    if number != head.number:
        return (
            f"entry {min(number, head.number) + 1} is missing: the log should end at {head.number}"
        )
    return None if digest == head.digest else f"entry {number} is not the one that was written last"


def _walk(session: Session) -> tuple[int, str, str | None]:
    """Return the number and digest of the last entry, and what is wrong with the first that is."""
    number, digest = 0, FIRST_DIGEST
    entries = select(AuditEntry.__table__).order_by(AuditEntry.number)
    with session.execute(entries, execution_options={"yield_per": AT_ONCE}) as found:
        for row in found.mappings():
            number += 1
            if row["number"] != number:
                return number, digest, f"entry {number} is missing"
            if row["previous_digest"] != digest or seal(dict(row)) != row["digest"]:
                return number, digest, f"entry {number} was changed"
            digest = row["digest"]
    return number, digest, None


def end(session: Session) -> tuple[int, str]:
    """Return how many entries there are, and the digest of the last."""
    found = session.execute(select(AuditHead.number, AuditHead.digest)).one()
    return found.number, found.digest
