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
    "hair": "#8b6753",
    "bone": "#fbf5ea",
    "muscle": "#a8322a",
    "tool": "#1f4a40",
    "nerve": "#9a6410",
}
DARK = {
    "ink": "#efe6dc",
    "skin": "#3f3029",
    "far": "#34271f",
    "cloth": "#57443a",
    "hair": "#7a5a48",
    "bone": "#6a5649",
    "muscle": "#e0695c",
    "tool": "#6fb39f",
    "nerve": "#e3b251",
}

# class -> list of (property, colour name)
PAINT: dict[str, list[tuple[str, str]]] = {
    "b": [("fill", "skin"), ("stroke", "ink")],
    "r": [("fill", "far"), ("stroke", "ink")],
    "k": [("fill", "cloth")],
    "j": [("fill", "hair")],
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
    "n": [("stroke", "nerve")],
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
    "n": "fill:none;stroke-width:5",
    "x": "font:500 15px Georgia,'Noto Serif','Liberation Serif',serif",
}


GERMAN = {
    "12th rib": "12. Rippe",
    "back": "hinten",
    "back of hip": "hintere Hüfte",
    "buttock": "Gesäß",
    "front": "vorn",
    "gluteus medius": "Gluteus medius",
    "hip crest": "Beckenkamm",
    "iliacus": "Iliacus",
    "low back": "unterer Rücken",
    "muscle": "Muskel",
    "pain felt here": "hier tut es weh",
    "pelvis": "Becken",
    "piriformis": "Piriformis",
    "psoas": "Psoas",
    "psoas and": "Psoas und",
    "ramp": "Rampe",
    "sacroiliac": "ISG",
    "sacrum": "Kreuzbein",
    "sciatic nerve": "Ischiasnerv",
    "side of hip": "Hüftseite",
    "spot": "Punkt",
    "thigh bone": "Oberschenkel",
    "trigger": "Spitze",
}
ONE_LANGUAGE = "#de{display:none}#de:target~.en{display:none}#de:target{display:inline}"


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


