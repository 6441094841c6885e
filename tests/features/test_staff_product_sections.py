"""The sections of a product: begin one, its variants, pictures, address, and when it comes."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from models import Job, Product, ProductImage, ProductStatus, Redirect, SearchEntry, Variant, now
from storefront.staff.ordering import BadPlaceError, arranged
from tests.browser import visit
from tests.factories import make_article, make_blog, make_paid_order, make_product, make_variant
from tests.pictures import ORIGIN, drawn, upload
from tests.staff import counted_statements, sign_in

JPEG = "image/jpeg"
TOOL = "/staff/products/tool"


@pytest.fixture(autouse=True)
def storage(app):
    """The shop's storage, empty; it is in memory here."""
    app.extensions["storage"]._store = None


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, sku="TOOL-RED", price_minor=8900)


def product(session, handle="tool"):
    session.expire_all()
    return session.scalars(select(Product).filter_by(handle=handle)).one()


def test_a_new_product_is_a_draft_with_a_variant(client, session):
    sign_in(client, session)

    page = visit(client, "/staff/products/new").submit(
        "Save", title="Der Größte Griff", sku="GRIP", price="12.5"
    )

    assert page.url.endswith("/staff/products/der-grosste-griff")
    assert "A draft: only staff see it." in page.text
    assert visit(client, "/products/der-grosste-griff").status == 404
    page.submit("Save", status="active")
    assert "$12.50" in visit(client, "/products/der-grosste-griff").text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"handle": "tool"}, "Another product has this handle. Choose another one."),
        ({"handle": "New Tool"}, "Enter lower-case words joined by hyphens, at most 120 signs."),
        ({"handle": "new"}, "“new” is an address of the shop itself. Choose another one."),
        ({"handle": "x" * 121}, "Enter lower-case words joined by hyphens, at most 120 signs."),
        ({"sku": "TOOL-RED"}, "Another variant has this SKU. Choose another one."),
        ({"sku": "A B"}, "Enter an SKU without spaces, at most 64 characters."),
        ({"title": ""}, "Enter a title."),
        ({"title": "a\0b"}, "Remove the characters that cannot be read."),
        ({"price": "free"}, "Enter a price in figures, such as 89.00."),
    ],
)
def test_a_mistake_in_a_new_product_is_named_and_all_is_kept(
    client, session, variant, typed, message
):
    sign_in(client, session)
    right = {"title": "Another", "handle": "other", "sku": "OTHER", "price": "1"}

    page = visit(client, "/staff/products/new").submit("Save", **{**right, **typed})

    assert (page.status, page.errors()) == (422, [message])
    assert page.main.find(id="sku")["value"] == {**right, **typed}["sku"]
    assert session.scalar(select(func.count(Product.id))) == 1
    assert session.scalar(select(func.count(Variant.id))) == 1


def test_a_scheduled_product_comes_into_the_shop_by_itself(client, session, variant, worker):
    sign_in(client, session)

    page = visit(client, TOOL).submit("Save", status="scheduled", publish_at="2099-12-24T18:00")

    assert "It comes into the shop on" in page.text
    assert visit(client, "/products/tool").status == 404
    assert "/products/tool" not in client.get("/sitemap-products.xml").text
    worker.work_off()
    assert product(session).status is ProductStatus.SCHEDULED
    session.execute(update(Product).values(publish_at=now() - timedelta(seconds=1)))
    session.execute(update(Job).where(Job.kind == "publish-product").values(run_at=now()))
    worker.work_off()
    assert (product(session).status, product(session).publish_at) == (ProductStatus.ACTIVE, None)
    assert visit(client, "/products/tool").heading == "The tool"
    assert session.scalars(select(SearchEntry.url)).all() == ["/products/tool"]


def test_a_schedule_that_was_put_off_is_not_kept(client, session, variant, worker):
    sign_in(client, session)
    page = visit(client, TOOL).submit("Save", status="scheduled", publish_at="2099-12-24T18:00")
    page.submit("Save", status="draft")
    session.execute(update(Job).where(Job.kind == "publish-product").values(run_at=now()))

    worker.work_off()

    assert product(session).status is ProductStatus.DRAFT


