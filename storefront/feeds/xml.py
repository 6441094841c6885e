"""XML that others read: only characters that it may hold, as an answer."""

import re
from xml.etree import ElementTree as ET

from flask import Response

# Source: XML 1.0, production 2, Char.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def add(parent: ET.Element, tag: str, text: str = "", **attributes: str) -> ET.Element:
    """Add an element with a text; what XML cannot hold is left out."""
    kept = {name: _FORBIDDEN.sub("", value) for name, value in attributes.items()}
    child = ET.SubElement(parent, tag, kept)
    child.text = _FORBIDDEN.sub("", text) or None
    return child


def answer(root: ET.Element, mimetype: str) -> Response:
    """Return a document as an answer."""
    content = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return Response(content, content_type=f"{mimetype}; charset=utf-8")
