"""The figures of the piriformis: the steps of its release, anatomy, referred pain."""

from __future__ import annotations

from figures.anatomy import both, rear_pelvis, rear_sacrum
from figures.claw import which_end
from figures.drawing import Drawing, figure
from figures.geometry import smooth
from figures.insets import seat_inset, tilt_inset
from figures.poses import propped
from figures.referred_pain import named, rear, shade


@figure("piriformis-step-end")
def piriformis_step_end() -> Drawing:
    """The trigger is for the piriformis."""
    return which_end("trigger", "piriformis")


@figure("piriformis-step-placement")
def piriformis_step_placement() -> Drawing:
    """Leaning back on the forearms, the trigger under the inner end of the muscle."""
    d = Drawing("Leaning back on the forearms, the trigger just beside the sacrum")
    body = propped(d)
    seat_inset(d, body.torso_frame().at(0.3, -0.05), piriformis=True, x=398)
    return d


@figure("piriformis-step-breathe")
def piriformis_step_breathe() -> Drawing:
    """Breathing on the tool."""
    d = Drawing("Leaning back on the tool: the belly swells on the in-breath and sinks again")
    body = propped(d)
    frame = body.torso_frame()
    belly = smooth(frame.lay([(0.12, 0.08), (0.17, 0.092), (0.22, 0.084)]), closed=False)
    d.path("l", belly, 'stroke-dasharray="1 7"')
    d.arrow(frame.at(0.15, 0.11), frame.at(0.15, 0.2), "u")
    d.arrow(frame.at(0.21, 0.2), frame.at(0.21, 0.11), "u")
    return d


@figure("piriformis-step-pressure-1")
def piriformis_pressure_one() -> Drawing:
    """Leaning a little to the sore side."""
    d = Drawing("Leaning back on the forearms and a little to the sore side")
    body = propped(d, sink=1)
    tilt_inset(d, body.torso_frame().at(0.3, -0.05), piriformis=True, x=398)
    return d


@figure("piriformis-step-pressure-2")
def piriformis_pressure_two() -> Drawing:
    """The ankle of the sore side crossed over the other thigh."""
    d = Drawing("Leaning back on the forearms, the ankle of the sore side across the other thigh")
    propped(d, crossed=True)
    return d


@figure("piriformis-step-pressure-3")
def piriformis_pressure_three() -> Drawing:
    """The ankle crossed, and leaning to the sore side."""
    d = Drawing("The ankle crossed over the other thigh, leaning a little to the sore side")
    body = propped(d, crossed=True, sink=1)
    tilt_inset(d, body.torso_frame().at(0.3, -0.05), piriformis=True, x=398)
    return d


@figure("piriformis-anatomy")
def piriformis_anatomy() -> Drawing:
    """The piriformis from behind, with the sciatic nerve."""
    d = Drawing(
        "The pelvis from behind: the piriformis runs from the front of the sacrum to "
        "the top of the point at the side of the hip; the sciatic nerve leaves below it",
        left=46,
    )
    rear_pelvis(d)
    both(d, "n", "M262 138C278 142 292 148 302 160C314 178 318 204 320 236C321 268 321 300 322 330")
    both(d, "m", "M246 110C262 108 284 110 306 116C326 120 344 124 358 126C363 129 362 134 356 136"
                 "C340 138 320 140 302 144C284 150 264 156 246 152Z")  # fmt: skip
    both(d, "f", "M270 118C298 122 328 128 352 130M270 132C296 132 326 132 352 131"
                 "M270 146C294 140 326 136 352 133")  # fmt: skip
    rear_sacrum(d)
    both(d, "d", "M266 112C258 112 252 114 246 118M256 152C252 150 249 148 246 146",
         'stroke-dasharray="1 6"')  # fmt: skip
    d.path("h", "M258 90L392 38M330 130L392 96M372 142L392 154M321 258L392 212")
    d.text(398, 42, "sacrum")
    d.text(398, 100, "piriformis")
    d.text(398, 158, "side of hip")
    d.text(398, 216, "sciatic nerve")
    return d


@figure("piriformis-referred-pain")
def piriformis_referred_pain() -> Drawing:
    """Where the piriformis sends pain."""
    d = Drawing(
        "Back of the body: pain from the piriformis at the sacroiliac joint, "
        "in the buttock and at the back of the hip",
        left=46,
    )
    name = rear(d)
    spots = [
        [(256, 106), (270, 106), (276, 122), (270, 138), (256, 138), (252, 122)],
        [(272, 168), (296, 160), (320, 172), (318, 196), (294, 206), (270, 196)],
        [(334, 140), (350, 140), (358, 158), (354, 176), (338, 176), (330, 158)],
    ]
    shade(d, spots, name)
    d.path("d", "M250 128C270 126 310 138 344 148C350 152 346 158 340 160C310 160 276 164 250 158Z",
           'stroke-dasharray="1 6"')  # fmt: skip
    named(d, ("sacroiliac", "piriformis", "back of hip", "buttock"),
          "M266 114L392 40M318 142L392 86M352 160L392 132M306 188L392 178")
    return d
