"""A person from behind. u runs from head to foot, v to the right of the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from figures.body import HAND, LENGTHS, LOWER, UPPER, limb
from figures.geometry import Frame, Outline, Point, smooth, step

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
