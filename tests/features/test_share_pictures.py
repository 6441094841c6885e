"""Each page has a picture of its own for when it is shared."""

import io
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import update

from models import Article, ProductStatus, now
from storefront.feeds.drawing import draw
from storefront.feeds.pictures import Picture
from tests.browser import visit
from tests.factories import make_article, make_blog, make_product, make_tutorial, make_variant
from tests.features.linked import meta

SIZE = (1200, 630)


def shared(client, address):
    """The path of a page's picture, and the answer for it."""
    path = meta(visit(client, address), "og:image").removeprefix("http://localhost")
    return path, client.get(path)


def opened(content):
    return Image.open(io.BytesIO(content)).convert("RGB")


def ink(image, box):
    """How many pixels of a part are dark."""
    return sum(image.crop(box).convert("L").histogram()[:110])


LEFT, RIGHT = (60, 110, 690, 600), (710, 110, 1200, 600)


@pytest.mark.seeded
def test_pages_have_a_picture_with_their_title_beside_what_they_show(client):
    for address, kind in (
        ("/blogs/the-ql-blawg/ql-muscle", "article"),
        ("/pages/ql-release", "tutorial"),
        ("/pages/safety", "page"),
        ("/policies/refund-policy", "page"),
        ("/products/ql-claw", "product"),
    ):
        path, answer = shared(client, address)

        assert path.startswith(f"/share/{kind}/"), address
        assert (answer.status_code, answer.mimetype) == (200, "image/png"), address
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        image = opened(answer.data)
        assert image.size == SIZE, address
        assert ink(image, LEFT) > 2000, address
        if kind in {"article", "tutorial", "product"}:
            assert ink(image, RIGHT) > 2000, address


@pytest.mark.seeded
def test_other_pages_show_the_picture_of_the_shop(client):
    for address in ("/", "/tutorials", "/collections/all", "/cart", "/search"):
        path = meta(visit(client, address), "og:image").removeprefix("http://localhost")
        with client.get(path) as answer:
            assert path.startswith("/static/img/share."), address
            assert opened(answer.data).size == SIZE


def test_a_new_title_has_a_new_address_and_the_old_one_leads_to_it(client, session, settings):
    text = make_article(session, blog=make_blog(session), handle="renamed", title="Before")
    before, first = shared(client, "/blogs/the-ql-blawg/renamed")

    session.execute(update(Article).where(Article.id == text.id).values(title="After it"))
    after, second = shared(client, "/blogs/the-ql-blawg/renamed")
    led = client.get(before)

    assert before != after
    assert first.data != second.data
    assert (led.status_code, led.location) == (302, after)
    assert "immutable" not in led.headers["Cache-Control"]
    kept = list((settings.instance / "share" / "article" / "renamed").iterdir())
    assert [it.name for it in kept] == [f"{after.rpartition('-')[2]}"]


def test_a_picture_is_drawn_once_and_is_always_the_same(client, session, settings):
    make_article(session, blog=make_blog(session), handle="kept", title="Kept")
    path, first = shared(client, "/blogs/the-ql-blawg/kept")
    (file,) = (settings.instance / "share" / "article" / "kept").iterdir()
    written = file.stat().st_mtime_ns

    again = client.get(path)
    file.unlink()
    anew = client.get(path)

    assert first.data == again.data == anew.data
    assert file.stat().st_mtime_ns > written


def test_a_stranger_draws_nothing_but_what_the_shop_shows(client, session, settings):
    blog = make_blog(session)
    make_article(session, blog=blog, handle="draft", published_at=None)
    make_article(session, blog=blog, handle="soon", published_at=now() + timedelta(days=1))
    hidden = make_product(session, handle="hidden", status=ProductStatus.DRAFT)
    make_variant(session, product=hidden)
    make_product(session, handle="bare")
    make_tutorial(session, handle="press")
    digest = "0" * 12

    for kind, handle in (
        ("article", "draft"),
        ("article", "soon"),
        ("article", "press"),
        ("product", "hidden"),
        ("product", "bare"),
        ("page", "press"),
        ("tutorial", "nowhere"),
        ("region", "nowhere"),
        ("routine", "nowhere"),
        ("muscle", "nowhere"),
        ("anything", "press"),
        ("..", "press"),
    ):
        assert client.get(f"/share/{kind}/{handle}-{digest}.png").status_code == 404, (kind, handle)
        assert not (settings.instance / "share" / kind / handle).exists() or kind == ".."
    assert client.get("/share/tutorial/press.png").status_code == 404
    assert client.get(f"/share/tutorial/press-{digest}.png?width=9000").status_code == 302
    assert client.get("/share/tutorial/press-%00.png").status_code == 404