@dataclass(frozen=True)
class Bow(Frame):
    """A frame bent like a bow: its direction turns by ``bend`` degrees for each unit of ``u``."""

    bend: float = 0.0

    def at(self, u: float, v: float) -> Point:
        """Return the place of local coordinates along the bow; above it the head stays straight."""
        first, turn = math.radians(self.angle), math.radians(self.bend)
        a = first + turn * max(u, 0.0)
        if u > 0:
            x, y = (math.sin(a) - math.sin(first)) / turn, (math.cos(first) - math.cos(a)) / turn
        else:
            x, y = u * math.cos(a), u * math.sin(a)
        x, y = x + v * math.sin(a) * self.side, y - v * math.cos(a) * self.side
        return (self.origin[0] + self.scale * x, self.origin[1] + self.scale * y)


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

    def iliacus(self) -> str:
        """Return the iliacus."""
        shape = [(0.238, 0.0), (0.252, 0.022), (0.275, 0.03), (0.305, 0.024), (0.338, 0.002),
                 (0.31, 0.0), (0.28, -0.01), (0.25, -0.016)]  # fmt: skip
        return smooth(self.torso_frame().lay(shape))

    def gluteus_medius(self) -> str:
        """Return the gluteus medius."""
        shape = [(0.232, -0.03), (0.228, -0.004), (0.24, 0.018), (0.265, 0.018), (0.29, 0.006),
                 (0.308, 0.0), (0.31, -0.016), (0.285, -0.034), (0.255, -0.05)]  # fmt: skip
        return smooth(self.torso_frame().lay(shape))

    def piriformis(self) -> str:
        """Return the piriformis."""
        shape = [(0.262, -0.058), (0.282, -0.056), (0.302, -0.034), (0.314, -0.004),
                 (0.302, 0.0), (0.29, -0.018), (0.272, -0.036)]  # fmt: skip
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
        self.labels: dict[str, list[str]] = {"de": [], "en": []}

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
        """Add a label, in each language where it says something else there."""
        self.used.append("x")
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        start = f'<text class="x" x="{number(x)}" y="{number(y)}"{at}>'
        for language, said in (("de", GERMAN.get(words, words)), ("en", words)):
            self.labels[language].append(f"{start}{said}</text>")

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

    def _style(self) -> str:
        """Return the style element, with what shows the labels of one language."""
        differs = self.labels["de"] != self.labels["en"]
        return style(self.used).replace("</style>", f"{ONE_LANGUAGE if differs else ''}</style>")

    def _labelled(self) -> list[str]:
        """Return the labels, grouped by language; the German ones show at ``….svg#de``."""
        german, english = self.labels["de"], self.labels["en"]
        if german == english:
            return english
        return [f'<g id="de">{"".join(german)}</g>', f'<g class="en">{"".join(english)}</g>']

    def write(self, path: Path) -> None:
        """Write the file."""
        defs = f"<defs>{''.join(self.defs)}</defs>" if self.defs else ""
        body = "\n".join([*self.parts, *self._labelled()])
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg"'
            f' viewBox="{self.left} 0 {self.width} {self.height}"'
            f' width="{self.width}" height="{self.height}">'
        )
        path.write_text(
            f"{head}\n<title>{self.title}</title>\n{self._style()}{defs}\n{body}\n</svg>\n",
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
    d.clipped("j", hair, name)
    d.path("l", lines)


def supine(d: Drawing, pose: str = "chest", sink: float = 0.0, lift: bool = False,
           straight: bool = False, drawn: bool = False) -> Body:  # fmt: skip
    """Draw someone lying face up on the tool; returns the body.

    The near leg is bent, lifted or straight; the other stands, or is drawn toward the chest.
    """
    size = 446
    hip = (256.0, FLOOR - 0.083 * size + sink)
    body = Body(hip, -1.5, 1, size)
    draw_end(d, body.torso_frame().at(0.205, 0)[0], FLOOR, 24, "trigger")
    ankle, foot = (372.0, FLOOR - 0.043 * size), 0.0
    far, turn = ((hip[0] + 34, FLOOR - 126), -18.0) if drawn else ((ankle[0] + 10, ankle[1]), 0.0)
    d.path("r", body.leg(far, turn, hip=(hip[0] + 8, hip[1])))
    if lift:
        ankle, foot = (366.0, FLOOR - 72), 12.0
    if straight:
        ankle, foot = (hip[0] + 0.484 * size, FLOOR - 0.036 * size), -82.0
    name = face_up(d, body, ankle, foot)
    d.clipped("m", body.muscle(), name)
    folded_arm(d, body, pose)
    d.floor(FLOOR, 16, 500 if straight else 464)
    return body


def face_up(d: Drawing, body: Body, ankle: Point, foot: float = 0, nod: float = 0) -> str:
    """Draw torso, head and near leg of someone on the back, dressed; returns the outline's id."""
    thigh, shin = LENGTHS["thigh"] * body.size, LENGTHS["shin"] * body.size
    knee = joint(body.hip, ankle, thigh, shin, -1)
    name = d.path("b", body.torso() + body.head(nod) + body.leg(ankle, foot))
    dress(d, body, name, nod, knee)
    return name


def folded_arm(d: Drawing, body: Body, pose: str) -> None:
    """Draw the arm of someone on the back, the hand on the chest or on the belly."""
    shoulder = body.shoulder()
    if pose == "chest":
        wrist = (shoulder[0] + 28, shoulder[1] - 24)
        d.path("b", body.arm(wrist, 186, (shoulder[0] + 58, shoulder[1] + 14), -1))
    else:
        wrist = (shoulder[0] + 92, shoulder[1] - 23)
        d.path("b", body.arm(wrist, 4, (shoulder[0] + 40, shoulder[1] + 13)))


def flat(d: Drawing, reach: bool = True) -> Body:
    """Draw someone face up without the tool, the fingers just inside the point of the hip."""
    size = 446
    body = Body((256.0, FLOOR - 0.078 * size), -1, 1, size)
    ankle = (372.0, FLOOR - 0.043 * size)
    d.path("r", body.leg((ankle[0] + 10, ankle[1]), 0, hip=(body.hip[0] + 8, body.hip[1])))
    name = face_up(d, body, ankle)
    d.clipped("m", body.iliacus(), name)
    if reach:
        shoulder, wrist = body.shoulder(), body.torso_frame().at(0.2, 0.056)
        d.path("b", body.arm(wrist, 14, (shoulder[0] + 52, shoulder[1] + 6)))
    d.floor(FLOOR)
    return body


def on_hips(d: Drawing, pose: str = "chest", far: str = "down", sink: float = 0.0) -> Body:
    """Draw someone face up with the pelvis on the tool; ``far`` places the other leg."""
    size = 446
    hip = (256.0, FLOOR - 0.083 * size - 17 + sink)
    body = Body(hip, -7, 1, size)
    draw_end(d, body.torso_frame().at(0.272, 0)[0], FLOOR, 25, "trigger")
    ankle = (366.0, FLOOR - 0.043 * size)
    places = {
        "down": ((ankle[0] + 10, ankle[1]), 0.0),
        "lifted": ((ankle[0] + 24, FLOOR - 70), 12.0),
        "drawn": ((hip[0] + 26, FLOOR - 128), -18.0),
    }
    place, foot = places[far]
    d.path("r", body.leg(place, foot, hip=(hip[0] + 8, hip[1])))
    name = face_up(d, body, ankle, nod=7)
    d.clipped("m", body.gluteus_medius(), name)
    folded_arm(d, body, pose)
    d.floor(FLOOR)
    return body


NOD = 10  # of someone who leans back and looks ahead


def propped(d: Drawing, crossed: bool = False, sink: float = 0.0) -> Body:
    """Draw someone who leans back on the forearms, one side of the pelvis on the tool."""
    size = 430
    hip = (222.0, FLOOR - 0.066 * size - 27 + sink)
    body = Body(hip, 31, 1, size)
    draw_end(d, body.torso_frame().at(0.292, -0.06)[0], FLOOR, 25, "trigger")
    ankle = (356.0, FLOOR - 0.043 * size)
    far_hip, far_ankle = (hip[0] + 6, hip[1]), (ankle[0] + 10, ankle[1])
    elbow = (body.shoulder()[0] - 25, FLOOR - 12)
    wrist = (elbow[0] + 0.07 * size, FLOOR - 8)  # the forearm points outward, too
    shifted = Body((hip[0] + 10, hip[1]), 31, 1, size)
    d.path("r", shifted.arm((wrist[0] + 8, wrist[1]), 2, (elbow[0] + 10, elbow[1]))
           + body.leg(far_ankle, 0, hip=far_hip))  # fmt: skip
    if crossed:
        name = crossed_leg(d, body, far_hip, far_ankle, NOD)
    else:
        name = face_up(d, body, ankle, nod=NOD)
    d.clipped("m", body.piriformis(), name)
    d.path("b", body.arm(wrist, 2, elbow))
    d.floor(FLOOR)
    return body


def crossed_leg(d: Drawing, body: Body, far_hip: Point, far_ankle: Point, nod: float) -> str:
    """Draw someone whose near ankle lies across the other thigh; returns the outline's id."""
    size = body.size
    far = joint(far_hip, far_ankle, LENGTHS["thigh"] * size, LENGTHS["shin"] * size, -1)
    along = math.degrees(math.atan2(far[1] - far_hip[1], far[0] - far_hip[0]))
    ankle = step(step(far_hip, along, 0.205 * size), along - 90, 0.03 * size)
    knee = step(step(body.hip, along, 0.105 * size), along + 90, 0.062 * size)
    thigh = limb(body.hip, knee, THIGH, 1, size)
    name = d.path("b", body.torso() + body.head(nod) + smooth(thigh))
    dress(d, body, name, nod, step(body.hip, math.degrees(math.atan2(
        knee[1] - body.hip[1], knee[0] - body.hip[0])), LENGTHS["thigh"] * size * 0.8))  # fmt: skip
    foot = Frame(ankle, along - 62, -1, size * 0.86).lay(FOOT)
    d.path("b", smooth(limb(knee, ankle, SHIN, 1, size)) + smooth(foot))
    return name


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


def prone(d: Drawing, raised: bool = False, book: float = 0.0, iliacus: bool = False) -> Body:
    """Draw someone face down, the ramp under the belly or, for the iliacus, inside the hip."""
    size = 396
    hip = (220.0, FLOOR - 0.05 * size - 17 - book)
    body = Body(hip, -3 - book * 0.3, -1, size)
    x = body.torso_frame().at(0.262 if iliacus else 0.245, 0)[0]
    if iliacus:
        tool_outward(d, x, FLOOR - book, under=True)
    else:
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
    d.clipped("m", body.iliacus() if iliacus else body.psoas(), name)
    shoulder = body.shoulder()
    wrist = (shoulder[0] - 70, FLOOR - 8)
    d.path("b", body.arm(wrist, 180, (shoulder[0] - 20, FLOOR - 11)))
    if iliacus:
        tool_outward(d, x, FLOOR - book, under=False)
    else:
        d.floor(FLOOR)
    return body


def tool_outward(d: Drawing, x: float, floor: float, under: bool) -> None:
    """Draw the tool that points at us: its ramp under the body, or what lies before it."""
    book = FLOOR - floor
    if under:
        d.floor(FLOOR)
        if book:
            n = number
            d.path("o", f"M{n(x - 36)} {n(floor - 8)}h72V{n(floor + 38)}h-72Z")
            d.path("o", f"M{n(x - 36)} {n(floor + 38)}h72v{n(book)}h-72Z")
        d.path("g", tool_end(x, floor, 25, "trigger")[0])
        return
    neck = [(x - 12, floor - 3), (x + 12, floor - 3), (x + 8, floor + 12), (x + 9, floor + 30),
            (x - 9, floor + 30), (x - 8, floor + 12)]  # fmt: skip
    d.path("g", smooth(neck, tension=0.6))
    d.path("g", tool_end(x, floor + 33, 27, "trigger")[1])
    d.path("h", f"M{number(x - 34)} {number(FLOOR + 33)}h68")


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


def belly_inset(d: Drawing, to: Point, iliacus: bool = False, x: float = 384.0) -> None:
    """Show the belly from the front with the target on the line from navel to hip point."""
    y = 92.0
    ground = lens(d, x, y, 78, to)
    flank = [(-66, -100), (-60, -50), (-56, -20), (-66, 22), (-76, 60), (-80, 110)]
    side = [(x + u, y + v) for u, v in flank] + [(x - u, y + v) for u, v in reversed(flank)]
    d.clipped("b", smooth(side), ground)
    psoas = [(6, -40), (14, -10), (30, 26), (38, 54), (46, 54), (42, 22), (24, -20), (14, -44)]
    bowl = [(28, 12), (40, 0), (53, 4), (60, 16), (56, 32), (50, 46), (47, 62), (40, 62), (38, 44),
            (32, 28)]  # fmt: skip
    shape = bowl if iliacus else psoas
    d.path("m", smooth([(x + u, y + v) for u, v in shape]), 'style="opacity:.45"')
    d.path("l", f"M{number(x)} {number(y - 5)}v8")
    for s in (1, -1):
        d.circle("o", x + s * 52, y + 30, 5)
    d.path(
        "h", f"M{number(x)} {number(y)}L{number(x + 52)} {number(y + 30)}", 'stroke-dasharray="3 5"'
    )
    if iliacus:
        groin = "M{0} {1}Q{2} {3} {4} {5}"
        for s in (1, -1):
            points = (x + s * 56, y + 42, x + s * 40, y + 58, x + s * 16, y + 76)
            d.clipped("l", groin.format(*map(number, points)), ground)
    d.circle("m", x + (39 if iliacus else 27), y + (22 if iliacus else 15), 6)


def seat_inset(d: Drawing, to: Point, piriformis: bool = False, x: float = 96.0) -> None:
    """Show low back and buttocks from behind with the tool across, its tip on the target."""
    y = 92.0
    ground = lens(d, x, y, 78, to)
    flank = [(-58, -110), (-54, -60), (-58, -36), (-68, -4), (-74, 34), (-70, 70), (-66, 110)]
    side = [(x + u, y + v) for u, v in flank] + [(x - u, y + v) for u, v in reversed(flank)]
    d.clipped("b", smooth(side), ground)
    d.clipped("l", f"M{number(x)} {number(y + 10)}V{number(y + 62)}", ground)
    fold = "M{0} {1}q{2} 14 {3} 2"
    medius = [(20, -24), (36, -38), (54, -30), (64, -8), (66, 14), (56, 16), (42, -2), (26, -10)]
    deep = [(9, -10), (14, -16), (36, -4), (62, 8), (62, 15), (34, 12), (10, 8)]
    for s in (1, -1):
        d.clipped("l", fold.format(*map(number, (x + s * 3, y + 62, s * 26, s * 52))), ground)
        d.path("l", f"M{number(x + s * 17 - 4)} {number(y - 22)}q4-4 8 0")
        d.path("m", smooth([(x + s * u, y + v) for u, v in (deep if piriformis else medius)]))
    tip = (x + 21, y - 3) if piriformis else (x + 45, y - 16)
    d.clipped("t", tool_top(tip[0] - 93, tip[1], 0, 1.0), ground)
    d.circle("b", tip[0], tip[1], 3.5)


def tilt_inset(d: Drawing, to: Point, piriformis: bool = False, x: float = 96.0) -> None:
    """Show the pelvis cut across, seen from the feet, tipped onto the trigger."""
    y = 92.0
    ground = lens(d, x, y, 78, to)
    place = Frame((x + 2, y + 2), 9, -1, 1.0)
    cut = [(-62, -12), (-52, -34), (-22, -44), (22, -44), (52, -34), (62, -12), (58, 14),
           (42, 31), (20, 34), (6, 27), (0, 18), (-6, 27), (-20, 34), (-42, 31), (-58, 14)]  # fmt: skip
    d.clipped("b", smooth(place.lay(cut)), ground)
    for s in (1, -1):
        wing = [(10, 6), (24, 2), (42, -12), (50, -24), (54, -22), (48, -6), (30, 10), (14, 14)]
        d.path("o", smooth(place.lay((s * u, v) for u, v in wing)))
        medius = [(30, 12), (46, -2), (55, -20), (58, -8), (52, 10), (40, 20)]
        deep = [(6, 2), (14, -6), (26, 6), (46, 14), (50, 20), (34, 20), (18, 12)]
        shape = smooth(place.lay((s * u, v) for u, v in (deep if piriformis else medius)))
        d.path("m" if s > 0 else "q", shape)
    d.path("o", smooth(place.lay([(-12, 4), (0, -2), (12, 4), (10, 14), (0, 18), (-10, 14)])))
    tip = 24 if piriformis else 40
    d.clipped("t", tool_side(x + tip - 95, y + 62, 1.0), ground)
    d.clipped("h", f"M{number(x - 80)} {number(y + 62)}h160", ground)
    d.arrow((x + 6, y - 62), (x + 52, y - 52), "d", 0.16)


WAIST_CUT: Outline = [
    (-122, -14), (-104, -62), (-58, -84), (0, -80), (58, -84), (104, -62), (122, -14), (114, 34),
    (94, 58), (81, 57), (72, 46), (62, 41), (52, 46), (43, 57), (24, 60), (2, 54), (-24, 60),
    (-66, 62), (-104, 44),
]  # fmt: skip


def waist_inset(d: Drawing, to: Point, x: float = 108.0) -> None:
    """Show the waist cut across, seen from the feet, tipped onto the trigger."""
    y = 82.0
    ground = lens(d, x, y, 74, to)
    place = Frame((x - 2, y - 4), 9, -1, 0.5)
    d.clipped("b", smooth(place.lay(WAIST_CUT)), ground)
    for s in (1, -1):
        low = 0 if s > 0 else 8
        muscle = [(30, 10), (56, -2), (84, 6), (84, 26), (62, 34 + low), (42, 36)]
        d.path("m" if s > 0 else "q", smooth(place.lay((s * u, v) for u, v in muscle)))
    d.path("o", smooth(place.lay([(-22, -14), (0, -20), (22, -14), (34, 14), (0, 40), (-34, 14)])))
    d.clipped("t", tool_side(x - 46, y + 46, 0.78), ground)
    d.clipped("h", f"M{number(x - 70)} {number(y + 46)}h140", ground)
    d.arrow((x - 8, y - 58), (x + 44, y - 48), "d", 0.16)


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


@figure("ql-step-pressure-2")
def ql_pressure_two() -> Drawing:
    """The leg of the sore side lies straight."""
    d = Drawing("The leg of the sore side slid out straight, the other foot on the floor", left=28)
    body = supine(d, "chest", sink=3, straight=True)
    x, y = body.torso_frame().at(0.205, 0.06)
    d.arrow((x, y - 58), (x, y - 12), "d")
    d.arrow((420, FLOOR - 52), (466, FLOOR - 52), "u")
    return d


@figure("ql-step-pressure-3")
def ql_pressure_three() -> Drawing:
    """The other knee drawn in, the waist tipped a little to the sore side."""
    d = Drawing("The other knee drawn toward the chest, the waist tipped to the sore side", left=28)
    body = supine(d, "chest", sink=4, straight=True, drawn=True)
    waist_inset(d, body.torso_frame().at(0.2, -0.02))
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
    squeeze(d, prone(d, raised=True))
    return d


def squeeze(d: Drawing, body: Body) -> None:
    """Mark the squeezed buttock and the knee that leaves the floor."""
    shape = [(0.245, -0.05), (0.29, -0.066), (0.33, -0.052), (0.335, -0.015), (0.29, -0.01),
             (0.255, -0.024)]  # fmt: skip
    d.path("q", smooth(body.torso_frame().lay(shape)))
    knee = step(body.hip, 3, LENGTHS["thigh"] * body.size)
    d.arrow((knee[0], FLOOR + 38), (knee[0], FLOOR - 14), "u")
    d.arrow((body.hip[0] - 4, body.hip[1] - 86), (body.hip[0] - 4, body.hip[1] - 40), "d")


@figure("psoas-step-pressure-2")
def psoas_pressure_two() -> Drawing:
    """From above: the other knee out to the side."""
    d = Drawing("Seen from above, face down: the opposite knee drawn out to the side")
    knee_out(d, iliacus=False)
    return d


def knee_out(d: Drawing, iliacus: bool) -> None:
    """Draw someone face down on the ramp, from above, the opposite knee out to the side."""
    body = Back((104, 172), 0, 372)
    frame = body.frame()
    if iliacus:
        tool = tool_top(frame.at(0.262, 0)[0], 181, 90, 0.86)
        muscle = [(0.24, -0.05), (0.247, -0.078), (0.275, -0.085), (0.31, -0.062), (0.338, -0.046),
                  (0.332, -0.034), (0.3, -0.042), (0.265, -0.034)]  # fmt: skip
    else:
        tool = tool_top(frame.at(0.235, 0)[0], 238, -90, 0.92)
        muscle = [(0.17, -0.014), (0.24, -0.03), (0.31, -0.052), (0.33, -0.044), (0.26, -0.012),
                  (0.2, -0.006)]  # fmt: skip
    d.path("t", tool)
    thigh = body.leg(1, 82, -6, 0)
    d.path("b", body.arm(-1, 130, 232) + body.arm(1, 130, 232))
    name = d.path("b", body.trunk() + thigh + body.leg(-1, 2, 1))
    d.clipped("j", body.hair(), name)
    d.clipped(
        "k", polygon(frame.lay([(0.255, -0.13), (0.255, 0.14), (0.43, 0.14), (0.43, -0.13)])), name
    )
    d.path("h", tool, 'fill="none" stroke-dasharray="3 5"')
    d.path("m", smooth(frame.lay(muscle)), 'style="opacity:.5"')
    d.arrow((352, 150), (322, 92), "u", -0.25)


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


@figure("iliacus-step-end")
def iliacus_step_end() -> Drawing:
    """The ramp is for the iliacus."""
    return which_end("ramp", "iliacus")


@figure("iliacus-step-find")
def iliacus_step_find() -> Drawing:
    """Fingers first, without the tool."""
    d = Drawing("Face up without the tool, fingertips just inside the bony point of the hip")
    body = flat(d)
    belly_inset(d, body.torso_frame().at(0.262, 0.03), iliacus=True, x=110)
    return d


@figure("iliacus-step-placement")
def iliacus_step_placement() -> Drawing:
    """Lying face down, the ramp just inside the hip point."""
    d = Drawing("Lying face down, the ramp just inside the bony point of one hip")
    body = prone(d, iliacus=True)
    belly_inset(d, body.torso_frame().at(0.262, 0.03), iliacus=True)
    return d


@figure("iliacus-step-breathe")
def iliacus_step_breathe() -> Drawing:
    """Breathing against the ramp."""
    d = Drawing("Face down on the ramp: the belly presses on the in-breath, sinks on the out-breath")
    body = prone(d, iliacus=True)
    x, y = body.torso_frame().at(0.22, -0.05)
    d.path("l", f"M{number(x - 54)} {number(y - 14)}q54-22 108 4", 'stroke-dasharray="1 7"')
    d.arrow((x - 14, y - 34), (x - 14, y - 72), "u")
    d.arrow((x + 14, y - 72), (x + 14, y - 34), "u")
    return d


@figure("iliacus-step-pressure-1")
def iliacus_pressure_one() -> Drawing:
    """From above: the other knee out to the side."""
    d = Drawing("Seen from above, face down: the opposite knee drawn out to the side")
    knee_out(d, iliacus=True)
    return d


@figure("iliacus-step-pressure-2")
def iliacus_pressure_two() -> Drawing:
    """The glute of the same side squeezed, the knee off the floor."""
    d = Drawing("Face down on the ramp: buttock squeezed, leg straight, knee off the floor")
    squeeze(d, prone(d, raised=True, iliacus=True))
    return d


@figure("iliacus-step-pressure-3")
def iliacus_pressure_three() -> Drawing:
    """A thin book under the tool."""
    d = Drawing("Face down on the ramp with a thin book under the tool")
    body = prone(d, book=8, iliacus=True)
    x = body.torso_frame().at(0.262, 0)[0]
    d.arrow((x + 84, FLOOR + 34), (x + 46, FLOOR + 8), "d")
    return d


@figure("gluteus-medius-step-end")
def gluteus_medius_step_end() -> Drawing:
    """The trigger is for the gluteus medius."""
    return which_end("trigger", "gluteus medius")


@figure("gluteus-medius-step-placement")
def gluteus_medius_step_placement() -> Drawing:
    """Lying face up, the trigger under the upper outer buttock."""
    d = Drawing("Face up, the trigger under the upper, outer buttock of one side")
    body = on_hips(d)
    seat_inset(d, body.torso_frame().at(0.272, -0.02))
    return d


@figure("gluteus-medius-step-breathe")
def gluteus_medius_step_breathe() -> Drawing:
    """Breathing on the tool."""
    d = Drawing("Face up with the pelvis on the tool, one hand on the belly as it rises and sinks")
    body = on_hips(d, "belly")
    x, y = body.torso_frame().at(0.2, 0.053)
    d.path("l", f"M{number(x - 48)} {number(y - 16)}q52-30 100-8", 'stroke-dasharray="1 7"')
    d.arrow((x - 10, y - 40), (x - 10, y - 78), "u")
    d.arrow((x + 18, y - 78), (x + 18, y - 40), "u")
    return d


@figure("gluteus-medius-step-pressure-1")
def gluteus_medius_pressure_one() -> Drawing:
    """Knees and pelvis tipped a little to the sore side."""
    d = Drawing("Both knees tip a little to the sore side; the pelvis tips onto the trigger")
    body = on_hips(d)
    tilt_inset(d, body.torso_frame().at(0.272, -0.02))
    return d


@figure("gluteus-medius-step-pressure-2")
def gluteus_medius_pressure_two() -> Drawing:
    """The other foot off the floor."""
    d = Drawing("The foot of the other side lifted from the floor")
    body = on_hips(d, far="lifted", sink=2)
    x, y = body.torso_frame().at(0.25, 0.06)
    d.arrow((x, y - 58), (x, y - 12), "d")
    d.arrow((452, FLOOR - 28), (452, FLOOR - 72), "u")
    return d


@figure("gluteus-medius-step-pressure-3")
def gluteus_medius_pressure_three() -> Drawing:
    """The other knee drawn toward the chest."""
    d = Drawing("The knee of the other side drawn toward the chest")
    body = on_hips(d, far="drawn", sink=3)
    x, y = body.torso_frame().at(0.16, 0.06)
    d.arrow((x + 4, y - 58), (x + 4, y - 12), "d")
    d.arrow((246, 100), (186, 100), "u", -0.12)
    return d


@figure("gluteus-medius-step-off")
def gluteus_medius_step_off() -> Drawing:
    """Hips up, tool away."""
    d = Drawing("Hips raised from the floor; the tool is slid out from under the buttocks")
    bridge(d)
    draw_end(d, 262, FLOOR + 22, 27, "trigger")
    d.arrow((282, FLOOR + 14), (338, FLOOR + 36), "u")
    return d


@figure("piriformis-step-end")
def piriformis_step_end() -> Drawing:
    """The trigger is for the piriformis."""
    return which_end("trigger", "piriformis")


@figure("piriformis-step-placement")
def piriformis_step_placement() -> Drawing:
    """Leaning back on the forearms, the trigger under the inner end of the muscle."""
    d = Drawing("Leaning back on the forearms, the trigger just beside the sacrum")
    body = propped(d)
    seat_inset(d, body.torso_frame().at(0.3, -0.05), piriformis=True, x=398)
    return d


@figure("piriformis-step-breathe")
def piriformis_step_breathe() -> Drawing:
    """Breathing on the tool."""
    d = Drawing("Leaning back on the tool: the belly swells on the in-breath and sinks again")
    body = propped(d)
    frame = body.torso_frame()
    belly = smooth(frame.lay([(0.12, 0.08), (0.17, 0.092), (0.22, 0.084)]), closed=False)
    d.path("l", belly, 'stroke-dasharray="1 7"')
    d.arrow(frame.at(0.15, 0.11), frame.at(0.15, 0.2), "u")
    d.arrow(frame.at(0.21, 0.2), frame.at(0.21, 0.11), "u")
    return d


@figure("piriformis-step-pressure-1")
def piriformis_pressure_one() -> Drawing:
    """Leaning a little to the sore side."""
    d = Drawing("Leaning back on the forearms and a little to the sore side")
    body = propped(d, sink=1)
    tilt_inset(d, body.torso_frame().at(0.3, -0.05), piriformis=True, x=398)
    return d


@figure("piriformis-step-pressure-2")
def piriformis_pressure_two() -> Drawing:
    """The ankle of the sore side crossed over the other thigh."""
    d = Drawing("Leaning back on the forearms, the ankle of the sore side across the other thigh")
    propped(d, crossed=True)
    return d


@figure("piriformis-step-pressure-3")
def piriformis_pressure_three() -> Drawing:
    """The ankle crossed, and leaning to the sore side."""
    d = Drawing("The ankle crossed over the other thigh, leaning a little to the sore side")
    body = propped(d, crossed=True, sink=1)
    tilt_inset(d, body.torso_frame().at(0.3, -0.05), piriformis=True, x=398)
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
    place = Frame((236, 145), 4, -1, 1.12)
    d.floor(FLOOR)
    d.path("b", smooth(place.lay(WAIST_CUT)))
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


def both(d: Drawing, kind: str, data: str, extra: str = "") -> None:
    """Draw a half and its mirror image."""
    name = d.path(kind, data, extra)
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
        left=46,
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


def front_pelvis(d: Drawing) -> None:
    """Draw low spine, pelvis and tops of the thigh bones from the front."""
    waist(d, [(118, -10), (108, 40), (104, 90), (122, 140), (142, 190), (146, 240), (140, 330)])
    d.path("o", "M214 170C224 164 256 164 266 170C272 184 262 208 240 222C218 208 208 184 214 170Z")
    both(d, "o", "M266 172C276 156 296 142 316 138C336 136 346 148 344 162C342 178 332 188 330 202"
                 "C328 216 318 226 306 230C290 236 270 240 242 246V234C262 230 280 222 284 210"
                 "C288 196 276 186 266 172Z")  # fmt: skip
    both(d, "o", "M306 206C318 200 332 206 336 216C344 214 352 220 354 230C358 244 352 262 348 282"
                 "C346 300 346 312 346 332H318C320 304 318 282 312 262C308 254 314 246 312 238"
                 "C300 232 298 214 306 206Z")  # fmt: skip
    column(d, [(v - 26, u) for v, u in SPINE], front=True)


PSOAS = (
    "M258 26C268 40 276 70 282 104C288 138 300 170 308 196C314 216 320 238 318 256"
    "C316 262 310 260 308 254C302 226 288 206 278 "
    "182C270 162 262 152 258 146L265 140L257 118"
    "L264 112L256 90L263 84L255 62L262 56Z"
)


@figure("psoas-anatomy")
def psoas_anatomy() -> Drawing:
    """The psoas from the front."""
    d = Drawing(
        "From the front: the psoas runs from the lumbar spine "
        "through the pelvis to the top of the thigh bone",
        left=46,
    )
    front_pelvis(d)
    both(d, "m", PSOAS)
    both(d, "f", "M268 60C274 104 290 166 304 204M266 100C272 136 290 180 304 216")
    d.path("h", "M284 104L392 76M345 150L392 132M350 262L400 250")
    d.text(398, 81, "psoas")
    d.text(398, 137, "pelvis")
    d.text(406, 254, "thigh bone")
    return d


@figure("iliacus-anatomy")
def iliacus_anatomy() -> Drawing:
    """The iliacus from the front, beside the psoas."""
    d = Drawing(
        "From the front: the iliacus lines the inner bowl of the pelvis "
        "and joins the psoas on the way to the thigh bone",
        left=46,
    )
    front_pelvis(d)
    both(d, "m", "M276 168C284 157 299 148 314 145C328 143 337 150 337 161C336 174 328 184 325 198"
                 "C322 214 322 238 319 256C316 263 310 261 308 254C304 232 298 212 290 198"
                 "C284 188 276 178 276 168Z")  # fmt: skip
    both(d, "f", "M286 168C298 184 308 210 313 246M306 154C310 180 313 214 315 244"
                 "M328 156C322 182 317 214 316 242")  # fmt: skip
    both(d, "q", PSOAS)
    d.path("d", PSOAS, 'stroke-dasharray="1 6"')
    d.path("d", PSOAS, f'{MIRROR} stroke-dasharray="1 6"')
    d.path("h", "M284 104L392 76M326 166L392 132M350 262L400 250")
    d.text(398, 81, "psoas")
    d.text(398, 137, "iliacus")
    d.text(406, 254, "thigh bone")
    return d


FEMUR = (
    "M318 132C328 128 338 132 344 138C348 128 358 122 366 128C374 136 374 150 370 162"
    "C364 186 362 220 360 332H332C334 260 336 214 332 190C326 184 326 176 330 170"
    "C324 164 314 160 312 150C310 142 312 136 318 132Z"
)
RAISED = 'transform="translate(0 -112)"'


def rear_pelvis(d: Drawing) -> None:
    """Draw low spine, hip bones and tops of the thigh bones from behind, without the sacrum."""
    waist(d, [(118, -10), (120, 30), (132, 80), (146, 130), (150, 180), (146, 240), (136, 330)])
    both(d, "o", FEMUR)
    both(d, "o", CREST, RAISED)
    column(d, [(-24, 13), (3, 13.5), (30, 14), (56, 14.5)], front=False)


def rear_sacrum(d: Drawing) -> None:
    """Draw the sacrum from behind."""
    d.path("o", SACRUM, RAISED)
    d.path("l", "M240 94v14M240 118v12M240 140v10")


@figure("gluteus-medius-anatomy")
def gluteus_medius_anatomy() -> Drawing:
    """The gluteus medius from behind."""
    d = Drawing(
        "The pelvis from behind: the gluteus medius runs from the outer "
        "face of the hip bone to the point at the side of the hip",
        left=46,
    )
    rear_pelvis(d)
    rear_sacrum(d)
    both(d, "m", "M274 82C284 72 300 64 318 64C338 64 352 76 358 92C363 108 370 124 372 140"
                 "C371 148 364 150 358 144C344 132 326 122 308 114C294 108 278 98 274 82Z")  # fmt: skip
    both(d, "f", "M286 84C312 100 342 122 360 140M310 74C330 94 352 118 364 138"
                 "M338 78C348 98 360 120 367 138")  # fmt: skip
    d.path("h", "M340 66L392 38M352 108L392 96M372 150L392 154M360 260L392 250")
    d.text(398, 42, "hip crest")
    d.text(398, 100, "gluteus medius")
    d.text(398, 158, "side of hip")
    d.text(398, 254, "thigh bone")
    return d


@figure("piriformis-anatomy")
def piriformis_anatomy() -> Drawing:
    """The piriformis from behind, with the sciatic nerve."""
    d = Drawing(
        "The pelvis from behind: the piriformis runs from the front of the sacrum to "
        "the top of the point at the side of the hip; the sciatic nerve leaves below it",
        left=46,
    )
    rear_pelvis(d)
    both(d, "n", "M262 138C278 142 292 148 302 160C314 178 318 204 320 236C321 268 321 300 322 330")
    both(d, "m", "M246 110C262 108 284 110 306 116C326 120 344 124 358 126C363 129 362 134 356 136"
                 "C340 138 320 140 302 144C284 150 264 156 246 152Z")  # fmt: skip
    both(d, "f", "M270 118C298 122 328 128 352 130M270 132C296 132 326 132 352 131"
                 "M270 146C294 140 326 136 352 133")  # fmt: skip
    rear_sacrum(d)
    both(d, "d", "M266 112C258 112 252 114 246 118M256 152C252 150 249 148 246 146",
         'stroke-dasharray="1 6"')  # fmt: skip
    d.path("h", "M258 90L392 38M330 130L392 96M372 142L392 154M321 258L392 212")
    d.text(398, 42, "sacrum")
    d.text(398, 100, "piriformis")
    d.text(398, 158, "side of hip")
    d.text(398, 216, "sciatic nerve")
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
        left=46,
    )
    name = rear(d)
    spots = {
        "crest": [(276, 92), (300, 78), (330, 84), (338, 100), (318, 106), (294, 106)],
        "joint": [(256, 104), (272, 108), (278, 128), (270, 150), (256, 146), (252, 124)],
        "buttock": [(270, 178), (296, 172), (322, 184), (318, 206), (292, 214), (270, 204)],
        "hip": [(342, 148), (358, 152), (366, 178), (360, 204), (344, 200), (338, 174)],
    }
    shade(d, spots.values(), name)
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