@pytest.mark.parametrize("typed", ["", "2020-01-01T10:00"])
def test_a_schedule_needs_a_moment_to_come(client, session, variant, typed):
    sign_in(client, session)

    page = visit(client, TOOL).submit("Save", status="scheduled", publish_at=typed)

    assert page.status == 422
    assert page.errors() == ["Enter a moment to come, or choose another status."]
    assert product(session).status is ProductStatus.ACTIVE


def test_an_archived_product_keeps_its_page_and_is_not_sold(client, session, variant):
    sign_in(client, session)
    visit(client, TOOL).submit("Save", status="archived")

    shop = visit(client, "/products/tool")

    assert (shop.status, shop.heading) == (200, "The tool")
    assert "No longer sold" in shop.text
    assert "Add to cart" not in shop.text
    assert client.get("/products/tool.js").json["available"] is False
    assert "The tool" not in visit(client, "/collections/all").text
    refused = client.post("/cart/add", data={"id": variant.id, "quantity": 1}, headers=ORIGIN)
    assert refused.status_code in {404, 409, 422}


def test_a_preview_saves_nothing(client, session, variant):
    sign_in(client, session)

    page = visit(client, TOOL).submit("Preview", description="It **grips**.")

    assert page.main.find(id="preview").strong.get_text() == "grips"
    assert product(session).description_markdown == "A tool."


def test_a_renamed_product_leaves_a_redirect(client, session, variant):
    sign_in(client, session)

    page = visit(client, TOOL + "/address").submit(
        "Save", handle="claw", seo_title="Buy the claw", seo_description="It\r\npresses."
    )

    assert page.url.endswith("/staff/products/claw/address")
    assert client.get("/products/tool").status_code == 301
    shop = visit(client, "/products/tool")
    assert shop.url.endswith("/products/claw")
    assert shop.html.title.get_text().startswith("Buy the claw – ")
    assert shop.html.find("meta", attrs={"name": "description"})["content"] == "It presses."
    assert session.scalars(select(SearchEntry.url)).all() == ["/products/claw"]
    assert "Title: 12 of about 60 characters." in page.text


def test_a_handle_that_is_taken_or_none_is_refused(client, session, variant):
    sign_in(client, session)
    make_product(session, handle="other")
    section = visit(client, TOOL + "/address")

    for handle in ("other", "", "a b", "<script>", "new", "٣"):
        page = section.submit("Save", handle=handle)
        assert page.status == 422, handle
        assert len(page.errors()) == 1
        assert page.main.find(id="handle")["value"] == handle
    assert product(session).handle == "tool"
    assert session.scalar(select(func.count(Redirect.id))) == 0


def test_of_two_who_save_the_address_the_second_is_told(client, session, variant):
    sign_in(client, session)
    mine, hers = visit(client, TOOL + "/address"), visit(client, TOOL + "/address")

    mine.submit("Save", seo_title="Mine")
    late = hers.submit("Save", seo_title="Hers")

    assert late.status == 409
    assert "Saved meanwhile Title for search engines Mine" in late.text
    assert product(session).seo_title == "Mine"
    assert late.submit("Save").status == 200
    assert product(session).seo_title == "Hers"


