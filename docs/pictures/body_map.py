"""Draw the map of the body: what a visitor points at to say where it hurts.

Run from the root of the repository:

    python docs/pictures/body_map.py

Writes ``templates/body/shapes.html``, the outlines and regions that the page makes links of, and
``static/img/figures/body-map.svg``, the same as one picture. The body is the one of the other
figures; a region is drawn on its right half and mirrored.
"""

from __future__ import annotations

from figures.back import Back, mirrored
from figures.drawing import IMAGES, ROOT, Drawing
from figures.geometry import Outline, Point, smooth

SIZE = 640.0
BOX = (0, 0, 220, 440)  # of one side: from the neck to below the knee

# The right half of someone who stands: neck, shoulder, flank, hip, leg, and up again inside.
HALF: Outline = [
    (-0.07, 0.029), (-0.045, 0.028), (-0.015, 0.031), (0.003, 0.052), (0.016, 0.086),
    (0.042, 0.106), (0.09, 0.103), (0.135, 0.096), (0.175, 0.086), (0.208, 0.081),
    (0.235, 0.087), (0.268, 0.099), (0.3, 0.106), (0.34, 0.108), (0.38, 0.106), (0.44, 0.1),
    (0.5, 0.091), (0.545, 0.084), (0.58, 0.083), (0.62, 0.087), (0.665, 0.088), (0.74, 0.078),
    (0.74, 0.03), (0.665, 0.022), (0.62, 0.023), (0.575, 0.028), (0.54, 0.027), (0.48, 0.017),
    (0.42, 0.008), (0.384, 0.001),
]  # fmt: skip

ARM: Outline = [
    (0.016, 0.07), (0.02, 0.1), (0.04, 0.117), (0.08, 0.124), (0.13, 0.13), (0.18, 0.138),
    (0.215, 0.147), (0.25, 0.151), (0.3, 0.152), (0.345, 0.151), (0.375, 0.157), (0.41, 0.164),
    (0.437, 0.163), (0.452, 0.152), (0.44, 0.142), (0.415, 0.135), (0.385, 0.128), (0.35, 0.127),
    (0.3, 0.118), (0.25, 0.108), (0.21, 0.102), (0.16, 0.09), (0.1, 0.08), (0.05, 0.07),
]  # fmt: skip

# u runs from the neck to the feet, v to the right, both in fractions of the body's height.
HALVES: dict[str, dict[str, list[Outline]]] = {
    "back": {
        "low-spine": [
            [(0.128, 0.007), (0.132, 0.03), (0.18, 0.034), (0.225, 0.036), (0.244, 0.03),
             (0.248, 0.007), (0.19, 0.006)],
        ],
        "between-rib-and-hip": [
            [(0.156, 0.042), (0.15, 0.075), (0.16, 0.11), (0.2, 0.11), (0.23, 0.1), (0.226, 0.07),
             (0.23, 0.044), (0.19, 0.041)],
        ],
        "top-of-the-hip-bone": [
            [(0.24, 0.043), (0.235, 0.07), (0.242, 0.12), (0.276, 0.12), (0.268, 0.075),
             (0.272, 0.044), (0.258, 0.038)],
        ],
        "sacrum-and-tailbone": [
            [(0.258, 0.0), (0.258, 0.022), (0.268, 0.034), (0.3, 0.026), (0.335, 0.012),
             (0.35, 0.0)],
        ],
        "buttock": [
            [(0.281, 0.04), (0.278, 0.06), (0.29, 0.07), (0.34, 0.073), (0.38, 0.074),
             (0.394, 0.05), (0.39, 0.014), (0.36, 0.01), (0.34, 0.022), (0.31, 0.032)],
        ],
        "outer-hip": [
            [(0.284, 0.08), (0.282, 0.13), (0.376, 0.13), (0.38, 0.085), (0.33, 0.081)],
        ],
        "back-of-the-leg": [
            [(0.418, 0.014), (0.414, 0.05), (0.41, 0.12), (0.5, 0.12), (0.6, 0.12), (0.66, 0.12),
             (0.7, 0.06), (0.66, 0.01), (0.56, 0.012), (0.48, 0.01)],
        ],
    },
    "front": {
        "front-of-the-hip": [
            [(0.238, 0.058), (0.24, 0.085), (0.25, 0.12), (0.3, 0.12), (0.308, 0.1),
             (0.318, 0.075), (0.3, 0.056), (0.27, 0.046)],
        ],
        "groin": [
            [(0.316, 0.09), (0.326, 0.074), (0.35, 0.042), (0.372, 0.012), (0.4, 0.012),
             (0.4, 0.034), (0.376, 0.062), (0.35, 0.1), (0.33, 0.12)],
        ],
        "front-of-the-thigh": [
            [(0.41, 0.032), (0.385, 0.066), (0.362, 0.104), (0.38, 0.13), (0.46, 0.13),
             (0.53, 0.11), (0.55, 0.06), (0.53, 0.012), (0.46, 0.012), (0.425, 0.018)],
        ],
    },
}  # fmt: skip
MIDDLE = {"sacrum-and-tailbone"}  # a half that touches the middle line, closed with its mirror


