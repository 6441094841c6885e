"""Round insets: a place of the body enlarged, or cut across."""

from __future__ import annotations

import math

from figures.claw import tool_side, tool_top
from figures.drawing import Drawing
from figures.geometry import Frame, Outline, Point, number, pair, smooth, step


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


def waist_muscles(d: Drawing, place: Frame) -> None:
    """Draw the QL of both sides in the waist cut across, the one that is pressed in full."""
    for s in (1, -1):
        low = 0 if s > 0 else 8
        muscle = [(30, 10), (56, -2), (84, 6), (84, 26), (62, 34 + low), (42, 36)]
        d.path("m" if s > 0 else "q", smooth(place.lay((s * u, v) for u, v in muscle)))


def waist_inset(d: Drawing, to: Point, x: float = 108.0) -> None:
    """Show the waist cut across, seen from the feet, tipped onto the trigger."""
    y = 82.0
    ground = lens(d, x, y, 74, to)
    place = Frame((x - 2, y - 4), 9, -1, 0.5)
    d.clipped("b", smooth(place.lay(WAIST_CUT)), ground)
    waist_muscles(d, place)
    d.path("o", smooth(place.lay([(-22, -14), (0, -20), (22, -14), (34, 14), (0, 40), (-34, 14)])))
    d.clipped("t", tool_side(x - 46, y + 46, 0.78), ground)
    d.clipped("h", f"M{number(x - 70)} {number(y + 46)}h140", ground)
    d.arrow((x - 8, y - 58), (x + 44, y - 48), "d", 0.16)
