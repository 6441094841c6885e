"""The form of the tool and of a hand: signed distance fields, meshed by surface nets.

One unit is the length of the tool. Its real size is not known: the form is an interpretation, a low
bridge with a wide ramp at one end and a narrow raised trigger at the other.
"""

from __future__ import annotations

import numpy as np

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
# A hand, to show the tool beside it
# --------------------------------------------------------------------------------------------

# Joints of a hand that lies flat, wrist at the origin, fingers along x: (x, y, z, radius).
FINGERS = [
    [(0.5, 0.165, 0.085, 0.062), (0.69, 0.2, 0.085, 0.053), (0.82, 0.218, 0.062, 0.047),
     (0.915, 0.226, 0.045, 0.041)],
    [(0.52, 0.055, 0.092, 0.062), (0.74, 0.066, 0.094, 0.054), (0.88, 0.07, 0.068, 0.048),
     (0.985, 0.07, 0.046, 0.042)],
    [(0.5, -0.055, 0.088, 0.06), (0.7, -0.072, 0.09, 0.052), (0.84, -0.084, 0.066, 0.046),
     (0.935, -0.09, 0.045, 0.041)],
    [(0.45, -0.15, 0.08, 0.055), (0.6, -0.19, 0.078, 0.046), (0.7, -0.212, 0.058, 0.041),
     (0.775, -0.226, 0.042, 0.037)],
    [(0.1, 0.12, 0.075, 0.085), (0.28, 0.265, 0.065, 0.066), (0.41, 0.33, 0.055, 0.052),
     (0.5, 0.36, 0.048, 0.043)],
]  # fmt: skip
PALM = [
    [(0.0, 0.03, 0.085, 0.092), (0.5, 0.13, 0.088, 0.07)],
    [(0.0, 0.0, 0.085, 0.092), (0.51, 0.03, 0.09, 0.072)],
    [(0.0, -0.03, 0.085, 0.09), (0.48, -0.07, 0.086, 0.07)],
    [(0.02, -0.06, 0.08, 0.085), (0.43, -0.14, 0.078, 0.066)],
    [(-0.5, 0.0, 0.115, 0.135), (0.0, 0.0, 0.09, 0.105)],
]


def bone(points: tuple[Array, Array, Array], a: tuple, b: tuple) -> Array:
    """Return the distance to a rod between two joints, each (x, y, z, radius)."""
    start, edge = np.array(a[:3]), np.array(b[:3]) - np.array(a[:3])
    gap = [p - s for p, s in zip(points, start, strict=True)]
    t = np.clip(sum(g * e for g, e in zip(gap, edge, strict=True)) / (edge @ edge), 0, 1)
    away = np.sqrt(sum((g - t * e) ** 2 for g, e in zip(gap, edge, strict=True)))
    return away - (a[3] + (b[3] - a[3]) * t)


def melt(a: Array, b: Array, width: float) -> Array:
    """Return the union of two fields with a soft seam of a width."""
    share = np.clip(0.5 + 0.5 * (b - a) / width, 0, 1)
    return b + (a - b) * share - width * share * (1 - share)


def hand_mesh(cell: float = 0.006) -> tuple[Array, Array]:
    """Return the mesh of a hand that lies flat, as long as the tool."""
    low, high = np.array([-0.5, -0.34, -0.02]), np.array([1.07, 0.46, 0.3])
    points = np.meshgrid(*[np.arange(low[i], high[i], cell) for i in range(3)], indexing="ij")
    at = (points[0], points[1], points[2])
    palm = bone(at, *PALM[0])
    for a, b in PALM[1:]:
        palm = melt(palm, bone(at, a, b), 0.07)
    fingers = np.full(palm.shape, np.inf)
    for joints in FINGERS:
        finger = bone(at, joints[0], joints[1])
        for a, b in zip(joints[1:-1], joints[2:], strict=True):
            finger = melt(finger, bone(at, a, b), 0.012)
        fingers = np.minimum(fingers, finger)
    whole = np.maximum(melt(palm, fingers, 0.05), -0.36 - at[0])
    return surface_nets(np.maximum(whole, -at[2]), low, cell)
