"""Walks over the public pages as a machine does: link by link, from the first page."""

import re
from urllib.parse import unquote, urldefrag, urljoin

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from tests.browser import Page, visit

SITE = "http://localhost"


def crawl(client: FlaskClient) -> tuple[dict[str, Page], dict[str, set[str]]]:
    """Every page that links lead to from the first, and each link with the pages it stands on."""
    pages: dict[str, Page] = {}
    links: dict[str, set[str]] = {}
    waiting = ["/"]
    while waiting:
        address = waiting.pop()
        if address in pages:
            continue
        page = pages[address] = visit(client, address)
        for link in links_of(page.html):
            links.setdefault(urljoin(address, link), set()).add(address)
            target, _ = parted(urljoin(address, link))
            if target.startswith("/") and not is_file(target):
                waiting.append(target)
    return pages, links


def is_whole(client: FlaskClient, pages: dict[str, Page], link: str) -> bool:
    """Say whether an address on a page answers, and its fragment is there."""
    target, fragment = parted(link)
    if not target.startswith("/"):
        return True
    if is_file(target):
        return status(client, target) == 200
    page = pages[target]
    return page.status == 200 and (not fragment or page.html.find(id=fragment) is not None)


def parted(link: str) -> tuple[str, str]:
    """An address and its fragment; which text a link stands on makes no other page of it."""
    target, fragment = urldefrag(link)
    return re.sub(r"[?&]from=[^&]*", "", target), unquote(fragment)


def is_file(address: str) -> bool:
    """Say whether an address is of no page with links of its own."""
    return address.startswith("/static/") or address.endswith((".atom", ".md"))


def status(client: FlaskClient, address: str) -> int:
    with client.get(address) as answer:  # a static file's answer holds the file open
        return answer.status_code


def links_of(html: BeautifulSoup) -> list[str]:
    """Every address that a page leads to or fetches, those of its pictures' other sizes too."""
    found = [
        tag["href"].removeprefix(SITE) for tag in html.find_all(["a", "area", "link"], href=True)
    ]
    found += [tag["src"] for tag in html.find_all(src=True)]
    found += [tag["poster"] for tag in html.find_all(poster=True)]
    for name in ("srcset", "imagesrcset"):
        for tag in html.find_all(attrs={name: True}):
            found += candidates(tag[name])
    return found


def candidates(srcset: str | None) -> list[str]:
    """The addresses in a list of pictures' sizes."""
    return [part.split()[0] for part in (srcset or "").split(",") if part.strip()]
