"""What the pictures show: the tool, the mat, a box, a hand and cards."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import bpy
import numpy as np
from form import Array, hand_mesh, tool_meshes
from mathutils import Vector
from scene import add_mesh, material

LOGO = Path(__file__).resolve().parents[2] / "static" / "img" / "logo.svg"


def build_tool(colour: str, place: tuple[float, float, float] = (0, 0, 0), turn: float = 0) -> None:
    """Add the tool; ``turn`` is in degrees about the upright."""
    meshes = tool_meshes()
    body = add_mesh("body", *meshes["body"], material("body", colour, 0.52, 0.04))
    relax = body.modifiers.new("relax", "SMOOTH")
    relax.factor, relax.iterations = 0.5, 10
    sole = add_mesh("sole", *meshes["sole"], material("sole", "#1b1715", 0.8))
    for part in (body, sole):
        part.location, part.rotation_euler = place, (0, 0, math.radians(turn))


@dataclass(frozen=True)
class Sheet:
    """A mat that ends in a roll: turns of the roll, its core, and how far the rest lies flat."""

    turns: float = 3.4
    inner: float = 0.03
    start: float = -0.5
    end: float = 0.62
    width: float = 0.62
    thick: float = 0.034
    gap: float = 0.0365


HALF_ROLLED = Sheet()


def mat_sheet(sheet: Sheet) -> Array:
    """Return the middle line of a mat that lies flat and ends in a roll: points (x, z)."""
    turns, inner, gap, thick = sheet.turns, sheet.inner, sheet.gap, sheet.thick
    angles = np.linspace(0, turns * 2 * math.pi, int(turns * 96))
    radius = inner + gap * angles / (2 * math.pi)
    height = radius[-1]
    x = sheet.start + radius * np.sin(angles - angles[-1] + 0.0)
    z = height - radius * np.cos(angles - angles[-1])
    flat = np.linspace(x[-1], sheet.end, 60)[1:]
    line = np.concatenate([np.stack([x, z], 1), np.stack([flat, np.full(59, z[-1])], 1)])
    return line + np.array([0.0, thick / 2])


def build_mat(colour: str, sheet: Sheet = HALF_ROLLED) -> None:
    """Add an exercise mat, half rolled if nothing else is said."""
    add_sheet(colour, mat_sheet(sheet), sheet.width, sheet.thick)


def build_flat_mat(colour: str) -> None:
    """Add a mat that lies flat, one end still a little bent from the roll."""
    x = np.linspace(-0.98, 0.98, 160)
    rise = np.clip((-0.55 - x) / 0.43, 0, 1)
    add_sheet(colour, np.stack([x, 0.017 + 0.075 * rise**2.2], 1), 0.66, 0.034)


def add_sheet(colour: str, line: Array, width: float, thick: float) -> None:
    """Add a sheet of foam along a middle line."""
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


def build_set(tool: str, mat: str) -> None:
    """Add the tool on a mat that is not rolled up at its far end."""
    sheet = Sheet(turns=3.2, inner=0.07, start=-1.05, end=1.0, width=1.5, thick=0.045, gap=0.0485)
    build_mat(mat, sheet)
    build_tool(tool, (0.14, 0.0, 0.045), 24)


def build_hand(colour: str) -> None:
    """Add a hand that lies flat beside the tool."""
    hand = add_mesh("hand", *hand_mesh(), material("hand", colour, 0.75))
    relax = hand.modifiers.new("relax", "SMOOTH")
    relax.factor, relax.iterations = 0.5, 12
    hand.location, hand.rotation_euler = (0.5, 0.56, 0.0), (0, 0, math.radians(174))


def panel(size: tuple[float, float, float], mat: bpy.types.Material) -> bpy.types.Object:
    """Add a panel of cardboard, its lower edge in the middle of its own origin."""
    x, y, z = (s / 2 for s in size)
    corners = [(u, v, w) for w in (0, 2 * z) for v in (-y, y) for u in (-x, x)]
    faces = [(0, 2, 3, 1), (4, 5, 7, 6), (0, 1, 5, 4), (2, 6, 7, 3), (0, 4, 6, 2), (1, 3, 7, 5)]
    board = add_mesh("panel", np.array(corners), np.array(faces), mat)
    board.data.polygons.foreach_set("use_smooth", [False] * len(faces))
    edge = board.modifiers.new("edge", "BEVEL")
    edge.width, edge.segments = 0.003, 2
    return board


def build_box(colour: str) -> None:
    """Add an opened carton around the tool, its four flaps folded out."""
    length, width, height, board = 1.2, 0.54, 0.395, 0.014
    card = material("card", colour, 0.95, 0.12)
    floor = panel((length, width, board), card)
    floor.location = (0, 0, 0.001)
    flap = width / 2
    # side: where the wall stands, which way it looks, and how far its flap is folded out.
    sides = [(-90, width, length, 152), (90, width, length, 112),
             (0, length, width, 119), (180, length, width, 124)]  # fmt: skip
    for turn, reach, span, fold in sides:
        angle = math.radians(turn)
        out = Vector((math.cos(angle), math.sin(angle), 0))
        wall = panel((board, span, height), card)
        wall.location = out * (reach / 2 - board / 2)
        wall.rotation_euler = (0, 0, angle)
        wing = panel((board, span - 0.012, flap), card)
        wing.location = out * (reach / 2 - board / 2) + Vector((0, 0, height))
        wing.rotation_mode = "XYZ"
        wing.rotation_euler = (0, math.radians(fold), angle)


def build_cards(colours: list[str], mark: str) -> None:
    """Add a fan of paper cards, the one on top with the mark of the shop."""
    turns = (16, 3, -10)
    for number, (colour, turn) in enumerate(zip(colours, turns, strict=True)):
        base = number * 0.0145
        spin = math.radians(turn)
        place = Vector((-0.1 + 0.1 * number, 0.16 - 0.16 * number, base))
        bpy.ops.mesh.primitive_plane_add(size=1)
        card = bpy.context.object
        card.location, card.rotation_euler = place, (0, 0, spin)
        card.scale = (1.0, 0.63, 1)
        bpy.ops.object.transform_apply(location=False, rotation=False, scale=True)
        corner = card.modifiers.new("corner", "BEVEL")
        corner.affect, corner.width, corner.segments = "VERTICES", 0.05, 8
        body = card.modifiers.new("body", "SOLIDIFY")
        body.thickness, body.offset = 0.012, 1
        card.data.materials.append(material("card", colour, 0.7, 0.05))
    add_mark(mark, place + Vector((0, 0, 0.0125)), spin)


def add_mark(colour: str, place: Vector, spin: float) -> None:
    """Lay the mark of the shop flat, in the middle of a card."""
    known = set(bpy.data.objects)
    bpy.ops.import_curve.svg(filepath=str(LOGO))
    paint = material("mark", colour, 0.7)
    for curve in set(bpy.data.objects) - known:
        curve.data.materials.clear()
        curve.data.materials.append(paint)
        curve.data.fill_mode = "BOTH"
        box = [Vector(corner) for corner in curve.bound_box]
        low, high = min(box, key=sum), max(box, key=sum)
        factor = 0.36 / (high.x - low.x)
        middle = (low + high) / 2 * factor
        turned = Vector((
            middle.x * math.cos(spin) - middle.y * math.sin(spin),
            middle.x * math.sin(spin) + middle.y * math.cos(spin),
            0,
        ))  # fmt: skip
        curve.scale = (factor, factor, factor)
        curve.rotation_euler = (0, 0, spin)
        curve.location = place - turned
