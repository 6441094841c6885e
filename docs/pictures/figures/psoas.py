"""The figures of the psoas: the steps of its release, anatomy, referred pain."""

from __future__ import annotations

from figures.anatomy import PSOAS, both, front_pelvis
from figures.claw import draw_end, which_end
from figures.drawing import FLOOR, Drawing, figure
from figures.insets import belly_inset
from figures.poses import all_fours, breath_on_ramp, knee_out, prone, squeeze
from figures.referred_pain import two_bodies


@figure("psoas-step-end")
def psoas_step_end() -> Drawing:
    """The ramp is for the psoas."""
    return which_end("ramp", "psoas")


@figure("psoas-step-placement")
def psoas_step_placement() -> Drawing:
    """Lying face down, the ramp between navel and hip point."""
    d = Drawing("Lying face down, the ramp under the belly between navel and hip point")
    body = prone(d)
    belly_inset(d, body.torso_frame().at(0.25, 0.03))
    return d


@figure("psoas-step-breathe")
def psoas_step_breathe() -> Drawing:
    """Breathing against the ramp."""
    d = Drawing(
        "Face down on the ramp: the belly presses out on the in-breath, sinks on the out-breath"
    )
    breath_on_ramp(d, prone(d))
    return d


@figure("psoas-step-pressure-1")
def psoas_pressure_one() -> Drawing:
    """The glute of the same side squeezed, the knee off the floor."""
    d = Drawing("Face down on the ramp: buttock squeezed, leg straight, knee off the floor")
    squeeze(d, prone(d, raised=True))
    return d


@figure("psoas-step-pressure-2")
def psoas_pressure_two() -> Drawing:
    """From above: the other knee out to the side."""
    d = Drawing("Seen from above, face down: the opposite knee drawn out to the side")
    knee_out(d, iliacus=False)
    return d


@figure("psoas-step-pressure-3")
def psoas_pressure_three() -> Drawing:
    """A book under the tool."""
    d = Drawing("Face down on the ramp with a book under the tool")
    body = prone(d, book=13)
    x = body.torso_frame().at(0.245, 0)[0]
    d.arrow((x + 84, FLOOR + 34), (x + 46, FLOOR + 8), "d")
    return d


@figure("psoas-step-off")
def psoas_step_off() -> Drawing:
    """Up on hands and knees, tool away."""
    d = Drawing("Up on hands and knees; the tool is slid out from under the belly")
    all_fours(d)
    draw_end(d, 204, FLOOR + 10, 27, "ramp")
    d.arrow((226, FLOOR + 8), (284, FLOOR + 36), "u")
    return d


@figure("psoas-anatomy")
def psoas_anatomy() -> Drawing:
    """The psoas from the front."""
    d = Drawing(
        "From the front: the psoas runs from the lumbar spine "
        "through the pelvis to the top of the thigh bone",
        left=46,
    )
    front_pelvis(d)
    both(d, "m", PSOAS)
    both(d, "f", "M268 60C274 104 290 166 304 204M266 100C272 136 290 180 304 216")
    d.path("h", "M284 104L392 76M345 150L392 132M350 262L400 250")
    d.text(398, 81, "psoas")
    d.text(398, 137, "pelvis")
    d.text(406, 254, "thigh bone")
    return d


@figure("psoas-referred-pain")
def psoas_referred_pain() -> Drawing:
    """Where the psoas sends pain."""
    d = Drawing(
        "Pain from the psoas: a strip beside the spine, "
        "seen from behind, and the front of the thigh"
    )
    outlines = two_bodies(d)
    d.clipped(
        "p", "M142 8C156 4 160 40 158 78C158 104 154 118 144 118C138 90 136 30 142 8Z", outlines[0]
    )
    d.clipped(
        "q",
        "M144 22C152 22 153 50 152 78C152 96 150 106 145 106C142 80 141 40 144 22Z",
        outlines[0],
    )
    d.clipped("p", "M362 138C382 126 398 140 398 172C398 206 "
                   "392 232 378 236C364 236 358 204 356 176"
                   "C354 160 354 144 362 138Z", outlines[1])  # fmt: skip
    d.clipped("q", "M368 150C380 144 388 154 388 176C388 200 "
                   "384 216 377 218C370 216 366 196 364 178"
                   "C362 166 362 154 368 150Z", outlines[1])  # fmt: skip
    d.text(22, 300, "back")
    d.text(240, 300, "front")
    return d
