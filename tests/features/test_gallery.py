"""The pictures of what the shop sells: there in every size, and shown without a script."""

import json
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from models import ProductImage
from models.picture import TURNED
from storefront.assets import STATIC
from tests.browser import visit
from tests.factories import make_product, make_variant

pytestmark = pytest.mark.seeded

PICTURES = STATIC / "img" / "products"
TOOL = [
    "ql-claw-hero",
    "ql-claw-three-quarter",
    "ql-claw-side",
    "ql-claw-trigger",
    "ql-claw-ramp",
    "ql-claw-scale",
    "ql-claw-box",
    "ql-claw-pine",
    "ql-claw-ochre",
]


def strip(page):
    return page.main.select(".gallery__item")


def keys(page):
    return [it.find("a")["href"].rsplit("/", 1)[1].split("-1600.")[0] for it in strip(page)]


def test_every_picture_of_the_catalog_is_there_in_every_size_it_names(session):
    images = session.scalars(select(ProductImage)).unique().all()
    stand_ins = json.loads((PICTURES / "placeholders.json").read_text())

    assert {it.key for it in images} == set(stand_ins)
    for image in images:
        assert len(image.alt) > 20
        for width in image.widths:
            for kind in ("avif", "webp"):
                with Image.open(PICTURES / f"{image.key}-{width}.{kind}") as file:
                    assert file.size == (width, width * 3 // 4), image.key


def test_what_can_be_turned_has_24_frames_on_one_light_sheet():
    for key in TURNED:
        sheet = (PICTURES / f"{key}-turn.avif").read_bytes()
        assert len(sheet) <= 250_000
        with Image.open(BytesIO(sheet)) as frames:
            width, height = frames.width // 6, frames.height // 4
        assert (frames.width % 6, frames.height % 4) == (0, 0)
        assert width * 3 == height * 4


def test_without_a_script_a_picture_leads_to_its_largest_size_and_a_thumbnail_to_the_picture(
    client,
):
    page = visit(client, "/products/ql-claw")

    assert keys(page) == TOOL
    for number, item in enumerate(strip(page), 1):
        with client.get(item.find("a")["href"]) as large:
            assert (large.status_code, large.mimetype) == (200, "image/webp")
        assert item.find("a")["aria-label"] == f"Enlarge picture {number}"
    thumbs = [it["href"] for it in page.main.select(".gallery__thumb")]
    assert thumbs == [f"#{item['id']}" for item in strip(page)]
    eager = [it for it in page.main.find_all("img") if it.get("loading") != "lazy"]
    assert [it["fetchpriority"] for it in eager] == ["high"]


def test_without_a_script_nothing_turns_and_its_frames_are_not_fetched(client):
    page = visit(client, "/products/ql-claw")

    (turning,) = page.main.find_all("turn-table")
    assert turning.find_parent(class_="gallery__item") == strip(page)[0]
    assert turning.get_text(strip=True) == ""
    assert turning.find_all(True) == []
    frames = turning["data-frames"]
    with client.get(frames) as sheet:
        assert (sheet.status_code, sheet.mimetype) == (200, "image/avif")
    assert page.main.decode().count(frames) == 1


def test_the_picture_of_the_chosen_color_stands_first(client):
    first = visit(client, "/products/ql-claw")
    links = {it.get_text(strip=True).split(" (")[0]: it["href"] for it in
             first.main.select(".chips__link")}  # fmt: skip

    pine = visit(client, links["Pine"])

    assert keys(pine) == ["ql-claw-pine", *[key for key in TOOL if key != "ql-claw-pine"]]


def test_what_is_only_drawn_says_so_in_both_languages(client):
    for path, drawn, told in (
        ("/products/ql-claw", "It is a drawing", "neither the real size nor the real packaging"),
        ("/de/products/ql-claw", "eine Zeichnung", "noch über die wirkliche Verpackung"),
    ):
        page = visit(client, path)
        alts = {key: it.find("img")["alt"] for key, it in zip(keys(page), strip(page), strict=True)}
        saying = [key for key, alt in alts.items() if drawn in alt]
        assert saying == ["ql-claw-scale", "ql-claw-box"]
        assert told in page.text


def test_the_further_products_have_their_own_pictures(client):
    assert keys(visit(client, "/products/floor-mat")) == [
        "floor-mat-hero",
        "floor-mat-rolled",
        "floor-mat-flat",
    ]
    assert keys(visit(client, "/products/ql-claw-and-floor-mat"))[0] == "ql-claw-set"
    card = visit(client, "/products/gift-card")
    assert keys(card) == ["gift-card"]
    assert card.main.select(".gallery__thumb") == []


def test_a_product_without_a_picture_loads_no_script_for_it(client, session):
    make_variant(session, product=make_product(session, handle="bare", title="Bare"))

    page = visit(client, "/products/bare")

    assert "No picture yet" in page.text
    assert "/static/js/gallery." not in page.response.text
    assert "/static/js/gallery." in visit(client, "/products/ql-claw").response.text
