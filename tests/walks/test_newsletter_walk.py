"""A reader asks for mails, confirms, reads the first one, and leaves by one click."""

import re

import pytest
import requests
from playwright.sync_api import Browser, Locator, expect

from storefront.database import Sessions, make_engine
from tests.features.newsletter import make_sequence
from tests.walks.conftest import LiveShop, wait_for
from tests.walks.test_walk import Walk

pytestmark = pytest.mark.browser
READER = "reader@example.org"


@pytest.mark.parametrize(
    ("engine_name", "width", "has_javascript"),
    [("sqlite", 390, True), ("sqlite", 1440, False), ("postgresql", 1440, True)],
)
def test_a_reader_subscribes_confirms_reads_and_leaves(
    live_shop: LiveShop, chromium: Browser, width: int, has_javascript: bool
):
    engine = make_engine(live_shop.settings.database_url)
    with Sessions(engine).write.begin() as session:
        make_sequence(
            session, ("First things", 0, "See [the tool](/products/ql-claw)."), handle="walk"
        )
    engine.dispose()
    context = chromium.new_context(
        viewport={"width": width, "height": 844},
        java_script_enabled=has_javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    walk = Walk(live_shop, context.new_page(), has_javascript)

    asks(walk)
    confirms(walk)
    follows_a_link_and_leaves(walk)

    context.close()


def asks(walk: Walk) -> None:
    walk.open("/blogs/the-ql-blawg/ql-muscle")
    foot = walk.page.locator("footer")
    foot.get_by_label("Email").fill("not an address")
    foot.get_by_role("button", name="Subscribe").click()
    walk.says("Enter an email address such as name@example.com.")
    walk.look()
    walk.page.get_by_label("Email").fill(READER)
    walk.click("button", "Subscribe")
    walk.says("Check your mail")
    walk.look()


def confirms(walk: Walk) -> None:
    open_mail(walk, "Confirm your email address")
    link(walk, "/newsletter/confirm/").click()
    walk.says("One click, and our mails come to reader@example.org.")
    walk.look()
    walk.click("button", "Confirm")
    walk.says("You get our mails now")
    walk.link("See and change what you get")
    walk.says("Our mails come to reader@example.org.")


def follows_a_link_and_leaves(walk: Walk) -> None:
    open_mail(walk, "First things")
    tool = link(walk, "/products/ql-claw").get_attribute("href")
    assert tool == f"{walk.shop.base}/products/ql-claw?from=mail:walk-1"
    leave = link(walk, "/newsletter/unsubscribe/").get_attribute("href")
    walk.page.goto(leave)
    walk.look()
    answer = requests.post(leave, data={"List-Unsubscribe": "One-Click"}, timeout=10)
    assert answer.status_code == 200
    walk.page.goto(leave)
    walk.says("You are unsubscribed")
    walk.look()


def open_mail(walk: Walk, subject: str) -> None:
    def is_there() -> bool:
        walk.page.goto(f"{walk.shop.base}/dev/mailbox")
        return walk.page.get_by_role("link", name=subject).count() > 0

    wait_for(is_there)
    walk.page.get_by_role("link", name=subject).first.click()
    expect(walk.page.locator("h1")).to_have_text(subject)


def link(walk: Walk, path: str) -> Locator:
    return walk.page.locator("pre a").filter(has_text=re.compile(re.escape(path))).first
