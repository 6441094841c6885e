"""The figures of everyday positions: sitting, bending, walking."""

from __future__ import annotations

from figures.body import FOOT, LENGTHS, SHIN, THIGH, Body, limb
from figures.drawing import Drawing, figure
from figures.geometry import Frame, joint, number, pair, smooth, step
from figures.poses import dress


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
