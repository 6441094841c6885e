"""Model the QL Claw and the floor mat and render their product pictures.

Run from the root of the repository with Blender 3.4 or later (Debian: ``blender``
and ``python3-numpy``), then encode:

    blender -b --factory-startup -P docs/pictures/tool.py -- --out build/pictures
    python docs/pictures/encode.py build/pictures

``--only key,key`` renders some views, ``--scale 30`` renders smaller (per cent of 1600x1200).
The real sizes of the tool are not known; the form is an interpretation: a low bridge with a wide
ramp at one end and a narrow raised trigger at the other. One unit is the length of the tool.
The form is a signed distance field, meshed by surface nets; pictures have a transparent ground
that holds only the shadow, so that ``encode.py`` can lay them on the paper colour of the pages.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from mathutils import Vector

Array = np.ndarray

# The side of the tool as cubic Bezier segments: (x, z) with the ramp at the left.
PROFILE = [
    ((0.075, 0.0), (0.01, 0.03), (-0.02, 0.1), (-0.012, 0.165)),
    ((-0.012, 0.165), (-0.004, 0.235), (0.05, 0.268), (0.115, 0.262)),
    ((0.115, 0.262), (0.2, 0.254), (0.27, 0.222), (0.34, 0.185)),
    ((0.34, 0.185), (0.45, 0.128), (0.56, 0.088), (0.66, 0.102)),
    ((0.66, 0.102), (0.76, 0.116), (0.808, 0.175), (0.84, 0.255)),
    ((0.84, 0.255), (0.868, 0.326), (0.905, 0.372), (0.95, 0.362)),
    ((0.95, 0.362), (0.993, 0.352), (0.998, 0.3), (0.985, 0.245)),
    ((0.985, 0.245), (0.965, 0.16), (0.955, 0.08), (0.99, 0.0)),
    ((0.99, 0.0), (0.9, 0.0), (0.8, 0.0), (0.72, 0.0)),
    ((0.72, 0.0), (0.62, 0.05), (0.44, 0.05), (0.32, 0.0)),
    ((0.32, 0.0), (0.22, 0.0), (0.14, 0.0), (0.075, 0.0)),
]
SOLE = 0.016
CELL = 0.005


@dataclass(frozen=True)
class View:
    """One picture: the subject, its colour, and where the camera stands."""

    subject: str
    colour: str
    camera: tuple[float, float, float]
    target: tuple[float, float, float]
    lens: float = 85.0


COLOURS = {"red": "#a02c24", "pine": "#23564b", "ochre": "#bf8426", "mat": "#9c948b"}
VIEWS = {
    "ql-claw-hero": View("tool", "red", (1.62, -2.5, 1.62), (0.01, 0.0, 0.11), 94.0),
    "ql-claw-three-quarter": View("tool", "red", (-2.0, -2.4, 1.3), (-0.01, 0.0, 0.1)),
    "ql-claw-side": View("tool", "red", (0.0, -3.3, 0.42), (0.0, 0.0, 0.13)),
    "ql-claw-trigger": View("tool", "red", (1.55, -1.2, 0.75), (0.36, 0.0, 0.2), 100.0),
    "ql-claw-ramp": View("tool", "red", (-1.5, -1.15, 0.85), (-0.3, 0.0, 0.125), 90.0),
    "ql-claw-pine": View("tool", "pine", (1.62, -2.5, 1.62), (0.01, 0.0, 0.11), 94.0),
    "ql-claw-ochre": View("tool", "ochre", (1.62, -2.5, 1.62), (0.01, 0.0, 0.11), 94.0),
    "floor-mat-hero": View("mat", "mat", (2.0, -2.85, 1.75), (0.0, 0.0, 0.06), 80.0),
}


# --------------------------------------------------------------------------------------------
# Form
# --------------------------------------------------------------------------------------------


def profile_polygon(steps: int = 24) -> Array:
    """Return the side of the tool as a polygon, x centred on the tool."""
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    rows = []
    for segment in PROFILE:
        p0, p1, p2, p3 = (np.array(p) for p in segment)
        rows.append(
            (1 - t) ** 3 * p0 + 3 * (1 - t) ** 2 * t * p1 + 3 * (1 - t) * t**2 * p2 + t**3 * p3
        )
    return np.concatenate(rows) - np.array([0.5, 0.0])


def polygon_distance(x: Array, z: Array, polygon: Array) -> Array:
    """Return the signed distance to a polygon, negative inside."""
    best = np.full(x.shape, np.inf)
    inside = np.zeros(x.shape, dtype=bool)
    for a, b in zip(polygon, np.roll(polygon, -1, axis=0), strict=True):
        edge = b - a
        t = ((x - a[0]) * edge[0] + (z - a[1]) * edge[1]) / (edge @ edge)
        t = np.clip(t, 0, 1)
        best = np.minimum(best, np.hypot(x - a[0] - t * edge[0], z - a[1] - t * edge[1]))
        crosses = (a[1] > z) != (b[1] > z)
        if crosses.any():
            at = a[0] + (z - a[1]) / (edge[1] or 1e-9) * edge[0]
            inside ^= crosses & (x < at)
    return np.where(inside, -best, best)


def half_width(x: Array, z: Array) -> Array:
    """Return half the width of the tool over its side."""
    stations = np.array([-0.5, -0.44, -0.34, -0.22, -0.08, 0.08, 0.2, 0.32, 0.42, 0.5])
    widths = np.array([0.135, 0.184, 0.202, 0.19, 0.15, 0.116, 0.104, 0.106, 0.108, 0.1])
    fine = np.linspace(-0.6, 0.6, 241)
    kernel = np.exp(-(np.linspace(-2, 2, 33) ** 2))
    curve = np.interp(fine, stations, widths)
    padded = np.pad(curve, 16, mode="edge")
    curve = np.convolve(padded, kernel / kernel.sum(), mode="valid")
    base = np.interp(x, fine, curve)
    rise = np.clip((z - 0.02) / 0.2, 0, 1) * np.clip((x - 0.12) / 0.2, 0, 1)
    return base * (1 - 0.46 * rise * rise * (3 - 2 * rise))


def field(x: Array, y: Array, z: Array, flat: Array) -> Array:
    """Return the distance field of the whole tool; ``flat`` is the distance in the side view."""
    width = half_width(x, z)
    radius = np.clip(0.8 * width, 0.05, 0.125)
    a = flat + radius
    b = np.abs(y) - width + radius
    outside = np.hypot(np.maximum(a, 0), np.maximum(b, 0))
    return outside + np.minimum(np.maximum(a, b), 0) - radius


def surface_nets(values: Array, low: Array, cell: float) -> tuple[Array, Array]:
    """Mesh the zero level of a field sampled on a grid; returns vertices and quads."""
    inside = values < 0
    nx, ny, nz = values.shape
    corner = [(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)]

    def part(array: Array, c: tuple[int, int, int]) -> Array:
        return array[c[0] : nx - 1 + c[0], c[1] : ny - 1 + c[1], c[2] : nz - 1 + c[2]]

    total = np.zeros((nx - 1, ny - 1, nz - 1, 3))
    count = np.zeros((nx - 1, ny - 1, nz - 1))
    for p in corner:
        for axis in range(3):
            if p[axis]:
                continue
            q = (p[0] + (axis == 0), p[1] + (axis == 1), p[2] + (axis == 2))
            cross = part(inside, p) != part(inside, q)
            va, vb = part(values, p), part(values, q)
            t = np.where(cross, va / np.where(cross, va - vb, 1), 0)
            for k in range(3):
                total[..., k] += np.where(cross, p[k] + (t if k == axis else 0), 0)
            count += cross
    active = count > 0
    index = np.full(active.shape, -1)
    index[active] = np.arange(active.sum())
    cells = np.argwhere(active)
    vertices = low + cell * (cells + total[active] / count[active][:, None])
    return vertices, net_quads(inside, index)


def net_quads(inside: Array, index: Array) -> Array:
    """Return the quads of a surface net, all facing outwards."""
    faces = []
    for axis in range(3):
        one, two = (axis + 1) % 3, (axis + 2) % 3
        first = np.moveaxis(inside, [axis, one, two], [0, 1, 2])
        grid = np.moveaxis(index, [axis, one, two], [0, 1, 2])
        cross = first[:-1, 1:-1, 1:-1] != first[1:, 1:-1, 1:-1]
        a, b, c = np.nonzero(cross)
        quad = np.stack([grid[a, b, c], grid[a, b + 1, c], grid[a, b + 1, c + 1],
                         grid[a, b, c + 1]], axis=1)  # fmt: skip
        flip = ~first[a, b + 1, c + 1]
        quad[flip] = quad[flip][:, ::-1]
        faces.append(quad)
    return np.concatenate(faces)


def tool_meshes() -> dict[str, tuple[Array, Array]]:
    """Return the meshes of the body of the tool and of the dark sole under it."""
    low, high = np.array([-0.56, -0.24, -0.04]), np.array([0.56, 0.24, 0.42])
    axes = [np.arange(low[i], high[i], CELL) for i in range(3)]
    gx, gz = np.meshgrid(axes[0], axes[2], indexing="ij")
    flat = polygon_distance(gx, gz, profile_polygon())
    x, y, z = np.meshgrid(*axes, indexing="ij")
    crown = np.clip((0.1 - x) / 0.3, 0, 1) * 0.9
    lifted = z + crown * y**2 * np.clip(z / 0.2, 0, 1)
    column = np.clip((lifted - axes[2][0]) / CELL, 0, len(axes[2]) - 1.001)
    row = np.broadcast_to(np.arange(len(axes[0]))[:, None, None], x.shape)
    k = column.astype(int)
    share = column - k
    side = flat[row, k] * (1 - share) + flat[row, k + 1] * share
    whole = field(x, y, z, side)
    body = np.maximum(whole, SOLE - z)
    sole = np.maximum(whole + 0.012, np.maximum(z - SOLE - 0.01, -z))
    return {
        "body": surface_nets(body, low, CELL),
        "sole": surface_nets(sole, low, CELL),
    }


# --------------------------------------------------------------------------------------------
# Scene
# --------------------------------------------------------------------------------------------


def linear(colour: str) -> tuple[float, float, float, float]:
    """Turn #rrggbb into linear RGBA."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lin = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return (lin[0], lin[1], lin[2], 1.0)


