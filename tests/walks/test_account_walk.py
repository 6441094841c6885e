"""A customer opens an account without a password, makes a passkey, and uses it, in a browser."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import LiveShop, wait_for
from tests.walks.test_passkeys import assert_accessible, click, plug_in, reads

pytestmark = pytest.mark.browser

ROOMS = ("orders", "wishes", "addresses", "addresses/new", "details", "security", "mails", "data")


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_customer_needs_no_password(live_shop: LiveShop, chromium: Browser):
    base = live_shop.base.replace("127.0.0.1", "localhost")
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    plug_in(page)

    wishes_for_the_tool(page, base)
    opens_an_account_by_a_link(page, base)
    click(page, "Add QL Claw to it")
    expect(page.get_by_role("status").first).to_have_text("QL Claw is on your wish list.")
    adds_a_passkey(page)
    click(page, "Sign out")
    reads(page, "Sign in")
    click(page, "Use a passkey")
    reads(page, "Your orders")
    for room in ROOMS:
        page.goto(f"{base}/account/{room}")
        assert_accessible(page)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, room

    context.close()


def wishes_for_the_tool(page: Page, base: str) -> None:
    page.goto(f"{base}/products/ql-claw")
    click(page, "Add to wish list")
    reads(page, "Sign in")


def opens_an_account_by_a_link(page: Page, base: str) -> None:
    page.get_by_role("link", name="Mail me a link").click()
    page.get_by_label("Email").fill("ada@example.org")
    click(page, "Mail me a link")
    reads(page, "Check your mail")

    def is_there() -> bool:
        page.goto(f"{base}/dev/mailbox")
        return page.get_by_role("link", name="Sign in at QL Claw").count() > 0

    wait_for(is_there)  # the worker sends it
    page.get_by_role("link", name="Sign in at QL Claw").click()
    address = page.get_by_text("/account/link/").first.inner_text()
    page.goto(base + "/account/link/" + address.split("/account/link/")[1].split()[0])
    reads(page, "Create an account")
    click(page, "Create account")
    reads(page, "Your wish list")


def adds_a_passkey(page: Page) -> None:
    page.get_by_role("link", name="Sign-in", exact=True).click()
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the device").fill("My telephone")
    click(page, "Add a passkey")
    reads(page, "How you sign in")
    expect(page.get_by_text("My telephone, not used yet")).to_be_visible()
