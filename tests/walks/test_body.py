"""From a pain to the paid order by keyboard alone, and what the page of the map shows when."""

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.walks.conftest import LiveShop
from tests.walks.test_walk import Walk

pytestmark = pytest.mark.browser
MOST_TABS = 80


def window(chromium: Browser, **over: object) -> BrowserContext:
    context = chromium.new_context(
        **({"viewport": {"width": 390, "height": 844}, "reduced_motion": "reduce"} | over)
    )
    context.set_default_timeout(20_000)
    return context


def tab_to(page: Page, role: str, name: str, *, within: str = "body") -> None:
    """Press Tab until the wanted element has the focus, and shows it."""
    go_to(page, page.locator(within).get_by_role(role, name=name, exact=True).first)


def go_to(page: Page, wanted: Locator) -> None:
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if wanted.evaluate("element => element === document.activeElement"):
            break
    expect(wanted).to_be_focused()
    assert wanted.evaluate("element => element.matches(':focus-visible')")


def press(walk: Walk, role: str, name: str, *, within: str = "body") -> None:
    tab_to(walk.page, role, name, within=within)
    walk.page.keyboard.press("Enter")


@pytest.mark.parametrize(
    ("engine_name", "has_javascript"),
    [("sqlite", True), ("sqlite", False), ("postgresql", True), ("postgresql", False)],
)
def test_from_the_first_page_to_the_paid_order_without_a_mouse(
    live_shop: LiveShop, chromium: Browser, has_javascript: bool
):
    context = window(chromium, java_script_enabled=has_javascript)
    walk = Walk(live_shop, context.new_page(), has_javascript)

    walk.open("/")
    press(walk, "link", "Where does it hurt?")
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("Where does it hurt?")
    expect(walk.page.get_by_text("Point at the place")).to_be_hidden()
    press(walk, "link", "None of these is true of me")
    expect(walk.page.get_by_text("Point at the place")).to_be_visible()
    walk.look()
    press(walk, "link", "The side, between rib and hip", within="svg")
    expect(walk.page.get_by_role("heading", level=1)).to_have_text("The side, between rib and hip")
    walk.look()
    press(walk, "link", "QL release with the QL Claw", within="main")
    expect(walk.page).to_have_url(f"{live_shop.base}/pages/ql-release")
    press(walk, "link", "QL Claw", within="main")
    expect(walk.page).to_have_url(f"{live_shop.base}/products/ql-claw?from=/pages/ql-release")
    assert context.cookies() == []
    press(walk, "button", "Add to cart")
    walk.cart_says("1 item")
    pays_by_keys(walk)
    context.close()


def pays_by_keys(walk: Walk) -> None:
    page = walk.page
    if walk.has_javascript:
        expect(page.get_by_role("dialog").get_by_role("heading")).to_be_focused()
        press(walk, "link", "View cart and check out", within="dialog")
    else:
        press(walk, "link", "Cart (1 item)")
    expect(page).to_have_url(f"{walk.shop.base}/cart")
    press(walk, "button", "Check out", within="main")
    for label, digits in (("Card number", "4242424242424242"), ("Expiry", "1234"), ("CVC", "123")):
        go_to(page, page.get_by_label(label))
        page.keyboard.type(digits)
    page.keyboard.press("Enter")  # a form is sent from its fields
    page.wait_for_url("**/orders/**")
    walk.says("Your payment has arrived")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_page_of_the_map_needs_no_script(live_shop: LiveShop, chromium: Browser):
    context = window(chromium, viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    walk = Walk(live_shop, context.new_page(), has_javascript=False)

    shows_map_and_care_once_they_are_chosen(walk)
    lights_up_the_body_from_the_list_and_the_list_from_the_body(walk)
    keeps_places_apart_from_the_body_in_forced_colours(walk)

    assert context.cookies() == []
    context.close()


def shows_map_and_care_once_they_are_chosen(walk: Walk) -> None:
    signs, care, place = (walk.page.locator(f"#{key}") for key in ("signs", "care", "map"))

    def shown() -> list[bool]:
        return [part.is_visible() for part in (signs, care, place)]

    walk.open("/where-does-it-hurt")
    assert shown() == [True, False, False]
    walk.link("One of these is true")
    expect(care).to_be_in_viewport()
    assert shown() == [True, True, False]
    walk.link("Back to the signs")
    assert shown() == [True, False, False]
    walk.link("None of these is true of me")
    expect(place).to_be_in_viewport()
    assert shown() == [True, False, True]
    walk.page.reload()
    assert shown() == [True, False, True]
    walk.page.emulate_media(media="print")
    assert shown() == [True, True, True]
    walk.page.emulate_media(media="screen")


def lights_up_the_body_from_the_list_and_the_list_from_the_body(walk: Walk) -> None:
    listed = walk.page.locator(".body-map__list")

    def lit() -> list[str]:
        walk.page.wait_for_timeout(300)  # it lights up in 120 ms
        places = walk.page.locator(".body-map__region").all()
        opacity = "element => getComputedStyle(element.firstElementChild).fillOpacity"
        return [it.get_attribute("aria-label") for it in places if it.evaluate(opacity) == "0.8"]

    walk.page.mouse.move(1, 1)
    assert lit() == []
    listed.get_by_role("link", name="The groin").hover()
    assert lit() == ["The groin"]
    listed.get_by_role("link", name="The buttock").focus()
    walk.page.mouse.move(1, 1)
    assert lit() == ["The buttock"]
    walk.page.locator(".body-map__region[aria-label='The sacrum and the tailbone']").hover()
    colour = "element => getComputedStyle(element).color"
    marked, plain = (listed.get_by_role("link", name=it) for it in ("The sacrum", "The outer hip"))
    assert marked.evaluate(colour) != plain.evaluate(colour)


def keeps_places_apart_from_the_body_in_forced_colours(walk: Walk) -> None:
    walk.page.emulate_media(forced_colors="active")
    fill = "element => getComputedStyle(element).fill"
    body = walk.page.locator(".body-map__skin").last.evaluate(fill)
    place = walk.page.locator(".body-map__shape").first.evaluate(fill)
    assert body != place
