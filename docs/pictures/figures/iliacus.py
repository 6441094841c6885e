"""The figures of the iliacus: the steps of its release, anatomy, referred pain."""

from __future__ import annotations

from figures.anatomy import MIRROR, PSOAS, both, front_pelvis
from figures.claw import which_end
from figures.drawing import FLOOR, Drawing, figure
from figures.insets import belly_inset
from figures.poses import breath_on_ramp, flat, knee_out, prone, squeeze
from figures.referred_pain import shade, two_bodies


@figure("iliacus-step-end")
def iliacus_step_end() -> Drawing:
    """The ramp is for the iliacus."""
    return which_end("ramp", "iliacus")


@figure("iliacus-step-find")
def iliacus_step_find() -> Drawing:
    """Fingers first, without the tool."""
    d = Drawing("Face up without the tool, fingertips just inside the bony point of the hip")
    body = flat(d)
    belly_inset(d, body.torso_frame().at(0.262, 0.03), iliacus=True, x=110)
    return d


@figure("iliacus-step-placement")
def iliacus_step_placement() -> Drawing:
    """Lying face down, the ramp just inside the hip point."""
    d = Drawing("Lying face down, the ramp just inside the bony point of one hip")
    body = prone(d, iliacus=True)
    belly_inset(d, body.torso_frame().at(0.262, 0.03), iliacus=True)
    return d


@figure("iliacus-step-breathe")
def iliacus_step_breathe() -> Drawing:
    """Breathing against the ramp."""
    d = Drawing("Face down on the ramp: the belly presses on the in-breath, sinks on the out-breath")
    breath_on_ramp(d, prone(d, iliacus=True))
    return d


@figure("iliacus-step-pressure-1")
def iliacus_pressure_one() -> Drawing:
    """From above: the other knee out to the side."""
    d = Drawing("Seen from above, face down: the opposite knee drawn out to the side")
    knee_out(d, iliacus=True)
    return d


@figure("iliacus-step-pressure-2")
def iliacus_pressure_two() -> Drawing:
    """The glute of the same side squeezed, the knee off the floor."""
    d = Drawing("Face down on the ramp: buttock squeezed, leg straight, knee off the floor")
    squeeze(d, prone(d, raised=True, iliacus=True))
    return d


@figure("iliacus-step-pressure-3")
def iliacus_pressure_three() -> Drawing:
    """A thin book under the tool."""
    d = Drawing("Face down on the ramp with a thin book under the tool")
    body = prone(d, book=8, iliacus=True)
    x = body.torso_frame().at(0.262, 0)[0]
    d.arrow((x + 84, FLOOR + 34), (x + 46, FLOOR + 8), "d")
    return d


@figure("iliacus-anatomy")
def iliacus_anatomy() -> Drawing:
    """The iliacus from the front, beside the psoas."""
    d = Drawing(
        "From the front: the iliacus lines the inner bowl of the pelvis "
        "and joins the psoas on the way to the thigh bone",
        left=46,
    )
    front_pelvis(d)
    both(d, "m", "M276 168C284 157 299 148 314 145C328 143 337 150 337 161C336 174 328 184 325 198"
                 "C322 214 322 238 319 256C316 263 310 261 308 254C304 232 298 212 290 198"
                 "C284 188 276 178 276 168Z")  # fmt: skip
    both(d, "f", "M286 168C298 184 308 210 313 246M306 154C310 180 313 214 315 244"
                 "M328 156C322 182 317 214 316 242")  # fmt: skip
    both(d, "q", PSOAS)
    d.path("d", PSOAS, 'stroke-dasharray="1 6"')
    d.path("d", PSOAS, f'{MIRROR} stroke-dasharray="1 6"')
    d.path("h", "M284 104L392 76M326 166L392 132M350 262L400 250")
    d.text(398, 81, "psoas")
    d.text(398, 137, "iliacus")
    d.text(406, 254, "thigh bone")
    return d


@figure("iliacus-referred-pain")
def iliacus_referred_pain() -> Drawing:
    """Where the iliacus sends pain."""
    d = Drawing(
        "Pain from the iliacus: a strip beside the low spine, "
        "seen from behind, and the front of the upper thigh"
    )
    back, front = two_bodies(d)
    strip = [(143, 26), (151, 26), (154, 52), (154, 92), (148, 110), (142, 98), (140, 58)]
    thigh = [(362, 146), (376, 134), (390, 146), (390, 178), (380, 200), (368, 192), (360, 170)]
    shade(d, [strip], back)
    shade(d, [thigh], front)
    d.path("d", "M366 84C376 82 388 88 390 98C388 112 380 124 376 144C372 150 368 148 367 140"
                "C366 122 358 100 366 84Z", 'stroke-dasharray="1 6"')  # fmt: skip
    d.path("h", "M386 100L424 72")
    d.text(428, 72, "iliacus")
    d.text(22, 300, "back")
    d.text(240, 300, "front")
    return d
