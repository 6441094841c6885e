"""The days that a report is of, and those before that it is held against; in the shop's zone."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

MOST_DAYS = 366
MOST_BARS = 92  # in days; a longer period is shown by weeks
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Days:
    """Days from the first to the last, both included."""

    first: date
    last: date

    def __len__(self) -> int:
        """Return how many days there are."""
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Days":
        """As many days, up to the one before the first."""
        return Days(self.first - ONE * len(self), self.first - ONE)

    @property
    def parts(self) -> list["Days"]:
        """Each day; of many days, each seven from the first, the rest being the last part."""
        step = 1 if len(self) <= MOST_BARS else 7
        return list(self._parts(step))

    def _parts(self, step: int) -> Iterator["Days"]:
        for place in range(0, len(self), step):
            first = self.first + ONE * place
            yield Days(first, min(first + ONE * (step - 1), self.last))

    def moments(self, zone: str) -> tuple[datetime, datetime]:
        """Return when they begin, and when they have ended, in UTC."""
        return _begin(self.first, zone), _begin(self.last + ONE, zone)


def _begin(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC)


def chosen(name: str, today: date) -> Days | None:
    """Return the days of a name that may stand in an address, up to today, or None."""
    if name == "today":
        return Days(today, today)
    if name == "year":
        return Days(date(today.year, 1, 1), today)
    return Days(today - ONE * (int(name) - 1), today) if name in {"7", "28", "90"} else None
