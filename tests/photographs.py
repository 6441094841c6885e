"""Photographs of pages, kept and held against those of today by a tolerance."""

import io
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from PIL import Image, ImageChops
from playwright.sync_api import Page, Route, expect

from storefront.config import ROOT

KEPT = Path(__file__).parent / "snapshots" / "pictures"
BUILD = ROOT / "build" / "pictures"
HOST = "http://localhost"

# Letters are drawn a little differently by each edition of a browser. So pictures are kept and
# compared at half their size; a pixel that differs by at most so many of 255 is the same, and a
# square of 16 by 16 is another one only where so great a share of it differs.
HALF = 2
SAME = 16
SQUARE = 16
TOLERANCE = 0.06
ROUNDED = 1  # a picture may be so many pixels larger or smaller
COLOURS = (24, 64, 256)  # as few as a picture can do with


@dataclass(frozen=True)
class Look:
    """How somebody looks at a page."""

    name: str
    width: int
    height: int
    scheme: str


LOOKS = tuple(
    Look(f"{name}-{scheme}", width, height, scheme)
    for name, width, height in (("phone", 390, 844), ("desktop", 1280, 900))
    for scheme in ("light", "dark")
)

# A field that is to have the focus gets it when the page is painted first.
SETTLE = """async () => {
    await new Promise((then) => requestAnimationFrame(() => requestAnimationFrame(then)));
    document.activeElement?.blur();
    for (const it of document.querySelectorAll("[data-act=unfold] details")) it.open = true;
    for (const it of document.images) it.loading = "eager";
    await Promise.all([...document.images].map((it) => it.decode().catch(() => {})));
    await document.fonts.ready;
    return Object.fromEntries([...document.querySelectorAll("[data-specimen]")].map((it) => {
        const { x, y, width, height } = it.getBoundingClientRect();
        return [it.id, [x + scrollX, y + scrollY, width, height].map(Math.round)];
    }));
}"""


class Camera:
    """Opens the shop's pages in a browser without a network, and photographs parts of them."""

    def __init__(self, client: FlaskClient, page: Page) -> None:
        self.client, self.page = client, page
        page.route("**/*", self._answer)

    def _answer(self, route: Route) -> None:
        asked = urlsplit(route.request.url)
        with self.client.get(f"{asked.path}?{asked.query}", base_url=HOST) as answer:
            headers, body = dict(answer.headers), answer.get_data()
        if asked.path.endswith(".css"):  # a picture waits for its type; a reader is not to
            body = body.replace(b"font-display: optional", b"font-display: block")
        route.fulfill(status=answer.status_code, headers=headers, body=body)

    def specimens(self, path: str) -> Iterator[tuple[Look, str, Image.Image]]:
        """Yield each specimen of a page in each look."""
        for look in self._looks(path):
            boxes = self.page.evaluate(SETTLE)
            whole = self._shot(full_page=True)
            acts = self._acts()
            for name, (x, y, width, height) in boxes.items():
                if name in acts:
                    yield look, name, self._acted(name, acts[name])
                elif height:
                    yield look, name, whole.crop((x, y, x + width, y + height))

    def part(self, path: str, selector: str) -> Iterator[tuple[Look, Image.Image]]:
        """Yield one part of a page in each look."""
        for look in self._looks(path):
            self.page.evaluate(SETTLE)
            yield look, self._shot(selector)

    def _looks(self, path: str) -> Iterator[Look]:
        width = 0
        for look in LOOKS:
            self.page.emulate_media(color_scheme=look.scheme, reduced_motion="reduce")
            if look.width != width:  # opened anew, so that it chooses its pictures anew
                self.page.set_viewport_size({"width": look.width, "height": look.height})
                self.page.goto(HOST + path)
            width = look.width
            yield look

    def _acts(self) -> Mapping[str, str]:
        found = "it => it.map((one) => [one.id, one.dataset.act])"
        acts = self.page.locator("[data-specimen][data-act]").evaluate_all(found)
        return {name: act for name, act in acts if act != "unfold"}

    def _acted(self, name: str, act: str) -> Image.Image:
        stage = self.page.locator(f"#{name}")
        first = stage.locator("a, button, input:not([type=hidden]), textarea").first
        if act == "focus":
            self.page.keyboard.press("Tab")  # from here on the browser shows what is in focus
            first.focus()
            return self._shot(f"#{name}")
        if act == "suggest":
            first.fill("ql")
            expect(stage.get_by_role("option").first).to_be_visible()
            first.press("ArrowDown")
            return self._shot(f"#{name}")
        first.click()
        expect(self.page.get_by_role("dialog")).to_be_visible()
        self.page.evaluate(SETTLE)
        shot = self._shot("dialog")
        self.page.keyboard.press("Escape")
        expect(self.page.get_by_role("dialog")).to_have_count(0)
        return shot

    def _shot(self, selector: str = "", *, full_page: bool = False) -> Image.Image:
        still = {"animations": "disabled", "caret": "hide"}
        if selector:
            taken = self.page.locator(selector).screenshot(**still)
        else:
            taken = self.page.screenshot(full_page=full_page, **still)
        return Image.open(io.BytesIO(taken)).convert("RGB")


