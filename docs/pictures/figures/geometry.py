"""Points, curves and frames: where the parts of a figure lie, and how path data says it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

Point = tuple[float, float]
Outline = list[Point]


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
