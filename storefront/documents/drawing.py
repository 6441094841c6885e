"""Draws a page of data as PDF; what was typed comes as data, never as markup."""

import json
import re
from io import BytesIO
from pathlib import Path
from typing import Any

from models import Document
from storefront.config import ROOT
from storefront.typesetting import typeset

HERE = Path(__file__).parent
FACES = ROOT / "storefront" / "feeds" / "faces"
# Control characters, halves of characters, and pictures in the text, which the faces lack.
_UNDRAWN = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u200d\ufe0f\U0001f000-\U0001faff]+")
_LONG_WORD = re.compile(r"\S{17,}")
_PIECE = re.compile(r"\S{8}")
_AS_IT_IS = {"barcode", "where"}  # a drawing and an address


def pdf(template: str, page: dict[str, Any], *, own_faces_only: bool = True) -> bytes:
    """Return a page as PDF, the same bytes for the same page on every machine.

    template: one of the ``.typ`` files beside this one. own_faces_only: else scripts that our faces
    lack are drawn with those of the machine, and the bytes depend on it. Raises TypesettingError.
    """
    return typeset(
        HERE / f"{template}.typ",
        root=str(ROOT),
        font_paths=[str(FACES)],
        ignore_system_fonts=own_faces_only,
        format="pdf",
        sys_inputs={"page": json.dumps(_drawable(page))},
    )


def document(issued: Document) -> bytes:
    """Return an issued document as PDF, always the same bytes."""
    return pdf("statement", {**issued.content["page"], "label": issued.label})


def barcode(text: str) -> str:
    """Return a Code 128 barcode as SVG, without the text below it."""
    from barcode import Code128
    from barcode.writer import SVGWriter

    drawn = BytesIO()
    bare = {"margin_top": 0, "margin_bottom": 0}
    plain = {"write_text": False, "quiet_zone": 0, "module_height": 10.0, **bare}
    Code128(text, writer=SVGWriter()).write(drawn, plain)
    return drawn.getvalue().decode()


def _drawable(value: Any) -> Any:
    """Return data whose texts have nothing that no face draws, and break wherever they must."""
    if isinstance(value, dict):
        return {name: it if name in _AS_IT_IS else _drawable(it) for name, it in value.items()}
    if isinstance(value, list):
        return [_drawable(it) for it in value]
    if isinstance(value, str):
        readable = " ".join(_UNDRAWN.sub(" ", value).split())
        return _LONG_WORD.sub(_breakable, readable)
    return value


def _breakable(word: re.Match[str]) -> str:
    return _PIECE.sub("\\g<0>\N{ZERO WIDTH SPACE}", word[0])
