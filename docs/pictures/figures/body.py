"""A person from the side, put together from outlines that lie along joints."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from figures.geometry import Frame, Outline, Point, joint, polygon, smooth, step

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
