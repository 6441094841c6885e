"""What somebody has typed and not saved: kept for her alone, offered again, never published."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Autosave, Staff, now
from models.once import upsert

LATELY = timedelta(minutes=15)
_BROKEN = re.compile("[\x00\ud800-\udfff]")  # PostgreSQL refuses NUL, UTF-8 lone surrogates


def keep(session: Session, person: Staff, form: str, fields: Mapping[str, str]) -> None:
    """Keep what a form holds, in one statement. form: names it, such as ``article-1``."""
    kept = {_BROKEN.sub("", name): _BROKEN.sub("", text) for name, text in fields.items()}
    values = {"fields": kept, "seen": kept.get("seen", "")[:64], "saved_at": now()}
    session.execute(
        upsert(session, Autosave)
        .values(staff_id=person.id, form=form, **values)
        .on_conflict_do_update(index_elements=["staff_id", "form"], set_=values)
    )


def own(session: Session, person: Staff, form: str) -> Autosave | None:
    """Return what somebody has typed into a form and not saved, or None."""
    return session.get(Autosave, (person.id, form))


def drop(session: Session, person: Staff, form: str) -> None:
    """Forget what somebody has typed into a form."""
    of_her = (Autosave.staff_id == person.id, Autosave.form == form)
    session.execute(delete(Autosave).where(*of_her))


def others(session: Session, person: Staff, form: str) -> list[tuple[str, datetime]]:
    """Return who else has typed into a form in the last minutes, and when last."""
    found = session.execute(
        select(Staff.name, Staff.email, Autosave.saved_at)
        .join(Staff, Staff.id == Autosave.staff_id)
        .where(
            Autosave.form == form,
            Autosave.staff_id != person.id,
            Autosave.saved_at > now() - LATELY,
        )
        .order_by(Autosave.saved_at.desc())
    )
    return [(name or email, moment) for name, email, moment in found]
