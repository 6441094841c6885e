"""A stranger reads, learns, buys; staff ship: in a real browser, first page to last."""

import json
from dataclasses import dataclass
from importlib.metadata import files

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.walks.conftest import LiveShop, wait_for

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = next(file for file in files("axe-playwright-python") if file.name == "axe.min.js")

pytestmark = pytest.mark.browser


@dataclass
class Walk:
    """One visitor's window."""

    shop: LiveShop
    page: Page
    has_javascript: bool

    def open(self, address: str) -> None:
        self.page.goto(self.shop.base + address)
        self.look()

    def look(self) -> None:
        """Hold the page against the rules of accessibility, and nothing may stick out."""
        expect(self.page.locator("main#main")).to_be_visible()
        if self.has_javascript:
            self.page.evaluate(AXE.read_text())
            found = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", RULES)
            problems = [(v["id"], [n["target"] for n in v["nodes"]]) for v in found["violations"]]
            assert problems == [], (self.page.url, problems)
            width = "document.documentElement.scrollWidth <= innerWidth"
            assert self.page.evaluate(width), f"{self.page.url} scrolls sideways"

    def click(self, role: str, name: str, *, exact: bool = False) -> None:
        self.page.get_by_role(role, name=name, exact=exact).first.click()

    def link(self, name: str) -> None:
        """Follow the first link of this name within the page's own text."""
        self.page.locator("main").get_by_role("link", name=name).first.click()
        self.look()

    def mark(self) -> None:
        """Leave a mark that a page load would wipe away."""
        if self.has_javascript:
            self.page.evaluate("() => { window.stayed = true }")

    def stayed(self) -> None:
        """With JavaScript, the cart changes without a page load."""
        if self.has_javascript:
            assert self.page.evaluate("() => window.stayed") is True

    def says(self, text: str) -> None:
        expect(self.page.locator("main")).to_contain_text(text)

    def cart_says(self, count: str) -> None:
        expect(self.page.get_by_role("link", name=f"Cart ({count})")).to_be_visible()


@pytest.mark.parametrize(
    ("engine_name", "width", "has_javascript"),
    [
        ("sqlite", 390, True),
        ("sqlite", 1440, True),
        ("sqlite", 390, False),
        ("postgresql", 1440, True),
        ("postgresql", 390, False),
    ],
)
def test_a_stranger_reads_buys_and_gets_her_parcel(
    live_shop: LiveShop, chromium: Browser, width: int, has_javascript: bool
):
    context = chromium.new_context(
        viewport={"width": width, "height": 844 if width == 390 else 900},
        java_script_enabled=has_javascript,
        reduced_motion="reduce",
    )
    context.set_default_timeout(20_000)
    walk = Walk(live_shop, context.new_page(), has_javascript)

    reads_and_learns(walk)
    fills_the_cart(walk)
    number, order_address = pays(walk)
    finds_the_unit_gone(walk)
    staff_ship(walk, number)
    follows_the_parcel(walk, order_address)

    context.close()
    assert "adds up" in live_shop.flask("verify")


def reads_and_learns(walk: Walk) -> None:
    walk.open("/")
    walk.open("/blogs/the-ql-blawg/ql-muscle")
    walk.link("QL release")
    expect(walk.page).to_have_url(f"{walk.shop.base}/pages/ql-release")
    walk.link("QL Claw")
    expect(walk.page).to_have_url(f"{walk.shop.base}/products/ql-claw?from=/pages/ql-release")
    walk.link("QL release")
    expect(walk.page).to_have_url(f"{walk.shop.base}/pages/ql-release")


def fills_the_cart(walk: Walk) -> None:
    walk.open("/products/ql-claw")
    walk.link("Pine")
    walk.page.get_by_label("Quantity").fill("2")
    walk.mark()
    walk.click("button", "Add to cart")
    walk.cart_says("2 items")
    walk.stayed()
    walk.open("/cart")
    walk.says("$178.00")
    walk.page.get_by_label("Quantity").first.fill("3")
    walk.mark()
    walk.click("button", "Update cart")
    walk.cart_says("3 items")
    walk.says("$267.00")
    walk.stayed()
    walk.look()
    walk.click("button", "Remove")
    walk.cart_says("0 items")
    walk.says("empty")
    walk.look()
    walk.open("/products/ql-claw?variant=" + variant_id(walk, "QLC-PINE"))
    walk.page.get_by_label("Quantity").fill("2")
    walk.click("button", "Add to cart")
    walk.cart_says("2 items")
    uses_a_code(walk)


