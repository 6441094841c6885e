"""A log as a table for spreadsheets, and as JSON."""

from collections.abc import Iterable
from typing import Any

from models import Practice
from storefront import spreadsheet

COLUMNS = (
    *("done_at", "title", "seconds", "pain_before", "pain_after", "note"),
    *("url", "key"),
)


def as_csv(practices: Iterable[Practice]) -> str:
    """Return sessions as CSV; no cell is one that a spreadsheet would compute."""
    rows = [[row[name] for name in COLUMNS] for row in as_records(practices)]
    return spreadsheet.as_csv(COLUMNS, rows)


def as_records(practices: Iterable[Practice]) -> list[dict[str, Any]]:
    """Return sessions as they stand in JSON, in the form in which a browser sends them."""
    return [
        {name: getattr(it, name) for name in COLUMNS}
        | {"done_at": it.done_at.isoformat(timespec="seconds")}
        for it in practices
    ]
