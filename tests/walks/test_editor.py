"""An editor's morning in a real browser: she writes, looks at it, plans it, and goes back."""

import re
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from models import now
from tests.factories import PASSWORD
from tests.walks.conftest import LiveShop

EDITOR = "editor@example.com"
pytestmark = pytest.mark.browser


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_an_editor_writes_an_article_in_the_morning(live_shop: LiveShop, chromium: Browser):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(20_000)
    page = context.new_page()

    signs_in(page, live_shop)
    begins(page, live_shop)
    sees_it_beside_the_form(page)
    finds_what_was_kept(page)
    plans_it(page)
    goes_back(page)

    context.close()


def looks(page: Page) -> None:
    found = Axe().run(page, options={"iframes": False})
    assert found.violations_count == 0, found.generate_report()


def signs_in(page: Page, shop: LiveShop) -> None:
    shop.flask("staff", "add", EDITOR, "--role", "editor", "--password", PASSWORD)
    page.goto(f"{shop.base}/staff/login")
    page.get_by_label("Email").fill(EDITOR)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()


def begins(page: Page, shop: LiveShop) -> None:
    page.goto(f"{shop.base}/staff/articles")
    page.get_by_role("link", name="New article").click()
    page.get_by_label("Title", exact=True).fill("A quiet morning")
    looks(page)
    page.get_by_role("button", name="Create").click()
    expect(page.get_by_role("heading", name="Edit A quiet morning")).to_be_visible()


def sees_it_beside_the_form(page: Page) -> None:
    expect(page.locator("#preview")).to_be_hidden()
    page.get_by_label("Text", exact=True).fill("Breathe **slowly**.")
    page.get_by_role("button", name="Preview").click()
    shown = page.frame_locator("[data-preview-frame]")
    expect(shown.locator(".prose strong")).to_have_text("slowly")
    page.get_by_label("Text", exact=True).fill("Breathe **deeply**.")
    expect(shown.locator(".prose strong")).to_have_text("deeply")
    expect(page.locator("[data-kept]")).to_contain_text("not saved yet")
    looks(page)


def finds_what_was_kept(page: Page) -> None:
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    page.get_by_role("link", name="Use it").click()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Breathe **deeply**.")


def plans_it(page: Page) -> None:
    moment = (now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M")
    page.get_by_label("Published", exact=True).fill(moment)
    page.get_by_role("button", name="Save").first.click()
    said = "A quiet morning is saved, and will be published by itself."
    expect(page.get_by_text(said)).to_be_visible()
    page.get_by_label("Text", exact=True).fill("Something else.")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text(said)).to_be_visible()


def goes_back(page: Page) -> None:
    page.get_by_role("button", name="Compare").click()
    expect(page.locator("ins").first).to_contain_text("Something")
    looks(page)
    page.get_by_role("link", name=re.compile("A quiet morning")).click()
    page.get_by_role("link", name="Revision 2", exact=True).click()
    looks(page)
    page.get_by_role("button", name="Restore").click()
    expect(page.get_by_text("is again as in revision 2.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Breathe **deeply**.")
