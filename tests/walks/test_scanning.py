"""Counting with a scanner, which types a code and Enter and does not look at the screen."""

import pytest
from playwright.sync_api import Browser, expect

from tests.walks.conftest import LiveShop
from tests.walks.test_staff_keys import sign_in
from tests.walks.test_walk import Walk

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_every_scan_counts_and_what_is_unknown_stays_listed(live_shop: LiveShop, chromium: Browser):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    walk = Walk(live_shop, page, has_javascript=True)
    sign_in(live_shop, page)
    walk.open("/staff/stock-takes")
    page.get_by_label("Title").fill("Shelf A")
    walk.click("button", "Open", exact=True)

    # The field is focused before its script is there; until then the browser sends the form itself.
    expect(page.locator("stock-scan:defined").get_by_label("SKU or barcode")).to_be_focused()
    for code in ("QLC-PINE", "NOBODY", "QLC-PINE", "QLC-PINE"):
        page.keyboard.type(code)
        page.keyboard.press("Enter")

    expect(page.locator("[data-said]")).to_have_text("QLC-PINE: 3 counted.")
    expect(page.get_by_role("list", name="Not counted")).to_contain_text(
        "NOBODY was not counted. No variant, or more than one, has this SKU"
    )
    expect(page.locator("main tbody tr").first).to_contain_text("QLC-PINE")
    walk.look()
    context.close()
