"""The QL Claw from the side, from above and along its length, and which end is for what."""

from __future__ import annotations

from figures.drawing import FLOOR, Drawing
from figures.geometry import Frame, number, pair, smooth

# From the side: ramp at the left, trigger at the right; x 0..100, y up. From above: x as before.
TOOL_SIDE: list[tuple[float, ...]] = [
    (7.5, 0), (1, 3, -2, 10, -1.2, 16.5), (-0.4, 23.5, 5, 26.8, 11.5, 26.2),
    (20, 25.4, 27, 22.2, 34, 18.5), (45, 12.8, 56, 8.8, 66, 10.2), (76, 11.6, 80.8, 17.5, 84, 25.5),
    (86.8, 32.6, 90.5, 37.2, 95, 36.2), (99.3, 35.2, 99.8, 30, 98.5, 24.5),
    (96.5, 16, 95.5, 8, 99, 0), (90, 0, 80, 0, 72, 0), (62, 5, 44, 5, 32, 0),
    (22, 0, 14, 0, 7.5, 0),
]  # fmt: skip
TOOL_TOP = [(0, 0.0), (3, 12.0), (16, 19.5), (32, 18.0), (58, 11.0), (92, 9.5), (100, 0.0)]


def tool_side(x: float, y: float, scale: float, flip: bool = False) -> str:
    """Return the side of the tool with the foot of its ramp end at x, y."""
    data = []
    for i, row in enumerate(TOOL_SIDE):
        points = [(x + (-u if flip else u) * scale, y - v * scale)
                  for u, v in zip(row[::2], row[1::2], strict=True)]  # fmt: skip
        data.append(("C" if i else "M") + " ".join(pair(p) for p in points))
    return "".join(data).replace(" -", "-") + "Z"


def tool_top(x: float, y: float, angle: float, scale: float) -> str:
    """Return the tool seen from above, its ramp end at x, y."""
    frame = Frame((x, y), angle, 1, scale)
    lower = [(u, -v) for u, v in reversed(TOOL_TOP) if v]
    return smooth(frame.lay([*TOOL_TOP, *lower]))


def tool_end(x: float, floor: float, size: float, front: str) -> list[str]:
    """Return outlines of the tool seen along its length: the far end first, then the near one."""
    wide = [(0, 0.8), (0.32, 0.75), (0.58, 0.52), (0.6, 0.2), (0.46, 0.0)]
    thin = [(0, 1.03), (0.11, 0.97), (0.15, 0.75), (0.19, 0.4), (0.27, 0.1), (0.28, 0.0)]
    out = []
    for half in [wide, thin] if front == "trigger" else [thin, wide]:
        points = [*((-u, v) for u, v in reversed(half) if u), *half]
        laid = [(x + u * size, floor - v * size) for u, v in points]
        out.append(smooth(laid, closed=False) + "Z")
    return out


def draw_end(d: Drawing, x: float, floor: float, size: float, front: str) -> None:
    """Draw the tool seen along its length."""
    far, near = tool_end(x, floor, size, front)
    d.path("g", far + near)
    d.path("h", f"M{number(x - size)} {number(floor)}h{number(2 * size)}")


def which_end(end: str, muscle: str) -> Drawing:
    """Show the tool from the side with one end marked."""
    d = Drawing(f"The tool from the side; the {end} is the end for the {muscle}")
    d.floor(FLOOR)
    d.path("t", tool_side(72, FLOOR, 3.36))
    x, y, r = (128, 194, 62) if end == "ramp" else (385, 164, 50)
    d.circle("d", x, y, r)
    d.text(112 if end == "trigger" else x, 154 if end == "trigger" else 112,
           "ramp", "middle")  # fmt: skip
    d.text(385, 96 if end == "trigger" else 116, "trigger", "middle")
    d.arrow((x, 24), (x, 72 if end == "trigger" else 90), "d")
    return d
