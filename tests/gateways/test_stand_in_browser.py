"""The pay page in a real browser: its own policy in force, scripts off, read by axe."""

from typing import Any

import pytest
import stripe
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from .conftest import Open, again
from .endpoints import Endpoint
from .pay_pages import CHALLENGED, DECLINED

pytestmark = pytest.mark.browser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def type_card(page: Page, number: str) -> None:
    page.get_by_label("Card number").fill(number)
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Pay").click()


def test_a_buyer_without_scripts_pays_and_comes_back(
    chromium: Browser, endpoint: Endpoint, sdk: stripe.StripeClient, open_session: Open
) -> None:
    checkout = open_session(success_url=f"{endpoint.url}?session_id={{CHECKOUT_SESSION_ID}}")
    page = chromium.new_context(java_script_enabled=False).new_page()
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(checkout.url)
    assert refused == []

    type_card(page, DECLINED)
    assert page.get_by_role("alert").inner_text().startswith("Your card was declined.")
    type_card(page, CHALLENGED)
    page.get_by_role("button", name="Complete authentication").click()

    page.wait_for_url(f"{endpoint.url}?session_id={checkout.id}")
    assert again(sdk, checkout).payment_status == "paid"


def test_only_the_fields_of_the_chosen_method_are_shown(chromium: Browser, pay_page: Any) -> None:
    page = chromium.new_context(java_script_enabled=False).new_page()
    page.goto(pay_page.answer.url)
    assert page.get_by_label("Card number").is_visible()
    assert not page.get_by_label("An account whose debit fails").is_visible()

    page.get_by_label("Bank debit (pays later)").check()

    assert not page.get_by_label("Card number").is_visible()
    assert page.get_by_label("An account whose debit fails").is_visible()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (390, "light"), (1440, "light")])
def test_every_state_of_the_page_passes_axe_and_fits(
    chromium: Browser, sdk: stripe.StripeClient, open_session: Open, width: int, scheme: Any
) -> None:
    coupon = sdk.v1.coupons.create(params={"percent_off": 10, "name": "Ten per cent off"})
    checkout = open_session(
        consent_collection={"terms_of_service": "required"},
        discounts=[{"coupon": coupon.id}],
        automatic_tax={"enabled": True},
    )
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page = context.new_page()

    page.goto(checkout.url)
    assert_fits(page)
    page.get_by_role("button", name="Pay").click()
    assert_fits(page)
    type_card(page, CHALLENGED)
    assert_fits(page)
    page.get_by_role("button", name="Fail authentication").click()
    assert_fits(page)


def assert_fits(page: Page) -> None:
    """Hold the page against axe, the window's width and the least size of a target."""
    page.wait_for_load_state()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": RULES}})
    assert [each["id"] for each in found.response["violations"]] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    sizes = page.locator("a, button, input:visible, select, summary").evaluate_all(
        "found => found.map(each => each.getBoundingClientRect().height)"
    )
    assert min(sizes) >= 24
