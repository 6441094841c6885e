"""Take the ten pictures of the README from a demonstration shop that runs.

In one window `make run`, in another, from the root of the repository:

    .venv/bin/python docs/screenshots/take.py http://127.0.0.1:8000 PASSWORD [NAME…]

PASSWORD is the one of the demonstration's owner, which `make run` prints. One order is placed
in the shop; with names, such as `cart order`, only those are taken. Chromium is Debian's.
"""

import io
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

HERE = Path(__file__).parent
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2}
DESKTOP = {"viewport": {"width": 1440, "height": 900}}
MOST = 250_000  # bytes of one picture


def player(page: Page) -> None:
    """The player in the first hold."""
    page.get_by_role("button", name="Start").click()
    for _ in range(4):
        page.get_by_role("button", name="Next", exact=True).click()


def cart(page: Page) -> None:
    """The cart beside the page, after something was added."""
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").wait_for()
    page.goto("/products/ql-claw")
    page.get_by_role("button", name="Add to cart").click()
    page.get_by_role("dialog").wait_for()


def order(page: Page) -> None:
    """An order that was paid just now."""
    cart(page)
    page.goto("/cart")
    page.get_by_role("button", name="Check out").click()
    page.get_by_label("Card number").fill("4242 4242 4242 4242")
    page.get_by_label("Expiry").fill("12 / 34")
    page.get_by_label("CVC").fill("123")
    page.get_by_role("button", name="Pay").click()
    page.wait_for_url("**/orders/**")
    page.get_by_text("Your payment has arrived").wait_for()


def today(page: Page) -> None:
    """The first page of the back office."""
    page.get_by_label("Email").fill("owner@example.com")
    page.get_by_label("Password").fill(sys.argv[2])
    page.get_by_role("button", name="Sign in").click()
    page.goto("/staff")


# name: address, what is done there, screen, colours
PICTURES: dict[str, tuple[str, Callable[[Page], None] | None, dict[str, object], str]] = {
    "home": ("/", None, DESKTOP, "light"),
    "product": ("/products/ql-claw", None, PHONE, "light"),
    "map": ("/where-does-it-hurt#map", None, DESKTOP, "light"),
    "article": ("/blogs/the-ql-blawg/ql-muscle", None, DESKTOP, "light"),
    "tutorial": ("/pages/ql-release#step-2", None, PHONE, "dark"),
    "player": ("/pages/ql-release/play", player, PHONE, "light"),
    "cart": ("/products/floor-mat", cart, DESKTOP, "light"),
    "search": ("/search?q=quadratis+lumborum", None, DESKTOP, "dark"),
    "order": ("/products/floor-mat", order, PHONE, "light"),
    "today": ("/staff", today, DESKTOP, "dark"),
}


def take(browser: Browser, name: str) -> None:
    """Write one picture, as good as its bytes allow."""
    address, act, screen, colours = PICTURES[name]
    context = browser.new_context(
        base_url=sys.argv[1], color_scheme=colours, reduced_motion="reduce", **screen
    )
    page = context.new_page()
    page.goto(address)
    if act:
        act(page)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)
    image = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    context.close()
    for quality in (90, 80, 70):
        image.save(HERE / f"{name}.webp", quality=quality, method=6)
        if (HERE / f"{name}.webp").stat().st_size <= MOST:
            break


if __name__ == "__main__":
    with sync_playwright() as tools:
        chromium = tools.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu"]
        )
        for wanted in sys.argv[3:] or PICTURES:
            take(chromium, wanted)
