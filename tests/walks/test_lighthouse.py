"""Lighthouse finds nothing to better where nothing is timed: full marks, and nothing shifts."""

import pytest
import requests

from tests.gates.lighthouse import Found, judge
from tests.walks.conftest import LiveShop

PUBLIC = ("/", "/products/ql-claw", "/de/blogs/the-ql-blawg/ql-muscle", "/pages/ql-release")


@pytest.mark.browser
@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_lighthouse_gives_full_marks(live_shop: LiveShop):
    found = {path: judge(live_shop.base + path) for path in PUBLIC}
    cookie = cart_of_one(live_shop)
    found["/cart"] = judge(f"{live_shop.base}/cart", cookie=cookie, indexed=False)

    assert {path: it.failed for path, it in found.items() if it.failed} == {}
    assert {path: it.scores for path, it in found.items() if not is_full(it)} == {}
    assert {path: it.figures for path, it in found.items() if it.figures["cls"]} == {}


def cart_of_one(shop: LiveShop) -> str:
    """Return the cookie of a visitor with a tool in her cart."""
    with requests.Session() as visitor:
        product = visitor.get(f"{shop.base}/products/ql-claw.js", timeout=30).json()
        picked = {"id": product["variants"][0]["id"], "quantity": 1}
        origin = {"Origin": shop.base}
        visitor.post(f"{shop.base}/cart/add", data=picked, headers=origin, timeout=30)
        return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


def is_full(found: Found) -> bool:
    return set(found.scores.values()) == {100}
