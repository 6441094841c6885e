"""Draws share pictures, and keeps each as a file below the instance folder."""

import re
from pathlib import Path
from uuid import uuid4

from storefront.config import ROOT
from storefront.feeds.pictures import Picture
from storefront.logs import log
from storefront.typesetting import typeset

HERE = Path(__file__).parent
PIXELS_PER_INCH = 72.0  # one to a point: the page of share.typ is 1200 by 630 points
LONGEST_TITLE = 200
# Control characters and halves of characters; and pictures in the text, which the faces lack.
_UNDRAWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200d\ufe0f\U0001f000-\U0001faff]+")
_LONG_WORD = re.compile(r"[^\s\N{ZERO WIDTH SPACE}]{16}")


def kept(folder: Path, picture: Picture, brand: str, digest: str) -> bytes:
    """Return the picture from its file, drawn at the first call.

    One file for each page: what it showed before is removed. Where the disk takes no file, the
    picture is drawn all the same. Raises TypesettingError where it cannot be drawn.
    """
    place = folder / picture.kind / picture.handle
    path = place / f"{digest}.png"
    try:
        return path.read_bytes()
    except OSError:
        drawn = draw(picture, brand)
    try:
        _replace(path, drawn)
    except OSError:
        log.exception("share picture not kept")
    return drawn


def draw(picture: Picture, brand: str) -> bytes:
    """Return a picture as PNG, 1200 by 630 pixels, always the same for the same content.

    The faces are those of the shop and of the library: what the machine has does not matter.
    """
    image = picture.image if picture.image and (ROOT / "static" / picture.image).is_file() else None
    return typeset(
        HERE / "share.typ",
        root=str(ROOT),
        font_paths=[str(HERE / "faces")],
        ignore_system_fonts=True,
        format="png",
        ppi=PIXELS_PER_INCH,
        sys_inputs={
            "brand": brand,
            "label": picture.label,
            "title": _breakable(picture.title),
            "image": f"/static/{image}" if image else "",
        },
    )


def _breakable(title: str) -> str:
    """Return a title without what no face draws, and with places to break a word of any length."""
    readable = " ".join(_UNDRAWN.sub(" ", title).split())[:LONGEST_TITLE]
    return _LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", readable)


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.{uuid4().hex}")  # several may draw it at once
    part.write_bytes(content)
    part.replace(path)
    for other in path.parent.glob("*.png"):
        if other != path:
            other.unlink(missing_ok=True)
