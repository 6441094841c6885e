"""Reading in a real browser: notes that open in place, films that play and jump."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import LiveShop, wait_for

pytestmark = pytest.mark.browser

ARTICLE, TUTORIAL = "/blogs/the-ql-blawg/ql-muscle", "/pages/ql-release"


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_notes_open_in_place_and_films_jump(live_shop: LiveShop, chromium: Browser):
    for has_javascript in (False, True):
        context = chromium.new_context(
            viewport={"width": 390, "height": 800},
            java_script_enabled=has_javascript,
            reduced_motion="reduce",
        )
        page = context.new_page()
        page.goto(live_shop.base + ARTICLE)
        a_note_opens_and_closes(page)
        if has_javascript:
            page.goto(live_shop.base + TUTORIAL)
            the_film_jumps(page)
        context.close()


def a_note_opens_and_closes(page: Page) -> None:
    mark = page.locator(".footnote-ref a").nth(7)  # its source is cited more than once
    mark.scroll_into_view_if_needed()
    box = mark.bounding_box()

    mark.click()

    note = page.locator(".footnotes li:target")
    expect(note).to_be_in_viewport()
    expect(note).to_have_css("position", "fixed")
    assert mark.bounding_box() == box  # the text has stayed where it was
    note.locator(".footnote-backref").last.click()
    expect(page.locator(".footnotes li:target")).to_have_count(0)
    expect(mark).to_be_in_viewport()


def the_film_jumps(page: Page) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    film = page.locator("video")
    film.scroll_into_view_if_needed()
    assert [url for url in asked if ".webm" in url or ".mp4" in url] == []

    page.get_by_role("button", name="Get off with care").click()

    wait_for(lambda: film.evaluate("it => it.readyState >= 2 && it.currentTime >= 52"))
    assert film.evaluate("it => it.textTracks.length") == 2
