"""The cart's drawer in a real browser: by keys alone, with the focus kept."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import LiveShop

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_visitor_fills_her_cart_beside_the_product_by_keys(
    live_shop: LiveShop, chromium: Browser
):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(f"{live_shop.base}/products/ql-claw")
    add = page.get_by_role("button", name="Add to cart")
    add.focus()

    page.keyboard.press("Enter")

    drawer = page.get_by_role("dialog", name="Added to your cart")
    expect(drawer.get_by_role("heading")).to_be_focused()
    counts(page, 1)
    looks(page)
    drawer = page.get_by_role("dialog")
    changes(page)
    page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(add).to_be_focused()

    page.keyboard.press("Enter")
    counts(page, 3)
    expect(drawer.get_by_role("heading")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Close
    expect(drawer).to_have_count(0)
    expect(add).to_be_focused()
    context.close()


def counts(page: Page, count: int) -> None:
    words = "1 item" if count == 1 else f"{count} items"
    expect(page.locator("[data-cart-link]")).to_have_text(f"Cart ({words})")


def looks(page: Page) -> None:
    found = Axe().run(page, options={"iframes": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def changes(page: Page) -> None:
    quantity = page.get_by_role("dialog").get_by_label("Quantity")
    update = page.get_by_role("dialog").get_by_role("button", name="Update cart")
    quantity.fill("2")
    update.press("Enter")
    expect(update).to_be_focused()
    counts(page, 2)
    quantity.fill("x")
    update.press("Enter")
    expect(quantity).to_be_focused()
    expect(quantity).to_have_attribute("aria-invalid", "true")
    page.get_by_role("dialog").get_by_role("button", name="Remove").press("Enter")
    undo = page.get_by_role("dialog").get_by_role("button", name="Undo")
    expect(undo).to_be_focused()
    counts(page, 0)
    undo.press("Enter")
    counts(page, 2)
