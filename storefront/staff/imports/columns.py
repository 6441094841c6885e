"""The columns of a spreadsheet: found by their names, in any order."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NoReturn

from storefront.spreadsheet import plain
from storefront.staff.imports import sheets

_SIGNS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Column:
    """A column that a kind of import knows.

    name: as our own files say it. aliases: as others do. example: what stands in it in the
    template. is_needed: a file without it is refused.
    """

    name: str
    about: str
    example: str = ""
    aliases: Sequence[str] = ()
    is_needed: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong in a spreadsheet. row: as it counts them; column: as it names it, or ""."""

    row: int
    column: str
    message: str

    @property
    def as_dict(self) -> dict[str, object]:
        """As it is kept."""
        return {"row": self.row, "column": self.column, "message": self.message}


class Refused(Exception):  # noqa: N818 (a row is; it is said to people, not raised to the top)
    """A cell that cannot be taken; the message says why to people."""

    def __init__(self, column: str, message: str) -> None:
        """Remember which column."""
        super().__init__(message)
        self.column = column


def refuse(column: str, message: str) -> NoReturn:
    """Refuse a cell with a message for people."""
    raise Refused(column, message)


@dataclass(frozen=True, slots=True)
class Line:
    """A row that is not empty. cells: by our names of the columns; an empty cell is ``""``."""

    row: int
    cells: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        """Return a cell, empty where the file lacks the column."""
        return self.cells.get(name, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's head, understood. titles: the file's own names by ours; unknown: its others."""

    head_row: int
    titles: Mapping[str, str]
    places: Mapping[str, int]
    unknown: Sequence[str]
    problems: Sequence[Problem] = field(default_factory=list)


def read_head(text: str, columns: Sequence[Column]) -> Sheet:
    """Find a file's columns in its first row that is not empty; nothing is raised."""
    number, row = next(sheets.rows_of(text), (1, []))
    names = {
        _key(name): column.name for column in columns for name in (column.name, *column.aliases)
    }
    titles: dict[str, str] = {}
    places: dict[str, int] = {}
    unknown, problems = [], []
    for place, title in enumerate(row):
        name = names.get(_key(title))
        if name is None:
            unknown.extend([title] if title else [])
        elif name in places:
            twice = f"This column stands here twice: “{titles[name]}” means the same."
            problems.append(Problem(number, title, twice))
        else:
            titles[name], places[name] = title, place
    for column in columns:
        if column.is_needed and column.name not in places:
            lacks = f"The column “{column.name}” is missing. Name it in the first row."
            problems.append(Problem(number, column.name, lacks))
    return Sheet(number, titles, places, unknown, problems)


def lines_of(text: str, sheet: Sheet) -> Iterator[Line]:
    """Yield each row below the head that is not empty."""
    for number, row in sheets.rows_of(text):
        if number > sheet.head_row:
            cells = {
                name: plain(row[place]).strip() if place < len(row) else ""
                for name, place in sheet.places.items()
            }
            yield Line(number, cells)


def _key(title: str) -> str:
    return _SIGNS.sub(" ", title.lower()).strip()
