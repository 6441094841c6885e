"""Keeping what texts say in other languages."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Translation
from models.once import claim
from models.translation import digest_of
from storefront.staff.seen import ChangedMeanwhileError
from storefront.translations.sources import Source


def save(session: Session, code: str, texts: Mapping[Source, str], *, actor: str) -> None:
    """Keep what each text says; one that says nothing is shown in the shop's own language.

    What it said before it was edited stays known by its own words: they may come back, and others
    may have them. ChangedMeanwhileError where somebody else says it in this moment.
    """
    known = _known(session, code, [digest_of(it.text) for it in texts])
    for source, said in texts.items():
        digest = digest_of(source.text)
        row, text = known.get(digest), said.strip()
        if row is None and text:
            row = Translation(language=code, digest=digest, text=text, place=source.place)
            row.actor = actor
            if not claim(session, row):
                raise ChangedMeanwhileError
        elif row is not None and not text:
            session.delete(row)
        elif row is not None and row.text != text:
            row.text, row.place, row.actor = text, source.place, actor
    session.flush()


def _known(session: Session, code: str, digests: Sequence[str]) -> dict[str, Translation]:
    wanted = select(Translation).where(
        Translation.language == code, Translation.digest.in_(digests)
    )
    rows = session.scalars(wanted.order_by(Translation.id).with_for_update())
    return {row.digest: row for row in rows}
