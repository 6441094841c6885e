"""Every kind of page in its states, for everyone: WCAG 2.2 AA, as far as it can be measured."""

import shutil
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserType, Page, expect

from tests.conftest import CHROMIUM_FLAGS
from tests.factories import PASSWORD, make_staff
from tests.walks.looking import axe, probed
from tests.walks.states import READ, STAFF, WRONG, State, furnish, nothing

WIDTHS = (320, 390, 1280)
LANGUAGES = ("", "/de")
SCHEMES = ("light", "light", "dark", "dark")
EACH = ("sideways", "cut", "small", "unnamed", "misnamed", "moving")
# What is asked of a reader who needs wider text, WCAG 1.4.12.
SPACED = """
  * { line-height: 1.5 !important; letter-spacing: 0.12em !important;
      word-spacing: 0.16em !important }
  p { margin-block-end: 2em !important }
"""
KINDS = (
    *("/", "/collections/all", "/products/ql-claw", "/products/gift-card"),
    *("/blogs/the-ql-blawg", "/blogs/the-ql-blawg/ql-muscle", "/pages/ql-release"),
    *("/pages/ql-release/play", "/routines/quiet-evening", "/where-does-it-hurt#map"),
    *("/where-does-it-hurt/buttock", "/muscles/psoas", "/glossary", "/search?q=xyzzy"),
    *("/account/register", "/accessibility", "/no-such-page"),
)

pytestmark = [pytest.mark.browser, pytest.mark.seeded]
on_sqlite = pytest.mark.parametrize("engine_name", ["sqlite"])


def window(browser: Browser, site: str, **over: object) -> Page:
    """A window of a visitor who asks for less motion."""
    context = browser.new_context(base_url=site, reduced_motion="reduce", **over)
    context.set_default_timeout(15_000)
    return context.new_page()


def each(page: Page, states: list[State], prefixes: tuple[str, ...] = LANGUAGES) -> Iterator[str]:
    """Show one state after the other, each otherwise than the last; yield what it is called."""
    for place, state in enumerate(states):
        prefix, scheme, width = (turns[place % len(turns)] for turns in (prefixes, SCHEMES, WIDTHS))
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        state.show(page, prefix)
        expect(page.locator("main#main")).to_be_visible()
        act = "" if state.act is nothing else " (act)"
        yield f"{prefix}{state.address}{act}, {width} px, {scheme}"


def is_answer(name: str) -> bool:
    """Whether a state is what a form was answered with, or that nothing is there."""
    return "(act)" in name or "no-such" in name


@on_sqlite
def test_nothing_is_found_on_any_public_page_in_any_state(session, site: str, chromium: Browser):
    rows = furnish(session)
    page = window(chromium, site)
    states = [*READ, *WRONG, *rows.of_order(), *rows.with_cart(), *rows.signed_in()]
    titles: dict[str, str] = {}

    wrong = {}
    for name in each(page, states):
        wrong[name] = axe(page) + probed(page, *EACH)
        path = urlsplit(page.url).path
        if titles.setdefault(page.title(), path) != path and not is_answer(name):
            wrong[name] += [f"a title like that of {titles[page.title()]}"]
    page.context.close()

    assert {name: found for name, found in wrong.items() if found} == {}


@on_sqlite
def test_nothing_is_found_in_the_back_office(session, site: str, chromium: Browser):
    furnish(session)
    owner = make_staff(session)
    page = window(chromium, site)
    page.goto("/staff/login")
    page.get_by_label("Email").fill(owner.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()

    wrong = {name: axe(page) + probed(page, *EACH) for name in each(page, STAFF, ("",))}
    page.context.close()

    assert {name: found for name, found in wrong.items() if found} == {}


@on_sqlite
def test_words_twice_as_large_or_set_wide_lose_nothing(
    session, site: str, chromium: Browser, browser_type: BrowserType
):
    order = furnish(session).of_order()[:1]
    states = [*map(State, KINDS), *order]
    wrong = {}

    flags = [*CHROMIUM_FLAGS, "--blink-settings=defaultFontSize=32"]
    browser = browser_type.launch(executable_path=shutil.which("chromium"), args=flags)
    large = window(browser, site, viewport={"width": 1280, "height": 800})
    wide = window(chromium, site, viewport={"width": 390, "height": 800})
    for state in states:
        state.show(large, "/de")
        assert large.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"
        wrong[f"large {state.address}"] = probed(large, "sideways", "cut")
        state.show(wide, "/de")
        wide.evaluate(
            "css => { const sheet = new CSSStyleSheet(); sheet.replaceSync(css);"
            " document.adoptedStyleSheets = [sheet] }",
            SPACED,
        )
        wrong[f"wide {state.address}"] = probed(wide, "sideways", "cut")
    wide.context.close()
    browser.close()

    assert {name: found for name, found in wrong.items() if found} == {}


@on_sqlite
def test_forced_colours_leave_edges_and_what_is_chosen(session, site: str, chromium: Browser):
    rows = furnish(session)
    page = window(chromium, site, forced_colors="active")
    states = [*map(State, KINDS[:12]), *WRONG[::3], *rows.with_cart()[:3], *rows.of_order()[:3]]

    wrong = {name: probed(page, "edgeless") for name in each(page, states)}
    assert {name: found for name, found in wrong.items() if found} == {}

    look = "(it, name) => getComputedStyle(it)[name]"
    page.goto("/products/ql-claw")
    chosen, other = (
        page.locator(f".chips__link{it}").first for it in ("[aria-current]", ":not([aria-current])")
    )
    assert chosen.evaluate(look, "borderTopWidth") > other.evaluate(look, "borderTopWidth")
    page.goto("/where-does-it-hurt/buttock")
    here, skin = (page.locator(f".body-map__{it}").first for it in ("shape--here", "skin"))
    assert here.evaluate(look, "fill") != skin.evaluate(look, "fill")
    WRONG[-1].show(page)
    selected = page.locator(".search-suggest__option[aria-selected=true]")
    assert selected.evaluate(look, "outlineStyle") == "solid"
    page.context.close()
