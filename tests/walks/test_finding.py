"""A reader finds a text by the keyboard, and buys: the shop learns which texts led her there."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import LiveShop
from tests.walks.test_walk import Walk

pytestmark = pytest.mark.browser
ARTICLE, TUTORIAL = "/blogs/the-ql-blawg/ql-muscle", "/pages/ql-release"


def window(chromium: Browser, *, has_javascript: bool = True) -> Page:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844},
        java_script_enabled=has_javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    return context.new_page()


def cookies(page: Page) -> list[str]:
    return [cookie["name"] for cookie in page.context.cookies()]


@pytest.mark.parametrize("engine_name", ["sqlite", "postgresql"])
@pytest.mark.parametrize("has_javascript", [True, False])
def test_the_texts_that_led_to_an_order_are_known_to_staff(
    live_shop: LiveShop, chromium: Browser, has_javascript: bool
):
    page = window(chromium, has_javascript=has_javascript)
    for address in (ARTICLE, "/where-does-it-hurt", TUTORIAL):
        page.goto(live_shop.base + address)
    page.locator("main").get_by_role("link", name="QL Claw", exact=True).first.click()
    page.wait_for_url("**/products/ql-claw?from=/pages/ql-release")
    if has_javascript:
        assert page.evaluate("() => localStorage.length + sessionStorage.length") == 0
    assert cookies(page) == []

    page.get_by_role("button", name="Add to cart").click()
    expect(page.get_by_role("link", name="Cart (1 item)")).to_be_visible()
    assert cookies(page) == ["cart"]
    page.goto(live_shop.base + "/cart")
    page.get_by_role("button", name="Check out").click()
    expect(page.get_by_label("Card number")).to_be_visible()

    staff = window(chromium)
    staff.goto(live_shop.base + "/staff/orders")
    staff.get_by_label("Email").fill("owner@example.com")
    staff.get_by_label("Password").fill(live_shop.password)
    staff.get_by_role("button", name="Sign in").click()
    staff.locator("main").get_by_role("link", name="QL-").first.click()
    first = ARTICLE if has_javascript else TUTORIAL
    expect(staff.locator("main")).to_contain_text(f"Came from: {first} / {TUTORIAL}")
    staff.goto(live_shop.base + "/staff/leads")
    Walk(live_shop, staff, has_javascript=True).look()
    expect(staff.locator("main")).to_contain_text(TUTORIAL)
    for each in (page, staff):
        each.context.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_suggestions_are_chosen_by_the_keyboard(live_shop: LiveShop, chromium: Browser):
    page = window(chromium)
    page.goto(live_shop.base + "/search")
    field = page.get_by_role("combobox", name="Search")
    expect(field).to_have_attribute("aria-expanded", "false")

    field.press_sequentially("periformi", delay=20)
    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    status = page.locator("search-field [role=status]")
    expect(status).to_have_text(f"{options.count()} suggestions. Up and down choose.")
    Walk(live_shop, page, has_javascript=True).look()

    field.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options.first.get_attribute("id"))
    field.press("ArrowUp")  # back to what was typed
    assert field.get_attribute("aria-activedescendant") is None
    expect(field).to_have_value("periformi")
    field.press("Escape")
    expect(options.first).to_be_hidden()
    expect(field).to_have_value("periformi")

    page.context.close()


@pytest.mark.seeded
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_who_types_on_before_suggestions_come_is_given_those_for_all_of_it(
    site: str, chromium: Browser
):
    page = window(chromium)
    page.goto(f"{site}/search")
    page.route("**/search/suggest?q=psoa", lambda route: None)  # for which no answer ever comes
    field = page.get_by_role("combobox", name="Search")

    with page.expect_request("**/search/suggest?q=psoa"):
        field.press_sequentially("psoa", delay=20)
    field.press("s")

    options = page.get_by_role("listbox", name="Suggestions").get_by_role("option")
    expect(options.first).to_contain_text("Psoas")
    page.context.close()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_chosen_suggestion_is_opened_and_words_alone_are_searched_for(
    live_shop: LiveShop, chromium: Browser
):
    page = window(chromium)
    page.goto(live_shop.base + "/search")
    field = page.get_by_role("combobox", name="Search")
    options = page.get_by_role("option")
    field.press_sequentially("psoas", delay=20)
    expect(options.first).to_be_visible()

    field.press("ArrowDown")
    url = options.first.get_attribute("data-url")
    field.press("Enter")
    page.wait_for_url(f"**{url}")

    page.goto(live_shop.base + "/search")
    field.press_sequentially("psoas", delay=20)
    expect(options.first).to_be_visible()
    field.press("Enter")  # nothing is chosen: the form searches
    page.wait_for_url("**/search?q=psoas")
    page.context.close()
