"""Bringing pictures in, saying what is on them, and taking away what nothing shows."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Picture, PictureStatus
from models.once import upsert
from storefront import tasks
from storefront.media import making
from storefront.media.reading import Read
from storefront.staff.media.queries import Use
from storefront.staff.seen import ChangedMeanwhileError, seen_of
from storefront.storage import Storage, digest

_BROKEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]+")


class UsedError(Exception):
    """Something shows the picture, so it stays."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that was read and found to be a picture."""

    filename: str
    content: bytes
    read: Read

    @property
    def key(self) -> str:
        """The picture's key: the same bytes are one picture."""
        return digest(self.content)


def store(storage: Storage, arrivals: Sequence[Arrival]) -> None:
    """Keep the originals; in no transaction. Raises StorageError."""
    for arrival in arrivals:
        storage.put(making.ORIGINAL + arrival.key, arrival.content)


def enter(
    session: Session, arrivals: Sequence[Arrival], *, alt: str, actor: str, url: str
) -> list[Picture]:
    """Write pictures whose originals are kept, with a task that makes them; return them in order.

    One that is there already keeps its own words. url: where the task's result is seen.
    """
    rows = {arrival.key: _row(arrival, alt, actor) for arrival in arrivals}
    session.execute(upsert(session, Picture).on_conflict_do_nothing(), list(rows.values()))
    wanted = select(Picture).where(Picture.key.in_(rows))
    found = {it.key: it for it in session.scalars(wanted.with_for_update())}
    to_make = [it for it in found.values() if it.status is not PictureStatus.READY]
    for picture in to_make:
        picture.status, picture.error = PictureStatus.WAITING, ""
    if to_make:
        title = "Making a picture" if len(to_make) == 1 else f"Making {len(to_make)} pictures"
        payload = {"picture_ids": sorted(it.id for it in to_make), "url": url}
        tasks.start(session, making.KIND, title, actor, payload)
    return [found[key] for key in rows]


def words_of(picture: Picture) -> dict[str, str]:
    """Return what may be said of a picture, by the name of its field."""
    return {
        "Alternative text": picture.alt,
        "Center across": str(picture.focal_x),
        "Center down": str(picture.focal_y),
    }


def save(picture: Picture, *, alt: str, focus: tuple[int, int], seen: str) -> None:
    """Say what is on a locked picture and where its centre is; or ChangedMeanwhileError."""
    if seen_of(words_of(picture)) != seen:
        raise ChangedMeanwhileError
    picture.alt = alt
    picture.focal_x, picture.focal_y = focus


def remove(session: Session, picture: Picture, uses: Sequence[Use]) -> None:
    """Delete a picture that nothing uses; raises UsedError, and the caller rolls back."""
    if uses:
        raise UsedError
    session.delete(picture)
    try:
        session.flush()
    except IntegrityError:
        raise UsedError from None


def files_of(picture: Picture) -> list[str]:
    """Return the names of all its files in the storage."""
    made = [
        f"{picture.key}-{width}.{kind}" for width in picture.widths for kind in ("avif", "webp")
    ]
    return [*made, making.ORIGINAL + picture.key]


def plain_name(filename: str) -> str:
    """Return a file's name as it may be kept and shown: no folders, nothing unseen."""
    return _BROKEN.sub(" ", PurePath(filename.replace("\\", "/")).name).strip()[-200:]


def _row(arrival: Arrival, alt: str, actor: str) -> dict[str, object]:
    return {
        "key": arrival.key,
        "filename": arrival.filename,
        "media_type": arrival.read.media_type,
        "alt": alt,
        "width": arrival.read.width,
        "height": arrival.read.height,
        "size_bytes": len(arrival.content),
        "widths": [],
        "actor": actor,
    }
