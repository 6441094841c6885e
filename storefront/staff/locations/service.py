"""Adding places where stock lies, and changing them."""

from dataclasses import dataclass

from sqlalchemy import exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from models import Location, StockLevel
from models.inventory import FIGURES_AT
from models.once import claim
from storefront.staff.seen import ChangedMeanwhileError, seen_of

_HOLDS = or_(*(getattr(StockLevel, figure) != 0 for figure in FIGURES_AT))


class TitleTakenError(Exception):
    """Another location has this title."""


class StillNeededError(Exception):
    """A location cannot be switched off: stock lies there, or no other would be active."""


@dataclass(frozen=True, slots=True)
class LocationDraft:
    """What one types of a location. position: the lowest active one serves orders first."""

    title: str
    address: str
    position: int
    is_active: bool

    @property
    def words(self) -> dict[str, str]:
        """It as a form shows it, by the name of the field."""
        return words_of(self)


def words_of(it: "LocationDraft | Location") -> dict[str, str]:
    """Return a location as a form shows it, by the name of the field."""
    return {
        "title": it.title,
        "address": it.address,
        "position": str(it.position),
        "is_active": "Yes" if it.is_active else "No",
    }


def create(session: Session, draft: LocationDraft) -> Location:
    """Write a new location, or raise TitleTakenError."""
    location = Location(
        title=draft.title,
        address=draft.address,
        position=draft.position,
        is_active=draft.is_active,
    )
    if not claim(session, location):
        raise TitleTakenError(draft.title)
    return location


def save(session: Session, location: Location, draft: LocationDraft, seen: str) -> None:
    """Change a location, its row locked.

    Raises ChangedMeanwhileError where it is not what was ``seen``, StillNeededError,
    TitleTakenError; the caller rolls back then.
    """
    if seen != seen_of(words_of(location)):
        raise ChangedMeanwhileError(location.title)
    if location.is_active and not draft.is_active and not _is_switched_off(session, location.id):
        raise StillNeededError(location.title)
    location.title, location.address = draft.title, draft.address
    location.position, location.is_active = draft.position, draft.is_active
    try:
        session.flush()
    except IntegrityError:
        raise TitleTakenError(draft.title) from None


def _is_switched_off(session: Session, location_id: int) -> bool:
    """Switch a location off by one statement, where nothing lies there and another is active."""
    other = aliased(Location)
    changed = session.execute(
        update(Location)
        .where(
            Location.id == location_id,
            ~exists().where(StockLevel.location_id == location_id, _HOLDS),
            exists().where(other.id != location_id, other.is_active),
        )
        .values(is_active=False)
        .returning(Location.id)
        .execution_options(synchronize_session=False)
    )
    return changed.scalar_one_or_none() is not None


def locked(session: Session, location_id: int) -> Location | None:
    """Return a location, its row locked, or None."""
    found = select(Location).where(Location.id == location_id).with_for_update()
    return session.scalars(found).one_or_none()
