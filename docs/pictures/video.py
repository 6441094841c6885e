"""Film the figures of the QL release: slow, without sound, with room for captions below.

Run from the root of the repository, with Chromium and ffmpeg (Debian's packages) at hand:

    python docs/pictures/video.py

Writes ``static/video/ql-release.webm``, ``.mp4``, and its poster as ``.webp`` and ``.avif``; prints
the captions and the chapters, which stand in ``storefront/seed/tutorials/ql-release.md``. Each
frame is a page that is drawn for one moment, so that two runs give the same film.
"""

from __future__ import annotations

import io
import shutil
import subprocess
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
STATIC = ROOT / "static"
TARGET = STATIC / "video" / "ql-release"
WIDTH, HEIGHT, RATE = 1280, 720, 12
BREATH_IN_S, BREATH_OUT_S = 4.0, 6.0
FADE_S = 0.5
BREATHES = "ql-step-breathe"


@dataclass(frozen=True)
class Scene:
    """A figure that stands for some seconds, with its chapter and the captions in turn."""

    figure: str
    seconds: float
    title: str
    captions: tuple[str, ...]


SCENES = (
    Scene("ql-referred-pain", 5, "Before you start", ("Read the cautions on this page first. If one applies to you, do not press.",)),
    Scene("ql-step-end", 6, "Pick the right end", ("The trigger, the narrow raised tip, is the end that presses.",)),
    Scene("ql-anatomy", 7, "Find the soft gap", ("Your spot is in the soft gap between hip bone and lowest rib, 1 to 2 inches out from the spine.",)),
    Scene("ql-step-placement", 8, "Lie down on it slowly", ("Set the tool at a right angle to your spine, the trigger under the sore side.", "Lean back slowly, with your knees bent and your feet flat.")),
    Scene(BREATHES, 20, "Breathe into it", ("Breathe in slowly. Let the belly and the side of the waist swell.", "Breathe out. Let yourself get heavy. Do not roll or rock.", "Breathe in again. Keep a clear pressure that you could talk with.", "Breathe out. Stay for about 5 slow breaths, a minute at most, then come off.")),
    Scene("ql-step-pressure", 6, "More pressure, if it was easy", ("Only if the first hold was easy: lift one foot a little off the floor.",)),
    Scene("ql-step-off", 7, "Get off with care", ("Both feet flat, hips up a little, and slide the tool out. Rest, then turn onto your side.",)),
)

PAGE = """<!doctype html><html><head><style>
@font-face { font-family: Besley; src: url(data:font/woff2;base64,FONT); font-weight: 400 900; }
body { margin: 0; width: 1280px; height: 720px; overflow: hidden; background: #faf6ee; color: #2a211c; font: 500 40px/1.1 Besley; }
#title { position: absolute; left: 64px; top: 44px; }
#title b { color: #a8322a; font-weight: 400; margin-right: .5em; }
#figure { position: absolute; left: 220px; top: 96px; width: 780px; height: 520px; transform-origin: 50% 75%; }
#breath { position: absolute; right: 64px; top: 290px; width: 150px; text-align: center; font-size: 24px; color: #1f4a40; }
#ring { width: 100px; height: 100px; margin: 0 auto 28px; border-radius: 50%; background: #1f4a40; }
</style></head><body><p id="title" style="margin:0"></p><img id="figure"><div id="breath"><div id="ring"></div><span id="way"></span></div></body></html>"""

DRAW = """async ({figure, number, title, opacity, breath, way}) => {
  const image = document.getElementById("figure");
  if (image.dataset.name !== figure) { image.dataset.name = figure; image.src = window.figures[figure]; await image.decode(); }
  document.getElementById("title").innerHTML = `<b>${number}</b>${title}`;
  for (const id of ["title", "figure"]) document.getElementById(id).style.opacity = opacity;
  image.style.transform = `scale(${1 + 0.025 * breath})`;
  document.getElementById("breath").style.opacity = way ? opacity : 0;
  document.getElementById("way").textContent = way;
  document.getElementById("ring").style.transform = `scale(${0.55 + 0.55 * breath})`;
}"""