def material(name: str, colour: str, rough: float, grain: float = 0.0) -> bpy.types.Material:
    """Return a matte material, with a fine grain if asked."""
    mat = bpy.data.materials.new(name)
    mat.use_nodes = True
    tree = mat.node_tree
    shader = tree.nodes["Principled BSDF"]
    shader.inputs["Base Color"].default_value = linear(colour)
    shader.inputs["Roughness"].default_value = rough
    shader.inputs["Specular"].default_value = 0.28
    if grain:
        noise = tree.nodes.new("ShaderNodeTexNoise")
        noise.inputs["Scale"].default_value = 320
        place = tree.nodes.new("ShaderNodeTexCoord")
        bump = tree.nodes.new("ShaderNodeBump")
        bump.inputs["Strength"].default_value = grain
        bump.inputs["Distance"].default_value = 0.002
        tree.links.new(place.outputs["Object"], noise.inputs["Vector"])
        tree.links.new(noise.outputs["Fac"], bump.inputs["Height"])
        tree.links.new(bump.outputs["Normal"], shader.inputs["Normal"])
    return mat


def add_mesh(name: str, vertices: Array, faces: Array, mat: bpy.types.Material) -> bpy.types.Object:
    """Add a smooth-shaded mesh to the scene."""
    mesh = bpy.data.meshes.new(name)
    mesh.from_pydata(vertices.tolist(), [], faces.tolist())
    mesh.polygons.foreach_set("use_smooth", [True] * len(mesh.polygons))
    mesh.materials.append(mat)
    thing = bpy.data.objects.new(name, mesh)
    bpy.context.collection.objects.link(thing)
    return thing


