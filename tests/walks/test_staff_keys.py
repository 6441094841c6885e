"""Staff at the keyboard: the palette, the keys of a list, and a phone without a script."""

import pytest
from playwright.sync_api import Browser, expect

from tests.walks.conftest import LiveShop

pytestmark = pytest.mark.browser


def sign_in(shop, page):
    page.goto(f"{shop.base}/staff/login")
    page.get_by_label("Email").fill("owner@example.com")
    page.get_by_label("Password").fill(shop.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_keys_lead_everywhere_and_a_phone_needs_no_script(live_shop: LiveShop, chromium: Browser):  # noqa: PLR0915 (one walk)
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    sign_in(live_shop, page)

    page.keyboard.press("Control+k")
    palette = page.get_by_role("dialog", name="Go to")
    expect(palette.get_by_role("option", name="Receive stock")).to_be_visible()
    page.keyboard.type("Inventory")
    expect(palette.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Inventory", level=1)).to_be_visible()

    links = page.locator("main tbody .staff-table__link")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(links.nth(0)).to_be_focused()
    page.keyboard.press("/")
    search = page.locator("main input[type=search]")
    expect(search).to_be_focused()
    page.keyboard.type("jk/?")
    expect(search).to_have_value("jk/?")

    search.blur()
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    keys.get_by_label("Single keys act").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator("main tbody :focus")).to_have_count(0)
    context.close()

    phone = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False, has_touch=True
    )
    page = phone.new_page()
    sign_in(live_shop, page)
    expect(page.get_by_role("link", name="Orders", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Menu").click()
    page.get_by_role("link", name="Orders", exact=True).click()
    expect(page.get_by_role("heading", name="Orders", level=1)).to_be_visible()
    phone.close()
