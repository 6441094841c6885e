"""The colours and lines of the figures, for light paper and for dark."""

from __future__ import annotations

from collections.abc import Iterable

LIGHT = {
    "ink": "#2a211c",
    "skin": "#f3e2d1",
    "far": "#e6cdb7",
    "cloth": "#dcc3ae",
    "hair": "#8b6753",
    "bone": "#fbf5ea",
    "muscle": "#a8322a",
    "tool": "#1f4a40",
    "nerve": "#9a6410",
}
DARK = {
    "ink": "#efe6dc",
    "skin": "#3f3029",
    "far": "#34271f",
    "cloth": "#57443a",
    "hair": "#7a5a48",
    "bone": "#6a5649",
    "muscle": "#e0695c",
    "tool": "#6fb39f",
    "nerve": "#e3b251",
}
# class -> list of (property, colour name)
PAINT: dict[str, list[tuple[str, str]]] = {
    "b": [("fill", "skin"), ("stroke", "ink")],
    "r": [("fill", "far"), ("stroke", "ink")],
    "k": [("fill", "cloth")],
    "j": [("fill", "hair")],
    "o": [("fill", "bone"), ("stroke", "ink")],
    "l": [("stroke", "ink")],
    "h": [("stroke", "ink")],
    "m": [("fill", "muscle"), ("stroke", "muscle")],
    "p": [("fill", "muscle")],
    "q": [("fill", "muscle")],
    "f": [("stroke", "bone")],
    "d": [("stroke", "muscle")],
    "t": [("fill", "tool"), ("stroke", "ink")],
    "g": [("fill", "tool"), ("stroke", "ink")],
    "u": [("stroke", "tool")],
    "n": [("stroke", "nerve")],
    "x": [("fill", "ink")],
}
# class -> rules that do not change with the scheme
SHAPE: dict[str, str] = {
    "b": "stroke-width:5;paint-order:stroke",
    "r": "stroke-width:5;paint-order:stroke",
    "l": "fill:none",
    "h": "fill:none;stroke-width:1",
    "p": "opacity:.3",
    "q": "opacity:.45",
    "f": "fill:none;stroke-width:1.25;opacity:.7",
    "d": "fill:none",
    "g": "stroke-width:5;paint-order:stroke",
    "u": "fill:none",
    "n": "fill:none;stroke-width:5",
    "x": "font:500 15px Georgia,'Noto Serif','Liberation Serif',serif",
}


def paint(names: Iterable[str], colours: dict[str, str]) -> str:
    """Return the rules that colour the classes, one rule for each colour."""
    rules: dict[str, list[str]] = {}
    for name in names:
        for what, colour in PAINT[name]:
            rules.setdefault(f"{what}:{colours[colour]}", []).append(f".{name}")
    return "".join(f"{','.join(where)}{{{rule}}}" for rule, where in rules.items())


def style(used: Iterable[str]) -> str:
    """Return the style element for the classes a drawing uses."""
    names = [name for name in PAINT if name in set(used)]
    base = "svg{stroke-width:2.5;stroke-linecap:round;stroke-linejoin:round}"
    plain = paint(names, LIGHT) + "".join(f".{n}{{{SHAPE[n]}}}" for n in names if n in SHAPE)
    dark = paint(names, DARK)
    return f"<style>{base}{plain}@media(prefers-color-scheme:dark){{{dark}}}</style>"
