"""What saving has in common for every text: its address, its moment, who was there meanwhile."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from models import Article, Page, Policy, Redirect, Reference, now
from storefront.jobs.queue import enqueue
from storefront.redirects import leave
from storefront.search.index import forget, index_text
from storefront.staff.seen import ChangedMeanwhileError

Text = Article | Page


@dataclass(frozen=True, slots=True)
class Saving:
    """How a text is saved.

    seen: its ``updated_at`` as the page was shown, as ISO text; handle: its name in the address;
    published_at: from when on visitors see it, None for a draft; actor: who saves it.
    """

    seen: str
    handle: str
    published_at: datetime | None
    actor: str


class HandleTakenError(ValueError):
    """Another text has this handle."""

    field = "handle"

    def __init__(self, handle: str) -> None:
        """Say which."""
        super().__init__(f"Something else is called {handle} already. Choose another handle.")


def path_of(text: Text) -> str:
    """Return the address of a text in the shop; of an article, its blog must be loaded."""
    if isinstance(text, Article):
        return f"/blogs/{text.blog.handle}/{text.handle}"
    return f"/{'policies' if isinstance(text, Policy) else 'pages'}/{text.handle}"


def name_of(text: Text) -> str:
    """Return what a text is known by whatever its handle: ``article-1``, ``page-2``."""
    return f"{'article' if isinstance(text, Article) else 'page'}-{text.id}"


def state_of(text: Text) -> str:
    """Return whether visitors see a text, for a sentence."""
    if text.published_at is None:
        return "not published"
    return "published" if text.is_published else "will be published by itself"


def check_seen(text: Text, saving: Saving) -> None:
    """Raise ChangedMeanwhileError where a text was saved since the page was shown."""
    if text.updated_at.isoformat() != saving.seen:
        raise ChangedMeanwhileError(text.handle)


def settle(session: Session, text: Text, saving: Saving) -> None:
    """Give a locked text its handle and its moment, and let the search know.

    A text that visitors could find leaves a redirect at its old address. Raises HandleTakenError;
    the caller rolls back then.
    """
    text.published_at, text.updated_at = saving.published_at, now()
    if saving.handle != text.handle:
        _rename(session, text, saving)
    index_text(session, text)
    if saving.published_at is not None and saving.published_at > now():
        announce(session, text, saving.published_at)


def add(session: Session, text: Any) -> None:
    """Write what has a handle or a key of its own, or raise HandleTakenError."""
    handle = text.key if isinstance(text, Reference) else text.handle
    with _handle(session, handle):
        session.add(text)


def announce(session: Session, text: Text, moment: datetime) -> None:
    """Let the worker make a text findable when its moment comes."""
    kind = "article" if isinstance(text, Article) else "page"
    key = f"publish-{name_of(text)}-{moment.isoformat()}"
    enqueue(session, f"publish-{kind}", key, {f"{kind}_id": text.id}, run_at=moment)


def _rename(session: Session, text: Text, saving: Saving) -> None:
    old = path_of(text)
    was_known = text.is_published or session.scalar(select(exists().where(Redirect.target == old)))
    with _handle(session, saving.handle):
        text.handle = saving.handle
    forget(session, old)
    if was_known:
        leave(session, old, path_of(text), actor=saving.actor)


@contextmanager
def _handle(session: Session, handle: str) -> Iterator[None]:
    """Write what is done inside; HandleTakenError where the handle is not free."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise HandleTakenError(handle) from error
