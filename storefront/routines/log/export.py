"""A log as a table for spreadsheets, and as JSON."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from models import Practice

COLUMNS = (
    *("done_at", "title", "seconds", "pain_before", "pain_after", "note"),
    *("url", "key"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(practices: Iterable[Practice]) -> str:
    """Return sessions as CSV; no cell is one that a spreadsheet would compute."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(COLUMNS)
    for row in as_records(practices):
        writer.writerow([_harmless(row[name]) for name in COLUMNS])
    return written.getvalue()


def as_records(practices: Iterable[Practice]) -> list[dict[str, Any]]:
    """Return sessions as they stand in JSON, in the form in which a browser sends them."""
    return [
        {name: getattr(it, name) for name in COLUMNS}
        | {"done_at": it.done_at.isoformat(timespec="seconds")}
        for it in practices
    ]


def _harmless(value: Any) -> Any:
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value
