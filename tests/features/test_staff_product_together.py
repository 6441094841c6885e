"""Products that are long, that two people edit at once, or that begin as a copy of another."""

import gzip

import pytest
from sqlalchemy import func, select

from models import Product, ProductImage, Stock, Variant
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.staff import sign_in

TOOL = "/staff/products/tool"


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(
        session, product=product, sku="TOOL", price_minor=8900, prices={"EUR": 7900}, barcode="4006"
    )


def test_saving_one_section_stops_no_other(client, session, variant):
    sign_in(client, session)
    words = visit(client, TOOL)
    visit(client, TOOL + "/variants").submit("Save", **{f"barcode-{variant.id}": "4007"})
    visit(client, TOOL + "/address").submit("Save", seo_title="A tool for the floor")

    saved = words.submit("Save", title="The claw")

    assert saved.status == 200
    assert saved.heading == "Edit The claw"


def test_a_variant_that_was_added_meanwhile_stays_as_it_is(client, session, variant):
    sign_in(client, session)
    words = visit(client, TOOL)
    added = {"values-0": "Blue", "prefix": "TOOL-B", "price": "79", "weight": "500"}
    visit(client, TOOL + "/variants").submit("Add variants", **added)

    assert words.submit("Save", title="The claw").status == 200

    prices = session.execute(select(Variant.sku, Variant.__table__.c["price_minor"])).all()
    assert {row[0]: row[1] for row in prices} == {"TOOL": 8900, "TOOL-B": 7900}


def test_a_price_that_another_saved_meanwhile_is_shown(client, session, variant):
    sign_in(client, session)
    words, name = visit(client, TOOL), f"variant-{variant.id}-price"
    visit(client, TOOL).submit("Save", **{name: "80"})

    late = words.submit("Save", **{name: "85"})

    assert late.status == 409
    assert "Price of TOOL" in late.text
    assert session.scalar(select(Variant.__table__.c["price_minor"])) == 8000
    late.submit("Save")
    assert session.scalar(select(Variant.__table__.c["price_minor"])) == 8500


def test_a_copy_is_a_draft_without_stock(client, session, variant):
    sign_in(client, session)
    session.add(ProductImage(product_id=variant.product_id, key="claw", alt="A claw"))
    session.commit()

    page = visit(client, TOOL).submit("Duplicate")

    assert page.url.endswith("/staff/products/tool-copy")
    assert page.heading == "Edit Copy of The tool"
    assert "A draft: only staff see it." in page.text
    copy = session.scalars(select(Variant).filter_by(sku="TOOL-COPY")).one()
    assert (copy.price.minor, copy.options, copy.barcode) == (8900, ["Red"], None)
    assert session.get_one(Stock, copy.id).on_hand == 0
    images = select(ProductImage.alt).where(ProductImage.product_id == copy.product_id)
    assert session.scalars(images).all() == ["A claw"]
    assert visit(client, TOOL).submit("Duplicate").url.endswith("/staff/products/tool-copy-2")
    assert session.scalar(select(func.count(Product.id))) == 3


def test_a_hundred_variants_and_thirty_pictures_stay_light(client, session):
    sign_in(client, session)
    product = make_product(session, handle="tool", title="The tool")
    for number in range(30):
        alt = f"The tool seen from side {number}, standing on a floor in the light of a window"
        image = ProductImage(product_id=product.id, position=number, key=f"side-{number}", alt=alt)
        session.add(image)
    for number in range(100):
        make_variant(session, product=product, sku=f"TOOL-{number}", options=(f"Color {number}",))

    for section in ("", "/variants", "/pictures"):
        page = visit(client, TOOL + section)
        assert page.status == 200
        assert len(gzip.compress(page.response.data)) < 30_000
    folded = visit(client, TOOL + "/variants").html.select("order-list details")
    assert len(folded) == 100
    assert not any(it.has_attr("open") for it in folded)
