"""What a new shop shows of shipping, discounts, bundles and backorders; and that it agrees."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import (
    BundlePart,
    Discount,
    GiftCard,
    Product,
    ProductStatus,
    ShippingZone,
    Stock,
    Variant,
)
from storefront.formatting import country_name, money
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_variant
from tests.stripe import pay

pytestmark = pytest.mark.seeded


def variant(session, sku):
    return session.scalars(select(Variant).filter_by(sku=sku)).one()


def on_hand(session, sku):
    stock = session.get_one(Stock, variant(session, sku).id, populate_existing=True)
    return stock.on_hand, stock.reserved


def fill(client, session, sku, quantity=1):
    data = {"id": variant(session, sku).id, "quantity": quantity}
    assert client.post("/cart/add", data=data).status_code == 303


def test_the_sample_of_the_shipping_policy_says_what_the_cart_reckons_with(client, session):
    page = visit(client, "/policies/shipping-policy")
    said = {line.get_text() for line in page.main.select(".prose li")}
    zones = session.scalars(
        select(ShippingZone).options(
            selectinload(ShippingZone.countries), selectinload(ShippingZone.rates)
        )
    ).all()

    reckoned = set()
    for zone in zones:
        names = ", ".join(sorted(country_name(it.country) for it in zone.countries))
        light = [rate for rate in zone.rates if rate.most_weight_g == 2000]
        heavy = {rate.title: rate for rate in zone.rates if rate.least_weight_g == 2001}
        assert len(light) == len(heavy) == len(zone.rates) / 2
        for rate in light:
            costs = f"{money(rate.price)} up to 2 kg, {money(heavy[rate.title].price)} above"
            reckoned.add(f"{names}, {rate.title}: {costs}. {rate.delivery}.")
        free = {money(rate.free_from) for rate in zone.rates if rate.free_from}
        assert free == ({"$150.00"} if zone.title == "United States" else set())
    assert said == reckoned
    assert "standard shipping is free from $150.00 on" in page.text


def test_the_cart_asks_for_shipping_below_the_threshold_and_not_above_it(client, session):
    fill(client, session, "QLC-PINE")

    below = visit(client, "/cart").text
    fill(client, session, "QLC-PINE")
    above = visit(client, "/cart").text

    assert "Shipping to United States Standard, $6.90" in below
    assert "To pay $95.90" in below
    assert "Shipping to United States Standard, free" in above
    assert "To pay $178.00" in above


def test_the_code_to_try_takes_ten_percent_off(client, session):
    fill(client, session, "QLC-RED")

    page = visit(client, "/cart").submit("Apply", code="welcome10")

    assert "Welcome: 10 % off (WELCOME10) −$8.90" in page.text
    assert "To pay $87.00" in page.text  # 89.00 - 8.90 + 6.90


def test_the_bundle_sells_from_the_shelf_of_its_parts_for_less_than_they_cost(client, session):
    bundle = variant(session, "SET-RED-THIN")
    parts = [variant(session, sku).price.minor for sku in ("QLC-RED", "MAT-THIN")]
    assert bundle.price.minor < sum(parts) == bundle.compare_at_minor
    fill(client, session, "SET-RED-THIN", 2)

    answer = client.post("/checkout")

    assert answer.status_code == 303
    assert (on_hand(session, "QLC-RED"), on_hand(session, "MAT-THIN")) == ((40, 2), (25, 2))
    assert pay(answer.headers["Location"]).status_code == 303
    assert "Your payment has arrived" in visit(client, paid_page(client, answer)).text
    assert (on_hand(session, "QLC-RED"), on_hand(session, "MAT-THIN")) == ((38, 0), (23, 0))
    assert problems(session) == []


def paid_page(client, answer):
    """Come back from the payment page that was paid."""
    session_id = answer.headers["Location"].rsplit("/", 1)[1].split("#", maxsplit=1)[0]
    arrived = client.get("/checkout/return", query_string={"session_id": session_id})
    return arrived.headers["Location"]


def test_one_mat_is_waited_for_and_says_so(client, session):
    fill(client, session, "MAT-EXTRA")

    assert "it ships in about three weeks (a sample promise)" in visit(client, "/cart").text


def test_the_ochre_tool_stays_sold_out(client, session):
    data = {"id": variant(session, "QLC-OCHRE").id}

    assert client.post("/cart/add", data=data).status_code == 409


def clear(app):
    cleared = app.test_cli_runner().invoke(args=["seed", "--clear"])
    assert cleared.output == "4 demonstration products removed.\n"


def test_clearing_keeps_what_an_order_refers_to(app, client, session):
    fill(client, session, "SET-RED-THIN")
    client.post("/cart/discount", data={"code": "WELCOME10"})
    assert client.post("/checkout").status_code == 303

    clear(app)

    kept = session.scalars(select(Product.handle).order_by(Product.id)).all()
    assert kept == ["ql-claw", "floor-mat", "ql-claw-and-floor-mat"]
    assert set(session.scalars(select(Product.status))) == {ProductStatus.DRAFT}
    found = session.scalars(select(Discount).execution_options(populate_existing=True)).one()
    assert (found.is_active, found.used) == (False, 1)
    assert session.scalars(select(ShippingZone)).all() == []
    assert problems(session) == []


def test_clearing_keeps_what_a_bundle_of_the_owner_holds(app, session):
    own = make_variant(session, on_hand=0)
    session.add(BundlePart(bundle_id=own.id, part_id=variant(session, "MAT-THIN").id, quantity=1))
    session.flush()

    clear(app)

    kept = session.scalars(select(Product.handle).where(Product.is_demonstration)).all()
    assert kept == ["floor-mat"]
    assert session.scalars(select(Discount)).all() == []


def test_a_gift_card_is_the_last_that_is_shown_and_never_the_tool_of_the_first_page(client):
    home, shelf = visit(client, "/"), visit(client, "/collections/all")
    names = [" ".join(it.get_text().split()) for it in shelf.main.select(".product-card__title")]

    assert names == ["QL Claw", "Floor mat", "QL Claw and floor mat", "Gift card"]
    assert "Gift card" not in home.main.select_one(".hero").get_text()
    assert "See the QL Claw" in home.text
    assert "Gift card" not in visit(client, "/collections/floor-tools").text


def test_the_gift_card_says_its_amounts_and_that_it_is_a_demonstration_in_both_languages(client):
    for path, title, amounts in (
        ("/products/gift-card", "Gift card", ["$25", "$50", "$100"]),
        ("/de/products/gift-card", "Geschenkkarte", ["25\xa0$", "50\xa0$", "100\xa0$"]),
    ):
        page = visit(client, path)
        assert page.status == 200
        assert page.html.find("h1").get_text(strip=True) == title
        rows = page.main.select(".compare tbody th")
        assert [it.get_text(strip=True) for it in rows] == amounts
        assert all("shippingDetails" not in it.get_text() for it in page.html.select("script"))
    assert "Demonstration product" in visit(client, "/products/gift-card").text


def test_the_gift_card_is_bought_without_shipping_and_clearing_keeps_it_for_its_order(
    app, client, session
):
    page = visit(client, "/products/gift-card").submit("Add to cart")
    assert page.status == 200
    assert "To pay $25.00" in visit(client, "/cart").text
    answer = client.post("/checkout")
    assert pay(answer.headers["Location"]).status_code == 303
    assert "Your payment has arrived" in visit(client, paid_page(client, answer)).text
    card = session.scalars(select(GiftCard)).one()
    assert (card.balance_minor, card.amount.minor) == (2500, 2500)

    clear(app)

    kept = select(Product.handle, Product.status).where(Product.is_demonstration)
    assert session.execute(kept).all() == [("gift-card", ProductStatus.DRAFT)]
    assert client.get("/products/gift-card").status_code == 404
    assert problems(session) == []


def test_clearing_takes_a_gift_card_away_that_nobody_bought(app, client, session):
    clear(app)

    assert session.scalars(select(Product)).all() == []
    assert session.scalars(select(Variant)).all() == []
    assert "Gift card" not in visit(client, "/collections/all").text