def mistakes(look: Look, name: str, taken: Image.Image) -> list[str]:
    """Return what is wrong with a photograph; ``UPDATE_SNAPSHOTS=1`` keeps it, and nothing is."""
    path, found = KEPT / look.name / f"{name}.webp", taken.reduce(HALF)
    kept = picture(path) if path.exists() else None
    differs = 1.0 if kept is None else difference(kept, found)
    if differs <= TOLERANCE:
        return []
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(parents=True, exist_ok=True)
        keep(path, found)
        return []
    beside = BUILD / look.name / f"{name}.png"
    beside.parent.mkdir(parents=True, exist_ok=True)
    side_by_side(kept or Image.new("RGB", found.size), found).save(beside)
    shown = beside.relative_to(ROOT)
    if kept is None:
        return [f"{name} ({look.name}) has no picture yet; see {shown}"]
    sizes = f", {kept.size} became {found.size}" if kept.size != found.size else ""
    return [f"{name} ({look.name}) differs in {differs:.0%} of a square{sizes}; see {shown}"]


def keep(path: Path, found: Image.Image) -> None:
    """Write a picture, small, and yet well within the tolerance of itself."""
    for count in COLOURS:
        few = found.quantize(count, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        few.convert("RGB").save(path, lossless=True, quality=80, method=4)
        if difference(picture(path), found) <= TOLERANCE / 4:
            return


def picture(path: Path) -> Image.Image:
    with Image.open(path) as kept:
        return kept.convert("RGB")


def difference(kept: Image.Image, found: Image.Image) -> float:
    """Return how great a share of a square differs, in the square that differs most: 0 to 1."""
    if any(abs(one - other) > ROUNDED for one, other in zip(kept.size, found.size, strict=True)):
        return 1.0
    most: int = where(kept, found).reduce(SQUARE).getextrema()[1]
    return most / 255


def where(kept: Image.Image, found: Image.Image) -> Image.Image:
    """Return what differs in what both show, as white on black, in whole squares."""
    size = tuple(min(sides) for sides in zip(kept.size, found.size, strict=True))
    both = (it.crop((0, 0, *size)) for it in (kept, found))
    red, green, blue = ImageChops.difference(*both).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    squares = Image.new("L", tuple(-(-side // SQUARE) * SQUARE for side in size))
    squares.paste(most.point(lambda it: 255 if it > SAME else 0))
    return squares


def side_by_side(kept: Image.Image, found: Image.Image) -> Image.Image:
    """Return what was kept, what differs, and what was found."""
    wide, high = (max(sides) for sides in zip(kept.size, found.size, strict=True))
    shown = Image.new("RGB", (3 * wide + 32, high), "magenta")
    for at, part in enumerate((kept, where(kept, found).convert("RGB"), found)):
        shown.paste(part.crop((0, 0, min(part.width, wide), high)), (at * (wide + 16), 0))
    return shown
