"""Looking after every link of the shop, once a week and whenever staff ask."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import LinkCheck, now
from models.once import upsert
from storefront import tasks
from storefront.database import Sessions
from storefront.jobs.queue import TASK_ID
from storefront.jobs.worker import Effect
from storefront.site import Shop
from storefront.staff.broken_links.checking import Answer, Follower
from storefront.staff.broken_links.collecting import links

KIND = "check-links"


class LinkChecking:
    """Follows every link, and writes down what became of it."""

    def __init__(self, follower: Follower, shop: Callable[[], Shop]) -> None:
        """Remember who follows, and whose menus."""
        self._follower, self._shop = follower, shop

    def check(self, sessions: Sessions, payload: dict[str, Any]) -> Effect:
        """Follow the links one by one, each written as it comes; forget those that are gone."""
        task_id = payload.get(TASK_ID, 0)
        with sessions.read() as session:
            found = links(session, self._shop())
        begun = now()
        for done, (url, paths) in enumerate(found.items()):
            tasks.step(sessions, task_id, done, len(found))
            answer = self._follower.follow(url)
            with sessions.write.begin() as session:
                _write(session, url, paths, answer)

        def end(session: Session) -> None:
            session.execute(delete(LinkCheck).where(LinkCheck.checked_at < begun))
            tasks.finish(session, task_id, url="/staff/broken-links")

        return end


def _write(session: Session, url: str, paths: list[str], answer: Answer) -> None:
    row = {
        "found_on": paths,
        "status": answer.status,
        "error": answer.error,
        "checked_at": now(),
    }
    written = upsert(session, LinkCheck).values(url=url, **row)
    session.execute(written.on_conflict_do_update(index_elements=["url"], set_=row))
