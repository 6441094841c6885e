"""Tables as files for spreadsheets, whose cells do nothing there."""

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None
BYTE_ORDER_MARK = "\ufeff"  # without it, Excel takes UTF-8 for Windows-1252
ACTING = ("=", "+", "-", "@", "\t", "\r", "\n")


def as_csv(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Return a table as CSV in which no text is a formula."""
    return "".join(csv_lines(head, rows))


def csv_lines(head: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Iterator[str]:
    """Yield the lines of such a table, one by one: a long one never stands in memory whole."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in itertools.chain((head,), rows):
        writer.writerow([harmless(cell) for cell in row])
        yield text.getvalue()
        text.seek(0)
        text.truncate()


def harmless(cell: Cell) -> Cell:
    """Return a cell that is shown, not worked out. Source: OWASP, CSV injection.

    What begins so already is marked once more, so that ``plain`` gives each text back as it was.
    """
    if isinstance(cell, str) and cell.lstrip(" '").startswith(ACTING):
        return f"'{cell}"
    return "" if cell is None else cell


def plain(text: str) -> str:
    """Return what a cell of our own files said before it was made harmless."""
    is_marked = text.startswith("'") and text.lstrip(" '").startswith(ACTING)
    return text[1:] if is_marked else text
