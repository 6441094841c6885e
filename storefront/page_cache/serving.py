"""Answers anonymous visitors from memory, before Flask is asked.

A page is kept with the versions of the tables that it was made of, and is given while they are the
same: an article that is edited is seen by the next visitor, whichever process she comes to. Of
stock it is kept with what it shows: a product that is sold out is seen, and a sale after which the
page would say the same is outlasted. What depends on time alone (a price that ends at midnight) is
at most a minute late, as it is for the caches behind us, which may keep a page for as long
(``caching.PUBLIC``).

Nothing personal can get in: pages are made for who sends no cookie, and only what the shop itself
calls public is kept. Who has a cart, and no other cookie, is given such a page with the number of
units in it, for which the database is asked (``carts``); whoever sends more is not answered here.
"""

import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from http import HTTPStatus
from typing import Any

from flask import Flask

from storefront.caching import PUBLIC
from storefront.config import Settings
from storefront.page_cache.carts import Carts
from storefront.page_cache.versions import Stamp, Versions
from storefront.page_cache.watching import STOCK, UNKNOWN, Made, Shelves, Shown, reading, watch

OLDEST_S = 60.0
MOST_BYTES = 16 * 1024 * 1024
LARGEST = 512 * 1024
_ALWAYS = ("menu_items", "shop_settings", "translations", "references")  # kept in each process
_QUERY = re.compile(r"(page=[1-9][0-9]{0,3})?")
_PERSONAL = frozenset({"HTTP_AUTHORIZATION", "HTTP_RANGE"})
_VARIES = frozenset({"cookie", "accept-encoding"})
_FORWARDED = ("HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PROTO", "SCRIPT_NAME")
_ENCODINGS = ("zstd", "br", "gzip", "deflate")
_NOT_MODIFIED = f"{HTTPStatus.NOT_MODIFIED} Not Modified"
# A 304 has none of these. Source: RFC 9110, 15.4.5.
_OF_A_BODY = frozenset({"content-length", "content-encoding", "content-type"})

Environ = dict[str, Any]
Headers = list[tuple[str, str]]
Key = tuple[str, ...]
Stock = Callable[[Iterable[int]], Shown | None]


@dataclass(slots=True)
class Entry:
    """A page as it was answered. newest: of all tables, when it was last held to be right.

    shown: of stock; sold: when that was last held to be right. etag: without what marks it as weak;
    empty where it has none. unchanged: the headers of a 304.
    """

    headers: Headers
    body: bytes
    tables: tuple[str, ...]
    stamp: Stamp
    shown: Shown
    sold: Stamp
    newest: int
    made: float
    etag: str = field(init=False)
    unchanged: Headers = field(init=False)

    def __post_init__(self) -> None:
        """Find once what each who has the page already is told."""
        etags = (value for name, value in self.headers if name.lower() == "etag")
        self.etag = next(etags, "").removeprefix("W/")
        self.unchanged = [it for it in self.headers if it[0].lower() not in _OF_A_BODY]


