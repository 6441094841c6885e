"""The morning of fulfilment, by keyboard: stock in and counted, an order leaves in two parcels."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from models import Fulfilment, Mail, Role, Stock, Variant
from storefront.database import Sessions, make_engine
from tests.factories import PASSWORD, make_paid_order, make_staff, make_variant
from tests.walks.conftest import LiveShop
from tests.walks.test_walk import Walk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("engine_name", "width", "has_javascript"),
    [("sqlite", 390, True), ("postgresql", 1280, False)],
)
def test_an_order_leaves_in_two_parcels_by_keyboard(
    live_shop: LiveShop, chromium: Browser, width: int, has_javascript: bool
):
    engine = make_engine(live_shop.settings.database_url)
    sessions = Sessions(engine)
    with sessions.write() as session:
        email = make_staff(session, role=Role.FULFILMENT).email
        variant = make_variant(session, sku="SHELF-1")
        make_paid_order(session, variant=variant)
        number = make_paid_order(session, variant=variant, quantity=3).number
    context = chromium.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=has_javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    walk = Walk(live_shop, context.new_page(), has_javascript)

    signs_in(walk, email)
    receives(walk)
    counts(walk)
    prints_all(walk)
    ships_in_two(walk, number)

    context.close()
    with sessions.read() as session:
        assert session.scalars(select(Fulfilment.tracking_number)).all() == ["ONE", "TWO"]
        about = select(Mail.id).where(Mail.key.startswith("order_shipped:"))
        assert len(session.scalars(about).all()) == 2
        on_shelf = select(Stock.on_hand, Variant.low_at).join(
            Variant, Variant.id == Stock.variant_id
        )
        on_shelf = on_shelf.where(Variant.sku == "SHELF-1")
        assert session.execute(on_shelf).one() == (10, 3)
    engine.dispose()
    assert "adds up" in live_shop.flask("verify")


def signs_in(walk: Walk, email: str) -> None:
    walk.open("/staff/login")
    walk.page.get_by_label("Email").focus()
    walk.page.keyboard.type(email)
    walk.page.keyboard.press("Tab")
    walk.page.keyboard.type(PASSWORD)
    walk.page.keyboard.press("Enter")
    walk.says("Today")
    walk.look()


def receives(walk: Walk) -> None:
    """Find a SKU as a scanner would, take a delivery in, and say when it runs low."""
    types(walk, "Find anything", "SHELF-1")
    walk.page.get_by_role("heading", name="Stock of SHELF-1", level=1).wait_for()
    walk.look()
    walk.page.get_by_label("Quantity", exact=True).fill("5")
    walk.page.get_by_label("Reference", exact=True).fill("Delivery 12")
    enters(walk, "button", "Receive stock")
    walk.says("SHELF-1: 5 received.")
    types(walk, "Low at", "3")
    walk.says("SHELF-1: low at 3.")


def counts(walk: Walk) -> None:
    """Scan one unit, then say how many there are in all; one is missing."""
    walk.open("/staff/stock-takes")
    types(walk, "Title", "Shelf A")
    walk.page.get_by_role("heading", name="Shelf A", level=1).wait_for()
    types(walk, "SKU or barcode", "SHELF-1")
    walk.says("SHELF-1: 1 counted.")
    walk.page.get_by_label("Quantity", exact=True).fill("10")
    types(walk, "SKU or barcode", "SHELF-1")
    walk.says("SHELF-1: 10 counted.")
    walk.says("1 counted, 1 differ")
    walk.look()
    enters(walk, "button", "Book")
    walk.says("Shelf A is booked: 1 variant adjusted.")


def prints_all(walk: Walk) -> None:
    """Print the packing slips of all that the list finds, without ticking each."""
    walk.page.goto(f"{walk.shop.base}/staff")
    enters(walk, "link", "2 orders to ship")
    walk.look()
    walk.page.get_by_label("All 2 that match").focus()
    walk.page.keyboard.press("Space")
    walk.page.route("**/staff/packing-slips", lambda it: it.abort())  # a browser's own viewer
    with walk.page.expect_event("requestfailed") as asked:
        enters(walk, "button", "Packing slips")
    slips = walk.page.request.fetch(asked.value)
    assert (slips.status, slips.headers["content-type"]) == (200, "application/pdf")
    walk.open("/staff/orders?status=paid")


def types(walk: Walk, label: str, words: str) -> None:
    """Type into a field what Enter sends."""
    walk.page.get_by_label(label).first.focus()
    walk.page.keyboard.type(words)
    walk.page.keyboard.press("Enter")


def enters(walk: Walk, role: str, name: str) -> None:
    """Go to the first thing of this name in the page's own text, and press Enter."""
    walk.page.locator("main").get_by_role(role, name=name).first.focus()
    walk.page.keyboard.press("Enter")


def ships_in_two(walk: Walk, number: str) -> None:
    enters(walk, "link", number)
    walk.look()
    ships(walk, "ONE", units="2")
    walk.says(f"A part of {number} is shipped")
    walk.says("Partly shipped")
    ships(walk, "TWO")
    walk.says(f"{number} is marked as shipped")


def ships(walk: Walk, tracking_number: str, units: str = "") -> None:
    """Type what is in the parcel and its number; Enter sends the form."""
    if units:
        walk.page.locator("[name^=ship-]").first.focus()
        walk.page.keyboard.press("Control+a")
        walk.page.keyboard.type(units)
        walk.page.keyboard.press("Tab")
        walk.page.keyboard.type("UPS")
    walk.page.get_by_label("Tracking number").focus()
    walk.page.keyboard.type(tracking_number)
    walk.page.keyboard.press("Enter")
    walk.page.locator(".staff__flash").first.wait_for()
    walk.look()