def build_tool(colour: str) -> None:
    """Add the tool."""
    meshes = tool_meshes()
    body = add_mesh("body", *meshes["body"], material("body", colour, 0.52, 0.04))
    relax = body.modifiers.new("relax", "SMOOTH")
    relax.factor, relax.iterations = 0.5, 10
    add_mesh("sole", *meshes["sole"], material("sole", "#1b1715", 0.8))


def mat_sheet(turns: float) -> Array:
    """Return the middle line of a mat that lies flat and ends in a roll: points (x, z)."""
    thick, gap = 0.034, 0.0365
    inner = 0.03
    angles = np.linspace(0, turns * 2 * math.pi, int(turns * 96))
    radius = inner + gap * angles / (2 * math.pi)
    height = radius[-1]
    x = -0.5 + radius * np.sin(angles - angles[-1] + 0.0)
    z = height - radius * np.cos(angles - angles[-1])
    flat = np.linspace(x[-1], 0.62, 60)[1:]
    line = np.concatenate([np.stack([x, z], 1), np.stack([flat, np.full(59, z[-1])], 1)])
    return line + np.array([0.0, thick / 2])


def build_mat(colour: str) -> None:
    """Add an exercise mat, half rolled."""
    thick, width = 0.034, 0.62
    line = mat_sheet(3.4)
    tangent = np.gradient(line, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1)[:, None]
    normal = np.stack([-tangent[:, 1], tangent[:, 0]], 1)
    rings = []
    round_edge = [(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)]
    for (px, pz), (nx, nz) in zip(line, normal, strict=True):
        rings.append([(px + v * thick * nx, u * width, pz + v * thick * nz)
                      for u, v in round_edge])  # fmt: skip
    vertices = np.array(rings).reshape(-1, 3)
    count = len(line)
    faces = []
    for i in range(count - 1):
        for j in range(4):
            k = (j + 1) % 4
            faces.append([4 * i + j, 4 * i + k, 4 * i + 4 + k, 4 * i + 4 + j])
    faces += [[0, 3, 2, 1], [4 * count - 4, 4 * count - 3, 4 * count - 2, 4 * count - 1]]
    sheet = add_mesh("mat", vertices, np.array(faces), material("mat", colour, 0.9, 0.35))
    sheet.data.polygons.foreach_set("use_smooth", [True] * len(sheet.data.polygons))
    sheet.data.use_auto_smooth = True
    soft = sheet.modifiers.new("edge", "BEVEL")
    soft.width, soft.segments, soft.limit_method = 0.007, 3, "ANGLE"