def test_pictures_are_added_ordered_and_shown_in_the_shop(client, session, variant, worker):
    sign_in(client, session)
    section = TOOL + "/pictures"
    for size, alt in (((900, 600), "From the front"), ((901, 600), "From behind")):
        upload(client, (drawn(size=size), "claw.jpg", JPEG), alt=alt, to=section + "/add")
    assert "No picture yet" in visit(client, "/products/tool").text
    assert client.get("/products/tool").status_code == 200

    worker.work_off()

    shop = visit(client, "/products/tool")
    assert [it["alt"] for it in shop.main.find(class_="gallery__strip").find_all("img")] == [
        "From the front",
        "From behind",
    ]
    first, second = session.scalars(select(ProductImage).order_by(ProductImage.position))
    moved = visit(client, section).submit("Save", **{f"place-{second.id}": 1})
    assert moved.status == 200
    shop = visit(client, "/products/tool")
    strip = shop.main.find(class_="gallery__strip")
    assert [it["alt"] for it in strip.find_all("img")] == ["From behind", "From the front"]
    source = strip.find("source")["srcset"].split()[0]
    assert source == f"/media/{second.key}-480.avif"
    assert client.get(source).status_code == 200
    assert f"/media/{second.key}-901.webp" in client.get("/sitemap-products.xml").text
    assert "/media/" in visit(client, "/collections/all").main.decode()
    removed = visit(client, section).submit("Save", **{f"remove-{first.id}": "on"})
    assert removed.status == 200
    assert session.scalar(select(func.count(ProductImage.id))) == 1
    chosen = client.post(section + "/choose", data={"picture": first.picture_id}, headers=ORIGIN)
    assert chosen.status_code == 303
    assert session.scalar(select(func.count(ProductImage.id))) == 2


def test_a_picture_of_a_product_needs_its_words_and_keeps_what_was_typed(client, session, variant):
    sign_in(client, session)
    page = upload(client, (drawn(), "a.jpg", JPEG), to=TOOL + "/pictures/add")
    image = session.scalars(select(ProductImage)).one()

    for typed in ({f"alt-{image.id}": ""}, {f"alt-{image.id}": "x" * 301}):
        refused = page.submit("Save", **typed)
        assert refused.status == 422
        assert refused.errors() == [
            "Say in words what is on the picture, in at most 300 characters."
        ]
    assert page.submit("Save", **{f"place-{image.id}": "first"}).status == 422
    session.expire_all()
    assert session.scalars(select(ProductImage.alt)).all() == ["A claw"]


def test_of_two_who_order_pictures_the_second_is_told(client, session, variant):
    sign_in(client, session)
    page = upload(client, (drawn(), "a.jpg", JPEG), to=TOOL + "/pictures/add")
    image = session.scalars(select(ProductImage)).one()

    page.submit("Save", **{f"alt-{image.id}": "Mine"})
    late = page.submit("Save", **{f"alt-{image.id}": "Hers"})

    assert late.status == 409
    assert "Picture 1 Mine" in late.text
    assert late.main.find(id=f"alt-{image.id}")["value"] == "Hers"


def test_a_refused_upload_to_a_product_keeps_nothing(client, session, variant):
    sign_in(client, session)

    page = upload(client, (b"<svg/>", "a.svg", "image/svg+xml"), to=TOOL + "/pictures/add")

    assert page.status == 422
    assert "An SVG drawing can hold a script." in page.errors()[0]
    assert session.scalar(select(func.count(ProductImage.id))) == 0


def test_variants_are_combinations_of_the_options(client, session, variant):
    sign_in(client, session)
    section = visit(client, TOOL + "/variants")
    named = section.submit("Save", **{"name-1": "Size"})
    assert named.status == 422  # the field of the new option was not on the page yet
    named = named.submit("Save", **{f"value-1-{variant.id}": "S"})
    assert named.status == 200, named.errors()

    page = named.submit(
        "Add variants",
        **{"values-0": "Red, Pine", "values-1": "S,  M", "prefix": "TOOL", "price": "95"},
    )

    assert "3 variants are added." in page.text
    session.expire_all()
    found = session.scalars(select(Variant).order_by(Variant.position)).all()
    assert [(it.sku, it.options) for it in found] == [
        ("TOOL-RED", ["Red", "S"]),
        ("TOOL-RED-M", ["Red", "M"]),
        ("TOOL-PINE-S", ["Pine", "S"]),
        ("TOOL-PINE-M", ["Pine", "M"]),
    ]
    taken = visit(client, TOOL + "/variants").submit("Save", **{f"remove-{found[3].id}": "on"})
    assert taken.status == 200
    assert session.scalar(select(func.count(Variant.id))) == 3


