"""Reading the pictures that came with a form, and making them anew.

Decodes and encodes, so not inside a transaction. What the camera wrote beside the pixels, such as
where it was, is left out.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from PIL import Image
from PIL.Image import Resampling
from werkzeug.datastructures import FileStorage

from storefront.languages import gettext, lazy_gettext
from storefront.media.making import WEBP, clean
from storefront.media.reading import RefusedError, read

MOST = 3  # pictures of one form
MOST_BYTES = 8 * 1024 * 1024  # of one
LARGE, SMALL = 1600, 320  # pixels of the longer side
AGAIN = lazy_gettext(
    "Choose your pictures again: a browser does not keep them when something else was wrong."
)


@dataclass(frozen=True, slots=True)
class Made:
    """A picture made anew, in two sizes, as WebP. width, height: pixels of the large one."""

    large: bytes
    small: bytes
    width: int
    height: int


def pictures_from(files: Sequence[FileStorage], most: int = MOST) -> list[Made]:
    """Return the pictures that were sent, none where none was; or RefusedError, for people."""
    sent = [file for file in files if file.filename]
    if len(sent) > most:
        message = gettext("Send at most %(most)s pictures.", most=most)
        raise RefusedError(message)
    return [_made(file) for file in sent]


def _made(file: FileStorage) -> Made:
    content, name = file.stream.read(MOST_BYTES + 1), file.filename or ""
    if len(content) > MOST_BYTES:
        message = gettext(
            "%(file)s: it is larger than %(most)s MB. Save it smaller.",
            file=_shown(name),
            most=MOST_BYTES // 1024**2,
        )
        raise RefusedError(message)
    try:
        read(content, name, file.mimetype or "")
        whole = clean(content)
    except RefusedError as wrong:
        message = f"{_shown(name)}: {wrong}"
        raise RefusedError(message) from None
    except (OSError, ValueError, SyntaxError):
        message = gettext(
            "%(file)s: it could not be read. Save it again in a picture program.", file=_shown(name)
        )
        raise RefusedError(message) from None
    large = _within(whole, LARGE)
    return Made(_saved(large), _saved(_within(whole, SMALL)), large.width, large.height)


def _within(whole: Image.Image, side: int) -> Image.Image:
    longest = max(whole.size)
    if longest <= side:
        return whole
    size = (max(1, round(it * side / longest)) for it in whole.size)
    return whole.resize((next(size), next(size)), Resampling.LANCZOS)


def _saved(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "WEBP", **WEBP)
    return out.getvalue()


def _shown(name: str) -> str:
    """Return a file's name as its sender may read it again."""
    plain = "".join(
        sign for sign in name.replace("\\", "/").rpartition("/")[2] if sign.isprintable()
    )
    return plain[-60:] or gettext("The picture")