def area_light(name: str, place: tuple[float, float, float], size: float, power: float,
               colour: str) -> None:  # fmt: skip
    """Add a square soft light that looks at the subject."""
    data = bpy.data.lights.new(name, "AREA")
    data.size, data.energy = size, power
    data.color = linear(colour)[:3]
    lamp = bpy.data.objects.new(name, data)
    lamp.location = place
    aim = Vector((0, 0, 0.1)) - Vector(place)
    lamp.rotation_euler = aim.to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(lamp)


def build_studio(camera: tuple[float, float, float]) -> None:
    """Add floor and lights; the key light stands to the left of the camera."""
    bpy.ops.mesh.primitive_plane_add(size=30)
    ground = bpy.context.object
    ground.is_shadow_catcher = True
    ground.data.materials.append(material("paper", "#f7f1e8", 1.0))
    turn = math.atan2(camera[1], camera[0])

    def around(angle: float, distance: float, height: float) -> tuple[float, float, float]:
        a = turn + math.radians(angle)
        return (distance * math.cos(a), distance * math.sin(a), height)

    area_light("key", around(-80, 1.7, 3.3), 2.6, 125, "#fff4e4")
    area_light("rim", around(150, 2.8, 2.4), 2.4, 38, "#ffffff")
    area_light("fill", around(60, 3.0, 1.2), 2.5, 16, "#eef2ff")
    world = bpy.data.worlds.new("world")
    bpy.context.scene.world = world
    world.use_nodes = True
    world.node_tree.nodes["Background"].inputs[0].default_value = linear("#f7f1e8")
    world.node_tree.nodes["Background"].inputs[1].default_value = 0.42


def set_camera(view: View) -> None:
    """Add the camera."""
    data = bpy.data.cameras.new("camera")
    data.lens = view.lens
    camera = bpy.data.objects.new("camera", data)
    camera.location = view.camera
    aim = Vector(view.target) - Vector(view.camera)
    camera.rotation_euler = aim.to_track_quat("-Z", "Y").to_euler()
    bpy.context.collection.objects.link(camera)
    bpy.context.scene.camera = camera


def set_render(samples: int, scale: int) -> None:
    """Choose the renderer and its quality."""
    scene = bpy.context.scene
    scene.render.engine = "CYCLES"
    scene.cycles.device = "CPU"
    scene.cycles.samples = samples
    scene.cycles.use_denoising = False
    scene.cycles.use_adaptive_sampling = True
    scene.cycles.adaptive_threshold = 0.008
    scene.cycles.adaptive_min_samples = 48
    scene.cycles.max_bounces = 5
    scene.cycles.caustics_reflective = False
    scene.cycles.sample_clamp_indirect = 4.0
    scene.render.resolution_x, scene.render.resolution_y = 1600, 1200
    scene.render.resolution_percentage = scale
    scene.render.film_transparent = True
    scene.render.image_settings.file_format = "PNG"
    scene.render.image_settings.color_mode = "RGBA"
    scene.view_settings.view_transform = "Standard"
    scene.view_settings.look = "None"


def render(key: str, view: View, out: Path, samples: int, scale: int) -> None:
    """Build the scene of one view from nothing and render it."""
    bpy.ops.wm.read_factory_settings(use_empty=True)
    set_render(samples, scale)
    if view.subject == "tool":
        build_tool(COLOURS[view.colour])
    else:
        build_mat(COLOURS[view.colour])
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
    args = parser.parse_args(own)
    out = args.out.resolve()
    out.mkdir(parents=True, exist_ok=True)
    for key in args.only.split(",") if args.only else VIEWS:
        render(key, VIEWS[key], out, args.samples, args.scale)


if __name__ == "__main__":
    main()
