"""The figures of the QL: the steps of its release, anatomy, referred pain."""

from __future__ import annotations

from figures.anatomy import CREST, SACRUM, SPINE, both, column, waist
from figures.claw import draw_end, which_end
from figures.drawing import FLOOR, Drawing, figure
from figures.geometry import number
from figures.insets import back_inset, waist_inset
from figures.poses import bridge, supine
from figures.referred_pain import rear, shade


@figure("ql-step-end")
def ql_step_end() -> Drawing:
    """The trigger is for the QL."""
    return which_end("trigger", "QL")


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
