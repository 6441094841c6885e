"""Every colour that text has is told from what it stands on, by day and by night.

Source: WCAG 2.2, 1.4.3 and 1.4.6, relative luminance; bottosson.github.io/posts/oklab.
"""

import math
import re

import pytest

from storefront.config import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
_OKLCH = r"oklch\(([\d.]+) ([\d.]+) ([\d.]+)\)"
_TOKEN = re.compile(rf"(--[a-z-]+): (?:light-dark\({_OKLCH}, {_OKLCH}\)|{_OKLCH});")
READ_LONG, READ_SHORT, SEEN = 7.0, 4.5, 3.0
PAPERS = ("--paper", "--paper-deep", "--ochre-wash")
PAIRS = {
    **{("--ink", paper): READ_LONG for paper in PAPERS},
    ("--ink-soft", "--paper"): READ_LONG,
    ("--ink-soft", "--paper-deep"): READ_LONG,
    ("--ink-soft", "--ochre-wash"): READ_SHORT,
    ("--red", "--paper"): READ_LONG,  # links in texts
    ("--red", "--paper-deep"): READ_SHORT,
    ("--red", "--ochre-wash"): READ_SHORT,
    **{("--pine", paper): READ_SHORT for paper in PAPERS},
    ("--paper", "--ink"): READ_LONG,
    ("--on-red", "--red-surface"): READ_SHORT,
    ("--on-red", "--red-surface-strong"): READ_SHORT,
    ("--on-pine", "--pine-surface"): READ_LONG,
    ("--on-pine-soft", "--pine-surface"): READ_LONG,
    **{("--edge", paper): SEEN for paper in PAPERS},  # of fields and buttons
    **{("--focus", paper): SEEN for paper in PAPERS},
}


def tokens(css, more=""):
    """The colours of a sheet by name, each by day and by night; later ones win."""
    found = {}
    for name, *numbers in _TOKEN.findall(css + more):
        day, night, both = (tuple(map(float, filter(None, numbers[i : i + 3]))) for i in (0, 3, 6))
        found[name] = (day or both, night or both)
    return found


def luminance(colour):
    """The relative luminance of an OKLCH colour, cut to what sRGB can show."""
    light, chroma, hue = colour
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short
    red, green, blue = (min(1.0, max(0.0, it)) for it in (red, green, blue))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself_is_right():
    black, white = (0.0, 0.0, 0.0), (1.0, 0.0, 0.0)
    assert contrast(black, white) == pytest.approx(21, abs=0.01)
    assert contrast(white, (0.6279554, 0.25768330, 29.2338809)) == pytest.approx(4.0, abs=0.01)


@pytest.mark.parametrize("asks_for_more", [False, True])
def test_text_is_told_from_what_it_stands_on_by_day_and_by_night(asks_for_more):
    root, _, rest = TOKENS.partition("@media (prefers-contrast: more)")
    more, _, _ = rest.partition("@media print")
    colours = tokens(root, more if asks_for_more else "")

    low = {}
    for (text, ground), least in PAIRS.items():
        for i, scheme in enumerate(("light", "dark")):
            found = contrast(colours[text][i], colours[ground][i])
            if found < least:
                low[text, ground, scheme] = (round(found, 2), least)
    assert low == {}
