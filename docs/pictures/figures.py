"""Draw the figures of the articles and tutorials as small SVG files.

Run from the root of the repository:

    python docs/pictures/figures.py

Writes ``static/img/figures/<key>.svg``, ``static/img/favicon.svg`` and ``static/img/logo.svg``.
Only the standard library is used. A person is put together from closed outlines (head, torso,
thigh, shin, foot, arm) laid along joints; all outlines of one layer share one path whose stroke is
painted under its fill, so that only the contour of their union shows.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

Point = tuple[float, float]
Outline = list[Point]

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "static" / "img"
WIDTH, HEIGHT = 480, 320

# --------------------------------------------------------------------------------------------
# Style: every rule stands once for light paper and once for dark.
# --------------------------------------------------------------------------------------------

LIGHT = {
    "ink": "#2a211c",
    "skin": "#f3e2d1",
    "far": "#e6cdb7",
    "cloth": "#dcc3ae",
    "bone": "#fbf5ea",
    "muscle": "#a8322a",
    "tool": "#1f4a40",
}
DARK = {
    "ink": "#efe6dc",
    "skin": "#3f3029",
    "far": "#34271f",
    "cloth": "#57443a",
    "bone": "#6a5649",
    "muscle": "#e0695c",
    "tool": "#6fb39f",
}

# class -> list of (property, colour name)
PAINT: dict[str, list[tuple[str, str]]] = {
    "b": [("fill", "skin"), ("stroke", "ink")],
    "r": [("fill", "far"), ("stroke", "ink")],
    "k": [("fill", "cloth")],
    "o": [("fill", "bone"), ("stroke", "ink")],
    "l": [("stroke", "ink")],
    "h": [("stroke", "ink")],
    "m": [("fill", "muscle"), ("stroke", "muscle")],
    "p": [("fill", "muscle")],
    "q": [("fill", "muscle")],
    "f": [("stroke", "bone")],
    "d": [("stroke", "muscle")],
    "t": [("fill", "tool"), ("stroke", "ink")],
    "g": [("fill", "tool"), ("stroke", "ink")],
    "u": [("stroke", "tool")],
    "x": [("fill", "ink")],
}

# class -> rules that do not change with the scheme
SHAPE: dict[str, str] = {
    "b": "stroke-width:5;paint-order:stroke",
    "r": "stroke-width:5;paint-order:stroke",
    "l": "fill:none",
    "h": "fill:none;stroke-width:1",
    "p": "opacity:.3",
    "q": "opacity:.45",
    "f": "fill:none;stroke-width:1.25;opacity:.7",
    "d": "fill:none",
    "g": "stroke-width:5;paint-order:stroke",
    "u": "fill:none",
    "x": "font:500 14px system-ui,sans-serif",
}


def paint(names: Iterable[str], colours: dict[str, str]) -> str:
    """Return the rules that colour the classes, one rule for each colour."""
    rules: dict[str, list[str]] = {}
    for name in names:
        for what, colour in PAINT[name]:
            rules.setdefault(f"{what}:{colours[colour]}", []).append(f".{name}")
    return "".join(f"{','.join(where)}{{{rule}}}" for rule, where in rules.items())


def style(used: Iterable[str]) -> str:
    """Return the style element for the classes a drawing uses."""
    names = [name for name in PAINT if name in set(used)]
    base = "svg{stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}"
    plain = paint(names, LIGHT) + "".join(f".{n}{{{SHAPE[n]}}}" for n in names if n in SHAPE)
    dark = paint(names, DARK)
    return f"<style>{base}{plain}@media(prefers-color-scheme:dark){{{dark}}}</style>"


# --------------------------------------------------------------------------------------------
# Geometry
# --------------------------------------------------------------------------------------------


def number(value: float) -> str:
    """Write a coordinate with at most one decimal."""
    text = f"{value:.1f}"
    text = text.removesuffix(".0")
    return "0" if text == "-0" else text


def pair(point: Point) -> str:
    """Write a point."""
    return f"{number(point[0])} {number(point[1])}"


def packed(points: Iterable[Point]) -> str:
    """Write points with as few characters as path data allows."""
    text = last = ""
    for value in (v for point in points for v in point):
        word = number(value)
        word = word.replace("0.", ".", 1) if word.startswith(("0.", "-0.")) else word
        joined = not text or word[0] == "-" or (word[0] == "." and "." in last)
        text += word if joined else f" {word}"
        last = word
    return text


def area(points: Sequence[Point]) -> float:
    """Return the signed area of a polygon."""
    following = [*points[1:], points[0]]
    return sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(points, following, strict=True)) / 2


def smooth(points: Sequence[Point], closed: bool = True, tension: float = 1.0) -> str:
    """Return path data of a Catmull-Rom curve through the points."""
    pts = list(points)
    if closed and area(pts) < 0:
        pts.reverse()
    count = len(pts)

    def at(index: int) -> Point:
        return pts[index % count] if closed else pts[min(max(index, 0), count - 1)]

    pen = (round(pts[0][0], 1), round(pts[0][1], 1))
    data = [f"M{pair(pen)}"]
    for i in range(count if closed else count - 1):
        p0, p1, p2, p3 = at(i - 1), at(i), at(i + 1), at(i + 2)
        c1 = (p1[0] + (p2[0] - p0[0]) / 6 * tension, p1[1] + (p2[1] - p0[1]) / 6 * tension)
        c2 = (p2[0] - (p3[0] - p1[0]) / 6 * tension, p2[1] - (p3[1] - p1[1]) / 6 * tension)
        row = [(p[0] - pen[0], p[1] - pen[1]) for p in ((c2, p2) if i else (c1, c2, p2))]
        data.append(("s" if i else "c") + packed(row))
        pen = (round(pen[0] + round(row[-1][0], 1), 1), round(pen[1] + round(row[-1][1], 1), 1))
    return "".join(data) + ("Z" if closed else "")


def polygon(points: Sequence[Point]) -> str:
    """Return path data of a polygon, always turning the same way."""
    turned = points if area(points) > 0 else list(reversed(points))
    return "M" + "L".join(pair(p) for p in turned) + "Z"


@dataclass(frozen=True)
class Frame:
    """A place to lay an outline: origin, direction of ``u`` in degrees, side of ``v``, scale."""

    origin: Point
    angle: float
    side: int = 1
    scale: float = 1.0

    def at(self, u: float, v: float) -> Point:
        """Return the place of local coordinates; ``v`` is turned a quarter from ``u``."""
        a = math.radians(self.angle)
        dx, dy = math.cos(a), math.sin(a)
        nx, ny = dy * self.side, -dx * self.side
        x = self.origin[0] + self.scale * (u * dx + v * nx)
        y = self.origin[1] + self.scale * (u * dy + v * ny)
        return (x, y)

    def lay(self, points: Iterable[Point]) -> Outline:
        """Lay a list of local points."""
        return [self.at(u, v) for u, v in points]


def step(start: Point, angle: float, length: float) -> Point:
    """Return the point at a distance and direction from another."""
    a = math.radians(angle)
    return (start[0] + length * math.cos(a), start[1] + length * math.sin(a))


def joint(start: Point, end: Point, first: float, second: float, way: int) -> Point:
    """Return the joint between two bones of given lengths; ``way`` chooses the side."""
    gap = min(math.dist(start, end), (first + second) * 0.9999)
    bend = math.acos((first**2 + gap**2 - second**2) / (2 * first * gap))
    angle = math.atan2(end[1] - start[1], end[0] - start[0]) + way * bend
    return (start[0] + first * math.cos(angle), start[1] + first * math.sin(angle))


# --------------------------------------------------------------------------------------------
# The body from the side. u runs from head to foot, v to the front. Fractions of body height.
# --------------------------------------------------------------------------------------------

HEAD: Outline = [
    (-0.01, 1.0), (0.2, 0.955), (0.345, 0.83), (0.39, 0.68), (0.375, 0.59), (0.42, 0.49),
    (0.475, 0.395), (0.415, 0.335), (0.415, 0.275), (0.4, 0.225), (0.405, 0.175),
    (0.375, 0.125), (0.375, 0.05), (0.3, 0.0), (0.16, 0.035), (0.085, -0.05), (0.07, -0.2),
    (0.11, -0.42), (-0.13, -0.62), (-0.36, -0.42), (-0.27, -0.12), (-0.28, 0.1), (-0.375, 0.3),
    (-0.435, 0.55), (-0.37, 0.82), (-0.2, 0.96),
]  # fmt: skip
HAIR: Outline = [
    (-0.01, 1.1), (0.44, 0.94), (0.28, 0.76), (0.12, 0.68), (0.06, 0.52), (-0.1, 0.24),
    (-0.32, 0.12), (-0.62, 0.5), (-0.4, 1.02),
]  # fmt: skip
TORSO: Outline = [
    (-0.02, 0.012), (0.02, 0.04), (0.07, 0.064), (0.12, 0.063), (0.165, 0.055), (0.205, 0.053),
    (0.245, 0.055), (0.285, 0.05), (0.32, 0.03), (0.345, -0.03), (0.33, -0.062),
    (0.29, -0.076), (0.25, -0.066), (0.21, -0.043), (0.17, -0.04), (0.12, -0.053),
    (0.07, -0.062), (0.02, -0.055), (-0.02, -0.038),
]  # fmt: skip
THIGH = [
    (0.0, 0.05, 0.062),
    (0.2, 0.056, 0.056),
    (0.45, 0.053, 0.046),
    (0.75, 0.042, 0.035),
    (1.0, 0.034, 0.032),
]
SHIN = [
    (0.0, 0.032, 0.031),
    (0.15, 0.03, 0.037),
    (0.33, 0.027, 0.042),
    (0.62, 0.022, 0.03),
    (1.0, 0.019, 0.019),
]
UPPER = [(0.0, 0.029, 0.029), (0.3, 0.028, 0.028), (0.7, 0.024, 0.024), (1.0, 0.021, 0.022)]
LOWER = [(0.0, 0.021, 0.022), (0.25, 0.023, 0.023), (0.7, 0.016, 0.016), (1.0, 0.013, 0.013)]
FOOT: Outline = [
    (-0.02, -0.012), (-0.033, 0.012), (-0.034, 0.033), (-0.01, 0.041), (0.035, 0.036),
    (0.08, 0.041), (0.112, 0.039), (0.118, 0.027), (0.09, 0.012), (0.05, -0.006), (0.02, -0.022),
]  # fmt: skip
HAND: Outline = [
    (-0.01, 0.013), (0.02, 0.02), (0.045, 0.021), (0.075, 0.015), (0.098, 0.005), (0.098, -0.006),
    (0.07, -0.012), (0.03, -0.015), (-0.01, -0.013),
]  # fmt: skip
HEAD_SIZE = 0.135
LENGTHS = {"thigh": 0.245, "shin": 0.243, "upper": 0.168, "lower": 0.148}


def cap(at: float, widths: tuple[float, float, float], side: int = 1) -> Outline:
    """Return the round end of a limb, from its front to its back."""
    radius, middle = (widths[1] + widths[2]) / 2, (widths[1] - widths[2]) / 2
    turns = [math.radians(a) for a in (42, 0, -42)]
    return [(at + side * radius * math.cos(a), middle + radius * math.sin(a)) for a in turns]


def limb(start: Point, end: Point, profile: Sequence[tuple[float, float, float]], side: int,
         scale: float) -> Outline:  # fmt: skip
    """Return the outline of a limb from joint to joint with round ends."""
    angle = math.degrees(math.atan2(end[1] - start[1], end[0] - start[0]))
    length = math.dist(start, end) / scale
    frame = Frame(start, angle, side, scale)
    front = [(t * length, f) for t, f, _ in profile]
    back = [(t * length, -b) for t, _, b in profile]
    first, last = profile[0], profile[-1]
    begin = list(reversed(cap(0, first, -1))) if profile is not LOWER else []
    return frame.lay([*front, *cap(length, last), *reversed(back), *begin])


@dataclass
class Body:
    """A person seen from the side.

    ``angle`` is the direction from shoulders to hips, ``side`` +1 puts the front to the left of
    that direction on screen (up, for a head at the left), -1 to the other.
    """

    hip: Point
    angle: float
    side: int
    size: float

    def torso_frame(self) -> Frame:
        """Return the frame of the torso; its origin is at the base of the neck."""
        top = step(self.hip, self.angle + 180, 0.3 * self.size)
        return Frame(top, self.angle, self.side, self.size)

    def shoulder(self) -> Point:
        """Return the shoulder joint."""
        return self.torso_frame().at(0.035, -0.004)

    def torso(self, change: Callable[[Point], Point] | None = None) -> str:
        """Return the torso, each point passed through ``change``."""
        points = self.torso_frame().lay(TORSO)
        return smooth([change(p) for p in points] if change else points)

    def head_frame(self, nod: float = 0.0) -> Frame:
        """Return the frame of the head (u to the face, v to the crown), tilted by ``nod``."""
        base = self.torso_frame().at(-0.0525, -0.006)
        turn = 90 if self.side < 0 else -90
        return Frame(base, self.angle + turn + nod * self.side, self.side,
                     self.size * HEAD_SIZE)  # fmt: skip

    def head(self, nod: float = 0.0) -> str:
        """Return head and neck."""
        return smooth(self.head_frame(nod).lay(HEAD))

    def face(self, nod: float = 0.0) -> tuple[str, str]:
        """Return the hair, to be clipped to the head, and the lines of ear and closed eye."""
        frame = self.head_frame(nod)
        eye = smooth(frame.lay([(0.23, 0.55), (0.28, 0.525), (0.33, 0.545)]), closed=False)
        ear = smooth(frame.lay([(0.0, 0.5), (-0.07, 0.53), (-0.09, 0.42), (-0.03, 0.33)]),
                     closed=False)  # fmt: skip
        return smooth(frame.lay(HAIR)), eye + ear

    def leg(self, ankle: Point, foot: float, way: int = -1, hip: Point | None = None) -> str:
        """Return a leg that reaches an ankle, with its foot pointing in a direction."""
        start = hip or self.hip
        thigh, shin = LENGTHS["thigh"] * self.size, LENGTHS["shin"] * self.size
        knee = joint(start, ankle, thigh, shin, way)
        parts = [
            limb(start, knee, THIGH, self.side, self.size),
            limb(knee, ankle, SHIN, self.side, self.size),
            Frame(ankle, foot, -self.side, self.size).lay(FOOT),
        ]
        return "".join(smooth(p) for p in parts)

    def shorts(self, knee: Point, part: float = 0.42) -> str:
        """Return a rough shape of shorts, to be clipped to the body."""
        waist = self.torso_frame().lay([(0.24, 0.1), (0.24, -0.1), (0.4, -0.1), (0.36, 0.1)])
        angle = math.degrees(math.atan2(knee[1] - self.hip[1], knee[0] - self.hip[0]))
        frame = Frame(self.hip, angle, self.side, self.size)
        end = part * LENGTHS["thigh"]
        cut = frame.lay([(0.05, 0.075), (end, 0.085), (end + 0.012, 0.0), (end, -0.085),
                         (-0.03, -0.085)])  # fmt: skip
        return polygon(waist) + polygon(cut)

    def arm(self, wrist: Point, hand: float, elbow: Point | None = None, flip: int = 1,
            short: float = 1.0) -> str:  # fmt: skip
        """Return an arm that reaches a wrist, by way of an elbow or foreshortened."""
        shoulder = self.shoulder()
        upper = LENGTHS["upper"] * self.size * short
        lower = LENGTHS["lower"] * self.size * short
        elbow = elbow or joint(shoulder, wrist, upper, lower, self.side)
        parts = [
            limb(shoulder, elbow, UPPER, self.side, self.size),
            limb(elbow, wrist, LOWER, self.side, self.size),
            Frame(wrist, hand, self.side * flip, self.size).lay(HAND),
        ]
        return "".join(smooth(p) for p in parts)

    def muscle(self) -> str:
        """Return the quadratus lumborum."""
        shape = [(0.158, -0.012), (0.19, -0.004), (0.225, -0.004), (0.256, -0.012), (0.252, -0.034),
                 (0.21, -0.039), (0.166, -0.034)]  # fmt: skip
        return smooth(self.torso_frame().lay(shape))

    def psoas(self) -> str:
        """Return the psoas."""
        shape = [(0.16, -0.012), (0.21, 0.004), (0.26, 0.018), (0.3, 0.022), (0.335, 0.002),
                 (0.29, -0.004), (0.24, -0.012), (0.2, -0.024)]  # fmt: skip
        return smooth(self.torso_frame().lay(shape))


# --------------------------------------------------------------------------------------------
# The body from behind. u runs from head to foot, v to the right of the drawing.
# --------------------------------------------------------------------------------------------

BACK_HALF: Outline = [
    (-0.05, 0.027), (-0.015, 0.03), (0.005, 0.055), (0.018, 0.09), (0.045, 0.116),
    (0.09, 0.106), (0.135, 0.097), (0.175, 0.083), (0.21, 0.077), (0.245, 0.086),
    (0.29, 0.1), (0.335, 0.1), (0.37, 0.06),
]  # fmt: skip
BACK_HEAD: Outline = [
    (-0.187, 0.0), (-0.178, 0.032), (-0.15, 0.05), (-0.125, 0.05), (-0.095, 0.043),
    (-0.07, 0.031), (-0.03, 0.028),
]  # fmt: skip
BACK_THIGH = [(0.0, 0.05, 0.05), (0.25, 0.052, 0.05), (0.6, 0.042, 0.041), (0.88, 0.032, 0.033),
              (1.0, 0.031, 0.031)]  # fmt: skip
BACK_SHIN = [(0.0, 0.031, 0.031), (0.28, 0.036, 0.036), (0.6, 0.027, 0.026), (0.9, 0.017, 0.017),
             (1.0, 0.017, 0.018)]  # fmt: skip
BACK_FOOT: Outline = [
    (-0.015, 0.016), (0.012, 0.02), (0.032, 0.026), (0.041, 0.018), (0.042, -0.012),
    (0.03, -0.02), (0.005, -0.018), (-0.015, -0.016),
]  # fmt: skip


def mirrored(half: Sequence[Point]) -> Outline:
    """Complete a half outline with its mirror image."""
    return [*half, *((u, -v) for u, v in reversed(half) if abs(v) > 1e-9)]


@dataclass
class Back:
    """A person seen from behind; ``origin`` is the base of the neck."""

    origin: Point
    angle: float
    size: float

    def frame(self) -> Frame:
        """Return the frame of the body; v is positive to the right of someone standing."""
        return Frame(self.origin, self.angle, 1, self.size)

    def trunk(self) -> str:
        """Return head and torso."""
        frame = self.frame()
        return smooth(frame.lay(mirrored(BACK_HALF))) + self.head()

    def head(self) -> str:
        """Return the head."""
        return smooth(self.frame().lay(mirrored(BACK_HEAD)))

    def hair(self) -> str:
        """Return the hair."""
        half = [(-0.2, 0.0), (-0.185, 0.045), (-0.14, 0.06), (-0.105, 0.05), (-0.075, 0.025)]
        return smooth(self.frame().lay(mirrored([*half, (-0.068, 0.0)])))

    def leg(self, side: int, thigh: float = 0, shin: float = 0, foot: float | None = None) -> str:
        """Return a leg; angles are added to the direction of the body, outwards positive."""
        hip = self.frame().at(0.325, 0.05 * side)
        knee = step(hip, self.angle - thigh * side, LENGTHS["thigh"] * self.size)
        ankle = step(knee, self.angle - shin * side, LENGTHS["shin"] * self.size)
        turn = self.angle if foot is None else foot
        parts = [
            limb(hip, knee, BACK_THIGH, side, self.size),
            limb(knee, ankle, BACK_SHIN, side, self.size),
            Frame(ankle, turn, side, self.size).lay(BACK_FOOT),
        ]
        return "".join(smooth(p) for p in parts)

    def arm(self, side: int, upper: float, lower: float, hand: float | None = None) -> str:
        """Return an arm; angles as for the leg."""
        start = self.frame().at(0.045, 0.09 * side)
        elbow = step(start, self.angle - upper * side, LENGTHS["upper"] * self.size)
        wrist = step(elbow, self.angle - lower * side, LENGTHS["lower"] * self.size)
        turn = lower if hand is None else hand
        parts = [
            limb(start, elbow, UPPER, side, self.size),
            limb(elbow, wrist, LOWER, side, self.size),
            Frame(wrist, self.angle - turn * side, side, self.size).lay(HAND),
        ]
        return "".join(smooth(p) for p in parts)

    def muscle(self, side: int) -> str:
        """Return the quadratus lumborum of one side."""
        shape = [(0.15, 0.022), (0.165, 0.05), (0.2, 0.052), (0.25, 0.062), (0.252, 0.034),
                 (0.2, 0.024)]  # fmt: skip
        return smooth(self.frame().lay((u, v * side) for u, v in shape))


# --------------------------------------------------------------------------------------------
# Drawing
# --------------------------------------------------------------------------------------------


@dataclass
class Drawing:
    """Collects elements and writes one SVG file."""

    title: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = 0

    def __post_init__(self) -> None:
        """Start empty."""
        self.parts: list[str] = []
        self.defs: list[str] = []
        self.used: list[str] = []

    def path(self, kind: str, data: str, extra: str = "") -> str:
        """Add a path of a class and return its id for clipping."""
        self.used.append(kind)
        name = f"p{len(self.parts)}"
        self.parts.append(f'<path class="{kind}" d="{data}"{" " + extra if extra else ""}/>')
        return name

    def clip(self, name: str) -> str:
        """Return the clip of an earlier path, made on first use."""
        clip = f'<clipPath id="c{name}"><use href="#{name}"/></clipPath>'
        if clip not in self.defs:
            self.defs.append(clip)
            at = int(name[1:])
            self.parts[at] = self.parts[at].replace("<path ", f'<path id="{name}" ', 1)
        return f'clip-path="url(#c{name})"'

    def clipped(self, kind: str, data: str, within: str, extra: str = "") -> str:
        """Add a path that shows only inside an earlier one."""
        return self.path(kind, data, f"{self.clip(within)}{' ' + extra if extra else ''}")

    def circle(self, kind: str, x: float, y: float, r: float) -> str:
        """Add a circle as a path."""
        n = number
        return self.path(kind, f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 1 0 .1Z")

    def text(self, x: float, y: float, words: str, anchor: str = "start") -> None:
        """Add a label."""
        self.used.append("x")
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        self.parts.append(f'<text class="x" x="{number(x)}" y="{number(y)}"{at}>{words}</text>')

    def floor(self, y: float, left: float = 16, right: float = 464) -> None:
        """Add the floor as a hairline."""
        self.path("h", f"M{number(left)} {number(y)}H{number(right)}")

    def arrow(self, start: Point, end: Point, kind: str = "u", bend: float = 0.0) -> None:
        """Add an arrow, bent to its left by ``bend`` of its length."""
        mx, my = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        dx, dy = end[0] - start[0], end[1] - start[1]
        mid = (mx + dy * bend, my - dx * bend)
        angle = math.degrees(math.atan2(end[1] - mid[1], end[0] - mid[0]))
        a, b = step(end, angle + 148, 9), step(end, angle - 148, 9)
        line = f"M{pair(start)}Q{pair(mid)} {pair(end)}" if bend else f"M{pair(start)}L{pair(end)}"
        self.path(kind, f"{line}M{pair(a)}L{pair(end)}L{pair(b)}")

    def write(self, path: Path) -> None:
        """Write the file."""
        defs = f"<defs>{''.join(self.defs)}</defs>" if self.defs else ""
        body = "\n".join(self.parts)
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg"'
            f' viewBox="{self.left} 0 {self.width} {self.height}"'
            f' width="{self.width}" height="{self.height}">'
        )
        path.write_text(
            f"{head}\n<title>{self.title}</title>\n{style(self.used)}{defs}\n{body}\n</svg>\n",
            encoding="utf-8",
        )


# --------------------------------------------------------------------------------------------
# The tool
# --------------------------------------------------------------------------------------------

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


# --------------------------------------------------------------------------------------------
# People on the floor
# --------------------------------------------------------------------------------------------

FLOOR = 252.0


def dress(d: Drawing, body: Body, name: str, nod: float, knee: Point) -> None:
    """Add shorts, hair and face to a body already drawn."""
    d.clipped("k", body.shorts(knee), name)
    hair, lines = body.face(nod)
    d.clipped("k", hair, name)
    d.path("l", lines)


def supine(d: Drawing, pose: str = "chest", sink: float = 0.0, lift: bool = False) -> Body:
    """Draw someone lying face up on the tool; returns the body."""
    size = 446
    hip = (256.0, FLOOR - 0.083 * size + sink)
    body = Body(hip, -1.5, 1, size)
    draw_end(d, body.torso_frame().at(0.205, 0)[0], FLOOR, 24, "trigger")
    ankle = (372.0, FLOOR - 0.043 * size)
    d.path("r", body.leg((ankle[0] + 10, ankle[1]), 0, hip=(hip[0] + 8, hip[1])))
    if lift:
        ankle = (366.0, FLOOR - 72)
    thigh, shin = LENGTHS["thigh"] * size, LENGTHS["shin"] * size
    knee = joint(hip, ankle, thigh, shin, -1)
    name = d.path("b", body.torso() + body.head() + body.leg(ankle, 12 if lift else 0))
    dress(d, body, name, 0, knee)
    d.clipped("m", body.muscle(), name)
    shoulder = body.shoulder()
    if pose == "chest":
        wrist = (shoulder[0] + 28, shoulder[1] - 24)
        d.path("b", body.arm(wrist, 186, (shoulder[0] + 58, shoulder[1] + 14), -1))
    else:
        wrist = (shoulder[0] + 92, shoulder[1] - 23)
        d.path("b", body.arm(wrist, 4, (shoulder[0] + 40, shoulder[1] + 13)))
    d.floor(FLOOR)
    return body


def bridge(d: Drawing) -> Body:
    """Draw someone face up with raised hips."""
    size = 446
    hip = (252.0, FLOOR - 0.083 * size - 42)
    body = Body(hip, -19, 1, size)
    ankle = (368.0, FLOOR - 0.043 * size)
    d.path("r", body.leg((ankle[0] + 10, ankle[1]), 0, hip=(hip[0] + 8, hip[1])))
    knee = joint(hip, ankle, LENGTHS["thigh"] * size, LENGTHS["shin"] * size, -1)
    name = d.path("b", body.torso() + body.head(19) + body.leg(ankle, 0))
    dress(d, body, name, 19, knee)
    d.path("b", body.arm((body.shoulder()[0] + 122, FLOOR - 9), 2, short=0.9))
    d.floor(FLOOR)
    return body


def prone(d: Drawing, raised: bool = False, book: float = 0.0, sink: float = 0.0) -> Body:
    """Draw someone lying face down with the ramp under the belly."""
    size = 396
    hip = (220.0, FLOOR - 0.05 * size - 17 - book + sink)
    body = Body(hip, -3 - book * 0.3, -1, size)
    x = body.torso_frame().at(0.245, 0)[0]
    if book:
        d.path("o", f"M{number(x - 38)} {number(FLOOR)}v{number(-book)}h76v{number(book)}Z"
                    f"m0-3.5h76")  # fmt: skip
    draw_end(d, x, FLOOR - book, 25, "ramp")
    rest = (hip[0] + 0.487 * size, FLOOR - 0.02 * size)
    knee = joint(hip, rest, LENGTHS["thigh"] * size, LENGTHS["shin"] * size, 1)
    if raised:
        d.path("r", body.leg((rest[0] + 6, rest[1]), 6, 1, hip=(hip[0] + 6, hip[1])))
        rest = (hip[0] + 0.4875 * size, FLOOR - 0.1 * size)
    name = d.path("b", body.torso() + body.head(4) + body.leg(rest, 72 if raised else 1, 1))
    dress(d, body, name, 4, (knee[0], hip[1] if raised else knee[1]))
    d.clipped("m", body.psoas(), name)
    shoulder = body.shoulder()
    wrist = (shoulder[0] - 70, FLOOR - 8)
    d.path("b", body.arm(wrist, 180, (shoulder[0] - 20, FLOOR - 11)))
    d.floor(FLOOR)
    return body


def all_fours(d: Drawing) -> Body:
    """Draw someone on hands and knees."""
    size = 376
    hip = (256.0, FLOOR - (0.245 + 0.034) * size)
    body = Body(hip, 3, -1, size)
    knee = (hip[0] + 4, FLOOR - 0.034 * size)
    ankle = (knee[0] + 0.243 * size, FLOOR - 0.02 * size)
    far = Body((hip[0] + 10, hip[1]), 3, -1, size)
    wrist = (body.shoulder()[0] - 44, FLOOR - 8)
    d.path("r", far.leg((ankle[0] + 10, ankle[1]), 8, 1) + far.arm((wrist[0] + 12, wrist[1]), 180))
    name = d.path("b", body.torso() + body.head(-4) + body.leg(ankle, 8, 1))
    dress(d, body, name, -4, knee)
    d.path("b", body.arm(wrist, 180))
    d.floor(FLOOR)
    return body


# --------------------------------------------------------------------------------------------
# Insets
# --------------------------------------------------------------------------------------------


def lens(d: Drawing, x: float, y: float, r: float, to: Point) -> str:
    """Draw a round inset with a line to the place it enlarges; returns the id of its ground."""
    angle = math.degrees(math.atan2(to[1] - y, to[0] - x))
    start = step((x, y), angle, r)
    d.path("h", f"M{pair(start)}L{pair(to)}")
    return d.circle("o", x, y, r)


def back_inset(d: Drawing, to: Point) -> None:
    """Show the low back from behind with the tool across it."""
    x, y = 96.0, 92.0
    ground = lens(d, x, y, 78, to)
    flank = [(-70, -100), (-62, -50), (-56, -10), (-62, 24), (-76, 60), (-80, 110)]
    side = [(x + u, y + v) for u, v in flank] + [(x - u, y + v) for u, v in reversed(flank)]
    d.clipped("b", smooth(side), ground)
    rib = "M{0} 46C{1} 56 {2} 62 {3} 76M{4} 132C{5} 122 {6} 116 {7} 122"
    for s in (1, -1):
        u = [number(x + s * v) for v in (8, 24, 38, 48, 10, 20, 38, 58)]
        d.path("l", rib.format(*u))
        shape = [(10, -20), (38, -22), (34, 2), (44, 22), (18, 26), (11, 2)]
        d.path("m", smooth([(x + s * u, y + v) for u, v in shape]))
    d.path("h", f"M{number(x)} 18V168", 'stroke-dasharray="3 5"')
    d.path("t", tool_top(x - 70, y + 2, 0, 1.02))


def belly_inset(d: Drawing, to: Point) -> None:
    """Show the belly from the front with the target between navel and hip point."""
    x, y = 384.0, 92.0
    ground = lens(d, x, y, 78, to)
    flank = [(-66, -100), (-60, -50), (-56, -20), (-66, 22), (-76, 60), (-80, 110)]
    side = [(x + u, y + v) for u, v in flank] + [(x - u, y + v) for u, v in reversed(flank)]
    d.clipped("b", smooth(side), ground)
    d.path("m", smooth([(x + u, y + v) for u, v in
                        [(6, -40), (14, -10), (30, 26), (38, 54), (46, 54), (42, 22), (24, -20),
                         (14, -44)]]), 'style="opacity:.45"')  # fmt: skip
    d.path("l", f"M{number(x)} {number(y - 5)}v8")
    for s in (1, -1):
        d.circle("o", x + s * 52, y + 30, 5)
    d.path(
        "h", f"M{number(x)} {number(y)}L{number(x + 52)} {number(y + 30)}", 'stroke-dasharray="3 5"'
    )
    d.circle("m", x + 27, y + 15, 6)


# --------------------------------------------------------------------------------------------
# Figures: tool and steps
# --------------------------------------------------------------------------------------------

Maker = Callable[[], Drawing]
FIGURES: dict[str, Maker] = {}


def figure(key: str) -> Callable[[Maker], Maker]:
    """Register the maker of a figure."""

    def keep(maker: Maker) -> Maker:
        FIGURES[key] = maker
        return maker

    return keep


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


@figure("ql-step-end")
def ql_step_end() -> Drawing:
    """The trigger is for the QL."""
    return which_end("trigger", "QL")


@figure("psoas-step-end")
def psoas_step_end() -> Drawing:
    """The ramp is for the psoas."""
    return which_end("ramp", "psoas")


@figure("ql-step-placement")
def ql_step_placement() -> Drawing:
    """Lying face up, the tool crosswise under the waist."""
    d = Drawing(
        "Face up, the tool across the waist",
    )
    body = supine(d, "chest")
    back_inset(d, body.torso_frame().at(0.205, 0.0))
    return d


@figure("ql-step-breathe")
def ql_step_breathe() -> Drawing:
    """Breathing on the tool."""
    d = Drawing("Lying face up on the tool, one hand on the belly as it rises and sinks")
    body = supine(d, "belly")
    x, y = body.torso_frame().at(0.2, 0.053)
    d.path("l", f"M{number(x - 48)} {number(y - 20)}q52-26 100 2", 'stroke-dasharray="1 7"')
    d.arrow((x - 10, y - 38), (x - 10, y - 76), "u")
    d.arrow((x + 18, y - 76), (x + 18, y - 38), "u")
    return d


@figure("ql-step-pressure")
def ql_step_pressure() -> Drawing:
    """One foot off the floor puts more weight on the trigger."""
    d = Drawing("One foot lifted from the floor, so that more weight rests on the trigger")
    body = supine(d, "chest", lift=True, sink=2)
    x, y = body.torso_frame().at(0.205, 0.06)
    d.arrow((x, y - 58), (x, y - 12), "d")
    d.arrow((446, FLOOR - 24), (446, FLOOR - 68), "u")
    return d


@figure("ql-step-off")
def ql_step_off() -> Drawing:
    """Hips up, tool away."""
    d = Drawing("Hips raised from the floor; the tool is slid out from under the waist")
    bridge(d)
    draw_end(d, 224, FLOOR + 22, 27, "trigger")
    d.arrow((244, FLOOR + 14), (300, FLOOR + 36), "u")
    return d


@figure("psoas-step-placement")
def psoas_step_placement() -> Drawing:
    """Lying face down, the ramp between navel and hip point."""
    d = Drawing("Lying face down, the ramp under the belly between navel and hip point")
    body = prone(d)
    belly_inset(d, body.torso_frame().at(0.25, 0.03))
    return d


@figure("psoas-step-breathe")
def psoas_step_breathe() -> Drawing:
    """Breathing against the ramp."""
    d = Drawing(
        "Face down on the ramp: the belly presses out on the in-breath, sinks on the out-breath"
    )
    body = prone(d)
    x, y = body.torso_frame().at(0.22, -0.05)
    d.path("l", f"M{number(x - 54)} {number(y - 14)}q54-22 108 4", 'stroke-dasharray="1 7"')
    d.arrow((x - 14, y - 34), (x - 14, y - 72), "u")
    d.arrow((x + 14, y - 72), (x + 14, y - 34), "u")
    return d


@figure("psoas-step-pressure-1")
def psoas_pressure_one() -> Drawing:
    """The glute of the same side squeezed, the knee off the floor."""
    d = Drawing("Face down on the ramp: buttock squeezed, leg straight, knee off the floor")
    body = prone(d, raised=True)
    shape = [(0.245, -0.05), (0.29, -0.066), (0.33, -0.052), (0.335, -0.015), (0.29, -0.01),
             (0.255, -0.024)]  # fmt: skip
    d.path("q", smooth(body.torso_frame().lay(shape)))
    knee = step(body.hip, 3, LENGTHS["thigh"] * body.size)
    d.arrow((knee[0], FLOOR + 38), (knee[0], FLOOR - 14), "u")
    d.arrow((body.hip[0] - 4, body.hip[1] - 86), (body.hip[0] - 4, body.hip[1] - 40), "d")
    return d


@figure("psoas-step-pressure-2")
def psoas_pressure_two() -> Drawing:
    """From above: the other knee out to the side."""
    d = Drawing("Seen from above, face down: the opposite knee drawn out to the side")
    body = Back((104, 172), 0, 372)
    d.path("t", tool_top(body.frame().at(0.235, 0)[0], 238, -90, 0.92))
    thigh = body.leg(1, 82, -6, 0)
    d.path("b", body.arm(-1, 130, 232) + body.arm(1, 130, 232))
    name = d.path("b", body.trunk() + thigh + body.leg(-1, 2, 1))
    d.clipped("k", body.hair(), name)
    frame = body.frame()
    d.clipped(
        "k", polygon(frame.lay([(0.255, -0.13), (0.255, 0.14), (0.43, 0.14), (0.43, -0.13)])), name
    )
    d.path(
        "h", tool_top(frame.at(0.235, 0)[0], 238, -90, 0.92), 'fill="none" stroke-dasharray="3 5"'
    )
    d.path("m", smooth(frame.lay([(0.17, -0.014), (0.24, -0.03), (0.31, -0.052), (0.33, -0.044),
                                  (0.26, -0.012), (0.2, -0.006)])),
            'style="opacity:.5"')  # fmt: skip
    d.arrow((352, 150), (322, 92), "u", -0.25)
    return d


@figure("psoas-step-pressure-3")
def psoas_pressure_three() -> Drawing:
    """A book under the tool."""
    d = Drawing("Face down on the ramp with a book under the tool")
    body = prone(d, book=13)
    x = body.torso_frame().at(0.245, 0)[0]
    d.arrow((x + 84, FLOOR + 34), (x + 46, FLOOR + 8), "d")
    return d


@figure("psoas-step-off")
def psoas_step_off() -> Drawing:
    """Up on hands and knees, tool away."""
    d = Drawing("Up on hands and knees; the tool is slid out from under the belly")
    all_fours(d)
    draw_end(d, 204, FLOOR + 10, 27, "ramp")
    d.arrow((226, FLOOR + 8), (284, FLOOR + 36), "u")
    return d


@figure("how-1")
def how_one() -> Drawing:
    """Lie on it."""
    d = Drawing("Someone lies face up on the floor with the tool under the waist")
    supine(d, "chest")
    return d


@figure("how-2")
def how_two() -> Drawing:
    """The ramp tips the weight onto the trigger."""
    d = Drawing("The waist cut across: it rests on the ramp and tips onto the trigger")
    cut = [(-122, -14), (-104, -62), (-58, -84), (0, -80), (58, -84), (104, -62), (122, -14),
           (114, 34), (94, 58), (81, 57), (72, 46), (62, 41), (52, 46), (43, 57), (24, 60),
           (2, 54), (-24, 60), (-66, 62), (-104, 44)]  # fmt: skip
    place = Frame((236, 145), 4, -1, 1.12)
    d.floor(FLOOR)
    d.path("b", smooth(place.lay(cut)))
    for s in (1, -1):
        low = 0 if s > 0 else 8
        muscle = [(30, 10), (56, -2), (84, 6), (84, 26), (62, 34 + low), (42, 36)]
        d.path("m" if s > 0 else "q", smooth(place.lay((s * u, v) for u, v in muscle)))
    bone = [(-26, -14), (0, -22), (26, -14), (24, 6), (46, 14), (12, 22), (3, 46), (-3, 46),
            (-12, 22), (-46, 14), (-24, 6)]  # fmt: skip
    d.path("o", smooth(place.lay(bone), tension=0.7))
    d.path("t", tool_side(137, FLOOR, 1.75))
    d.arrow((176, 26), (330, 44), "d", 0.16)
    d.text(162, 280, "ramp", "middle")
    d.text(302, 280, "trigger", "middle")
    return d


@figure("how-3")
def how_three() -> Drawing:
    """Breathe until it yields."""
    d = Drawing("A slow breath in and out; the muscle softens and the trigger sinks in")
    body = supine(d, "belly", sink=3)
    x, y = body.torso_frame().at(0.2, 0.053)
    wave = "M{0} {1}c18 0 18-34 36-34s18 34 36 34s18-26 36-26s18 26 36 26s18-14 36-14s18 14 36 14"
    d.path("u", wave.format(number(x - 150), number(y - 52)))
    return d


# --------------------------------------------------------------------------------------------
# Figures: anatomy. Halves are drawn on the right and mirrored about x = 240.
# --------------------------------------------------------------------------------------------

MIRROR = 'transform="matrix(-1 0 0 1 480 0)"'


def both(d: Drawing, kind: str, data: str) -> None:
    """Draw a half and its mirror image."""
    name = d.path(kind, data)
    at = int(name[1:])
    d.parts[at] = d.parts[at].replace("<path ", f'<path id="{name}" ', 1)
    d.parts.append(f'<use href="#{name}" {MIRROR}/>')


def waist(d: Drawing, half: Sequence[Point]) -> str:
    """Draw a piece of body open at top and bottom, from its right half; returns its id."""
    right = [(240 + u, v) for u, v in half]
    left = [(240 - u, v) for u, v in reversed(half)]
    return d.path("b", smooth(right, closed=False) + "L" + smooth(left, closed=False)[1:])


def column(d: Drawing, tops: Sequence[tuple[float, float]], front: bool) -> None:
    """Draw vertebrae from (top, half width) pairs."""
    for i, (top, half) in enumerate(tops):
        tall = (tops[i + 1][0] if i + 1 < len(tops) else top + 29) - top - 5
        mid, low = top + tall * 0.42, top + tall
        wing = half + 15
        half_shape = [
            (half, top + 1), (half - 2, mid - 4), (wing, mid - 3), (wing, mid + 4),
            (half - 2, mid + 5), (half, low - 1),
        ]  # fmt: skip
        shape = [(0, top - 1), *half_shape, (0, low + 1)]
        shape += [(-u, v) for u, v in reversed(half_shape)]
        d.path("o", smooth([(240 + u, v) for u, v in shape], tension=0.6))
        if not front:
            d.path("l", f"M240 {number(mid - 2)}v{number(tall * 0.62)}")


SPINE = [(34, 12), (59, 12.5), (85, 13), (112, 13.5), (139, 14), (166, 14.5)]
CREST = (
    "M268 203C272 190 286 178 304 172C324 166 344 172 354 186C362 200 358 216 350 228"
    "C340 240 334 246 336 258C338 274 330 290 314 300"
    "C306 306 296 304 292 296C286 282 276 268 270 252"
    "C264 238 262 218 268 203Z"
)
SACRUM = (
    "M212 196C222 190 258 190 268 196C274 204 272 220 264 236C256 256 248 "
    "282 240 296C232 282 224 256 216 236C208 220 206 204 212 196Z"
)


@figure("ql-anatomy")
def ql_anatomy() -> Drawing:
    """The QL from behind."""
    d = Drawing(
        "The low back from behind: the QL runs from the "
        "12th rib and the lumbar spine to the hip crest",
        left=38,
    )
    waist(d, [(132, -10), (126, 40), (116, 96), (116, 140), (130, 190), (146, 244), (152, 330)])
    both(d, "o", "M254 34C292 40 326 56 348 84C352 90 346 95 341 90C318 66 288 52 253 46Z")
    both(d, "m", "M262 92C276 94 292 97 310 101C312 118 316 146 330 168C318 166 300 168 286 176"
                 "C276 166 264 158 258 150L268 146L258 122L267 118Z")  # fmt: skip
    both(d, "f", "M300 104C302 126 308 150 316 163M284 102C286 128 292 150 300 164M272 132L288 168")
    both(d, "o", "M253 60C282 68 304 82 318 100C321 106 315 110 310 105C296 90 278 78 252 72Z")
    d.path("o", SACRUM)
    both(d, "o", CREST)
    column(d, SPINE, front=False)
    d.path("l", "M240 206v14M240 230v12M240 252v10")
    d.path("h", "M318 103L392 92M322 138L392 138M346 178L392 184")
    d.text(398, 97, "12th rib")
    d.text(398, 143, "QL")
    d.text(398, 189, "hip crest")
    return d


@figure("psoas-anatomy")
def psoas_anatomy() -> Drawing:
    """The psoas from the front."""
    d = Drawing(
        "From the front: the psoas runs from the lumbar spine "
        "through the pelvis to the top of the thigh bone",
        left=38,
    )
    waist(d, [(118, -10), (108, 40), (104, 90), (122, 140), (142, 190), (146, 240), (140, 330)])
    d.path("o", "M214 170C224 164 256 164 266 170C272 184 262 208 240 222C218 208 208 184 214 170Z")
    both(d, "o", "M266 172C276 156 296 142 316 138C336 136 346 148 344 162C342 178 332 188 330 202"
                 "C328 216 318 226 306 230C290 236 270 240 242 246V234C262 230 280 222 284 210"
                 "C288 196 276 186 266 172Z")  # fmt: skip
    both(d, "o", "M306 206C318 200 332 206 336 216C344 214 352 220 354 230C358 244 352 262 348 282"
                 "C346 300 346 312 346 332H318C320 304 318 282 312 262C308 254 314 246 312 238"
                 "C300 232 298 214 306 206Z")  # fmt: skip
    column(d, [(v - 26, u) for v, u in SPINE], front=True)
    both(d, "m", "M258 26C268 40 276 70 282 104C288 138 300 170 308 196C314 216 320 238 318 256"
                 "C316 262 310 260 308 254C302 226 288 206 278 "
                 "182C270 162 262 152 258 146L265 140L257 118"
                 "L264 112L256 90L263 84L255 62L262 56Z")  # fmt: skip
    both(d, "f", "M268 60C274 104 290 166 304 204M266 100C272 136 290 180 304 216")
    d.path("h", "M284 104L392 76M345 150L392 132M350 262L400 250")
    d.text(398, 81, "psoas")
    d.text(398, 137, "pelvis")
    d.text(406, 254, "thigh bone")
    return d


BACK_WAIST = [
    (92, -12),
    (86, 30),
    (84, 60),
    (96, 98),
    (118, 148),
    (128, 200),
    (126, 250),
    (116, 335),
]


def rear(d: Drawing) -> str:
    """Draw the back of the body from waist to thigh."""
    name = waist(d, BACK_WAIST)
    d.path("l", "M240 0V96M240 132V214")
    both(d, "l", "M244 214C262 226 292 226 318 210M246 222C246 260 250 290 254 320")
    both(d, "l", "M262 108q5 2 6 7")
    return name


@figure("ql-referred-pain")
def ql_referred_pain() -> Drawing:
    """Where the QL sends pain."""
    d = Drawing(
        "Back of the body: pain from the QL along the hip crest, at the "
        "sacroiliac joint, in the lower buttock and at the side of the hip",
        left=38,
    )
    name = rear(d)
    spots = {
        "crest": [(276, 92), (300, 78), (330, 84), (338, 100), (318, 106), (294, 106)],
        "joint": [(256, 104), (272, 108), (278, 128), (270, 150), (256, 146), (252, 124)],
        "buttock": [(270, 178), (296, 172), (322, 184), (318, 206), (292, 214), (270, 204)],
        "hip": [(342, 148), (358, 152), (366, 178), (360, 204), (344, 200), (338, 174)],
    }
    for spot in spots.values():
        cx = sum(p[0] for p in spot) / len(spot)
        cy = sum(p[1] for p in spot) / len(spot)
        d.clipped(
            "p", smooth([(cx + (x - cx) * 1.35, cy + (y - cy) * 1.35) for x, y in spot]), name
        )
        d.clipped("q", smooth([(cx + (x - cx) * 0.8, cy + (y - cy) * 0.8) for x, y in spot]), name)
    d.path("d", "M262 22C276 24 288 26 298 30C298 44 304 58 312 68"
                "C300 66 286 68 276 74C266 62 260 40 262 22Z",
           'stroke-dasharray="1 6"')  # fmt: skip
    d.path("h", "M306 52L392 40M326 92L392 86M272 128L392 132M356 176L392 178M300 194L392 224")
    for y, word in (
        (45, "QL"),
        (91, "hip crest"),
        (137, "sacroiliac"),
        (183, "side of hip"),
        (229, "buttock"),
    ):
        d.text(398, y, word)
    return d


@figure("psoas-referred-pain")
def psoas_referred_pain() -> Drawing:
    """Where the psoas sends pain."""
    d = Drawing(
        "Pain from the psoas: a strip beside the spine, "
        "seen from behind, and the front of the thigh"
    )
    outlines = []
    for x in (132, 348):
        body = Back((x, -52), 90, 540)
        torso = smooth(body.frame().lay(mirrored(BACK_HALF[4:])))
        outlines.append(d.path("b", torso + body.leg(1, 2, 2) + body.leg(-1, 2, 2)))
    d.path("l", "M132 0V104M132 132V150M136 154q16 8 34 0M128 154q-16 8-34 0M132 146v12")
    d.path("l", "M348 66v8M322 112Q332 138 346 150M374 112Q364 138 350 150")
    d.path("l", "M312 254q9 7 18 0M366 254q9 7 18 0M92 250q12 5 20 0M152 250q12 5 20 0")
    d.clipped(
        "p", "M142 8C156 4 160 40 158 78C158 104 154 118 144 118C138 90 136 30 142 8Z", outlines[0]
    )
    d.clipped(
        "q",
        "M144 22C152 22 153 50 152 78C152 96 150 106 145 106C142 80 141 40 144 22Z",
        outlines[0],
    )
    d.clipped("p", "M362 138C382 126 398 140 398 172C398 206 "
                   "392 232 378 236C364 236 358 204 356 176"
                   "C354 160 354 144 362 138Z", outlines[1])  # fmt: skip
    d.clipped("q", "M368 150C380 144 388 154 388 176C388 200 "
                   "384 216 377 218C370 216 366 196 364 178"
                   "C362 166 362 154 368 150Z", outlines[1])  # fmt: skip
    d.text(22, 300, "back")
    d.text(240, 300, "front")
    return d


@figure("side-plank")
def side_plank() -> Drawing:
    """Side plank, seen from behind."""
    d = Drawing("Side plank seen from behind: one line from head to heels, the lower side works")
    body = Back((112, 140), 17.5, 384)
    low = body.frame().at(0.045, -0.088)
    elbow = (low[0] + 2, FLOOR - 10)
    wrist = (elbow[0] - 34, FLOOR - 9)
    arm = limb(low, elbow, UPPER, 1, body.size)
    fore = limb(elbow, wrist, LOWER, 1, body.size)
    hand = Frame(wrist, 178, 1, body.size * 0.7).lay(HAND)
    d.path("b", "".join(smooth(p) for p in (fore, hand)))
    legs = body.leg(1, -4.2, -4.2) + body.leg(-1, -4.2, -4.2)
    name = d.path("b", body.trunk() + legs + smooth(arm))
    frame = body.frame()
    d.clipped(
        "k", polygon(frame.lay([(0.25, -0.13), (0.25, 0.13), (0.43, 0.13), (0.43, -0.13)])), name
    )
    d.clipped("k", body.hair(), name)
    d.path("m", body.muscle(-1))
    d.path("l", f"M{pair(frame.at(-0.02, 0))}L{pair(frame.at(0.245, 0))}", 'stroke-dasharray="1 7"')
    d.path("l", f"M{pair(frame.at(0.4, 0.002))}L{pair(frame.at(0.8, 0.003))}")
    d.path("b", body.arm(1, 38, -44, -30))
    d.floor(FLOOR)
    x, y = frame.at(0.24, -0.13)
    d.arrow((x, y + 42), (x, y + 6), "d")
    return d


@figure("suitcase-carry")
def suitcase_carry() -> Drawing:
    """Suitcase carry, seen from behind."""
    d = Drawing(
        "Walking upright with one weight in one hand, seen from behind; the other side works"
    )
    body = Back((240, 66), 90, 266)
    bell = body.frame().at(0.447, 0.15)
    legs = body.leg(1, 2, 1) + body.leg(-1, 4, 0)
    d.path("l", f"M{pair((bell[0] - 9, bell[1] + 12))}v-12q0-8 9-8t9 8v12")
    d.circle("t", bell[0], bell[1] + 25, 18)
    arms = body.arm(1, 12, 5, 0) + body.arm(-1, 12, 5, 4)
    name = d.path("b", body.trunk() + legs + arms)
    frame = body.frame()
    d.clipped(
        "k", polygon(frame.lay([(0.25, -0.105), (0.25, 0.1), (0.43, 0.108), (0.43, -0.11)])), name
    )
    for s in (1, -1):
        edge = [(0.1, 0.103 * s), (0.13, 0.097 * s), (0.155, 0.09 * s)]
        d.path("l", smooth(frame.lay(edge), closed=False))
    d.clipped("k", body.hair(), name)
    d.path("q", body.muscle(1))
    d.path("m", body.muscle(-1))
    d.path("l", f"M{pair(frame.at(0.0, 0))}L{pair(frame.at(0.245, 0))}", 'stroke-dasharray="1 7"')
    d.floor(298, 120, 360)
    d.arrow((bell[0] + 42, bell[1] - 6), (bell[0] + 42, bell[1] + 42), "u")
    return d


MARK = (
    "M7 56C0 44 1 28 12 26C23 24 26 39 36 39C46 39 49 31 45 22C40 11 45 3 52 6C61 10 65 24 63 37"
    "C62 45 62 51 63 56H47C41 49 28 49 21 56Z"
)


def mark(path: Path, box: str, size: tuple[int, int], title: str) -> None:
    """Write the mark."""
    red, light = LIGHT["muscle"], DARK["muscle"]
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="{box}" width="{size[0]}" height="{size[1]}">\n'
        f"<title>{title}</title>\n<style>path{{fill:{red}}}"
        f"@media(prefers-color-scheme:dark){{path{{fill:{light}}}}}</style>\n"
        f'<path d="{MARK}"/>\n</svg>\n',
        encoding="utf-8",
    )


def main() -> None:
    """Write every figure and the marks."""
    folder = IMAGES / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for key, maker in FIGURES.items():
        maker().write(folder / f"{key}.svg")
    mark(IMAGES / "favicon.svg", "0 -1 65 65", (32, 32), "QL Claw")
    mark(IMAGES / "logo.svg", "0 3 65 55", (65, 55), "QL Claw")


if __name__ == "__main__":
    main()
