"""The references that a text cites, and the text rendered with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Reference
from storefront.text import cited, render

_DEFINED = re.compile(r"^ {0,3}\[\^([a-z0-9][a-z0-9-]*)\]:", re.MULTILINE)


class UnknownReferenceError(ValueError):
    """A text cites keys of which the shop has no reference; the message names them."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A text as HTML. references: those that it cites, in the order of their first use."""

    html: str
    references: Sequence[Reference]


def rendered(session: Session, markdown: str, *, notes: str | None = None) -> Rendered:
    """Render a text with its footnotes, or raise UnknownReferenceError.

    A footnote that the text itself defines (``[^key]: words``) needs no reference. notes: as
    ``storefront.text.render`` takes it.
    """
    keys = cited(markdown)
    found = session.scalars(select(Reference).where(Reference.key.in_(keys))).all()
    rows = {row.key: row for row in found}
    unknown = [key for key in keys if key not in rows and key not in _DEFINED.findall(markdown)]
    if unknown:
        names = ", ".join(f"[^{key}]" for key in unknown)
        message = f"No reference is known as {names}. Correct the key, or take it out."
        raise UnknownReferenceError(message)
    citations = {key: row.markdown for key, row in rows.items()}
    return Rendered(
        render(markdown, citations, notes=notes), [rows[key] for key in keys if key in rows]
    )
