"""Bones and outlines of the anatomy figures: halves, mirrored about x = 240."""

from __future__ import annotations

from collections.abc import Sequence

from figures.drawing import Drawing
from figures.geometry import Point, number, smooth

MIRROR = 'transform="matrix(-1 0 0 1 480 0)"'


def both(d: Drawing, kind: str, data: str, extra: str = "") -> None:
    """Draw a half and its mirror image."""
    name = d.path(kind, data, extra)
    at = int(name[1:])
    d.parts[at] = d.parts[at].replace("<path ", f'<path id="{name}" ', 1)
    d.parts.append(f'<use href="#{name}" {MIRROR}/>')


def waist(d: Drawing, half: Sequence[Point]) -> str:
    """Draw a piece of body open at top and bottom, from its right half; returns its id."""
    right = [(240 + u, v) for u, v in half]
    left = [(240 - u, v) for u, v in reversed(half)]
    return d.path("b", smooth(right, closed=False) + "L" + smooth(left, closed=False)[1:])


def column(d: Drawing, tops: Sequence[tuple[float, float]], front: bool) -> None:
    """Draw vertebrae from (top, half width) pairs."""
    for i, (top, half) in enumerate(tops):
        tall = (tops[i + 1][0] if i + 1 < len(tops) else top + 29) - top - 5
        mid, low = top + tall * 0.42, top + tall
        wing = half + 15
        half_shape = [
            (half, top + 1), (half - 2, mid - 4), (wing, mid - 3), (wing, mid + 4),
            (half - 2, mid + 5), (half, low - 1),
        ]  # fmt: skip
        shape = [(0, top - 1), *half_shape, (0, low + 1)]
        shape += [(-u, v) for u, v in reversed(half_shape)]
        d.path("o", smooth([(240 + u, v) for u, v in shape], tension=0.6))
        if not front:
            d.path("l", f"M240 {number(mid - 2)}v{number(tall * 0.62)}")


SPINE = [(34, 12), (59, 12.5), (85, 13), (112, 13.5), (139, 14), (166, 14.5)]
CREST = (
    "M268 203C272 190 286 178 304 172C324 166 344 172 354 186C362 200 358 216 350 228"
    "C340 240 334 246 336 258C338 274 330 290 314 300"
    "C306 306 296 304 292 296C286 282 276 268 270 252"
    "C264 238 262 218 268 203Z"
)
SACRUM = (
    "M212 196C222 190 258 190 268 196C274 204 272 220 264 236C256 256 248 "
    "282 240 296C232 282 224 256 216 236C208 220 206 204 212 196Z"
)


def front_pelvis(d: Drawing) -> None:
    """Draw low spine, pelvis and tops of the thigh bones from the front."""
    waist(d, [(118, -10), (108, 40), (104, 90), (122, 140), (142, 190), (146, 240), (140, 330)])
    d.path("o", "M214 170C224 164 256 164 266 170C272 184 262 208 240 222C218 208 208 184 214 170Z")
    both(d, "o", "M266 172C276 156 296 142 316 138C336 136 346 148 344 162C342 178 332 188 330 202"
                 "C328 216 318 226 306 230C290 236 270 240 242 246V234C262 230 280 222 284 210"
                 "C288 196 276 186 266 172Z")  # fmt: skip
    both(d, "o", "M306 206C318 200 332 206 336 216C344 214 352 220 354 230C358 244 352 262 348 282"
                 "C346 300 346 312 346 332H318C320 304 318 282 312 262C308 254 314 246 312 238"
                 "C300 232 298 214 306 206Z")  # fmt: skip
    column(d, [(v - 26, u) for v, u in SPINE], front=True)


PSOAS = (
    "M258 26C268 40 276 70 282 104C288 138 300 170 308 196C314 216 320 238 318 256"
    "C316 262 310 260 308 254C302 226 288 206 278 "
    "182C270 162 262 152 258 146L265 140L257 118"
    "L264 112L256 90L263 84L255 62L262 56Z"
)
FEMUR = (
    "M318 132C328 128 338 132 344 138C348 128 358 122 366 128C374 136 374 150 370 162"
    "C364 186 362 220 360 332H332C334 260 336 214 332 190C326 184 326 176 330 170"
    "C324 164 314 160 312 150C310 142 312 136 318 132Z"
)
RAISED = 'transform="translate(0 -112)"'


def rear_pelvis(d: Drawing) -> None:
    """Draw low spine, hip bones and tops of the thigh bones from behind, without the sacrum."""
    waist(d, [(118, -10), (120, 30), (132, 80), (146, 130), (150, 180), (146, 240), (136, 330)])
    both(d, "o", FEMUR)
    both(d, "o", CREST, RAISED)
    column(d, [(-24, 13), (3, 13.5), (30, 14), (56, 14.5)], front=False)


def rear_sacrum(d: Drawing) -> None:
    """Draw the sacrum from behind."""
    d.path("o", SACRUM, RAISED)
    d.path("l", "M240 94v14M240 118v12M240 140v10")
