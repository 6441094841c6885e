"""Figures, each beside what it is measured against and its budget: as text, JSON and Markdown."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from storefront.config import ROOT

WRITTEN = ROOT / "build" / "bench.json"


@dataclass(frozen=True, slots=True)
class Row:
    """ours and theirs: of the same unit, measured in one run; theirs is None where ours is all.

    least, most: the budget of the ratio, or of ours where it stands alone; neither is only told.
    """

    name: str
    ours: float
    theirs: float | None = None
    least: float | None = None
    most: float | None = None
    unit: str = "a second"

    @property
    def ratio(self) -> float | None:
        """Ours by theirs; huge where theirs did nothing in its time."""
        return None if self.theirs is None else self.ours / max(self.theirs, 1e-9)

    @property
    def holds(self) -> bool | None:
        """Whether the budget is kept; None where there is none."""
        found = self.ours if self.ratio is None else self.ratio
        if self.least is not None:
            return found >= self.least
        return None if self.most is None else found <= self.most

    @property
    def cells(self) -> tuple[str, ...]:
        """What is shown of it: name, ours, beside, ratio, budget, and how it stands."""
        bounds = ((self.least, "≥"), (self.most, "≤"))
        budget = next((f"{sign} {bound:g}" for bound, sign in bounds if bound is not None), "")
        theirs = "" if self.theirs is None else _figure(self.theirs)
        ratio = "" if self.ratio is None else f"{self.ratio:.3g}"
        stands = {True: "holds", False: "short", None: ""}[self.holds]
        return self.name, f"{_figure(self.ours)} {self.unit}", theirs, ratio, budget, stands

    def as_json(self) -> dict[str, object]:
        """Return it with what follows from it."""
        return {**asdict(self), "ratio": self.ratio, "holds": self.holds}


HEAD = ("row", "ours", "beside", "ratio", "budget", "")


def show(title: str, rows: Sequence[Row]) -> None:
    """Print a table; a row that breaks its budget says so."""
    print(f"\n{title}")
    for name, *others in (HEAD, *(row.cells for row in rows)):
        print(f"  {name:<52}" + "".join(f"{it:>14}" for it in others), flush=True)


def keep(part: str, rows: Sequence[Row]) -> None:
    """Write the rows of a part into the JSON file, in place of those it had."""
    found = kept() | {part: [row.as_json() for row in rows]}
    WRITTEN.parent.mkdir(exist_ok=True)
    WRITTEN.write_text(json.dumps(found, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def kept() -> dict[str, list[dict[str, object]]]:
    """Return what was measured last, by part."""
    found: dict[str, list[dict[str, object]]] = (
        json.loads(WRITTEN.read_text("utf-8")) if WRITTEN.exists() else {}
    )
    return found if isinstance(found, dict) else {}


def markdown() -> str:
    """Return all that was measured last as a table for docs/performance.md."""
    names = Row.__dataclass_fields__
    lines = [HEAD, ("---",) * len(HEAD)]
    for rows in kept().values():
        lines += [Row(**{it: row[it] for it in names}).cells for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"
