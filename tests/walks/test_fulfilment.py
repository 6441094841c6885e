"""The morning of fulfilment, by keyboard: one order leaves in two parcels."""

import pytest
from playwright.sync_api import Browser
from sqlalchemy import select

from models import Fulfilment, Mail, Role
from storefront.database import Sessions, make_engine
from tests.factories import PASSWORD, make_paid_order, make_staff
from tests.walks.conftest import LiveShop
from tests.walks.test_walk import Walk

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


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
        number = make_paid_order(session, quantity=3).number
    context = chromium.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=has_javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    walk = Walk(live_shop, context.new_page(), has_javascript)

    signs_in(walk, email)
    enters(walk, "link", "to ship")
    walk.look()
    enters(walk, "link", number)
    walk.look()
    ships(walk, "ONE", units="2")
    walk.says(f"A part of {number} is shipped")
    walk.says("Partly shipped")
    ships(walk, "TWO")
    walk.says(f"{number} is marked as shipped")

    context.close()
    with sessions.read() as session:
        assert session.scalars(select(Fulfilment.tracking_number)).all() == ["ONE", "TWO"]
        about = select(Mail.id).where(Mail.key.startswith("order_shipped:"))
        assert len(session.scalars(about).all()) == 2
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


def enters(walk: Walk, role: str, name: str) -> None:
    """Go to the first thing of this name in the page's own text, and press Enter."""
    walk.page.locator("main").get_by_role(role, name=name).first.focus()
    walk.page.keyboard.press("Enter")


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
