"""Nothing moves on a page that somebody reads, however late its type comes."""

import pytest
from playwright.sync_api import Browser, Route

from tests.walks.conftest import LiveShop

WATCH = """
    window.shifts = [];
    const note = (list) => window.shifts.push(...list.getEntries().map((it) => it.value));
    new PerformanceObserver(note).observe({ type: "layout-shift", buffered: true });
"""
IS_SEEN = "() => performance.getEntriesByName('first-contentful-paint').length > 0"
HAS_ALL = "() => document.readyState === 'complete'"
TWICE_PAINTED = """() => new Promise((then) => {
    requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(then, 200)));
})"""
PATHS = (
    "/",
    "/products/ql-claw",
    "/pages/ql-release",
    "/collections/all",
    "/cart",
    "/de/blogs/the-ql-blawg/ql-muscle",
)


@pytest.mark.browser
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_type_that_comes_late_moves_nothing(live_shop: LiveShop, chromium: Browser):
    looks = [(path, width) for path in PATHS for width in (390, 1350)]

    found = {look: shifts(chromium, live_shop.base + look[0], look[1]) for look in looks}

    assert found == {look: (3, []) for look in looks}


def shifts(browser: Browser, address: str, width: int) -> tuple[int, list[float]]:
    """Open a page whose type waits until it is seen; return how many files, and what moved."""
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.add_init_script(WATCH)
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/*.woff2", hold)
    page.goto(address, wait_until="commit")
    page.wait_for_function(IS_SEEN)
    for file in held:
        file.continue_()
    page.wait_for_function(HAS_ALL)
    page.evaluate(TWICE_PAINTED)
    moved = page.evaluate("window.shifts")
    context.close()
    return len(held), moved
