"""What each kind of import does with its rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.staff import Permission
from storefront.staff.imports.columns import Column, Line

Said = tuple[str, str]  # a column's name and what is wrong in it


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a row changed: what it was and what it is, so that it can be put back."""

    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Work:
    """An import under way. rows: the row of each key that its file names, by the key."""

    import_id: int
    filename: str
    actor: str
    sent_at: datetime
    rows: Mapping[str, int] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """How the ledger names it."""
        return f"Import {self.import_id}"


class Kind(ABC):
    """A kind of spreadsheet.

    ``facts`` asks the database about some rows at once, locking what will change where asked to;
    ``check`` and ``apply`` get them back, so that the number of queries does not grow with rows.
    """

    title: str
    about: str
    permission: Permission
    columns: Sequence[Column]

    @abstractmethod
    def key(self, line: Line) -> str:
        """Return what a file may name only once."""

    def group(self, line: Line) -> str:
        """Return what rows that follow each other are looked at together by; empty for none."""
        del line
        return ""

    @abstractmethod
    def facts(self, session: Session, lines: Sequence[Line], work: Work, *, to_change: bool) -> Any:
        """Look up what these rows are about."""

    @abstractmethod
    def check(self, line: Line, facts: Any, work: Work) -> Iterator[Said]:
        """Yield what is wrong in a row."""

    @abstractmethod
    def apply(self, session: Session, line: Line, facts: Any, work: Work) -> Iterator[Change]:
        """Make it so, for a row that was checked with these facts; or raise Refused."""

    @abstractmethod
    def undo(self, session: Session, change: Change, work: Work) -> None:
        """Put back what a row changed, or raise Refused where it is no longer as it was left."""
