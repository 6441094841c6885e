"""What a file is that somebody calls a picture: its bytes say so, or it is refused with a reason.

The pixels are counted before any is decoded. Nothing here keeps anything.
"""

import io
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath
from types import MappingProxyType
from typing import NoReturn

from PIL import Image, UnidentifiedImageError

from storefront.languages import gettext, lazy_gettext

MOST_BYTES = 20 * 1024 * 1024
MILLIONS = 40
MOST_PIXELS = MILLIONS * 1_000_000
LONGEST_SIDE = 16_383  # what WebP holds
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF")
TYPES: Mapping[str, str] = MappingProxyType({name: f"image/{name.lower()}" for name in FORMATS})
_ENDINGS: Mapping[str, str] = MappingProxyType(
    {".jpg": "JPEG", ".jpeg": "JPEG", ".jpe": "JPEG", ".jfif": "JPEG"}
    | {".png": "PNG", ".webp": "WEBP", ".avif": "AVIF"}
)
_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "JPEG": lazy_gettext("a JPEG"),
        "PNG": lazy_gettext("a PNG"),
        "WEBP": lazy_gettext("a WebP"),
        "AVIF": lazy_gettext("an AVIF"),
    }
)
_DRAWING = re.compile(
    rb"\s*(<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype[^>]*>\s*)*<svg\b", re.IGNORECASE | re.DOTALL
)
_SCRIPT = re.compile(rb"<script\b|<html\b|<svg\b|<iframe\b|<\?php|javascript:", re.IGNORECASE)
_PDF_WITHIN = 1024  # where readers of PDF look for its beginning


class RefusedError(ValueError):
    """A file is no picture that the shop takes; the message says why to people."""


@dataclass(frozen=True, slots=True)
class Read:
    """A picture as it came. width, height: pixels as it is seen, turned as the camera says."""

    media_type: str
    width: int
    height: int


def read(content: bytes, filename: str, declared: str = "") -> Read:
    """Return what a file is, or raise RefusedError. declared: the type its sender named."""
    if not content:
        _refuse(gettext("The file is empty."))
    if len(content) > MOST_BYTES:
        _refuse(
            gettext("It is larger than %(most)s MB. Save it smaller.", most=MOST_BYTES // 1024**2)
        )
    if _DRAWING.match(content[:4096]):
        _refuse(gettext("An SVG drawing can hold a script. Save it as PNG or WebP."))
    kind, size = _sniffed(content)
    _refuse_lie(kind, filename, declared)
    _refuse_second_meaning(content)
    turned = _decoded(content)
    return Read(TYPES[kind], *(size[::-1] if turned else size))


def _sniffed(content: bytes) -> tuple[str, tuple[int, int]]:
    """Return the format and the size in pixels; nothing is decoded yet."""
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            kind, size = str(image.format), image.size
            frames = getattr(image, "n_frames", 1)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        _refuse(gettext("It has more than %(most)s million pixels.", most=MILLIONS))
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError):
        _refuse(
            gettext("It is no JPEG, PNG, WebP or AVIF, or it is broken. Choose another picture.")
        )
    if size[0] * size[1] > MOST_PIXELS:
        _refuse(
            gettext(
                "It has %(width)s by %(height)s pixels: more than %(most)s million.",
                width=size[0],
                height=size[1],
                most=MILLIONS,
            )
        )
    if max(size) > LONGEST_SIDE:
        _refuse(
            gettext(
                "It is %(long)s pixels long; at most %(most)s are taken.",
                long=max(size),
                most=LONGEST_SIDE,
            )
        )
    if kind == "MPO":  # a JPEG with a second view behind the first, as some cameras write it
        return "JPEG", size
    if frames > 1:
        _refuse(gettext("It moves. Only still pictures are taken."))
    return kind, size


def _refuse_lie(kind: str, filename: str, declared: str) -> None:
    ending = PurePath(filename.replace("\\", "/")).suffix.lower()
    if _ENDINGS.get(ending) != kind:
        ends = gettext("Its name ends in %(ending)s, but it is %(kind)s. Name it as what it is.")
        bare = gettext("Its name has no ending, but it is %(kind)s. Name it as what it is.")
        _refuse((ends if ending else bare) % {"ending": ending[:12], "kind": _NAMES[kind]})
    told = declared.partition(";")[0].strip().lower().replace("image/jpg", "image/jpeg")
    if told not in {TYPES[kind], "application/octet-stream", ""}:
        _refuse(
            gettext(
                "It was sent as %(told)s, but it is %(kind)s.", told=told[:40], kind=_NAMES[kind]
            )
        )


def _refuse_second_meaning(content: bytes) -> None:
    """Refuse a picture that is something else too, for a program that reads it otherwise."""
    if _SCRIPT.search(content):
        _refuse(gettext("There is a script in it. Save it again in a picture program."))
    if zipfile.is_zipfile(io.BytesIO(content)) or b"%PDF-" in content[:_PDF_WITHIN]:
        _refuse(gettext("There is another file in it. Save it again in a picture program."))


def _decoded(content: bytes) -> bool:
    """Decode all of it, coarsely where the format can; say whether it is to be turned on its side.

    A file that ends too early shows only now.
    """
    try:
        with Image.open(io.BytesIO(content), formats=FORMATS) as image:
            image.draft("RGB", (max(1, image.width // 8), max(1, image.height // 8)))
            image.load()
            return image.getexif().get(0x0112, 1) in {5, 6, 7, 8}  # EXIF's orientation
    except (OSError, ValueError, SyntaxError, EOFError, Image.DecompressionBombError):
        _refuse(gettext("It ends too early or is broken. Send it again."))


def _refuse(message: str) -> NoReturn:
    raise RefusedError(message)