def shade(d: Drawing, spots: Iterable[Outline], within: str) -> None:
    """Shade places of pain, weaker around their rims."""
    for spot in spots:
        cx = sum(p[0] for p in spot) / len(spot)
        cy = sum(p[1] for p in spot) / len(spot)
        for kind, part in (("p", 1.35), ("q", 0.8)):
            grown = [(cx + (x - cx) * part, cy + (y - cy) * part) for x, y in spot]
            d.clipped(kind, smooth(grown), within)


def named(d: Drawing, words: Iterable[str], lines: str) -> None:
    """Name places from top to bottom, each with its line."""
    d.path("h", lines)
    for i, word in enumerate(words):
        d.text(398, 45 + 46 * i, word)


@figure("gluteus-medius-referred-pain")
def gluteus_medius_referred_pain() -> Drawing:
    """Where the gluteus medius sends pain."""
    d = Drawing(
        "Back of the body: pain from the gluteus medius in the low back, "
        "along the hip crest, on the sacrum and in the buttock",
        left=46,
    )
    name = rear(d)
    spots = [
        [(256, 56), (270, 52), (284, 60), (282, 76), (266, 80), (256, 72)],
        [(284, 92), (304, 84), (330, 88), (340, 104), (318, 106), (296, 104)],
        [(246, 108), (258, 112), (260, 134), (252, 158), (244, 158), (242, 132)],
        [(276, 156), (300, 148), (322, 162), (316, 188), (290, 194), (272, 178)],
    ]
    shade(d, spots, name)
    d.path("d", "M276 108C288 94 312 88 332 94C346 104 354 124 358 146C360 158 352 164 344 158"
                "C324 144 284 134 276 108Z", 'stroke-dasharray="1 6"')  # fmt: skip
    named(d, ("low back", "hip crest", "gluteus medius", "sacrum", "buttock"),
          "M274 64L392 40M328 94L392 86M352 134L392 132M250 148L392 178M306 178L392 224")
    return d


