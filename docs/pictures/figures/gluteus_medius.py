"""The figures of the gluteus medius: the steps of its release, anatomy, referred pain."""

from __future__ import annotations

from figures.anatomy import both, rear_pelvis, rear_sacrum
from figures.claw import draw_end, which_end
from figures.drawing import FLOOR, Drawing, figure
from figures.geometry import number
from figures.insets import seat_inset, tilt_inset
from figures.poses import bridge, on_hips
from figures.referred_pain import named, rear, shade


@figure("gluteus-medius-step-end")
def gluteus_medius_step_end() -> Drawing:
    """The trigger is for the gluteus medius."""
    return which_end("trigger", "gluteus medius")


@figure("gluteus-medius-step-placement")
def gluteus_medius_step_placement() -> Drawing:
    """Lying face up, the trigger under the upper outer buttock."""
    d = Drawing("Face up, the trigger under the upper, outer buttock of one side")
    body = on_hips(d)
    seat_inset(d, body.torso_frame().at(0.272, -0.02))
    return d


@figure("gluteus-medius-step-breathe")
def gluteus_medius_step_breathe() -> Drawing:
    """Breathing on the tool."""
    d = Drawing("Face up with the pelvis on the tool, one hand on the belly as it rises and sinks")
    body = on_hips(d, "belly")
    x, y = body.torso_frame().at(0.2, 0.053)
    d.path("l", f"M{number(x - 48)} {number(y - 16)}q52-30 100-8", 'stroke-dasharray="1 7"')
    d.arrow((x - 10, y - 40), (x - 10, y - 78), "u")
    d.arrow((x + 18, y - 78), (x + 18, y - 40), "u")
    return d


@figure("gluteus-medius-step-pressure-1")
def gluteus_medius_pressure_one() -> Drawing:
    """Knees and pelvis tipped a little to the sore side."""
    d = Drawing("Both knees tip a little to the sore side; the pelvis tips onto the trigger")
    body = on_hips(d)
    tilt_inset(d, body.torso_frame().at(0.272, -0.02))
    return d


@figure("gluteus-medius-step-pressure-2")
def gluteus_medius_pressure_two() -> Drawing:
    """The other foot off the floor."""
    d = Drawing("The foot of the other side lifted from the floor")
    body = on_hips(d, far="lifted", sink=2)
    x, y = body.torso_frame().at(0.25, 0.06)
    d.arrow((x, y - 58), (x, y - 12), "d")
    d.arrow((452, FLOOR - 28), (452, FLOOR - 72), "u")
    return d


@figure("gluteus-medius-step-pressure-3")
def gluteus_medius_pressure_three() -> Drawing:
    """The other knee drawn toward the chest."""
    d = Drawing("The knee of the other side drawn toward the chest")
    body = on_hips(d, far="drawn", sink=3)
    x, y = body.torso_frame().at(0.16, 0.06)
    d.arrow((x + 4, y - 58), (x + 4, y - 12), "d")
    d.arrow((246, 100), (186, 100), "u", -0.12)
    return d


@figure("gluteus-medius-step-off")
def gluteus_medius_step_off() -> Drawing:
    """Hips up, tool away."""
    d = Drawing("Hips raised from the floor; the tool is slid out from under the buttocks")
    bridge(d)
    draw_end(d, 262, FLOOR + 22, 27, "trigger")
    d.arrow((282, FLOOR + 14), (338, FLOOR + 36), "u")
    return d


@figure("gluteus-medius-anatomy")
def gluteus_medius_anatomy() -> Drawing:
    """The gluteus medius from behind."""
    d = Drawing(
        "The pelvis from behind: the gluteus medius runs from the outer "
        "face of the hip bone to the point at the side of the hip",
        left=46,
    )
    rear_pelvis(d)
    rear_sacrum(d)
    both(d, "m", "M274 82C284 72 300 64 318 64C338 64 352 76 358 92C363 108 370 124 372 140"
                 "C371 148 364 150 358 144C344 132 326 122 308 114C294 108 278 98 274 82Z")  # fmt: skip
    both(d, "f", "M286 84C312 100 342 122 360 140M310 74C330 94 352 118 364 138"
                 "M338 78C348 98 360 120 367 138")  # fmt: skip
    d.path("h", "M340 66L392 38M352 108L392 96M372 150L392 154M360 260L392 250")
    d.text(398, 42, "hip crest")
    d.text(398, 100, "gluteus medius")
    d.text(398, 158, "side of hip")
    d.text(398, 254, "thigh bone")
    return d


@figure("gluteus-medius-referred-pain")
def gluteus_medius_referred_pain() -> Drawing:
    """Where the gluteus medius sends pain."""
    d = Drawing(
        "Back of the body: pain from the gluteus medius in the low back, "
        "along the hip crest, on the sacrum and in the buttock",
        left=46,
    )
    name = rear(d)
    spots = [
        [(256, 56), (270, 52), (284, 60), (282, 76), (266, 80), (256, 72)],
        [(284, 92), (304, 84), (330, 88), (340, 104), (318, 106), (296, 104)],
        [(246, 108), (258, 112), (260, 134), (252, 158), (244, 158), (242, 132)],
        [(276, 156), (300, 148), (322, 162), (316, 188), (290, 194), (272, 178)],
    ]
    shade(d, spots, name)
    d.path("d", "M276 108C288 94 312 88 332 94C346 104 354 124 358 146C360 158 352 164 344 158"
                "C324 144 284 134 276 108Z", 'stroke-dasharray="1 6"')  # fmt: skip
    named(d, ("low back", "hip crest", "gluteus medius", "sacrum", "buttock"),
          "M274 64L392 40M328 94L392 86M352 134L392 132M250 148L392 178M306 178L392 224")
    return d