class PageCache:
    """Serves an app, and keeps what it says to everybody alike."""

    def __init__(self, app: Any, versions: Versions, carts: Carts, stock: Stock) -> None:
        """Remember the app, who knows of changes, who of carts, and who of stock."""
        self._app, self._versions, self._carts, self._stock = app, versions, carts, stock
        self._entries: OrderedDict[Key, Entry] = OrderedDict()
        self._bytes = 0
        self._lock = threading.Lock()

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer from memory, or ask the app and remember what it says."""
        key = _key(environ)
        entry = self._entries.get(key) if key else None
        if "HTTP_COOKIE" in environ:
            entry = self._for_cart(key, entry, environ) if key and entry else None
            if entry is not None:
                return _given(entry, environ, start_response)
        elif entry is not None and self._holds(entry):
            return _given(entry, environ, start_response)
        elif key and environ["REQUEST_METHOD"] == "GET":  # a HEAD's answer has no body to keep
            return self._made(key, environ, start_response)
        answer: Iterable[bytes] = self._app(environ, start_response)
        return answer

    def _for_cart(self, key: Key, entry: Entry, environ: Environ) -> Entry | None:
        """Return a page that was once kept for all, for who has a cart and no other cookie.

        One that has ended is made for nobody first: whoever comes next is given it too. None where
        the app must be asked what she sees.
        """
        count = self._carts.count_of(environ["HTTP_COOKIE"])
        if count is None:
            return None
        if not self._holds(entry):
            nobody = {name: it for name, it in environ.items() if name != "HTTP_COOKIE"}
            self._made(key, nobody | {"REQUEST_METHOD": "GET"}, _unheard)
            made = self._entries.get(key)
            if made is None or made is entry or not self._holds(made):
                return None
            entry = made
        own_key = (*key, f"cart of {count}")
        own = self._entries.get(own_key)
        if own is None or own.stamp != entry.stamp or own.made != entry.made:
            put = self._carts.put(entry.headers, entry.body, count)
            if put is None:
                return None
            own = replace(entry, headers=put[0], body=put[1])
            self._remember(own_key, own)
        return own

    def _holds(self, entry: Entry) -> bool:
        """Say whether all that a page shows is as it was; one look where nothing was written."""
        if time.monotonic() - entry.made > OLDEST_S:
            return False
        newest = self._versions.newest()
        if newest != entry.newest:
            if self._versions.of(entry.tables) != entry.stamp or not self._is_stocked(entry):
                return False
            entry.newest = newest
        return True

    def _is_stocked(self, entry: Entry) -> bool:
        """Say whether a page shows of stock what there is; one query where any was written."""
        if entry.shown and (sold := self._versions.of([STOCK])) != entry.sold:
            if self._stock(entry.shown) != entry.shown:
                return False
            entry.sold = sold
        return True

    def _made(
        self, key: Key, environ: Environ, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        newest = self._versions.newest()
        said: list[Any] = []

        def note(status: str, headers: Headers, *rest: Any) -> Any:
            said[:] = [status, headers]
            return start_response(status, headers, *rest)

        with reading() as made:
            answer = self._app(environ, note)
            try:
                body = b"".join(answer)
            finally:
                if hasattr(answer, "close"):
                    answer.close()
        status, headers = said
        if len(body) <= LARGEST and UNKNOWN not in made.tables and _is_for_all(status, headers):
            self._keep(key, headers, body, made, newest)
        return [body]

    def _keep(self, key: Key, headers: Headers, body: bytes, made: Made, newest: int) -> None:
        """Keep a page, unless something was written while it was made."""
        tables = tuple(sorted({*made.tables, *_ALWAYS}))
        stamp, sold = self._versions.of(tables), self._versions.of([STOCK])
        if self._versions.newest() != newest:
            return
        # The server says the date, as it does of every answer.
        kept = [(name, value) for name, value in headers if name not in {"Date", "X-Request-Id"}]
        now = time.monotonic()
        self._remember(key, Entry(kept, body, tables, stamp, made.stock, sold, newest, now))

    def _remember(self, key: Key, entry: Entry) -> None:
        """Put a page into the memory; the oldest ones go where it is full."""
        with self._lock:
            self._drop(key)
            self._entries[key] = entry
            self._bytes += len(entry.body)
            while self._bytes > MOST_BYTES:
                self._drop(next(iter(self._entries)))

    def _drop(self, key: Key) -> None:
        entry = self._entries.pop(key, None)
        if entry is not None:
            self._bytes -= len(entry.body)


def init_app(app: Flask, settings: Settings, carts: Carts, shelves: Shelves) -> None:
    """Answer anonymous visitors of an app from memory, before all else, where the settings say so.

    Each process tells the others of what it writes. carts, shelves: what pages show of them.
    """
    if settings.keeps_pages:
        sessions, versions = app.extensions["sessions"], Versions(settings.instance / "versions")
        watch(sessions.engine, versions)
        stock = partial(shelves, sessions)
        app.wsgi_app = PageCache(app.wsgi_app, versions, carts, stock)  # type: ignore[method-assign]  # Flask's documented way


def _key(environ: Environ) -> Key | None:
    """Return by what a page is kept; None for what may be somebody's own, or is asked oddly."""
    if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or not _PERSONAL.isdisjoint(environ):
        return None
    query, accepted = environ.get("QUERY_STRING", ""), environ.get("HTTP_ACCEPT_ENCODING", "")
    if not _QUERY.fullmatch(query) or ";" in accepted:
        return None
    names = {part.strip() for part in accepted.lower().split(",")}
    return (
        *(environ["wsgi.url_scheme"], environ.get("HTTP_HOST", ""), environ.get("PATH_INFO", "")),
        *(query, *(environ.get(name, "") for name in _FORWARDED)),
        *(name for name in _ENCODINGS if name in names),
    )


def _unheard(*said: object) -> Callable[[bytes], object]:
    """Hear nothing of an answer that is made to be kept."""
    del said
    return bytes


def _is_for_all(status: str, headers: Headers) -> bool:
    """Say whether an answer is the same for everybody who sends no cookie."""
    if not status.startswith("200 "):
        return False
    found = {name.lower(): value for name, value in headers}
    varies = {part.strip().lower() for part in found.get("vary", "").split(",")}
    return (
        found.get("cache-control") == PUBLIC
        and "set-cookie" not in found
        and varies <= _VARIES | {""}
    )


def _given(entry: Entry, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
    asked = environ.get("HTTP_IF_NONE_MATCH")
    if asked and entry.etag and entry.etag in asked:
        start_response(_NOT_MODIFIED, entry.unchanged)
        return []
    start_response("200 OK", entry.headers)
    return [] if environ["REQUEST_METHOD"] == "HEAD" else [entry.body]
