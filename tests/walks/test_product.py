"""The life of a product in a real browser: begun, pictured, put in order by keys, published."""

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.factories import PASSWORD
from tests.pictures import drawn
from tests.walks.conftest import LiveShop

MANAGER = "manager@example.com"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_manager_brings_a_product_into_the_shop(
    live_shop: LiveShop, chromium: Browser, tmp_path: Path
):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()

    signs_in(page, live_shop)
    begins(page, live_shop)
    brings_pictures(page, tmp_path)
    orders_by_keys(page)
    centres_by_click(page)
    publishes(page)
    sees_it(page)

    context.close()


def looks(page: Page) -> None:
    found = Axe().run(page, options={"iframes": False})
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def signs_in(page: Page, shop: LiveShop) -> None:
    shop.flask("staff", "add", MANAGER, "--role", "manager", "--password", PASSWORD)
    page.goto(f"{shop.base}/staff/login")
    page.get_by_label("Email").fill(MANAGER)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def begins(page: Page, shop: LiveShop) -> None:
    page.goto(f"{shop.base}/staff/products")
    page.get_by_role("link", name="New product").click()
    page.get_by_label("Title").fill("Travel claw")
    page.get_by_label("SKU").fill("TRAVEL")
    page.get_by_label("Price").fill("59")
    looks(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Travel claw is here, as a draft.").first).to_be_visible()


def brings_pictures(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="Pictures", exact=True).last.click()
    for name, size in (("front", (900, 600)), ("side", (640, 480))):
        file = folder / f"{name}.jpg"
        file.write_bytes(drawn(size=size))
        page.get_by_label("Pictures", exact=True).set_input_files(file)
        page.get_by_label("Alternative text", exact=True).fill(f"The claw from the {name}")
        page.get_by_role("button", name="Upload").click()
        expect(page.get_by_text("1 picture is added.").first).to_be_visible()
    looks(page)


def orders_by_keys(page: Page) -> None:
    up = page.get_by_role("button", name="Move picture 2 up")
    up.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save").first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("The pictures are saved.").first).to_be_visible()
    first = page.get_by_label("Alternative text of picture 1")
    expect(first).to_have_value("The claw from the side")


def centres_by_click(page: Page) -> None:
    here = page.url
    page.get_by_role("link", name="Center of picture 1").click()
    whole = page.locator("focal-point img")
    for _ in range(20):  # until the worker has made it
        if whole.count():
            break
        page.wait_for_timeout(500)
        page.reload()
    box = whole.bounding_box()
    assert box is not None
    whole.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.75})
    expect(page.get_by_label("Center, percent from the left")).to_have_value("25")
    looks(page)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("The picture is saved.").first).to_be_visible()
    page.goto(here)


def publishes(page: Page) -> None:
    page.get_by_role("link", name="Words and prices").click()
    page.get_by_label("Summary").fill("It fits into a bag.")
    page.get_by_label("Status").select_option("active")
    page.get_by_label("On hand").fill("4")
    page.get_by_label("Reason").fill("First delivery")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Travel claw is saved.").first).to_be_visible()
    looks(page)


def sees_it(page: Page) -> None:
    page.get_by_role("link", name="See it in the shop").click()
    expect(page.get_by_role("heading", name="Travel claw", level=1)).to_be_visible()
    expect(page.get_by_role("img", name="The claw from the side").first).to_be_visible()
    expect(page.get_by_role("button", name="Add to cart")).to_be_enabled()
