"""A reader asks and withdraws, staff answer: in a real browser, with and without JavaScript."""

import pytest
from playwright.sync_api import Browser, expect

from tests.walks.conftest import LiveShop, wait_for
from tests.walks.test_walk import Walk

PAGE = "/blogs/the-ql-blawg/ql-muscle"
WORDS = "Does it help when I sit all day?"

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("engine_name", "width", "has_javascript"),
    [("sqlite", 390, True), ("postgresql", 1440, False)],
)
def test_a_reader_asks_gets_an_answer_and_withdraws(
    live_shop: LiveShop, chromium: Browser, width: int, has_javascript: bool
):
    context = chromium.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=has_javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    walk = Walk(live_shop, context.new_page(), has_javascript)

    asks(walk)
    assert context.cookies() == []
    staff_answer(walk)
    finds_it_helpful(walk)
    withdraws(walk)

    context.close()
    assert "adds up" in live_shop.flask("verify")


def asks(walk: Walk) -> None:
    walk.open(PAGE)
    walk.says("No comments yet. Ask the first question.")
    form = walk.page.locator(".comment-form")
    form.get_by_label("Name").fill("Ann")
    form.get_by_label("Comment").fill(WORDS)
    walk.click("button", "Post comment")
    walk.look()
    walk.says("Enter your email address.")
    expect(form.get_by_label("Email")).to_be_focused()
    form.get_by_label("Email").fill("ann@example.com")
    walk.click("button", "Post comment")
    walk.look()
    walk.says("Your comment waits to be read")
    walk.says(WORDS)


def staff_answer(walk: Walk) -> None:
    walk.open("/staff/login")
    walk.page.get_by_label("Email").fill("owner@example.com")
    walk.page.get_by_label("Password").fill(walk.shop.password)
    walk.click("button", "Sign in")
    walk.link("comment waits to be read")
    walk.link("Ann")
    walk.page.get_by_role("textbox", name="Answer").fill("It may ease the feeling of tightness.")
    walk.click("button", "Publish with this answer")
    walk.look()
    walk.says("The answer is published, and mailed to who asked.")
    walk.click("button", "Turn into a question")
    walk.look()
    walk.link("See it in the shop")
    walk.says("It may ease the feeling of tightness.")
    walk.open("/staff/questions")
    menu = walk.page.get_by_role("button", name="Menu")
    if menu.is_visible():
        menu.click()
    walk.click("button", "Sign out")


def finds_it_helpful(walk: Walk) -> None:
    walk.open(PAGE)
    walk.says("2 comments")
    walk.click("button", "Helpful answer")
    walk.says("Helpful (1)")
    expect(walk.page).to_have_url(f"{walk.shop.base}{PAGE}#comment-2")


def withdraws(walk: Walk) -> None:
    def is_mailed() -> bool:
        walk.page.goto(f"{walk.shop.base}/dev/mailbox")
        return walk.page.get_by_role("link", name="An answer to your comment").count() > 0

    wait_for(is_mailed)
    walk.link("An answer to your comment")
    link = walk.page.locator("a[href*='/comments/own/']").first.get_attribute("href")
    walk.open(str(link).removeprefix(walk.shop.base))
    walk.click("button", "Withdraw comment")
    walk.look()
    walk.says("Your comment is withdrawn")
    walk.open(PAGE)
    walk.says("This comment was withdrawn by its author.")
    walk.open("/products/ql-claw")
    expect(walk.page.locator("main")).not_to_contain_text(WORDS)
