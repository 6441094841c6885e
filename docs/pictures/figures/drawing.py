"""One figure as an SVG file: its elements, and its labels in each language."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from figures.geometry import Point, number, pair, step
from figures.style import style

ROOT = Path(__file__).resolve().parents[3]
IMAGES = ROOT / "static" / "img"
WIDTH, HEIGHT = 480, 320
FLOOR = 252.0  # how far down people lie

GERMAN = {
    "12th rib": "12. Rippe",
    "back": "hinten",
    "back of hip": "hintere Hüfte",
    "buttock": "Gesäß",
    "front": "vorn",
    "gluteus medius": "Gluteus medius",
    "hip crest": "Beckenkamm",
    "iliacus": "Iliacus",
    "low back": "unterer Rücken",
    "muscle": "Muskel",
    "pain felt here": "hier tut es weh",
    "pelvis": "Becken",
    "piriformis": "Piriformis",
    "psoas": "Psoas",
    "psoas and": "Psoas und",
    "ramp": "Rampe",
    "sacroiliac": "ISG",
    "sacrum": "Kreuzbein",
    "sciatic nerve": "Ischiasnerv",
    "side of hip": "Hüftseite",
    "spot": "Punkt",
    "thigh bone": "Oberschenkel",
    "trigger": "Spitze",
}
ONE_LANGUAGE = "#de{display:none}#de:target~.en{display:none}#de:target{display:inline}"


@dataclass
class Drawing:
    """Collects elements and writes one SVG file."""

    title: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = 0

    def __post_init__(self) -> None:
        """Start empty."""
        self.parts: list[str] = []
        self.defs: list[str] = []
        self.used: list[str] = []
        self.labels: dict[str, list[str]] = {"de": [], "en": []}

    def path(self, kind: str, data: str, extra: str = "") -> str:
        """Add a path of a class and return its id for clipping."""
        self.used.append(kind)
        name = f"p{len(self.parts)}"
        self.parts.append(f'<path class="{kind}" d="{data}"{" " + extra if extra else ""}/>')
        return name

    def clip(self, name: str) -> str:
        """Return the clip of an earlier path, made on first use."""
        clip = f'<clipPath id="c{name}"><use href="#{name}"/></clipPath>'
        if clip not in self.defs:
            self.defs.append(clip)
            at = int(name[1:])
            self.parts[at] = self.parts[at].replace("<path ", f'<path id="{name}" ', 1)
        return f'clip-path="url(#c{name})"'

    def clipped(self, kind: str, data: str, within: str, extra: str = "") -> str:
        """Add a path that shows only inside an earlier one."""
        return self.path(kind, data, f"{self.clip(within)}{' ' + extra if extra else ''}")

    def circle(self, kind: str, x: float, y: float, r: float) -> str:
        """Add a circle as a path."""
        n = number
        return self.path(kind, f"M{n(x - r)} {n(y)}a{n(r)} {n(r)} 0 1 1 0 .1Z")

    def text(self, x: float, y: float, words: str, anchor: str = "start") -> None:
        """Add a label, in each language where it says something else there."""
        self.used.append("x")
        at = "" if anchor == "start" else f' text-anchor="{anchor}"'
        start = f'<text class="x" x="{number(x)}" y="{number(y)}"{at}>'
        for language, said in (("de", GERMAN.get(words, words)), ("en", words)):
            self.labels[language].append(f"{start}{said}</text>")

    def floor(self, y: float, left: float = 16, right: float = 464) -> None:
        """Add the floor as a hairline."""
        self.path("h", f"M{number(left)} {number(y)}H{number(right)}")

    def arrow(self, start: Point, end: Point, kind: str = "u", bend: float = 0.0) -> None:
        """Add an arrow, bent to its left by ``bend`` of its length."""
        mx, my = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
        dx, dy = end[0] - start[0], end[1] - start[1]
        mid = (mx + dy * bend, my - dx * bend)
        angle = math.degrees(math.atan2(end[1] - mid[1], end[0] - mid[0]))
        a, b = step(end, angle + 148, 9), step(end, angle - 148, 9)
        line = f"M{pair(start)}Q{pair(mid)} {pair(end)}" if bend else f"M{pair(start)}L{pair(end)}"
        self.path(kind, f"{line}M{pair(a)}L{pair(end)}L{pair(b)}")

    def _style(self) -> str:
        """Return the style element, with what shows the labels of one language."""
        differs = self.labels["de"] != self.labels["en"]
        return style(self.used).replace("</style>", f"{ONE_LANGUAGE if differs else ''}</style>")

    def _labelled(self) -> list[str]:
        """Return the labels, grouped by language; the German ones show at ``….svg#de``."""
        german, english = self.labels["de"], self.labels["en"]
        if german == english:
            return english
        return [f'<g id="de">{"".join(german)}</g>', f'<g class="en">{"".join(english)}</g>']

    def write(self, path: Path) -> None:
        """Write the file."""
        defs = f"<defs>{''.join(self.defs)}</defs>" if self.defs else ""
        body = "\n".join([*self.parts, *self._labelled()])
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg"'
            f' viewBox="{self.left} 0 {self.width} {self.height}"'
            f' width="{self.width}" height="{self.height}">'
        )
        path.write_text(
            f"{head}\n<title>{self.title}</title>\n{self._style()}{defs}\n{body}\n</svg>\n",
            encoding="utf-8",
        )


Maker = Callable[[], Drawing]
FIGURES: dict[str, Maker] = {}


def figure(key: str) -> Callable[[Maker], Maker]:
    """Register the maker of a figure."""

    def keep(maker: Maker) -> Maker:
        FIGURES[key] = maker
        return maker

    return keep