def body(x: float = BOX[2] / 2, top: float = 26.0) -> Back:
    """Return the standing body of one side."""
    return Back((x, top), 90, SIZE)


def outline(of: Back) -> str:
    """Return the contour of trunk and legs."""
    return laid(of, mirrored(HALF))


def arms(of: Back) -> str:
    """Return the arms, which hang a little out, behind the trunk."""
    return laid(of, ARM) + laid(of, [(u, -v) for u, v in ARM])


def lines(of: Back, side: str) -> str:
    """Return the few lines that tell back from front."""
    halves: list[Outline]
    if side == "back":
        middle = [[(0.02, 0.0), (0.25, 0.0)], [(0.352, 0.0), (0.4, 0.0)]]
        halves = [
            [(0.398, 0.004), (0.409, 0.03), (0.408, 0.06), (0.4, 0.084)],
            [(0.058, 0.034), (0.085, 0.048), (0.112, 0.058), (0.12, 0.05), (0.108, 0.04)],
            [(0.57, 0.042), (0.574, 0.056), (0.57, 0.07)],
            [(0.62, 0.05), (0.68, 0.053)],
        ]
    else:
        middle = [[(0.206, 0.0), (0.214, 0.0)]]
        halves = [
            [(0.02, 0.012), (0.016, 0.045), (0.008, 0.07)],
            [(0.104, 0.02), (0.114, 0.042), (0.108, 0.07), (0.094, 0.082)],
            [(0.556, 0.042), (0.575, 0.045), (0.581, 0.056), (0.575, 0.068), (0.556, 0.071)],
            [(0.32, 0.106), (0.35, 0.07), (0.37, 0.044), (0.39, 0.014)],
        ]
    mirror = [[(u, -v) for u, v in half] for half in halves]
    return "".join(laid(of, line, closed=False) for line in (*middle, *halves, *mirror))


def laid(of: Back, points: list[Point], *, closed: bool = True) -> str:
    """Return path data of local points."""
    return smooth(of.frame().lay(points), closed=closed, tension=0.9)


def region(of: Back, handle: str, halves: list[Outline]) -> str:
    """Return path data of a region, both halves."""
    if handle in MIDDLE:
        return "".join(laid(of, mirrored(half)) for half in halves)
    other = [[(u, -v) for u, v in half] for half in halves]
    return "".join(laid(of, half) for half in (*halves, *other))


def template() -> str:
    """Return what the page's template takes its shapes from."""
    of = body()
    rows = [
        "{# The body of the map as path data: its box, arms, outline, lines by side, regions by handle."
        " Made by docs/pictures/body_map.py. #}",
        "{% set box = \"" + " ".join(str(number) for number in BOX) + "\" %}",
        "{% set arms = \"" + arms(of) + "\" %}",
        "{% set outline = \"" + outline(of) + "\" %}",
        "{% set lines = {",
        *(f'  "{side}": "{lines(of, side)}",' for side in HALVES),
        "} %}",
        "{% set regions = {",
        *(
            f'  "{handle}": "{region(of, handle, halves)}",'
            for drawn in HALVES.values()
            for handle, halves in drawn.items()
        ),
        "} %}",
    ]
    return "\n".join(rows) + "\n"


def picture() -> Drawing:
    """Return both sides as one figure."""
    d = Drawing("The body from behind and from the front, with the places where it may hurt",
                width=480, height=BOX[3])
    for side, x in (("back", 114.0), ("front", 366.0)):
        of = body(x)
        d.path("b", arms(of))
        name = d.path("b", outline(of))
        d.path("l", lines(of, side))
        for handle, halves in HALVES[side].items():
            d.clipped("p", region(of, handle, halves), name)
    return d


def main() -> None:
    """Write the shapes and the picture."""
    folder = ROOT / "templates" / "body"
    folder.mkdir(exist_ok=True)
    (folder / "shapes.html").write_text(template(), encoding="utf-8")
    picture().write(IMAGES / "figures" / "body-map.svg")


if __name__ == "__main__":
    main()