@pytest.mark.parametrize(
    "title",
    [
        "A" * 200,
        "Why a muscle hurts at night, " * 7,
        "\u0623\u0644\u0645 \u0623\u0633\u0641\u0644 \u0627\u0644\u0638\u0647\u0631",
        "Fa\u00e7ade, \u0141\u00f3d\u017a, \u041f\u0440\u0438\u0432\u0435\u0442",
        "\U0001f9b4 Bones \U0001f468\u200d\u2695\ufe0f",
        '#panic("x") *b* [x] $y$ </svg> \\ " \x00\x07 \ud800 end',
    ],
)
def test_any_title_is_drawn_within_its_place(title):
    image = opened(draw(Picture("article", "any", title, "img/figures/ql-anatomy.svg"), "QL Claw"))

    assert image.size == SIZE
    assert ink(image, LEFT) > 1500
    assert ink(image, (0, 110, 55, 600)) == 0
    assert ink(image, (60, 565, 690, 615)) == 0


@pytest.mark.parametrize("image", [None, "img/figures/none-such.svg", "img/figures/"])
def test_without_a_figure_the_title_has_all_the_place(image):
    drawn = opened(draw(Picture("page", "any", "Words " * 12, image), "QL Claw"))

    assert drawn.size == SIZE
    assert ink(drawn, RIGHT) > 1000


def test_where_it_cannot_be_drawn_the_picture_of_the_shop_is_shown(
    client, session, settings, monkeypatch
):
    make_article(session, blog=make_blog(session), handle="broken", title="Broken")
    path = meta(visit(client, "/blogs/the-ql-blawg/broken"), "og:image").removeprefix(
        "http://localhost"
    )
    monkeypatch.setattr("storefront.feeds.drawing.HERE", Path("/nowhere"))

    answer = client.get(path)

    assert answer.status_code == 302
    assert answer.location.startswith("/static/img/share.")
    assert "immutable" not in answer.headers["Cache-Control"]


def test_a_full_disk_keeps_no_picture_but_shows_it(client, session, settings):
    make_article(session, blog=make_blog(session), handle="full", title="Full")
    place = settings.instance / "share" / "article" / "full"
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text("in the way")

    _, answer = shared(client, "/blogs/the-ql-blawg/full")

    place.unlink()
    assert answer.status_code == 200
    assert opened(answer.data).size == SIZE


@pytest.mark.parametrize(
    "title",
    [
        "Psoas release with the QL Claw",
        "The piriformis: a small muscle beside a big nerve",
        "Den Iliacus mit dem QL Claw lösen",
    ],
)
def test_the_last_line_of_a_title_is_not_one_short_word(title):
    picture = Picture("tutorial", "it", title, "img/figures/ql-step-pressure.svg")
    image = opened(draw(picture, "QL Claw")).crop(LEFT).convert("L")

    widths = [image.crop((0, top, image.width, end)) for top, end in lines_of(image)]
    widths = [it.point(lambda light: 255 * (light < 110)).getbbox()[2] for it in widths]

    assert len(widths) >= 3
    assert widths[-1] > 0.5 * max(widths)


def lines_of(image):
    """The first and last row of each line of large type, from the top."""
    dark = [
        sum(image.crop((0, y, image.width, y + 1)).histogram()[:110]) for y in range(image.height)
    ]
    found, top = [], None
    for y, count in enumerate([*dark, 0]):
        if count and top is None:
            top = y
        if not count and top is not None:
            found.append((top, y))
            top = None
    return [(top, end) for top, end in found if end - top > 30]
