"""A member of staff makes a passkey, signs in with it and proves with it, in a real browser."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import LiveShop

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


def plug_in(page: Page) -> None:
    """A device that has passkeys, and an owner who touches it when asked."""
    device = page.context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    device.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})


def assert_accessible(page: Page) -> None:
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_a_passkey_signs_in_and_proves(live_shop: LiveShop, chromium: Browser):
    base = live_shop.base.replace("127.0.0.1", "localhost")
    context = chromium.new_context(viewport={"width": 390, "height": 844}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()
    plug_in(page)
    page.goto(f"{base}/staff/login")

    types_the_password(page, live_shop.password)
    adds_a_passkey(page)
    click(page, "Menu")
    click(page, "Sign out")
    click(page, "Use a passkey")
    reads(page, "Today")
    click(page, "Menu")
    click(page, "Sign out")
    types_the_password(page, live_shop.password)
    reads(page, "Second factor")
    click(page, "Use a passkey")
    reads(page, "Today")
    for address in ("people", "people/permissions", "audit", "audit/1"):
        page.goto(f"{base}/staff/{address}")
        assert_accessible(page)

    context.close()
    assert "The audit log is whole" in live_shop.flask("verify-audit")


def types_the_password(page: Page, password: str) -> None:
    assert_accessible(page)
    page.get_by_label("Email").fill("owner@example.com")
    page.get_by_label("Password").fill(password)
    click(page, "Sign in")


def adds_a_passkey(page: Page) -> None:
    click(page, "Menu")
    page.get_by_role("link", name="owner@example.com").click()
    reads(page, "Your account")
    page.get_by_role("link", name="Add a passkey").click()
    page.get_by_label("Name of the device").fill("My telephone")
    assert_accessible(page)
    click(page, "Add a passkey")
    reads(page, "Recovery codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Passkey My telephone")).to_be_visible()


def click(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()


def reads(page: Page, heading: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(heading)
    assert_accessible(page)