def uses_a_code(walk: Walk) -> None:
    walk.open("/cart")
    walk.page.get_by_label("Discount code").fill("welcome10")
    walk.mark()
    walk.click("button", "Apply")
    walk.says("To pay $160.20")  # 178.00 less ten percent, and still shipped free
    walk.stayed()
    walk.look()
    walk.click("button", "Remove code")
    walk.says("To pay $178.00")
    walk.stayed()


def variant_id(walk: Walk, sku: str) -> str:
    product = json.loads(walk.page.request.get(f"{walk.shop.base}/products/ql-claw.js").text())
    return next(str(variant["id"]) for variant in product["variants"] if variant["sku"] == sku)


def pays(walk: Walk) -> tuple[str, str]:
    walk.open("/cart")
    walk.click("button", "Check out")
    expect(walk.page.get_by_label("Card number")).to_be_visible()
    walk.page.get_by_label("Card number").fill("4242 4242 4242 4242")
    walk.page.get_by_label("Expiry").fill("12 / 34")
    walk.page.get_by_label("CVC").fill("123")
    walk.click("button", "Pay")
    walk.page.wait_for_url("**/orders/**")
    walk.look()
    heading = walk.page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Order QL-")
    walk.says("Your payment has arrived")
    walk.cart_says("0 items")
    number = heading.inner_text().removeprefix("Order").strip()
    mail_arrives(walk, f"{number}: thank you")
    return number, walk.page.url


def mail_arrives(walk: Walk, subject: str) -> None:
    def is_there() -> bool:
        answer = walk.page.request.get(f"{walk.shop.base}/dev/mailbox")
        return subject in answer.text()

    wait_for(is_there)


def finds_the_unit_gone(walk: Walk) -> None:
    stock = {row["sku"]: row for row in json.loads(walk.shop.flask("stock", "list", "--json"))}
    assert (stock["QLC-PINE"]["on_hand"], stock["QLC-PINE"]["available"]) == (1, 1)
    second = walk.page.context.browser.new_context(java_script_enabled=walk.has_javascript)
    other = Walk(walk.shop, second.new_page(), walk.has_javascript)
    other.open("/products/ql-claw?variant=" + variant_id(walk, "QLC-PINE"))
    other.page.get_by_label("Quantity").fill("2")
    other.click("button", "Add to cart")
    other.says("Only 1 left")
    other.look()
    second.close()


def staff_ship(walk: Walk, number: str) -> None:
    window = walk.page.context.browser.new_context(
        viewport=walk.page.viewport_size, java_script_enabled=walk.has_javascript
    )
    staff = Walk(walk.shop, window.new_page(), walk.has_javascript)
    staff.open("/staff/orders")
    staff.page.get_by_label("Email").fill("owner@example.com")
    staff.page.get_by_label("Password").fill(walk.shop.password)
    staff.click("button", "Sign in")
    staff.look()
    staff.link(number)
    staff.says("1 Example Street")
    staff.page.get_by_label("Tracking number").fill("TRACK123")
    staff.click("button", "Mark as shipped")
    staff.says("TRACK123")
    staff.look()
    staff.open("/staff/inventory")
    staff.link("QLC-PINE")
    staff.page.get_by_label("Quantity").fill("5")
    staff.page.get_by_label("Reason").fill("Found behind the shelf")
    staff.click("button", "Adjust stock")
    staff.says("Found behind the shelf")
    staff.look()
    for address in (
        "/staff/products",
        "/staff/products/ql-claw",
        "/staff/articles",
        "/staff/articles/ql-muscle",
        "/staff/leads",
        *("/staff/tutorials", "/staff/tutorials/ql-release", "/staff/videos/1"),
        *("/staff/claims", "/staff/claims/new"),
        "/staff/discounts",
        "/staff/discounts/1",
        "/staff/shipping",
        "/staff/shipping/new",
        "/staff/taxes",
        "/staff/taxes/new",
    ):
        staff.open(address)
    window.close()
    stock = {row["sku"]: row for row in json.loads(walk.shop.flask("stock", "list", "--json"))}
    assert stock["QLC-PINE"]["on_hand"] == 6


def follows_the_parcel(walk: Walk, order_address: str) -> None:
    walk.page.goto(order_address)
    walk.says("TRACK123")
    walk.says("on its way")
    walk.look()
    mail_arrives(walk, "is on its way")
