"""Following links: the shop's own without a network, others with patience and care."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import requests

TIMEOUT_S = 10
MOST_HOPS = 5
BROKEN_FROM = 400
# Pages that are there answer so to machines: they are not broken, and not proven either.
GUARDED = frozenset({401, 403, 405, 406, 429, 451, 999})
AGENT = "ql-claw-shop link check"


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a link. status: of HTTP, 0 where none came; error: why, in words."""

    status: int
    error: str = ""


Inner = Callable[[str], int]  # the status of an address within the shop


class Follower:
    """Follows links. may_go_inside: addresses of private networks too, for tests alone."""

    def __init__(self, inner: Inner, *, may_go_inside: bool = False) -> None:
        """Remember how the shop itself is asked."""
        self._inner, self._may_go_inside = inner, may_go_inside

    def follow(self, url: str) -> Answer:
        """Return what a link's end answers; never raises for what is outside of the shop."""
        if url.startswith("/"):
            return _answer(self._inner(url))
        try:
            return self._outside(url)
        except requests.RequestException as wrong:
            return Answer(0, f"No answer: {type(wrong).__name__}.")
        except (OSError, ValueError):
            return Answer(0, "This address cannot be reached.")

    def _outside(self, url: str) -> Answer:
        """Follow redirects by hand: each hop is looked at before it is asked."""
        for _ in range(MOST_HOPS):
            if not (self._may_go_inside or _is_public(url)):
                return Answer(0, "This address is not on the public internet.")
            with requests.get(
                url,
                timeout=TIMEOUT_S,
                allow_redirects=False,
                stream=True,
                headers={"User-Agent": AGENT},
            ) as response:
                if not response.is_redirect:
                    return _answer(response.status_code)
                url = urljoin(url, response.headers["Location"])
        return Answer(0, f"It leads on more than {MOST_HOPS} times.")


def _answer(status: int) -> Answer:
    if status < BROKEN_FROM:
        return Answer(status)
    if status in GUARDED:
        return Answer(status, "It lets no machine look: open it yourself.")
    return Answer(status, "Nothing is there." if status in {404, 410} else "It answers an error.")


def _is_public(url: str) -> bool:
    """Say whether every address of a link's host is on the public internet."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return False
    found = socket.getaddrinfo(parts.hostname, parts.port or 443, type=socket.SOCK_STREAM)
    return all(ipaddress.ip_address(str(it[4][0])).is_global for it in found)
