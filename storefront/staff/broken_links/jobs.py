"""Looking after every link of the shop, some at a time: mails must not wait for slow sites."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models import LinkCheck, now
from models.once import upsert
from storefront import tasks
from storefront.database import Sessions
from storefront.jobs import queue
from storefront.jobs.queue import TASK_ID
from storefront.jobs.worker import Effect
from storefront.site import Shop
from storefront.staff.broken_links.checking import Answer, Follower
from storefront.staff.broken_links.collecting import links

KIND = "check-links"
ROUND_S = 5.0  # after so long the other jobs come first
EVERY = timedelta(days=7)


class LinkChecking:
    """Follows every link, and writes down what became of it."""

    def __init__(self, follower: Follower, shop: Callable[[], Shop]) -> None:
        """Remember who follows, and whose menus."""
        self._follower, self._shop = follower, shop

    def check(self, sessions: Sessions, payload: dict[str, Any]) -> Effect:
        """Follow some links, each written as it comes; the rest is a job of its own.

        Asked for by staff, by a task; and again a week after the last time, not before the first.
        At the end, what was not found any more is forgotten.
        """
        task_id, after = payload.get(TASK_ID, 0), payload.get("after", "")
        with sessions.read() as session:
            if not task_id and not after and not _is_due(session):
                return _nothing
            found = links(session, self._shop())
        begun = payload.get("begun") or now().isoformat()
        last = self._round(sessions, found, after, task_id)
        if last is None:
            return lambda session: _end(session, begun, task_id)
        rest = {TASK_ID: task_id, "after": last, "begun": begun}
        key = f"{KIND}:{begun}:{last}"[:200]

        def go_on(session: Session) -> None:
            queue.enqueue(session, KIND, key, rest)

        return go_on

    def _round(
        self, sessions: Sessions, found: dict[str, list[str]], after: str, task_id: int
    ) -> str | None:
        """Follow links that come after one; return the last where there are more, else None."""
        ends, urls = time.monotonic() + ROUND_S, list(found)
        for done, url in enumerate(urls, start=1):
            if url <= after:
                continue
            tasks.step(sessions, task_id, done, len(urls))
            answer = self._follower.follow(url)
            with sessions.write.begin() as session:
                _write(session, url, found[url], answer)
            if time.monotonic() > ends and done < len(urls):
                return url
        return None


def _nothing(session: Session) -> None:
    """Leave everything as it is."""


def _is_due(session: Session) -> bool:
    newest = session.scalar(select(func.max(LinkCheck.checked_at)))
    return newest is not None and newest < now() - EVERY


def _end(session: Session, begun: str, task_id: int) -> None:
    session.execute(delete(LinkCheck).where(LinkCheck.checked_at < datetime.fromisoformat(begun)))
    tasks.finish(session, task_id, url="/staff/broken-links")


def _write(session: Session, url: str, paths: list[str], answer: Answer) -> None:
    row = {
        "found_on": paths,
        "status": answer.status,
        "error": answer.error,
        "checked_at": now(),
    }
    written = upsert(session, LinkCheck).values(url=url, **row)
    session.execute(written.on_conflict_do_update(index_elements=["url"], set_=row))
