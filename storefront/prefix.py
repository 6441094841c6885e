"""A page in another language stands below that language's prefix: ``/de/products/ql-claw``.

WSGI knows such a thing: what an app is mounted at. So routes know nothing of it, ``url_for`` puts
the prefix before what it makes, and what is the same address is the same page for every cache.
"""

import re
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask, Response, g, request

from models.language import LANGUAGES, OTHERS, OWN, language, prefix, speaking
from storefront.extensions import db
from storefront.paging import asked_page

# What there is once: the back office speaks the shop's own language, machines and files none.
ONCE = ("staff", "static", "media", "dev", "webhooks", "healthz", "readyz", "metrics")
_ONCE = "|".join((*OTHERS, *ONCE))
# A link of a page to another one. Links that name a language (hreflang) lead there as they are.
_LINK = re.compile(
    rf'(?<!hreflang="[a-z][a-z]")( (?:href|action|formaction)=")/(?!/|(?:{_ONCE})(?=["/?#]))'
)
_HERE = re.compile(rf"/(?!/|(?:{_ONCE})(?:[/?#]|$))")


class Mounted:
    """Serves the app once for each language."""

    def __init__(self, app: Any) -> None:
        """Remember the app."""
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer in the language that the address begins with."""
        code, rest = _parted(environ.get("PATH_INFO", ""))
        if code != OWN:
            script = environ.get("SCRIPT_NAME", "")
            environ = environ | {"SCRIPT_NAME": f"{script}{prefix(code)}", "PATH_INFO": rest}
        with speaking(code):
            answer: Iterable[bytes] = self._app(environ, start_response)
            return answer


def _parted(path: str) -> tuple[str, str]:
    """Return the language of an address, and the address below it."""
    _, _, rest = path.partition("/")
    code, _, below = rest.partition("/")
    if code not in OTHERS or below.partition("/")[0] in ONCE:
        return OWN, path
    return code, f"/{below}"


def in_language(address: str) -> str:
    """Return an address within the shop as it is in the language spoken now; others as they are.

    ``/products/x`` is ``/de/products/x`` in German.
    """
    return prefix() + address if language() != OWN and _HERE.match(address) else address


def keep(response: Response) -> Response:
    """Let what a page links to, and where a form leads on to, be in the page's language too.

    Texts, menus and rows name addresses without a language; here they get one, in one place.
    """
    if language() == OWN:
        return response
    if "Location" in response.headers:
        response.headers["Location"] = in_language(response.headers["Location"])
    if response.mimetype == "text/html" and not response.direct_passthrough:
        html = response.get_data(as_text=True)
        response.set_data(_LINK.sub(rf"\1{prefix()}/", html))
    return response


def alternatives() -> list[tuple[str, str, str]]:
    """Return the present address in each language: its code, its name, the address.

    What was sent by a form has no address to come back to, and a missing page is missing in each
    language: there it is the home page's.
    """
    has_one = request.method in {"GET", "HEAD"} and not g.get("is_missing")
    here = quote(request.path) if has_one else "/"
    number = (has_one and asked_page()) or 1
    query = f"?page={number}" if number > 1 else ""
    return [(code, name, f"{prefix(code)}{here}{query}") for code, name in LANGUAGES.items()]


def look() -> None:
    """Read translations anew, where they have changed, before a page that shows them."""
    if language() != OWN and request.method in {"GET", "HEAD"}:
        db.sessions.memory.look()


def init_app(app: Flask) -> None:
    """Bind the languages to an app."""
    app.before_request(look)
    app.after_request(keep)
    app.wsgi_app = Mounted(app.wsgi_app)  # type: ignore[method-assign]  # Flask's documented way
