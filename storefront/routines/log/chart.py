"""Pain over time as points of a drawing, computed here so that the page needs no script."""

from collections.abc import Sequence
from dataclasses import dataclass

from models import Practice
from models.routine import MOST_PAIN

WIDTH, HEIGHT = 640, 240
LEFT, RIGHT, TOP, BOTTOM = 36, 12, 12, 28


@dataclass(frozen=True, slots=True)
class Chart:
    """Points (x, y) of the pain before and after, in a drawing of ``WIDTH`` by ``HEIGHT``."""

    practices: Sequence[Practice]
    before: Sequence[tuple[float, float]]
    after: Sequence[tuple[float, float]]
    lines: Sequence[tuple[int, float]]  # a pain, and how high its line is
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT


def pain_chart(practices: Sequence[Practice]) -> Chart | None:
    """Return the chart of sessions, oldest first; None where fewer than two say a pain."""
    said = [it for it in practices if it.pain_before is not None or it.pain_after is not None]
    if len(said) < 2:  # noqa: PLR2004 (one point is no line)
        return None
    begin = said[0].done_at.timestamp()
    span = said[-1].done_at.timestamp() - begin or 1

    def x(it: Practice) -> float:
        return round(LEFT + (it.done_at.timestamp() - begin) / span * (WIDTH - LEFT - RIGHT), 1)

    return Chart(
        said,
        [(x(it), _y(it.pain_before)) for it in said if it.pain_before is not None],
        [(x(it), _y(it.pain_after)) for it in said if it.pain_after is not None],
        [(pain, _y(pain)) for pain in (0, 5, MOST_PAIN)],
    )


def _y(pain: int) -> float:
    return round(TOP + (MOST_PAIN - pain) / MOST_PAIN * (HEIGHT - TOP - BOTTOM), 1)