@figure("piriformis-referred-pain")
def piriformis_referred_pain() -> Drawing:
    """Where the piriformis sends pain."""
    d = Drawing(
        "Back of the body: pain from the piriformis at the sacroiliac joint, "
        "in the buttock and at the back of the hip",
        left=46,
    )
    name = rear(d)
    spots = [
        [(256, 106), (270, 106), (276, 122), (270, 138), (256, 138), (252, 122)],
        [(272, 168), (296, 160), (320, 172), (318, 196), (294, 206), (270, 196)],
        [(334, 140), (350, 140), (358, 158), (354, 176), (338, 176), (330, 158)],
    ]
    shade(d, spots, name)
    d.path("d", "M250 128C270 126 310 138 344 148C350 152 346 158 340 160C310 160 276 164 250 158Z",
           'stroke-dasharray="1 6"')  # fmt: skip
    named(d, ("sacroiliac", "piriformis", "back of hip", "buttock"),
          "M266 114L392 40M318 142L392 86M352 160L392 132M306 188L392 178")
    return d


def two_bodies(d: Drawing) -> list[str]:
    """Draw the lower body from behind and from the front; returns the ids of both."""
    outlines = []
    for x in (132, 348):
        body = Back((x, -52), 90, 540)
        torso = smooth(body.frame().lay(mirrored(BACK_HALF[4:])))
        outlines.append(d.path("b", torso + body.leg(1, 2, 2) + body.leg(-1, 2, 2)))
    d.path("l", "M132 0V104M132 132V150M136 154q16 8 34 0M128 154q-16 8-34 0M132 146v12")
    d.path("l", "M348 66v8M322 112Q332 138 346 150M374 112Q364 138 350 150")
    d.path("l", "M312 254q9 7 18 0M366 254q9 7 18 0M92 250q12 5 20 0M152 250q12 5 20 0")
    return outlines


