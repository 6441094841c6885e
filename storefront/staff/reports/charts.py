"""Charts as numbers: where a drawing's bars, line and axis stand. The drawing is a template's."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil, log10

WIDTH, HEIGHT = 640, 200  # of the field inside the axes, in units of the drawing
STEPS = (1, 2, 2.5, 5, 10)
MOST_TICKS = 4
MOST_NAMES = 7  # below the axis


@dataclass(frozen=True, slots=True)
class Bar:
    """A part of the period: its place in the drawing, and what it says."""

    x: float
    y: float
    width: float
    height: float
    name: str
    words: str


@dataclass(frozen=True, slots=True)
class Chart:
    """ticks: height and words of each line across. line: points of the period before.

    names: place and words below the axis. zero: the height of nothing.
    """

    title: str
    description: str
    bars: list[Bar]
    line: str
    ticks: list[tuple[float, str]]
    names: list[tuple[float, str]]
    zero: float


def chart(  # noqa: PLR0913 (each is a part of what the drawing says)
    title: str,
    description: str,
    names: Sequence[str],
    now: Sequence[int],
    before: Sequence[int],
    *,
    words: Callable[[int], str],
) -> Chart:
    """Return the drawing of some figures, one for each name, and those of the period before."""
    low, high, step = _scale([*now, *before])

    def y(value: float) -> float:
        return round(HEIGHT * (high - value) / (high - low), 1)

    width = WIDTH / len(names)
    bars = [
        Bar(
            round((place + 0.12) * width, 1),
            y(max(value, 0)),
            round(width * 0.76, 1),
            round(abs(y(value) - y(0)), 1),
            name,
            words(value),
        )
        for place, (name, value) in enumerate(zip(names, now, strict=True))
    ]
    points = [f"{round((place + 0.5) * width, 1)},{y(it)}" for place, it in enumerate(before)]
    every = ceil(len(names) / MOST_NAMES)
    return Chart(
        title,
        description,
        bars,
        " ".join(points[: len(names)]),
        [(y(it), words(it)) for it in range(low, high + 1, step)],
        [(round((place + 0.5) * width, 1), names[place]) for place in range(0, len(names), every)],
        y(0),
    )


def _scale(values: Sequence[int]) -> tuple[int, int, int]:
    """Return the lowest and the highest of the axis and its step: round numbers, 0 among them."""
    low, high = min(0, *values), max(1, *values)
    rough = (high - low) / MOST_TICKS
    power = 10 ** max(0, int(log10(rough))) if rough >= 1 else 1
    step = next(int(it * power) for it in STEPS if int(it * power) >= max(rough, 1))
    return -ceil(-low / step) * step, ceil(high / step) * step, step
