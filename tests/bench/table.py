"""A table of figures, each beside what it is measured against and its budget."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """ours and theirs: of the same unit, measured in one run. least: the budget of their ratio."""

    name: str
    ours: float
    theirs: float
    least: float

    @property
    def ratio(self) -> float:
        return self.ours / self.theirs

    @property
    def holds(self) -> bool:
        return self.ratio >= self.least

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": round(self.ratio, 3), "holds": self.holds}


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table; a row below its budget says so."""
    print(f"\n{title:<44}{'ours':>10}{'beside':>10}{'ratio':>8}{'budget':>8}")
    for row in rows:
        mark = "" if row.holds else "  short"
        print(
            f"{row.name:<44}{row.ours:>10.0f}{row.theirs:>10.0f}{row.ratio:>8.3f}{row.least:>8.2f}{mark}"
        )
