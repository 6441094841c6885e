"""Lay the renders of ``tool.py`` on paper and write the product pictures and the share picture.

    python docs/pictures/encode.py build/pictures [--preview]
    python docs/pictures/encode.py build/turn --turn ql-claw-hero

Needs Pillow 11.3 or later (AVIF). Writes ``static/img/products/<key>-<width>.{avif,webp}`` of the
renders that are there, their lines in ``static/img/products/placeholders.json``, and
``static/img/share.png`` if the hero is among them. What is not rendered stays as it is.
``--turn`` writes the frames of a turntable as one sheet, ``<key>-turn.avif``, row by row.
``--preview`` only writes ``<key>-paper.png`` beside each render.

Where the package pyoidn is installed, Open Image Denoise takes the grain out of a render, so that
about 10 samples are enough; otherwise a filter of our own does, and wants 64.
"""

from __future__ import annotations

import argparse
import base64
import io
import json
from pathlib import Path

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont, ImageMath

try:
    import numpy as np
    from pyoidn import denoise
except ImportError:
    denoise = None

ROOT = Path(__file__).resolve().parents[2]
OUT = ROOT / "static" / "img" / "products"
PAPER = (247, 241, 232)
SHADOW = (40, 26, 18)
INK = (42, 33, 28)
MEDIAN = ImageFilter.MedianFilter(3)
WIDTHS = (480, 800, 1200, 1600)
SERIF = Path("/usr/share/fonts/truetype/vollkorn/Vollkorn-Medium.ttf")
SHARE_KEY = "ql-claw-hero"
COLUMNS = 6  # of frames on the sheet of a turntable