def test_a_variant_that_was_ordered_is_never_lost(client, session, variant):
    sign_in(client, session)
    make_variant(session, product=product(session), sku="TOOL-PINE", options=("Pine",), on_hand=0)
    make_paid_order(session, variant=variant)

    page = visit(client, TOOL + "/variants").submit("Save", **{f"remove-{variant.id}": "on"})

    assert page.status == 409
    assert "TOOL-RED was ordered, counted or bought" in page.text
    assert session.scalar(select(func.count(Variant.id))) == 2


@pytest.mark.parametrize(
    ("field", "typed", "message"),
    [
        ("sku", "A B", "Enter an SKU without spaces, at most 64 characters."),
        ("weight", "-1", "Enter a whole number from 0 to 1000000."),
        ("weight", "9" * 100_000, "Enter a whole number from 0 to 1000000."),
        ("before", "=1+1", "Enter a price in figures, such as 89.00."),
        ("barcode", "x" * 33, "Enter at most 32 plain characters."),
        ("value-0", "", "Enter a value for Color."),
        ("sku", "A\0B", "Remove the characters that cannot be read."),
        ("place", "0", "Enter a whole number from 1 to 1000."),
    ],
)
def test_a_mistake_in_a_variant_stands_beside_its_field(
    client, session, variant, field, typed, message
):
    sign_in(client, session)

    page = visit(client, TOOL + "/variants").submit("Save", **{f"{field}-{variant.id}": typed})

    assert (page.status, page.errors()) == (422, [message])


def test_the_last_variant_stays_and_no_two_are_alike(client, session, variant):
    sign_in(client, session)
    section = visit(client, TOOL + "/variants")

    assert "one variant at least" in section.submit("Save", **{f"remove-{variant.id}": "on"}).text
    make_variant(session, product=product(session), sku="TOOL-PINE", options=("Pine",), on_hand=0)
    other = session.scalars(select(Variant).filter_by(sku="TOOL-PINE")).one()
    section = visit(client, TOOL + "/variants")
    for typed in ({f"value-0-{other.id}": "Red"}, {f"sku-{other.id}": "TOOL-RED"}):
        page = section.submit("Save", **typed)
        assert page.status == 422
        assert "Two variants have the same" in page.text


def test_texts_are_shown_with_a_product(client, session, variant):
    sign_in(client, session)
    article = make_article(session, blog=make_blog(session), title="Where it hurts")

    page = visit(client, TOOL + "/shown").submit("Save", articles=article.handle)

    assert page.status == 200
    assert "Where it hurts" in visit(client, "/products/tool").text
    wrong = page.submit("Save", tutorials="nothing-like-that")
    assert (wrong.status, len(wrong.errors())) == (422, 1)
    assert page.submit("Save", articles="").status == 200
    assert "Where it hurts" not in visit(client, "/products/tool").text


def test_a_product_page_costs_the_same_however_many_pictures(app, client, session, variant, worker):
    with counted_statements(app) as with_none:
        visit(client, "/products/tool")
    sign_in(client, session)
    upload(client, (drawn(), "a.jpg", JPEG), to=TOOL + "/pictures/add")
    worker.work_off()
    with counted_statements(app) as with_one:
        visit(app.test_client(), "/products/tool")

    assert len(with_one) == len(with_none)


def test_numbers_and_buttons_put_rows_in_order():
    assert arranged([5, 6, 7], {}) == [5, 6, 7]
    assert arranged([5, 6, 7], {"place-7": "1"}) == [7, 5, 6]
    assert arranged([5, 6, 7], {"place-5": "3"}) == [6, 7, 5]
    assert arranged([5, 6, 7], {"act": "up-6"}) == [6, 5, 7]
    assert arranged([5, 6, 7], {"act": "down-7"}) == [5, 6, 7]
    assert arranged([5, 6, 7], {"act": "up-<x>"}) == [5, 6, 7]
    with pytest.raises(BadPlaceError):
        arranged([5], {"place-5": "1e3"})
