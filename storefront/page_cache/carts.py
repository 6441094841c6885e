"""A kept page for a visitor with a cart: the same one, with her number in the place of none.

Of a cart that has chosen a currency or awaits its payment, more than the number may show: of such
a one, and of whoever sends another cookie too, nobody is told anything here. Then the app is asked.
"""

import gzip
import re
from collections.abc import Callable
from dataclasses import dataclass

import brotli

from storefront.caching import PRIVATE

Headers = list[tuple[str, str]]
# The one cookie that may be sent: a second one, of whatever name, is not looked into.
_COOKIE = re.compile(r"cart=([A-Za-z0-9_.-]+)")
_PLACE = re.compile(rb'(?<= data-swap="cart-link">)[^<]*(?=</a>)')
_LANGUAGE = re.compile(rb'<html lang="([a-z]+)">')
_FOR_ALL_ONLY = frozenset({"cache-control", "content-length", "etag", "speculation-rules"})
_LEVEL = 5  # of brotli: such a page is made once for each number, then kept


@dataclass(frozen=True, slots=True)
class Carts:
    """Knows what of a visitor's cart a page shows.

    count: of the cookie's value, the units in the cart; None where pages may show more of it.
    words: of that number and a language, the link to the cart.
    """

    count: Callable[[str], int | None]
    words: Callable[[int, str], str]

    def count_of(self, cookies: str) -> int | None:
        """Return the units in the cart of who sends its cookie and nothing else, else None."""
        found = _COOKIE.fullmatch(cookies)
        return None if found is None else self.count(found[1])

    def put(self, headers: Headers, body: bytes, count: int) -> tuple[Headers, bytes] | None:
        """Return an answer to everybody as one to who has so many units in her cart.

        None where the place of the number is not found, or not once.
        """
        found = {name.lower(): value for name, value in headers}
        encoding = found.get("content-encoding", "")
        page = _decoded(body, encoding)
        language = _LANGUAGE.search(page)
        if language is None or len(_PLACE.findall(page)) != 1:
            return None
        words = self.words(count, language[1].decode()).encode()
        own = _encoded(_PLACE.sub(lambda _: words, page), encoding)
        kept = [(name, value) for name, value in headers if name.lower() not in _FOR_ALL_ONLY]
        kept += [("Cache-Control", PRIVATE), ("Content-Length", str(len(own)))]
        if etag := found.get("etag"):
            kept.append(("ETag", f'{etag.removesuffix(chr(34))}-{count}"'))
        return kept, own


def _decoded(body: bytes, encoding: str) -> bytes:
    """Return what was compressed; nothing where we do not know how."""
    match encoding:
        case "":
            return body
        case "br":
            return bytes(brotli.decompress(body))
        case "gzip":
            return gzip.decompress(body)
    return b""


def _encoded(page: bytes, encoding: str) -> bytes:
    if encoding == "br":
        return bytes(brotli.compress(page, quality=_LEVEL))
    return gzip.compress(page, 6, mtime=0) if encoding == "gzip" else page