@figure("iliacus-referred-pain")
def iliacus_referred_pain() -> Drawing:
    """Where the iliacus sends pain."""
    d = Drawing(
        "Pain from the iliacus: a strip beside the low spine, "
        "seen from behind, and the front of the upper thigh"
    )
    back, front = two_bodies(d)
    strip = [(143, 26), (151, 26), (154, 52), (154, 92), (148, 110), (142, 98), (140, 58)]
    thigh = [(362, 146), (376, 134), (390, 146), (390, 178), (380, 200), (368, 192), (360, 170)]
    shade(d, [strip], back)
    shade(d, [thigh], front)
    d.path("d", "M366 84C376 82 388 88 390 98C388 112 380 124 376 144C372 150 368 148 367 140"
                "C366 122 358 100 366 84Z", 'stroke-dasharray="1 6"')  # fmt: skip
    d.path("h", "M386 100L424 72")
    d.text(428, 72, "iliacus")
    d.text(22, 300, "back")
    d.text(240, 300, "front")
    return d


@figure("psoas-referred-pain")
def psoas_referred_pain() -> Drawing:
    """Where the psoas sends pain."""
    d = Drawing(
        "Pain from the psoas: a strip beside the spine, "
        "seen from behind, and the front of the thigh"
    )
    outlines = two_bodies(d)
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
    d.clipped("j", body.hair(), name)
    d.path("m", body.muscle(-1))
    d.path("l", f"M{pair(frame.at(-0.02, 0))}L{pair(frame.at(0.245, 0))}", 'stroke-dasharray="1 7"')
    d.path("l", f"M{pair(frame.at(0.4, 0.002))}L{pair(frame.at(0.8, 0.003))}")
    d.path("b", body.arm(1, 38, -44, -30))
    d.floor(FLOOR)
    x, y = frame.at(0.24, -0.13)
    d.arrow((x, y + 42), (x, y + 6), "d")
    return d


