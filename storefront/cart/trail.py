"""Which texts led to a cart: told by the addresses of links and pages, stored with no visitor.

A link from a text to a product carries ``?from=`` with the text's address. So the page that a form
was sent from tells the text before it; with script, the form tells the first text of the visit too.
"""

import re
from dataclasses import dataclass
from html import escape, unescape
from urllib.parse import parse_qs, quote, urlsplit

from flask import request

from models.language import OTHERS

_HANDLE = "[a-z0-9][a-z0-9-]{0,119}"
# What a text's address looks like; mail:<sequence>-<n> is the n-th mail of a sequence.
_CONTENT = re.compile(
    rf"/blogs/{_HANDLE}/{_HANDLE}|/(?:pages|muscles|routines)/{_HANDLE}"
    rf"|/where-does-it-hurt(?:/{_HANDLE})?|/glossary|mail:{_HANDLE}-[0-9]{{1,2}}"
)
_PRODUCT = "/products/"
_PRODUCT_LINK = re.compile(rf'href="({_PRODUCT}[^"]*)"')
_LANGUAGE = re.compile(rf"/(?:{'|'.join(OTHERS)})(?=/)")  # which a page was in does not matter
MOST_ARGUMENTS = 20


@dataclass(frozen=True, slots=True)
class Trail:
    """The first and the last text before something was added to a cart."""

    first: str
    last: str


def content_of(address: str | None) -> str | None:
    """Return a text's address without query and fragment, at most 300 signs; None for all else."""
    path = (address or "").partition("#")[0].partition("?")[0].removesuffix("/")
    return path if _CONTENT.fullmatch(path) else None


def trail() -> Trail | None:
    """Return what this request of the add form tells of the texts before it, or None.

    What the form says goes before what the browser says of the page that it was on; whatever is
    no text's address counts as not said. Nobody is refused for it.
    """
    last = content_of(request.form.get("last_content"))
    last = last or content_before(request.referrer, request.host)
    first = content_of(request.form.get("first_content")) or last
    return Trail(first, last or first) if first else None


def content_before(page: str | None, host: str) -> str | None:
    """Return the text that a page of this host is, or that led to it where it is a product's."""
    try:
        parts = urlsplit(page or "")
        if parts.netloc != host:
            return None
        path = _LANGUAGE.sub("", parts.path, count=1) if _LANGUAGE.match(parts.path) else parts.path
        if not path.startswith(_PRODUCT):
            return content_of(path)
        came = parse_qs(parts.query, max_num_fields=MOST_ARGUMENTS).get("from", [""])
    except ValueError:  # an address that is none
        return None
    return content_of(came[0])


def from_here(address: str) -> str:
    """Return a product's address with the text that this page is, or that led to it.

    Depends on the address of the page alone, so every visitor gets the same.
    """
    is_product = request.path.startswith(_PRODUCT)
    here = content_of(request.args.get("from") if is_product else request.path)
    if here is None or not address.startswith(_PRODUCT):
        return address
    plain, mark, fragment = address.partition("#")
    return f"{plain}{'&' if '?' in plain else '?'}from={quote(here, safe='/:')}{mark}{fragment}"


def links_from_here(html: str) -> str:
    """Return rendered HTML in which links to products say which text this page is."""
    return _PRODUCT_LINK.sub(lambda it: f'href="{escape(from_here(unescape(it[1])))}"', html)
