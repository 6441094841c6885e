"""The pictures of a product in a real browser: turned, chosen and enlarged, by hand and by keys."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.walks.conftest import LiveShop, wait_for

SECOND = "it.children[1].getBoundingClientRect().left - it.getBoundingClientRect().left"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_visitor_turns_the_tool_and_looks_closer(live_shop: LiveShop, chromium: Browser):
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{live_shop.base}/products/ql-claw", wait_until="networkidle")
    assert [url for url in fetched if "-turn." in url] == []

    page.get_by_role("button", name="Turn it around").click()

    slider = page.get_by_role("slider", name="Turn it around")
    expect(slider).to_be_focused()
    assert len([url for url in fetched if "-turn." in url]) == 1
    turns_by_keys(page, slider)
    turns_by_hand(page, slider)
    assert Axe().run(page, options={"iframes": False}).violations_count == 0
    page.get_by_role("button", name="Stop turning").click()
    expect(slider).to_have_count(0)
    chooses(page)
    enlarges(page)
    context.close()


@pytest.mark.seeded
@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize(
    ("width", "script", "stops"),
    [(390, False, 3), (390, True, 4), (1440, False, 12), (1440, True, 13)],
)
def test_nine_pictures_are_a_few_stops_of_the_tab_key_or_one(
    site: str, chromium: Browser, width: int, script: bool, stops: int
):
    context = chromium.new_context(
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
        java_script_enabled=script,
    )
    page = context.new_page()
    page.goto(f"{site}/products/ql-claw")
    strip = page.get_by_role("list", name="Pictures", exact=True)
    page.get_by_role("link", name="Shop").last.focus()  # of the way to the page

    met = [tabbed(page) for _ in range(stops + 1)]

    assert [it["inGallery"] for it in met] == [True] * stops + [False]
    assert [it["name"] for it in met if it["name"].startswith("Enlarge")] == ["Enlarge picture 1"]
    assert strip.evaluate("it => it.scrollLeft") == 0  # the chosen color is still what is seen
    strip.focus()
    page.keyboard.press("ArrowRight")
    wait_for(lambda: strip.evaluate(f"it => Math.abs({SECOND}) < 1"))
    assert tabbed(page)["name"] == "Enlarge picture 2"
    page.get_by_role("link", name="Skip the pictures").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#purchase")
    assert tabbed(page)["name"] == "Muscle red"
    context.close()


@pytest.mark.seeded
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_button_to_buy_is_seen_on_a_phone_before_anybody_scrolls(site: str, chromium: Browser):
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    page = context.new_page()
    for address, name in (
        ("/products/ql-claw", "Add to cart"),
        ("/de/products/ql-claw", "In den Warenkorb"),
    ):
        page.goto(f"{site}{address}")
        button = page.get_by_role("button", name=name)
        expect(button).to_be_in_viewport(ratio=1)
    context.close()


def tabbed(page: Page) -> dict:
    """Press Tab; return what the focus is on now."""
    page.keyboard.press("Tab")
    return page.evaluate("""() => {
        const on = document.activeElement;
        const name = on.ariaLabel ?? on.textContent.trim();
        return { name, inGallery: Boolean(on.closest("picture-gallery")) };
    }""")


def shown(page: Page) -> tuple[int, int]:
    """Return row and column of the frame that is seen."""
    at = page.locator(".turntable__stage").evaluate("it => it.style.backgroundPosition")
    across, down = (float(part.removesuffix("%")) for part in at.split())
    return round(down / 100 * 3), round(across / 100 * 5)


def turns_by_keys(page: Page, slider: Locator) -> None:
    assert shown(page) == (0, 0)
    page.wait_for_timeout(300)
    assert shown(page) == (0, 0)  # it does not turn by itself
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    assert shown(page) == (1, 1)
    expect(slider).to_have_attribute("aria-valuetext", "Turned by 105 degrees")
    page.keyboard.press("End")
    assert shown(page) == (3, 5)
    page.keyboard.press("ArrowRight")  # round and on
    assert shown(page) == (0, 0)
    page.keyboard.press("ArrowLeft")
    assert shown(page) == (3, 5)
    expect(slider).to_have_value("23")
    page.keyboard.press("Home")


def turns_by_hand(page: Page, slider: Locator) -> None:
    box = page.locator(".turntable__stage").bounding_box()
    assert box
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - box["width"] / 4, y, steps=4)
    assert shown(page) == (1, 0)
    page.mouse.up()
    page.mouse.move(x, y)
    expect(slider).to_have_value("6")
    expect(slider).to_have_attribute("aria-valuetext", "Turned by 90 degrees")


def chooses(page: Page) -> None:
    thumbs = page.locator(".gallery__thumb")
    expect(thumbs.nth(0)).to_have_attribute("aria-current", "true")
    thumbs.nth(3).click()
    expect(thumbs.nth(3)).to_have_attribute("aria-current", "true")
    expect(thumbs.nth(0)).not_to_have_attribute("aria-current", "true")
    assert page.url.endswith("/products/ql-claw")
    reached = page.locator(".gallery__zoom:not([tabindex='-1'])")
    expect(reached).to_have_count(1)


def enlarges(page: Page) -> None:
    zoom = page.locator(".gallery__zoom:not([tabindex='-1'])")
    zoom.focus()
    page.keyboard.press("Enter")
    large = page.get_by_role("dialog", name="The trigger close up")
    expect(large.get_by_role("img")).to_have_js_property("naturalWidth", 1600)
    expect(large.get_by_role("button", name="Close")).to_be_focused()
    assert Axe().run(page, options={"iframes": False}).violations_count == 0
    page.keyboard.press("Escape")
    expect(large).to_have_count(0)
    expect(zoom).to_be_focused()
