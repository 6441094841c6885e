"""The figures of exercises: planks, carries, stretches and kicks."""

from __future__ import annotations

from dataclasses import dataclass

from figures.back import Back
from figures.body import FOOT, HAND, LENGTHS, LOWER, SHIN, THIGH, UPPER, Body, limb
from figures.drawing import FLOOR, Drawing, figure
from figures.geometry import Bow, Frame, Point, joint, number, pair, polygon, smooth, step
from figures.poses import crossed_leg, dress


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
