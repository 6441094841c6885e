"""Tables as files for spreadsheets, whose cells do nothing there."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None
ACTING = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV in which no text is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_harmless(cell) for cell in row] for row in rows)
    return text.getvalue()


def _harmless(cell: Cell) -> Cell:
    """Return a cell that is shown, not worked out. Source: OWASP, CSV injection."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(ACTING):
        return f"'{cell}"
    return "" if cell is None else cell
