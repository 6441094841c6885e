"""Taking the files away of what was deleted: a job, written in the transaction that deletes."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from storefront.database import Sessions
from storefront.jobs import queue
from storefront.jobs.worker import Effect, Payload
from storefront.storage import Storage

KIND = "discard-files"  # of the job


def discard_later(session: Session, names: Sequence[str]) -> None:
    """Let the worker take files away once the caller has committed; their names are never reused.

    names: in the storage.
    """
    if names:
        queue.enqueue(session, KIND, f"{KIND}:{names[0]}", {"names": list(names)})


class Discarding:
    """Takes files away; a job of the worker."""

    def __init__(self, storage: Storage) -> None:
        """Remember where the files are."""
        self._storage = storage

    def discard(self, sessions: Sessions, payload: Payload) -> Effect:
        """Take each file away; one that is gone already is none of our business."""
        del sessions
        for name in payload["names"]:
            self._storage.delete(name)
        return _nothing


def _nothing(session: Session) -> None:
    """Leave the database as it is."""
    del session
