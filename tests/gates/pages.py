"""Every kind of page in every state that a form or an address can bring it into, as HTML."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urljoin, urlsplit

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException

from tests.browser import Page, filled, visit
from tests.crawl import crawl, links_of

SITE = "http://localhost"
TYPED = {"date": "9999-12-31", "datetime-local": "9999-12-31T23:59", "number": "-1"}
LIKE = 2  # pages of one address rule with the same names in the query
ENDS = re.compile(r"/(logout|clear|sign-ins|login|erase)\b")  # what is looked at ends with them


def public(client: FlaskClient) -> dict[str, Page]:
    """Every page that links lead to from the first, in every language."""
    pages, _ = crawl(client)
    return {address: page for address, page in pages.items() if is_html(page)}


def refused(app: Flask, client: FlaskClient, pages: Iterable[Page]) -> dict[str, Page]:
    """What each kind of form on these pages answers to nothing typed, and to what cannot be.

    Fields that a browser lets nobody type odd things into get what it would send.
    """
    adapter = app.url_map.bind("localhost", default_method="POST")
    asked: set[object] = set()
    answers: dict[str, Page] = {}
    for page in pages:
        for form in page.html.find_all("form", method="post"):
            action = urljoin(page.url, form.get("action") or page.url)
            kind = _kind(adapter, action)
            if kind in asked or ENDS.search(action):
                continue
            asked.add(kind)
            for typed in ("", "\u00ff<b>&"):
                data = dict.fromkeys(filled(form), typed)
                given = {tag["name"]: TYPED[tag["type"]] for tag in form.find_all(type=[*TYPED])}
                answers[f"{action} with {typed!r}"] = _sent(client, action, data | given)
    return {key: page for key, page in answers.items() if is_html(page)}


def below(app: Flask, client: FlaskClient, parts: tuple[str, ...], *starts: str) -> dict[str, Page]:
    """Pages under these parts of the shop that links lead to, a few of each kind."""
    adapter = app.url_map.bind("localhost")
    seen: Counter[object] = Counter()
    pages: dict[str, Page] = {}
    waiting = [*starts, *_plain_addresses(app, parts)]
    while waiting:
        address = waiting.pop(0)
        kind = _kind(adapter, address)
        if address in pages or kind is None or seen[kind] >= LIKE:
            continue
        seen[kind] += 1
        page = visit(client, address)
        if is_html(page):
            pages[address] = page
            links = (urljoin(address, link).partition("#")[0] for link in links_of(page.html))
            waiting += [link for link in links if link.startswith(parts)]
    return pages


def broken(client: FlaskClient) -> dict[str, Page]:
    """The pages of a wrong address."""
    pages = {"404": visit(client, "/nowhere"), "404 de": visit(client, "/de/nowhere")}
    pages["405"] = _sent(client, f"{SITE}/search", {})
    return pages


def is_html(page: Page) -> bool:
    """Say whether an answer is a whole page: no file, no part that a script asked for."""
    is_text = page.response.mimetype == "text/html"
    return is_text and page.response.text.lstrip()[:9].lower() == "<!doctype"


def _sent(client: FlaskClient, action: str, data: dict[str, str]) -> Page:
    origin = {"Origin": SITE, "Referer": action}
    response = client.post(action, data=data, headers=origin, follow_redirects=False)
    return Page(client, response, action)


def _plain_addresses(app: Flask, parts: tuple[str, ...]) -> Iterator[str]:
    """Addresses without a part to fill in."""
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith(parts) and "GET" in rule.methods and not rule.arguments:
            yield rule.rule


def _kind(adapter, address: str) -> object:
    """Return what an address is like; None where it leads nowhere."""
    parts = urlsplit(address)
    is_german = parts.path == "/de" or parts.path.startswith("/de/")
    try:
        endpoint, _ = adapter.match(parts.path.removeprefix("/de" if is_german else "") or "/")
    except HTTPException:
        return None
    return endpoint, is_german, frozenset(name for name, _ in parse_qsl(parts.query))
