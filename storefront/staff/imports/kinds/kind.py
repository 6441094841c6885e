"""What each kind of import does with its rows."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from models.staff import Permission
from storefront.staff.imports.columns import Column, Line, Refused

Said = tuple[str, str]  # a column's name and what is wrong in it


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that a row changed: what it was and what it is, so that it can be put back."""

    subject: str
    before: Mapping[str, Any]
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a row: what it changed, and what is wrong in it."""

    line: Line
    changes: Sequence[Change]
    wrong: Sequence[Said]


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

    def apply_all(
        self, session: Session, lines: Sequence[Line], facts: Any, work: Work
    ) -> Iterator[Done]:
        """Check and apply some rows; yield what came of each."""
        for line in lines:
            changes: list[Change] = []
            wrong = list(self.check(line, facts, work))
            try:
                if not wrong:
                    changes.extend(self.apply(session, line, facts, work))
            except Refused as no:
                wrong = [(no.column, str(no))]
            yield Done(line, changes, wrong)

    def undo_all(
        self, session: Session, changes: Sequence[Change], work: Work
    ) -> Iterator[Said | None]:
        """Put back some changes; yield for each why it was not, or None."""
        for change in changes:
            try:
                self.undo(session, change, work)
            except Refused as no:
                yield no.column, str(no)
            else:
                yield None