def edge_fade(size: tuple[int, int]) -> Image.Image:
    """Return a mask that lets the shadow end before the edge, so that the ground is paper."""
    width, height = size
    small = Image.new("L", (width // 8, height // 8), 0)
    inset = width // 8 // 16
    box = (inset, inset, small.width - inset - 1, small.height - inset - 1)
    ImageDraw.Draw(small).rounded_rectangle(box, radius=inset * 4, fill=255)
    soft = small.filter(ImageFilter.GaussianBlur(inset * 0.9))
    return soft.point(lambda v: max(0, (v - 12) * 255 // 243)).resize(size)


def blur_within(image: Image.Image, mask: Image.Image, radius: float) -> Image.Image:
    """Blur a grey picture inside a mask without drawing in what lies outside it."""
    blur = ImageFilter.GaussianBlur(radius)
    return ImageMath.lambda_eval(
        lambda args: args["convert"](
            args["min"](args["a"] * 255 / args["max"](args["b"], 1), 255), "L"
        ),
        a=ImageChops.multiply(image, mask).filter(blur),
        b=mask.filter(blur),
    )


def calm(layer: Image.Image) -> Image.Image:
    """Warm the shadow and take the grain of sampling out of shadow and smooth surface."""
    red, green, blue, alpha = layer.split()
    lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    ground = lightest.point(lambda v: 255 if v < 10 else 0).filter(ImageFilter.MinFilter(5))
    soft = blur_within(alpha, ground, 4)
    alpha = Image.composite(soft, alpha, ground)
    floor = lightest.point(lambda v: 255 if v < 10 else 0)
    alpha = Image.composite(ImageChops.multiply(alpha, edge_fade(layer.size)), alpha, floor)
    inside = ImageChops.multiply(
        alpha.point(lambda v: 255 if v == 255 else 0),
        lightest.point(lambda v: 255 if v > 40 else 0),
    ).filter(ImageFilter.MinFilter(3))
    bands = [
        Image.composite(blur_within(band.filter(MEDIAN), inside, 1.8), band, inside)
        for band in (red, green, blue)
    ]
    colour = Image.merge("RGB", bands)
    colour = ImageChops.lighter(colour, Image.new("RGB", layer.size, SHADOW))
    return Image.merge("RGBA", (*colour.split(), alpha))


def denoised(image: Image.Image) -> Image.Image:
    """Return a picture without the grain of sampling."""
    light = (np.asarray(image, dtype=np.float32) / 255) ** 2.2
    clean = np.clip(denoise(np.ascontiguousarray(light)), 0, 1) ** (1 / 2.2)
    return Image.fromarray((clean * 255 + 0.5).astype(np.uint8))


def warmed(layer: Image.Image) -> Image.Image:
    """Return a render whose shadow is warm and ends before the edge."""
    red, green, blue, alpha = layer.split()
    lightest = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    floor = lightest.point(lambda v: 255 if v < 10 else 0)
    alpha = Image.composite(ImageChops.multiply(alpha, edge_fade(layer.size)), alpha, floor)
    colour = Image.merge("RGB", (red, green, blue))
    colour = ImageChops.lighter(colour, Image.new("RGB", layer.size, SHADOW))
    return Image.merge("RGBA", (*colour.split(), alpha))


def on_paper(path: Path) -> Image.Image:
    """Return a render with its shadow on the paper colour."""
    with Image.open(path) as render:
        render = render.convert("RGBA")
    layer = warmed(render) if denoise else calm(render)
    sheet = Image.new("RGBA", layer.size, (*PAPER, 255))
    sheet.alpha_composite(layer)
    flat = sheet.convert("RGB")
    if not denoise:
        return flat
    clean = denoised(flat)
    bare = ImageChops.lighter(edge_fade(layer.size), layer.getchannel("A"))
    clean.paste(PAPER, mask=bare.point(lambda v: 255 if v == 0 else 0))
    return clean


def encoded(image: Image.Image, kind: str, quality: int) -> bytes:
    """Return the bytes of a picture in a format."""
    buffer = io.BytesIO()
    if kind == "avif":
        image.save(buffer, "AVIF", quality=quality, speed=4, subsampling="4:4:4")
    else:
        image.save(buffer, "WEBP", quality=quality, method=6)
    return buffer.getvalue()


def placeholder(image: Image.Image) -> dict[str, object]:
    """Return size, mean colour and a tiny blurred stand-in."""
    small = image.resize((24, 18), Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(0.7))
    mean = image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    assert isinstance(mean, tuple)
    data = encoded(small, "webp", 30)
    return {
        "width": image.width,
        "height": image.height,
        "color": "#{:02x}{:02x}{:02x}".format(*mean[:3]),
        "lqip": "data:image/webp;base64," + base64.b64encode(data).decode("ascii"),
    }


def write_sizes(key: str, image: Image.Image) -> None:
    """Write one picture in every width and format."""
    for width in WIDTHS:
        height = round(image.height * width / image.width)
        sized = image.resize((width, height), Image.Resampling.LANCZOS)
        for kind, quality in (("avif", 76), ("webp", 86)):
            (OUT / f"{key}-{width}.{kind}").write_bytes(encoded(sized, kind, quality))


def share_picture(image: Image.Image) -> None:
    """Write the picture that is shown where the shop is linked."""
    sheet = Image.new("RGB", (1200, 630), PAPER)
    tool = image.resize((800, 600), Image.Resampling.LANCZOS)
    sheet.paste(tool, (400, 30))
    draw = ImageDraw.Draw(sheet)
    draw.text((72, 72), "QL Claw", font=ImageFont.truetype(str(SERIF), 118), fill=INK)
    lines = "Press into the muscles\nbehind low back pain"
    draw.text((78, 452), lines, font=ImageFont.truetype(str(SERIF), 38), fill=INK, spacing=12)
    palette = sheet.quantize(256, method=Image.Quantize.MEDIANCUT, kmeans=3)
    flat = sheet.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    flat.save(OUT.parent / "share.png", optimize=True)


def turntable(key: str, renders: Path) -> None:
    """Write the frames of a turntable as one sheet, row by row."""
    frames = [on_paper(path) for path in sorted(renders.glob(f"{key}-turn-??.png"))]
    width, height = frames[0].size
    sheet = Image.new("RGB", (COLUMNS * width, -(-len(frames) // COLUMNS) * height), PAPER)
    for number, frame in enumerate(frames):
        sheet.paste(frame, (number % COLUMNS * width, number // COLUMNS * height))
    (OUT / f"{key}-turn.avif").write_bytes(encoded(sheet, "avif", 66))


def main() -> None:
    """Encode every render of a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("renders", type=Path)
    parser.add_argument("--preview", action="store_true")
    parser.add_argument("--turn", metavar="KEY")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if args.turn:
        turntable(args.turn, args.renders)
        return
    places = OUT / "placeholders.json"
    kept = json.loads(places.read_text(encoding="utf-8")) if places.exists() else {}
    known: dict[str, dict[str, object]] = {}
    for path in sorted(args.renders.glob("*.png")):
        if path.stem.endswith("-paper"):
            continue
        image = on_paper(path)
        if args.preview:
            image.save(path.with_name(f"{path.stem}-paper.png"))
            continue
        write_sizes(path.stem, image)
        known[path.stem] = placeholder(image)
        if path.stem == SHARE_KEY:
            share_picture(image)
    if known:
        text = json.dumps(kept | known, indent=2, sort_keys=True)
        places.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
