"""People on the floor: how they lie, lean or kneel with the tool."""

from __future__ import annotations

import math

from figures.back import Back
from figures.body import FOOT, LENGTHS, SHIN, THIGH, Body, limb
from figures.claw import draw_end, tool_end, tool_top
from figures.drawing import FLOOR, Drawing
from figures.geometry import Frame, Point, joint, number, polygon, smooth, step


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


def breath_on_ramp(d: Drawing, body: Body) -> None:
    """Mark how the back of someone face down rises and sinks again."""
    x, y = body.torso_frame().at(0.22, -0.05)
    d.path("l", f"M{number(x - 54)} {number(y - 14)}q54-22 108 4", 'stroke-dasharray="1 7"')
    d.arrow((x - 14, y - 34), (x - 14, y - 72), "u")
    d.arrow((x + 14, y - 72), (x + 14, y - 34), "u")


def squeeze(d: Drawing, body: Body) -> None:
    """Mark the squeezed buttock and the knee that leaves the floor."""
    shape = [(0.245, -0.05), (0.29, -0.066), (0.33, -0.052), (0.335, -0.015), (0.29, -0.01),
             (0.255, -0.024)]  # fmt: skip
    d.path("q", smooth(body.torso_frame().lay(shape)))
    knee = step(body.hip, 3, LENGTHS["thigh"] * body.size)
    d.arrow((knee[0], FLOOR + 38), (knee[0], FLOOR - 14), "u")
    d.arrow((body.hip[0] - 4, body.hip[1] - 86), (body.hip[0] - 4, body.hip[1] - 40), "d")


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