@dataclass
class Leaning(Back):
    """A person seen from behind whose trunk is bent to one side."""

    bend: float = 0.0

    def frame(self) -> Frame:
        """Return the bent frame of the body."""
        return Bow(self.origin, self.angle, 1, self.size, self.bend)

    def reach(self, side: int, wrist: Point, way: int, hand: float) -> str:
        """Return an arm that reaches a wrist."""
        start = self.frame().at(0.045, 0.09 * side)
        upper, lower = LENGTHS["upper"] * self.size, LENGTHS["lower"] * self.size
        elbow = joint(start, wrist, upper, lower, way)
        return "".join(smooth(p) for p in (
            limb(start, elbow, UPPER, side, self.size),
            limb(elbow, wrist, LOWER, side, self.size),
            Frame(wrist, hand, side, self.size).lay(HAND),
        ))  # fmt: skip


@figure("door-frame-stretch")
def door_frame_stretch() -> Drawing:
    """A side stretch at a door frame, seen from behind."""
    d = Drawing("Side stretch at a door frame, seen from behind: the hips drift away from it")
    floor, post = 293.0, 148.0
    body = Leaning((222, 88), 58, 246, bend=110)
    frame = body.frame()
    d.path("o", f"M{number(post - 22)} 12H{number(post)}V{number(floor)}H{number(post - 22)}Z")
    d.path("r", body.reach(1, (post + 14, 36), -1, 190))
    legs = "".join(
        body.leg(s, (body.angle - 106 + 3 * s) * s, (body.angle - 108 + 2 * s) * s, 90)
        for s in (1, -1)
    )
    name = d.path("b", body.trunk() + legs)
    d.clipped("k", polygon(frame.lay([(0.25, -0.13), (0.25, 0.13), (0.46, 0.12), (0.46, -0.13)])),
              name)  # fmt: skip
    d.clipped("j", body.hair(), name)
    d.path("m", body.muscle(1))
    d.path("q", body.muscle(-1))
    d.path("b", body.reach(-1, (post + 12, 186), 1, 160))
    d.floor(floor, 90, 420)
    x, y = frame.at(0.25, 0.13)
    d.arrow((x + 6, y), (x + 52, y + 4), "u")
    return d


