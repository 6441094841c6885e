"""The shop as it is now: as it came, with what staff have changed of its words and menus.

Every page needs it, so it is kept in each process and read anew only when it has changed: who
changes it touches a file, whose time each look asks for, and which processes on one machine share.
On other machines it is read anew within a minute.
"""

import time
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from models import MenuItem, ShopSetting
from storefront.database import Sessions
from storefront.logs import log
from storefront.site import Menu, Shop

OLDEST_S = 60.0
WORDS = frozenset(it.name for it in fields(Shop)) - {"how", "blog_handle", "policies", "menus"}


class PresentShop:
    """Says what the shop says of itself now."""

    def __init__(self, came: Shop, flag: Path, sessions: Callable[[], Sessions]) -> None:
        """Remember the shop as it came, the file that tells of changes, and where they stand."""
        self._came, self._flag, self._sessions = came, flag, sessions
        self._now = came
        self._seen: tuple[int, float] | None = None  # of the flag, and of our own clock

    def now(self) -> Shop:
        """Return the shop; as it was last read, where the database does not answer."""
        stamp = self._stamp()
        if self._seen is None or self._seen[0] != stamp or _age(self._seen[1]) > OLDEST_S:
            self.read()
        return self._now

    def read(self) -> Shop:
        """Read it anew, in two queries, and return it."""
        self._seen = (self._stamp(), time.monotonic())
        try:
            with self._sessions().look() as session:
                settings = session.execute(select(ShopSetting.name, ShopSetting.value)).all()
                items = session.scalars(
                    select(MenuItem).order_by(MenuItem.menu, MenuItem.position, MenuItem.id)
                ).all()
        except SQLAlchemyError:  # no tables yet, or the database is away
            log.warning("the shop's words were not read")
            return self._now
        menus: dict[str, Menu] = {}
        for item in items:
            menus[item.menu] = (*menus.get(item.menu, ()), (item.title, item.url))
        said = {name: value.get("is", "") for name, value in settings if name in WORDS}
        found = replace(self._came, **said, menus={**self._came.menus, **menus})
        self._now = found
        return found

    def has_changed(self) -> None:
        """Let every process of this machine read it anew; called after the commit."""
        self._flag.parent.mkdir(parents=True, exist_ok=True)
        self._flag.touch()
        self._seen = None

    def _stamp(self) -> int:
        try:
            return self._flag.stat().st_mtime_ns
        except OSError:
            return 0


def _age(moment: float) -> float:
    return time.monotonic() - moment
