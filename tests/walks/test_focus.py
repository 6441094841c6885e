"""The keys on every kind of page: where the focus goes, whether it is seen, how one gets out."""

import itertools

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.looking import PROBES, STOPS
from tests.walks.states import WRONG, State, furnish, nothing
from tests.walks.test_access import window

LEAST_RING = 2  # px
SEEN = 3.0  # to 1, against what it stands on: WCAG 1.4.11
MOST_STOPS = 250
PAGES = (
    *("/", "/products/ql-claw", "/pages/ql-release/play", "/where-does-it-hurt/buttock"),
    *("/search?q=xyzzy", "/account/login", "/no-such-page"),
)
ARTICLE = "/blogs/the-ql-blawg/ql-muscle"

pytestmark = [pytest.mark.browser, pytest.mark.seeded]
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


def stops(page: Page, most: int = MOST_STOPS) -> list[dict]:
    """Press Tab until the focus leaves the page, and return where it stood."""
    page.evaluate(PROBES)
    page.evaluate(STOPS)
    found = []
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate("stop()")
        if stop is None or stop["place"] in {it["place"] for it in found[:1]}:
            break
        found.append(stop)
    return found


def problems(found: list[dict]) -> list[str]:
    """Say which stops are not seen, are covered, or lie above the one before, in its column."""
    wrong = [f"thin: {it['name']}" for it in found if it["width"] < LEAST_RING]
    wrong += [f"pale: {it['name']}" for it in found if it["contrast"] < SEEN]
    wrong += [f"covered: {it['name']}" for it in found if it["isCovered"]]
    pairs = itertools.pairwise(found)
    return wrong + [f"up: {one['name']} -> {it['name']}" for one, it in pairs if goes_up(one, it)]


def goes_up(one: dict, other: dict) -> bool:
    left, top, right, _ = one["doc"]
    other_left, _, other_right, other_bottom = other["doc"]
    return other_bottom <= top + 1 and other_left < right and left < other_right


@on_sqlite
def test_the_focus_goes_down_the_page_and_is_seen_at_each_stop(
    session, site: str, chromium: Browser
):
    rows = furnish(session)
    page = window(chromium, site, viewport={"width": 390, "height": 700})
    states = [*map(State, PAGES), WRONG[1], *rows.of_order()[:1]]
    wrong = {}

    for state in states:
        state.show(page)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        found = stops(page)
        if state.act is nothing:  # else the focus begins at the first mistake
            assert found[0]["name"].startswith("a.skip"), state.address
        wrong[state.address] = problems(found)
    rows.with_cart()[0].show(page)
    inside = stops(page, 12)
    assert all(it["isInDialog"] for it in inside), inside
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.goto("/cart")
    wrong["/cart"] = problems(stops(page))
    page.context.close()

    assert {name: found for name, found in wrong.items() if found} == {}


@on_sqlite
def test_nothing_that_opens_keeps_the_focus(session, site: str, chromium: Browser):
    page = window(chromium, site, viewport={"width": 390, "height": 700})

    page.goto(ARTICLE)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # Skip to content
    expect(page.locator("main")).to_be_focused()
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")

    page.locator(".footnote-ref a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**#fn1")
    assert problems(stops(page, 12)) == []  # none is behind the note at the foot of the window

    WRONG[-1].show(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("combobox")).not_to_be_focused()
    page.context.close()
