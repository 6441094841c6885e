"""Static files under names that change with their content, compressed beforehand.

A list such as ``static/css/site.txt`` or ``static/js/site.txt`` names the sheets and scripts, one
a line, that are joined into ``site.css`` and ``site.js``: many small files to read, one for the
browser to fetch.
"""

import gzip
import hashlib
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import quote
from wsgiref.headers import Headers

import brotli
from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise

from storefront.config import ROOT, Settings

STATIC = ROOT / "static"
MOST = 4096  # sets of files that are kept as HTML has them; then it begins anew
COMPRESSIBLE = frozenset({".css", ".js", ".svg", ".json", ".txt"})
_FIGURE = re.compile(r'(?<= src=")/static/(img/[^"#?]+)')
_URL = re.compile(r'url\("\.\./([^"]+)"\)')
_REMARK = re.compile(r"/\*.*?\*/", re.DOTALL)  # no sheet of ours has one within a string
_INDENT = re.compile(r"\n\s+")


class Picture(Protocol):
    """A picture in several widths, in pixels; ``file`` is one of its files, as ``url`` takes it."""

    width: Any
    widths: Any

    def file(self, width: int, suffix: str) -> str:
        """Return the file of a width and a kind."""


class Assets:
    """Knows the address of every static file; ``asset("css/site.css")`` in templates."""

    def __init__(self, settings: Settings) -> None:
        """Fingerprint every file; write the compressed ones into the instance folder, once."""
        self._made = settings.instance / "assets"
        self._made.mkdir(parents=True, exist_ok=True)
        self._urls: dict[str, str] = {}
        self._files: dict[str, Path] = {}
        self._srcsets: dict[tuple[object, ...], str] = {}
        for path in sorted(STATIC.rglob("*")):
            if path.is_file():
                self._add(path.relative_to(STATIC).as_posix(), path.read_bytes(), path)
        for kind in ("css", "js"):
            for order in sorted((STATIC / kind).glob("*.txt")):
                self._add(f"{kind}/{order.stem}.{kind}", self._joined(order), None)

    def url(self, name: str) -> str:
        """Return the address of a static file; one that is missing keeps its plain address.

        What begins with a slash is an address already, such as that of an uploaded picture.
        """
        if name.startswith("/"):
            return name
        return self._urls.get(name, f"/static/{name}")

    def within(self, name: str, target: str = "") -> str:
        """Return a drawing as an address that holds it whole; what is none keeps its address.

        target: the part that is to be shown, such as ``#de``, which may not follow such an address.
        Source: RFC 2397, no fragment.
        """
        url = self.url(name)
        if not url.endswith(".svg") or url not in self._files:
            return url + target
        drawn = self._files[url].read_text(encoding="utf-8")
        if target:
            drawn = drawn.replace(f"{target}:target", target)
        return f"data:image/svg+xml,{quote(drawn, safe='/:;,=@!$()*+?')}"

    def prose(self, html: str) -> Markup:
        """Return rendered text as a page shows it: its figures by names that change with them.

        Such a file is kept for good and comes compressed; the text itself, which is kept and goes
        out in feeds and mails too, has the names that stay.
        """
        drawn = _FIGURE.sub(lambda found: self.url(found[1]), html)
        return Markup(drawn)  # noqa: S704 (storefront.text has made it safe)

    def srcset(self, image: Picture, suffix: str) -> str:
        """Return the files of a picture with their widths, as HTML's ``srcset`` has them."""
        widths = image.widths or [image.width]
        key = (image.file(0, suffix), *widths)  # the names of its files differ by width alone
        made = self._srcsets.get(key)
        if made is None:
            made = ", ".join(f"{self.url(image.file(it, suffix))} {it}w" for it in widths)
            if len(self._srcsets) >= MOST:
                self._srcsets.clear()
            self._srcsets[key] = made
        return made

    def init_app(self, app: Flask) -> None:
        """Serve the files before the app is asked: no session, no database, no log line."""
        app.jinja_env.filters["prose"] = self.prose
        served = WhiteNoise(
            app.wsgi_app,
            root=STATIC,
            prefix="static/",
            max_age=3600,
            allow_all_origins=False,
            immutable_file_test=r"^/static/.+\.[0-9a-f]{12}\.[a-z0-9]+$",
            add_headers_function=_add_headers,
        )
        for url, path in self._files.items():
            served.add_file_to_dictionary(url, str(path))
        app.wsgi_app = served  # type: ignore[method-assign]

    def _joined(self, order: Path) -> bytes:
        """Return the listed files as one; what they name by url() by its changing name.

        Sheets lose their comments and indentation.
        """
        names = order.read_text(encoding="utf-8").split()
        text = "\n".join((order.parent / name).read_text(encoding="utf-8") for name in names)
        if order.parent.name == "css":  # a sixth of what a browser would fetch
            text = _INDENT.sub("\n", _REMARK.sub("", text))
        return _URL.sub(lambda found: f'url("{self.url(found[1])}")', text).encode()

    def _add(self, name: str, content: bytes, path: Path | None) -> None:
        stem, dot, suffix = name.rpartition(".")
        digest = hashlib.sha256(content).hexdigest()[:12]
        self._urls[name] = url = f"/static/{stem}.{digest}{dot}{suffix}"
        if path is None or f".{suffix}" in COMPRESSIBLE:
            path = self._made / f"{digest}.{suffix}"
            _write_compressed(path, content)
        self._files[url] = path


def _add_headers(headers: Headers, path: str, url: str) -> None:
    del path
    if url.startswith("/static/next-pages."):
        headers["Content-Type"] = "application/speculationrules+json"
    headers["X-Content-Type-Options"] = "nosniff"
    # Pictures are shown by feed readers and in mails too.
    is_picture = url.startswith("/static/img/")
    headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_picture else "same-origin"


def _write_compressed(path: Path, content: bytes) -> None:
    """Write the file with its .br and .gz beside it; several processes may do so at once."""
    _write(path.with_name(path.name + ".br"), lambda: bytes(brotli.compress(content, quality=11)))
    _write(path.with_name(path.name + ".gz"), lambda: gzip.compress(content, 9, mtime=0))
    _write(path, lambda: content)


def _write(target: Path, make: Callable[[], bytes]) -> None:
    if not target.exists():
        part = target.with_name(f"{target.name}.{os.getpid()}")
        part.write_bytes(make())
        part.replace(target)
