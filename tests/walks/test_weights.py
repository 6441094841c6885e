"""What a phone fetches on its first visit: bytes over the wire and requests, page by page."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy.orm import Session

from storefront.database import make_engine
from tests.factories import PASSWORD
from tests.walks.conftest import LiveShop
from tests.walks.states import furnish

OWNER = "owner@example.com"
PHONE = {"viewport": {"width": 412, "height": 915}, "device_scale_factor": 2.625, "is_mobile": True}
KB = 1000


@dataclass(frozen=True)
class Budget:
    """The most that a page may fetch."""

    css: int
    js: int
    all: int
    requests: int


TEXT = Budget(css=12 * KB, js=6 * KB, all=100 * KB, requests=10)
SHOP = Budget(css=15 * KB, js=10 * KB, all=120 * KB, requests=12)
STAFF = Budget(css=20 * KB, js=20 * KB, all=150 * KB, requests=15)
BUDGETS = {
    "/": SHOP,
    "/collections/all": SHOP,
    "/products/ql-claw": SHOP,
    "/products/floor-mat": SHOP,
    "/products/ql-claw-and-floor-mat": SHOP,
    "/collections": SHOP,
    "/cart": SHOP,
    "/search?q=psoas": SHOP,
    "/where-does-it-hurt": SHOP,
    "/where-does-it-hurt/low-spine": SHOP,  # the heaviest of the regions
    "/muscles/piriformis": SHOP,
    "/blogs/the-ql-blawg": SHOP,
    "/tutorials": SHOP,
    "/glossary": SHOP,
    "/policies/refund-policy": SHOP,
    "/orders": SHOP,
    "/gift-cards": SHOP,
    "/pages/ql-release/play": SHOP,
    "/log": SHOP,
    "/blogs/the-ql-blawg/tagged/anatomy": SHOP,
    "/account/login": SHOP,
    "/blogs/the-ql-blawg/ql-muscle": TEXT,
    "/blogs/the-ql-blawg/lower-back-pain-when-bending-over": TEXT,
    "/pages/ql-release": TEXT,
    "/pages/psoas-release": TEXT,
    "/pages/piriformis-release/print": TEXT,
    "/routines/quiet-evening/print": TEXT,  # the most figures on one sheet
    "/de/pages/ql-release": TEXT,
    "/de/pages/ql-release/print": TEXT,
    "/de/products/ql-claw": SHOP,
    "/de/pages/ql-release/play": SHOP,
}
ROOMS = ("orders", "wishes", "addresses", "details", "security", "mails", "log")


@dataclass
class Weight:
    """What came over the wire, headers included, by the kind of thing it was."""

    bytes_of: Counter[str] = field(default_factory=Counter)
    addresses: list[str] = field(default_factory=list)

    def over(self, budget: Budget) -> dict[str, tuple[int, int]]:
        """Return what is more than its budget, with both figures."""
        found = {
            "css": self.bytes_of["Stylesheet"],
            "js": self.bytes_of["Script"],
            "all": self.bytes_of.total(),
            "requests": len(self.addresses),
        }
        limits = {name: getattr(budget, name) for name in found}
        return {name: (found[name], limits[name]) for name in found if found[name] > limits[name]}


@contextmanager
def phone(browser: Browser) -> Iterator[Page]:
    """A browser that has seen nothing: emptying its cache leaves what it holds in memory."""
    context = browser.new_context(**PHONE)
    yield context.new_page()
    context.close()


@pytest.mark.browser
def test_no_page_weighs_more_than_its_budget_on_a_first_visit(
    live_shop: LiveShop, chromium: Browser
):
    weighed = {}
    for path in BUDGETS:
        with phone(chromium) as page:
            weighed[path] = weigh(page, live_shop.base + path)
    with phone(chromium) as page:
        signed_in(page, live_shop)
        weighed["/staff/orders"] = weigh(page, f"{live_shop.base}/staff/orders")
    assert_within(weighed, live_shop)


@pytest.mark.browser
def test_no_page_of_an_order_or_an_account_weighs_more_than_its_budget(
    live_shop: LiveShop, chromium: Browser
):
    engine = make_engine(live_shop.settings.database_url)
    with Session(engine) as session:
        rows = furnish(session)
        pages, email = [it.address for it in rows.of_order()], rows.customer.email
    engine.dispose()
    weighed = {}
    for path in dict.fromkeys(pages):
        with phone(chromium) as page:
            weighed[path] = weigh(page, live_shop.base + path)
    with phone(chromium) as page:
        page.goto(f"{live_shop.base}/account/login")
        page.get_by_label("Email").first.fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page.get_by_role("heading", name="Your orders")).to_be_visible()
        for room in ROOMS:
            weighed[room] = weigh(page, f"{live_shop.base}/account/{room}")

    assert_within(weighed, live_shop, SHOP)


def assert_within(weighed: dict[str, Weight], live_shop: LiveShop, other: Budget = STAFF) -> None:
    """Nothing is over its budget, which is the other one where a page has none of its own."""
    over = {path: it.over(BUDGETS.get(path, other)) for path, it in weighed.items()}

    assert {path: more for path, more in over.items() if more} == {}
    for it in weighed.values():
        assert it.bytes_of["Stylesheet"] > 0
        assert it.bytes_of["Font"] <= 60 * KB
        assert all(address.startswith(live_shop.base) for address in it.addresses)


def weigh(page: Page, url: str) -> Weight:
    """Open a page with an empty cache, and wait until it fetches no more."""
    kinds: dict[str, str] = {}
    weight = Weight()

    def asked(event: dict) -> None:
        if event["request"]["url"].startswith("http"):  # no data: of the browser's own controls
            kinds[event["requestId"]] = event.get("type", "Other")
            weight.addresses.append(event["request"]["url"])

    def came(event: dict) -> None:
        if event["requestId"] in kinds:
            weight.bytes_of[kinds[event["requestId"]]] += event["encodedDataLength"]

    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    wire.on("Network.requestWillBeSent", asked)
    wire.on("Network.loadingFinished", came)
    page.goto(url)
    page.wait_for_load_state("networkidle")
    wire.detach()
    return weight


def signed_in(page: Page, shop: LiveShop) -> Page:
    page.goto(f"{shop.base}/staff/login")
    page.get_by_label("Email").fill(OWNER)
    page.get_by_label("Password").fill(shop.password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    return page
