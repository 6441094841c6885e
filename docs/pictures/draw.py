"""Draw the figures of the articles and tutorials as small SVG files, and the marks.

Run from the root of the repository:

    python docs/pictures/draw.py

Writes ``static/img/figures/<key>.svg``, ``static/img/favicon.svg`` and ``static/img/logo.svg``.
Only the standard library is used. A person is put together from closed outlines (head, torso,
thigh, shin, foot, arm) laid along joints; all outlines of one layer share one path whose stroke is
painted under its fill, so that only the contour of their union shows.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from figures.drawing import FIGURES, IMAGES
from figures.style import DARK, LIGHT

SUBJECTS = ("ql", "psoas", "iliacus", "gluteus_medius", "piriformis", "referred_pain", "how",
            "exercises", "everyday")  # fmt: skip
MARK = (
    "M7 56C0 44 1 28 12 26C23 24 26 39 36 39C46 39 49 31 45 22C40 11 45 3 52 6C61 10 65 24 63 37"
    "C62 45 62 51 63 56H47C41 49 28 49 21 56Z"
)


def main() -> None:
    """Write every figure and the marks."""
    for subject in SUBJECTS:
        import_module(f"figures.{subject}")  # it registers its figures
    folder = IMAGES / "figures"
    folder.mkdir(parents=True, exist_ok=True)
    for key, maker in FIGURES.items():
        maker().write(folder / f"{key}.svg")
    mark(IMAGES / "favicon.svg", "0 -1 65 65", (32, 32), "QL Claw")
    mark(IMAGES / "logo.svg", "0 3 65 55", (65, 55), "QL Claw")


def mark(path: Path, box: str, size: tuple[int, int], title: str) -> None:
    """Write the mark."""
    red, light = LIGHT["muscle"], DARK["muscle"]
    path.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg"'
        f' viewBox="{box}" width="{size[0]}" height="{size[1]}">\n'
        f"<title>{title}</title>\n<style>path{{fill:{red}}}"
        f"@media(prefers-color-scheme:dark){{path{{fill:{light}}}}}</style>\n"
        f'<path d="{MARK}"/>\n</svg>\n',
        encoding="utf-8",
    )


if __name__ == "__main__":
    main()