def main() -> None:
    """Film every scene, encode the film twice, and write the poster."""
    TARGET.parent.mkdir(exist_ok=True)
    frames = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light")
        prepare(page)
        total = sum(scene.seconds for scene in SCENES)
        for number in range(int(total * RATE)):
            draw(page, number / RATE)
            frames.append(page.screenshot(type="jpeg", quality=95))
        poster(page)
        browser.close()
    encode(frames, ".webm", *"-c:v libvpx-vp9 -crf 42 -b:v 0 -row-mt 1 -g 48".split())
    encode(frames, ".mp4", *"-c:v libx264 -crf 27 -preset slow -g 48 -movflags +faststart".split())
    print(captions(), chapters(), sep="\n")


def prepare(page: Page) -> None:
    """Open the page that is drawn on, with the figures and the display face in it."""
    font = b64encode((STATIC / "fonts" / "besley.woff2").read_bytes()).decode()
    page.set_content(PAGE.replace("FONT", font))
    figures = {
        name: "data:image/svg+xml;base64,"
        + b64encode((STATIC / "img" / "figures" / f"{name}.svg").read_bytes()).decode()
        for name in {scene.figure for scene in SCENES}
    }
    page.evaluate("async figures => { window.figures = figures; await document.fonts.load('40px Besley'); }", figures)


def draw(page: Page, moment: float) -> None:
    """Draw the page as it is at a moment, in seconds from the film's beginning."""
    since = moment
    number = 0
    while since >= SCENES[number].seconds:
        since -= SCENES[number].seconds
        number += 1
    scene = SCENES[number]
    left = scene.seconds - since
    breathes = scene.figure == BREATHES
    phase = since % (BREATH_IN_S + BREATH_OUT_S)
    is_in = phase < BREATH_IN_S
    share = phase / BREATH_IN_S if is_in else 1 - (phase - BREATH_IN_S) / BREATH_OUT_S
    page.evaluate(
        DRAW,
        {
            "figure": scene.figure,
            "number": number + 1,
            "title": scene.title,
            "opacity": round(min(1.0, (since + 1 / RATE) / FADE_S, left / FADE_S), 3),
            "breath": round(share * share * (3 - 2 * share), 4) if breathes else 0,
            "way": ("Breathe in" if is_in else "Breathe out") if breathes else "",
        },
    )


def poster(page: Page) -> None:
    """Write the picture that stands for the film: the breath, at its fullest."""
    draw(page, start_of(BREATHES) + BREATH_IN_S)
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(TARGET.with_suffix(".webp"), quality=72, method=6)
    picture.save(TARGET.with_suffix(".avif"), quality=58)


def start_of(figure: str) -> float:
    """Return when a figure is first seen."""
    before = SCENES[: [scene.figure for scene in SCENES].index(figure)]
    return sum(scene.seconds for scene in before)


def encode(frames: list[bytes], suffix: str, *how: str) -> None:
    """Write the film in one form."""
    command = ["ffmpeg", "-loglevel", "error", "-y", "-f", "image2pipe", "-framerate", str(RATE)]
    command += ["-c:v", "mjpeg", "-i", "-", "-an", *how, "-pix_fmt", "yuv420p"]
    subprocess.run([*command, str(TARGET.with_suffix(suffix))], input=b"".join(frames), check=True)


def captions() -> str:
    """Return what is to be read, as WebVTT."""
    lines, at = ["WEBVTT", ""], 0.0
    for scene in SCENES:
        parts = [4.0, 6.0, 4.0, 6.0] if scene.figure == BREATHES else [scene.seconds / len(scene.captions)] * len(scene.captions)
        for text, seconds in zip(scene.captions, parts, strict=True):
            lines += [f"{clock(at)} --> {clock(at + seconds)}", text, ""]
            at += seconds
    return "\n".join(lines)


def chapters() -> str:
    """Return the film's parts, as WebVTT."""
    lines, at = ["WEBVTT", ""], 0.0
    for scene in SCENES:
        lines += [f"{clock(at)} --> {clock(at + scene.seconds)}", scene.title, ""]
        at += scene.seconds
    return "\n".join(lines)


def clock(seconds: float) -> str:
    """Return a moment as WebVTT writes it."""
    return f"{int(seconds) // 60:02}:{seconds % 60:06.3f}"


if __name__ == "__main__":
    main()
