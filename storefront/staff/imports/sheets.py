"""A file that staff send in, as rows of text: CSV in what spreadsheets write, or XLSX.

What it is, its own bytes say; its name is never asked. Rows are counted as spreadsheets count
them: empty ones too.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time
from itertools import islice

MOST_BYTES = 5 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 100
LONGEST_CELL = 32_767  # what spreadsheets hold in one
HEAD = 60_000  # signs of a first line that surely show its delimiter
MOST_UNPACKED = 60 * 1024 * 1024
MOST_PARTS = 1000  # files in the archive that an XLSX is
DELIMITERS = ",;\t"
Row = list[str]
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_BINARY = re.compile("[\x00-\x08\x0e-\x1f]")
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class SheetError(ValueError):
    """This is no file that can be read; the message says why to people, and what to do."""


def as_csv(content: bytes) -> tuple[str, int]:
    """Return a file's rows as CSV, with commas, and how many there are; raises SheetError."""
    if len(content) > MOST_BYTES:
        message = f"The file is larger than {MOST_BYTES // 1024 // 1024} MB. Split it into parts."
        raise SheetError(message)
    rows = _of_workbook(content) if content.startswith(b"PK") else _of_text(content)
    text, count = io.StringIO(), 0
    writer = csv.writer(text, lineterminator="\n")
    for row in _checked(rows):
        writer.writerow(row)
        count += 1
    return text.getvalue(), count


def rows_of(text: str) -> Iterator[tuple[int, Row]]:
    """Yield each row of such CSV that is not empty, with its number in the spreadsheet."""
    for number, row in enumerate(csv.reader(io.StringIO(text, newline="")), start=1):
        if any(row):
            yield number, row


def _checked(rows: Iterable[Row]) -> Iterator[Row]:
    """Refuse what is too long, too wide or unreadable."""
    for number, row in enumerate(rows, start=1):
        cells = [cell.strip() for cell in row]
        while cells and not cells[-1]:
            cells.pop()
        if number > MOST_ROWS + 1:
            message = f"There are more than {MOST_ROWS} rows. Split the file into parts."
            raise SheetError(message)
        if len(cells) > MOST_COLUMNS:
            message = f"Row {number} has more than {MOST_COLUMNS} columns."
            raise SheetError(message)
        if any(len(cell) > LONGEST_CELL for cell in cells):
            message = f"Row {number} has a cell of more than {LONGEST_CELL} characters. Shorten it."
            raise SheetError(message)
        if any(map(_UNREADABLE.search, cells)):
            message = f"Row {number} has signs that cannot be read. Save the file anew as CSV."
            raise SheetError(message)
        yield cells


def _of_text(content: bytes) -> Iterator[Row]:
    text = _decoded(content)
    first = next((line for line in text.splitlines() if line.strip()), "")
    if not first:
        message = "The file is empty."
        raise SheetError(message)
    head = [first[:HEAD]]
    delimiter = max(DELIMITERS, key=lambda sign: len(next(csv.reader(head, delimiter=sign))))
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as wrong:
        message = f"Line {reader.line_num} is no CSV: {wrong}. Save the file anew as CSV or XLSX."
        raise SheetError(message) from None


def _decoded(content: bytes) -> str:
    """Return the text of UTF-8, of what Excel calls Unicode text, or of Windows-1252."""
    if content.startswith(_OLD_EXCEL):
        message = "This is an old Excel file. Save it as .xlsx or as CSV."
        raise SheetError(message)
    text = ""
    for encoding in _encodings(content):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        break
    if _BINARY.search(text):
        message = "This is no spreadsheet. Send a CSV or an XLSX file."
        raise SheetError(message)
    return text


def _encodings(content: bytes) -> tuple[str, ...]:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ("utf-16", "latin-1")
    return ("utf-8-sig", "cp1252", "latin-1")  # the last takes anything


def _of_workbook(content: bytes) -> Iterator[Row]:
    """Yield the rows of an XLSX's first sheet; nothing is worked out, nothing unpacked unseen."""
    from openpyxl import load_workbook

    _refuse_bomb(content)
    book = None
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what it says of its own size may be a lie
        # Further rows than may be, so that the one too many is seen.
        for cells in islice(sheet.iter_rows(values_only=True), MOST_ROWS + 2):
            yield [_text(cell) for cell in _narrow(cells)]
    except SheetError:
        raise
    except Exception:  # noqa: BLE001 (openpyxl raises what its parts raise: KeyError, ParseError, …)
        message = "This XLSX file cannot be read. Save it again, or as CSV."
        raise SheetError(message) from None
    finally:
        if book is not None:
            book.close()


def _narrow(cells: tuple[object, ...]) -> tuple[object, ...]:
    """Return a row without the thousands of empty cells that a far one brings with it."""
    is_empty_beyond = set(cells[MOST_COLUMNS:]) <= {None, ""}
    return cells[:MOST_COLUMNS] if is_empty_beyond else cells


def _refuse_bomb(content: bytes) -> None:
    """Refuse an archive that is no workbook, or that would unpack to too much."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        message = "This file is damaged. Save it again as XLSX or CSV."
        raise SheetError(message) from None
    if "xl/workbook.xml" not in {part.filename for part in parts}:
        message = "This is an archive, but no spreadsheet. Send a CSV or an XLSX file."
        raise SheetError(message)
    # The module reads no more of a part than it declares.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        message = "This XLSX file unpacks to far more than a list needs. Save it as CSV."
        raise SheetError(message)


def _text(cell: object) -> str:
    """Return a cell as one would type it: 5.0 is 5, a day is 2026-12-24."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return str(cell)
