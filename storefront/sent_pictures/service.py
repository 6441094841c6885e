"""Keeping the pictures that buyers send, letting visitors see them, and taking them away."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from models import Order, SentPicture, now
from models.sent_picture import new_key
from storefront.sent_pictures.jobs import discard_later
from storefront.sent_pictures.reading import Made
from storefront.storage import Storage

MOST_OF_ORDER = 30  # pictures, of all that is sent with one order


class TooManyPicturesError(Exception):
    """With this order so many pictures came already that no more are taken."""


def file_of(picture: SentPicture, size: str) -> str:
    """Return the name of a picture's file in the storage; size: ``large`` or ``small``."""
    return f"sent/{picture.key}-{size}.webp"


def store(storage: Storage, made: Sequence[Made]) -> list[SentPicture]:
    """Keep the files of pictures and return their rows, to be entered; in no transaction.

    Raises StorageError.
    """
    pictures = []
    for it in made:
        picture = SentPicture(
            key=new_key(),
            width=it.width,
            height=it.height,
            size_bytes=len(it.large) + len(it.small),
        )
        storage.put(file_of(picture, "large"), it.large)
        storage.put(file_of(picture, "small"), it.small)
        pictures.append(picture)
    return pictures


def enter(
    session: Session,
    order: Order,
    pictures: Sequence[SentPicture],
    *,
    return_id: int | None = None,
    review_id: int | None = None,
) -> None:
    """Write pictures whose files are kept, with what they were sent with.

    Raises TooManyPicturesError; the caller rolls back then, and lets ``discard`` take the files
    away. The order's row is locked while they are counted.
    """
    if not pictures:
        return
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    count = select(func.count(SentPicture.id)).where(SentPicture.order_id == order.id)
    if (session.scalar(count) or 0) + len(pictures) > MOST_OF_ORDER:
        raise TooManyPicturesError(order.number)
    for picture in pictures:
        picture.order_id = order.id
        picture.return_id, picture.review_id = return_id, review_id
    session.add_all(pictures)
    session.flush()


def publish(session: Session, review_id: int, *, is_public: bool) -> None:
    """Let visitors see the pictures of a review, or let them not."""
    session.execute(
        update(SentPicture)
        .where(SentPicture.review_id == review_id)
        .values(published_at=now() if is_public else None)
        .execution_options(synchronize_session=False)
    )


def remove(session: Session, which: ColumnElement[bool]) -> int:
    """Delete pictures, and their files after the commit; return how many there were."""
    gone = session.scalars(
        delete(SentPicture)
        .where(which)
        .returning(SentPicture.key)
        .execution_options(synchronize_session=False)
    ).all()
    discard_later(session, [name for key in gone for name in _files(key)])
    return len(gone)


def discard(storage: Storage, pictures: Sequence[SentPicture]) -> None:
    """Take the files of pictures away that were not entered; in no transaction.

    Raises StorageError.
    """
    for picture in pictures:
        for name in _files(picture.key):
            storage.delete(name)


def of_review(session: Session, review_id: int) -> Sequence[SentPicture]:
    """Return the pictures of a review, published or not, in the order in which they were sent."""
    wanted = select(SentPicture).where(SentPicture.review_id == review_id)
    return session.scalars(wanted.order_by(SentPicture.id)).all()


def by_key(session: Session, key: str) -> SentPicture | None:
    """Return the picture of this key."""
    return session.scalars(select(SentPicture).where(SentPicture.key == key)).one_or_none()


def of_return(session: Session, return_id: int) -> Sequence[SentPicture]:
    """Return the pictures that were sent with a return, the first first."""
    found = select(SentPicture).where(SentPicture.return_id == return_id)
    return session.scalars(found.order_by(SentPicture.id)).all()


def of_reviews(session: Session, review_ids: Sequence[int]) -> Sequence[SentPicture]:
    """Return the pictures that were sent with some reviews, the first first; in one query."""
    found = select(SentPicture).where(SentPicture.review_id.in_(review_ids))
    return session.scalars(found.order_by(SentPicture.id)).all()


def _files(key: str) -> list[str]:
    return [f"sent/{key}-{size}.webp" for size in ("large", "small")]
