"""Model the QL Claw and the further products and render their pictures.

Run from the root of the repository with Blender 3.4 or later (Debian: ``blender``
and ``python3-numpy``), then encode:

    blender -b --factory-startup -P docs/pictures/tool.py -- --out build/pictures
    blender -b --factory-startup -P docs/pictures/tool.py -- --out build/turn --turn
    python docs/pictures/encode.py build/pictures
    python docs/pictures/encode.py build/turn --turn ql-claw-hero

``--only key,key`` renders some views, ``--scale 30`` renders smaller (per cent of 1600x1200),
``--turn`` renders the frames of the turntable (at 45 per cent). What is here has 64 samples, or
``--samples 10`` and Open Image Denoise after it (8 for the turntable): see ``encode.py``.
Pictures have a transparent ground that holds only the shadow, so that ``encode.py`` can lay them on
the paper colour of the pages.
"""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path

import bpy

sys.path.insert(0, str(Path(__file__).resolve().parent))

import things
from scene import View, build_studio, set_camera, set_render

COLOURS = {"red": "#a02c24", "pine": "#23564b", "ochre": "#bf8426", "mat": "#9c948b",
           "carton": "#a5875f", "plaster": "#cfc0ab", "paper": "#f3e9da"}  # fmt: skip
VIEWS = {
    "ql-claw-hero": View("tool", "red", (1.62, -2.5, 1.62), (0.01, 0.0, 0.11), 94.0),
    "ql-claw-three-quarter": View("tool", "red", (-2.0, -2.4, 1.3), (-0.01, 0.0, 0.1)),
    "ql-claw-side": View("tool", "red", (0.0, -3.3, 0.42), (0.0, 0.0, 0.13)),
    "ql-claw-trigger": View("tool", "red", (1.55, -1.2, 0.75), (0.36, 0.0, 0.2), 100.0),
    "ql-claw-ramp": View("tool", "red", (-1.5, -1.15, 0.85), (-0.3, 0.0, 0.125), 90.0),
    "ql-claw-pine": View("tool", "pine", (1.62, -2.5, 1.62), (0.01, 0.0, 0.11), 94.0),
    "ql-claw-ochre": View("tool", "ochre", (1.62, -2.5, 1.62), (0.01, 0.0, 0.11), 94.0),
    "ql-claw-box": View("box", "red", (0.95, -2.4, 3.3), (0.04, -0.06, 0.12), 70.0),
    "ql-claw-scale": View("scale", "red", (0.75, -2.75, 2.3), (-0.06, 0.22, 0.08), 79.0),
    "floor-mat-hero": View("mat", "mat", (2.0, -2.85, 1.75), (0.0, 0.0, 0.06), 80.0),
    "floor-mat-rolled": View("rolled mat", "mat", (2.0, -2.85, 1.75), (0.05, 0.0, 0.13), 104.0),
    "floor-mat-flat": View("flat mat", "mat", (2.0, -2.85, 1.75), (0.0, 0.0, 0.02), 61.0),
    "ql-claw-set": View("set", "red", (2.6, -3.9, 3.0), (-0.12, 0.0, 0.06), 68.0),
    "gift-card": View("cards", "pine", (0.5, -2.2, 2.7), (0.03, -0.04, 0.0), 78.0),
}
FRAMES = 24


def build(view: View) -> None:
    """Add what a view shows."""
    colour = COLOURS[view.colour]
    if view.subject == "tool":
        things.build_tool(colour)
    elif view.subject == "box":
        things.build_box(COLOURS["carton"])
        things.build_tool(colour, (0, 0, 0.016))
    elif view.subject == "scale":
        things.build_tool(colour)
        things.build_hand(COLOURS["plaster"])
    elif view.subject == "set":
        things.build_set(colour, COLOURS["mat"])
    elif view.subject == "rolled mat":
        rolled = things.Sheet(turns=4.6, start=0.02, end=0.26)
        things.build_mat(colour, rolled)
    elif view.subject == "flat mat":
        things.build_flat_mat(colour)
    elif view.subject == "cards":
        things.build_cards([COLOURS[key] for key in ("ochre", "red", "pine")], COLOURS["paper"])
    else:
        things.build_mat(colour)


def turned(view: View, degrees: float) -> View:
    """Return a view from further round the subject; the lights follow the camera."""
    x, y, z = view.camera
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    place = (x * cos - y * sin, x * sin + y * cos, z)
    return View(view.subject, view.colour, place, view.target, view.lens)


def frames(key: str) -> dict[str, View]:
    """Return the views of a turntable, the first one as the picture of that key."""
    return {
        f"{key}-turn-{number:02}": turned(VIEWS[key], 360 * number / FRAMES)
        for number in range(FRAMES)
    }


def render(key: str, view: View, out: Path, samples: int, scale: int) -> None:
    """Build the scene of one view from nothing and render it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    set_render(samples, scale)
    build(view)
    build_studio(view.camera)
    set_camera(view)
    bpy.context.scene.render.filepath = str(out / f"{key}.png")
    bpy.ops.render.render(write_still=True)


def main() -> None:
    """Render the views asked for."""
    own = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    parser = argparse.ArgumentParser(prog="tool.py")
    parser.add_argument("--out", type=Path, default=Path("build/pictures"))
    parser.add_argument("--samples", type=int, default=64)
    parser.add_argument("--scale", type=int, default=100)
    parser.add_argument("--only", default="")
    parser.add_argument("--turn", action="store_true")
    args = parser.parse_args(own)
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    views = frames("ql-claw-hero") if args.turn else VIEWS
    for key in args.only.split(",") if args.only else views:
        render(key, views[key], out, args.samples, args.scale)


if __name__ == "__main__":
    main()