@figure("sitting-hips")
def sitting_hips() -> Drawing:
    """Someone on a chair, the muscles around the hip marked."""
    d = Drawing("Sitting on a chair: psoas and iliacus in front of the hip, piriformis behind it")
    floor, size = 300.0, 338
    body = Body((190.0, floor - 0.292 * size), 90, 1, size)
    hip = body.hip
    seat = hip[1] + 0.062 * size
    knee = step(hip, 2, LENGTHS["thigh"] * size)
    ankle = step(knee, 88, LENGTHS["shin"] * size)
    d.path("o", f"M{number(hip[0] - 42)} {number(seat + 3)}h108v9h-108Z")
    d.path("l", f"M{number(hip[0] - 36)} {number(seat + 12)}V{number(floor)}"
                f"M{number(hip[0] + 58)} {number(seat + 12)}V{number(floor)}"
                f"M{number(hip[0] - 40)} {number(seat + 3)}L{number(hip[0] - 50)} 92")  # fmt: skip
    far = (ankle[0] + 12, ankle[1])
    d.path("r", body.leg(far, 0, -1, hip=(hip[0] + 6, hip[1])))
    parts = [
        limb(hip, knee, THIGH, 1, size),
        limb(knee, ankle, SHIN, 1, size),
        Frame(ankle, 0, -1, size).lay(FOOT),
    ]
    name = d.path("b", body.torso() + body.head() + "".join(smooth(p) for p in parts))
    dress(d, body, name, 0, knee)
    d.clipped("m", body.psoas(), name)
    d.clipped("m", body.piriformis(), name)
    shoulder = body.shoulder()
    wrist = (knee[0] - 34, knee[1] - 26)
    d.path("b", body.arm(wrist, 8, (shoulder[0] + 4, shoulder[1] + 58)))
    d.floor(floor, 90, 400)
    d.path("h", f"M{pair(body.torso_frame().at(0.25, 0.012))}L330 116"
                f"M{pair(body.torso_frame().at(0.29, -0.05))}L96 196")  # fmt: skip
    d.text(334, 112, "psoas and")
    d.text(334, 129, "iliacus")
    d.text(20, 200, "piriformis")
    return d


@figure("bending-forward")
def bending_forward() -> Drawing:
    """Someone bends forward and rests a hand on a low table."""
    d = Drawing("Bending forward with a hand on a table: QL in the low back, gluteus medius at the hip")
    floor, size = 300.0, 316
    body = Body((182.0, floor - 0.518 * size), 138, 1, size)
    hip = body.hip
    ankle = (hip[0] + 8, floor - 0.043 * size)
    d.path("r", body.leg((ankle[0] + 12, ankle[1]), 0, -1, hip=(hip[0] + 5, hip[1])))
    table = floor - 96
    shoulder = body.shoulder()
    d.path("r", body.arm((shoulder[0] + 22, table - 10), 8))
    d.path("o", f"M{number(shoulder[0] - 6)} {number(table)}h130v9h-130Z")
    d.path("l", f"M{number(shoulder[0] + 8)} {number(table + 9)}V{number(floor)}"
                f"m102 {number(table + 9 - floor)}V{number(floor)}")  # fmt: skip
    knee = joint(hip, ankle, LENGTHS["thigh"] * size, LENGTHS["shin"] * size, -1)
    name = d.path("b", body.torso() + body.head(-14) + body.leg(ankle, 0))
    dress(d, body, name, -14, knee)
    d.clipped("m", body.muscle(), name)
    d.clipped("q", body.gluteus_medius(), name)
    d.path("b", body.arm((shoulder[0] - 14, shoulder[1] + 88), 86))
    d.floor(floor, 90, 420)
    d.path("h", f"M{pair(body.torso_frame().at(0.2, -0.03))}L180 62"
                f"M{pair(body.torso_frame().at(0.27, -0.03))}L130 122")  # fmt: skip
    d.text(174, 56, "QL", "end")
    d.text(126, 126, "gluteus medius", "end")
    return d


