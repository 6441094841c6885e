"""Where muscles send pain: the bodies it is shaded on, and what a trigger point is."""

from __future__ import annotations

from collections.abc import Iterable

from figures.anatomy import both, waist
from figures.back import BACK_HALF, Back, mirrored
from figures.drawing import Drawing, figure
from figures.geometry import Outline, smooth

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
