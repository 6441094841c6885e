"""The figures that say how the tool works: lie on it, tip onto it, breathe."""

from __future__ import annotations

from figures.claw import tool_side
from figures.drawing import FLOOR, Drawing, figure
from figures.geometry import Frame, number, smooth
from figures.insets import WAIST_CUT, waist_muscles
from figures.poses import supine


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
    waist_muscles(d, place)
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