@figure("walk-easy")
def walk_easy() -> Drawing:
    """Someone walks on level ground."""
    d = Drawing("Walking upright on level ground, arms swinging")
    floor, size = 300.0, 290
    body = Body((226.0, floor - 0.514 * size), 88, 1, size)
    hip, shoulder = body.hip, body.shoulder()
    back = (hip[0] - 62, floor - 0.107 * size)
    d.path("r", body.arm((shoulder[0] + 48, shoulder[1] + 72), 40, (shoulder[0] + 14, shoulder[1] + 44)))
    d.path("r", body.leg(back, 38, -1, hip=(hip[0] - 3, hip[1])))
    front = (hip[0] + 46, floor - 0.05 * size)
    knee = joint(hip, front, LENGTHS["thigh"] * size, LENGTHS["shin"] * size, -1)
    name = d.path("b", body.torso() + body.head() + body.leg(front, -12))
    dress(d, body, name, 0, knee)
    d.path("b", body.arm((shoulder[0] - 26, shoulder[1] + 84), 100, (shoulder[0] - 24, shoulder[1] + 42)))
    d.floor(floor, 90, 420)
    d.arrow((320, 176), (376, 176), "u")
    return d


@figure("trigger-point")
def trigger_point() -> Drawing:
    """A spot in a muscle, and the place where charts put its pain."""
    d = Drawing("A marked spot in a muscle of the buttock; the pain is felt in the low back", left=46)
    name = rear(d)
    shade(d, [[(252, 44), (270, 40), (290, 50), (290, 70), (270, 78), (252, 70)]], name)
    d.clipped("m", "M276 108C288 94 312 88 332 94C346 104 354 124 358 146C360 158 352 164 344 158"
                   "C324 144 284 134 276 108Z", name)  # fmt: skip
    d.path("f", "M290 108C310 118 336 138 348 154M306 100C324 112 342 134 352 150")
    d.circle("o", 324, 122, 6)
    d.arrow((316, 112), (284, 74), "d", 0.25)
    named(d, ("pain felt here", "spot", "muscle"), "M286 56L392 40M330 120L392 86M350 142L392 132")
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
    d.clipped("j", body.hair(), name)
    d.path("q", body.muscle(1))
    d.path("m", body.muscle(-1))
    d.path("l", f"M{pair(frame.at(0.0, 0))}L{pair(frame.at(0.245, 0))}", 'stroke-dasharray="1 7"')
    d.floor(298, 120, 360)
    d.arrow((bell[0] + 42, bell[1] - 6), (bell[0] + 42, bell[1] + 42), "u")
    return d


@figure("lunge-stretch")
def lunge_stretch() -> Drawing:
    """A kneeling lunge that lengthens the front of the hip behind."""
    d = Drawing("A deep lunge, one knee on the floor: the front of that hip is stretched")
    floor, size = 284.0, 316
    hip = (226.0, floor - 0.034 * size - 66)
    body = Body(hip, 86, 1, size)
    front = (hip[0] + 88, floor - 0.043 * size)
    d.path("r", body.leg(front, 0, hip=(hip[0] + 4, hip[1])))
    knee = step(hip, 122, LENGTHS["thigh"] * size)
    ankle = (knee[0] - LENGTHS["shin"] * size, floor - 0.022 * size)
    parts = [
        limb(hip, knee, THIGH, 1, size),
        limb(knee, ankle, SHIN, 1, size),
        Frame(ankle, 178, 1, size).lay(FOOT),
    ]
    name = d.path("b", body.torso() + body.head() + "".join(smooth(p) for p in parts))
    dress(d, body, name, 0, knee)
    d.clipped("m", body.psoas(), name)
    d.path("b", body.arm((hip[0] + 60, hip[1] - 18), 20, (body.shoulder()[0] + 8, hip[1] - 42)))
    d.floor(floor)
    d.arrow((hip[0] - 70, hip[1] - 6), (hip[0] - 28, hip[1] - 2), "u")
    return d


@figure("knee-lift")
def knee_lift() -> Drawing:
    """Standing, one knee raised toward the chest."""
    d = Drawing("Standing tall with a hand on the wall, one knee raised toward the chest")
    floor, size = 298.0, 286
    body = Body((222.0, floor - 0.526 * size), 90, 1, size)
    hip = body.hip
    d.path("r", body.leg((hip[0] + 2, floor - 0.043 * size), 0, hip=(hip[0] + 2, hip[1])))
    knee = step(hip, -18, LENGTHS["thigh"] * size)
    ankle = step(knee, 96, LENGTHS["shin"] * size)
    parts = [
        limb(hip, knee, THIGH, 1, size),
        limb(knee, ankle, SHIN, 1, size),
        Frame(ankle, 14, -1, size).lay(FOOT),
    ]
    shoulder = body.shoulder()
    wall = shoulder[0] + 104
    d.path("r", body.arm((wall - 20, shoulder[1] + 14), -60, (shoulder[0] + 38, shoulder[1] + 26)))
    name = d.path("b", body.torso() + body.head() + "".join(smooth(p) for p in parts))
    dress(d, body, name, 0, knee)
    d.clipped("m", body.psoas(), name)
    d.path("b", body.arm((hip[0] - 6, hip[1] - 2), 88))
    d.floor(floor, 120, 380)
    d.path("h", f"M{number(wall)} 24V{number(floor)}")
    d.arrow((knee[0] + 22, knee[1] + 62), (knee[0] + 22, knee[1] + 6), "u")
    return d


@figure("diagonal-kickback")
def diagonal_kickback() -> Drawing:
    """The leg taken back and out, seen from behind."""
    d = Drawing("Standing on one leg, the other taken back and out on a diagonal, from behind")
    body = Back((232, 66), 90, 266)
    frame = body.frame()
    name = d.path("b", body.trunk() + body.leg(-1, 0, 0) + body.leg(1, 24, 22))
    d.clipped(
        "k", polygon(frame.lay([(0.25, -0.13), (0.25, 0.13), (0.4, 0.2), (0.43, -0.13)])), name
    )
    d.clipped("j", body.hair(), name)
    fan = [(0.252, 0.05), (0.246, 0.07), (0.262, 0.09), (0.3, 0.1), (0.322, 0.098), (0.3, 0.076),
           (0.275, 0.058)]  # fmt: skip
    d.clipped("m", smooth(frame.lay(fan)), name)
    d.clipped("q", smooth(frame.lay((u, -v) for u, v in fan)), name)
    d.path("b", body.arm(1, 24, 16, 12) + body.arm(-1, 24, 16, 12))
    d.path("l", f"M{pair(frame.at(0.25, -0.12))}L{pair(frame.at(0.25, 0.12))}",
           'stroke-dasharray="1 7"')  # fmt: skip
    d.floor(298, 120, 400)
    d.arrow((318, 262), (372, 222), "u", -0.16)
    return d


@figure("figure-four-stretch")
def figure_four_stretch() -> Drawing:
    """Lying face up, one ankle across the other thigh, hands behind that thigh."""
    d = Drawing("Lying face up, one ankle across the other thigh, hands drawing that thigh closer")
    size = 446
    body = Body((250.0, FLOOR - 0.078 * size), -1, 1, size)
    far_hip = (body.hip[0] + 8, body.hip[1])
    knee = step(far_hip, -78, LENGTHS["thigh"] * size)
    far_ankle = step(knee, -2, LENGTHS["shin"] * size)
    d.path("r", body.leg(far_ankle, -70, hip=far_hip))
    name = crossed_leg(d, body, far_hip, far_ankle, nod=0)
    d.clipped("m", body.piriformis(), name)
    wrist = step(step(far_hip, -78, 0.13 * size), 12, 0.055 * size)
    shoulder = body.shoulder()
    d.path("b", body.arm(wrist, -70, (shoulder[0] + 56, shoulder[1] + 4)))
    d.floor(FLOOR)
    d.arrow((330, 96), (272, 80), "u", 0.16)
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
