"""A manager's morning: what runs out is bought and taken in, a price goes up, the week is read."""

from datetime import timedelta

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select, update

from models import (
    Purchase,
    PurchaseStatus,
    Role,
    SignIn,
    Stock,
    Supplier,
    SupplierItem,
    Variant,
    now,
)
from storefront.database import Sessions, make_engine
from tests.factories import PASSWORD, make_paid_order, make_product, make_staff, make_variant
from tests.walks.conftest import LiveShop
from tests.walks.test_walk import Walk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_manager_buys_what_runs_out_and_reads_the_week(live_shop: LiveShop, chromium: Browser):
    engine = make_engine(live_shop.settings.database_url)
    sessions = Sessions(engine)
    with sessions.write() as session:
        email = make_staff(session, role=Role.MANAGER).email
        runs_out(session)
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    walk = Walk(live_shop, context.new_page(), has_javascript=True)

    signs_in(walk, email)
    sees_what_runs_out(walk)
    buys(walk)
    takes_a_part_in(walk)
    raises_the_price(walk)
    reads_the_week(walk)
    time_passes(sessions)
    asks_for_a_file(walk)

    context.close()
    with sessions.read() as session:
        bought = session.scalars(select(Purchase)).one()
        assert bought.status is PurchaseStatus.PARTLY_RECEIVED
        found = session.execute(
            select(Variant.sku, Stock.on_hand, Stock.incoming, Variant.price_minor)
            .join(Stock, Stock.variant_id == Variant.id)
            .where(Variant.sku.in_(("GONE", "LOW")))
            .order_by(Variant.sku)
        )
        assert [tuple(row) for row in found] == [("GONE", 7, 13, 9900), ("LOW", 3, 10, 8900)]
    engine.dispose()
    assert "adds up" in live_shop.flask("verify")


def runs_out(session) -> None:
    """Two variants that a supplier sells: one sold out, one below its mark."""
    product = make_product(session, title="The press", handle="the-press")
    gone = make_variant(session, product=product, sku="GONE", on_hand=12, options=("Red",))
    low = make_variant(session, product=product, sku="LOW", on_hand=6, options=("Blue",), low_at=5)
    make_paid_order(session, variant=gone, quantity=12)
    make_paid_order(session, variant=low, quantity=3)
    maker = Supplier(name="Forge", email="forge@example.com", currency="USD", lead_days=14)
    maker.items = [
        SupplierItem(variant_id=it.id, cost_minor=2050, pack_size=10) for it in (gone, low)
    ]
    session.add(maker)
    session.commit()


def time_passes(sessions: Sessions) -> None:
    """An hour goes by, after which a sign-in proves nothing any more."""
    with sessions.write() as session:
        session.execute(update(SignIn).values(proved_at=now() - timedelta(hours=1)))
        session.commit()


def signs_in(walk: Walk, email: str) -> None:
    walk.open("/staff/login")
    walk.page.get_by_label("Email").fill(email)
    walk.page.get_by_label("Password").fill(PASSWORD)
    walk.click("button", "Sign in", exact=True)
    walk.says("Today")


def sees_what_runs_out(walk: Walk) -> None:
    found = walk.page.get_by_role("region", name="Runs out").get_by_role("row")
    expect(found.filter(has_text="GONE")).to_contain_text("0 days")
    expect(found.filter(has_text="LOW")).to_contain_text("28 days")
    walk.look()


def buys(walk: Walk) -> None:
    walk.click("link", "Purchases", exact=True)
    walk.page.get_by_label("Buy of").select_option("Forge")
    walk.click("button", "Suggest an order")
    quantities = walk.page.get_by_label("Quantity of")
    expect(quantities.first).to_have_value("20")
    expect(quantities.last).to_have_value("10")
    walk.look()
    walk.click("button", "Save as a draft")
    walk.says("is written as a draft")
    walk.page.get_by_label("Send the list to the supplier").check()
    walk.look()
    walk.click("button", "Order", exact=True)
    walk.says("its units are incoming. A mail goes to forge@example.com.")


def takes_a_part_in(walk: Walk) -> None:
    walk.page.get_by_label("Received now of GONE").fill("7")
    walk.page.get_by_label("Received now of LOW").fill("0")
    walk.look()
    walk.click("button", "Receive stock")
    walk.says("the delivery is taken in")
    expect(walk.page.get_by_label("Received now of GONE")).to_have_value("13")


def raises_the_price(walk: Walk) -> None:
    walk.click("link", "Products", exact=True)
    walk.link("The press")
    walk.page.get_by_role("group", name="GONE").get_by_label("Price").fill("99.00")
    walk.click("button", "Save", exact=True)
    walk.says("The press is saved")
    walk.look()


def reads_the_week(walk: Walk) -> None:
    walk.click("link", "Reports", exact=True)
    walk.click("link", "7 days")
    figures = walk.page.get_by_role("row")
    expect(figures.filter(has_text="Sales in USD")).to_contain_text("$1,335.00")
    expect(figures.filter(has_text="Orders paid")).to_contain_text("2")
    walk.look()


def asks_for_a_file(walk: Walk) -> None:
    walk.link("Save the numbers as CSV")
    walk.says("Is it you?")
    walk.page.get_by_label("Password").fill(PASSWORD)
    with walk.page.expect_download() as given:
        walk.click("button", "Go on", exact=True)
    assert "1335.00" in given.value.path().read_text()
