"""Carts as specimens show them: their lines, what they cost, and the drawer."""

from typing import Any

from storefront.cart.forms import CardForm, CheckoutForm, DiscountForm, MessageForm
from storefront.cart.gifts import CardView
from storefront.cart.views import CartView, LineView
from storefront.dev.specimens.shelf import LONG, picture, usd
from storefront.formatting import countries_by_name, country_name
from storefront.pricing.discounts import Reduction, Reductions
from storefront.pricing.quote import Quote
from storefront.pricing.shipping import ShippingChoice
from storefront.pricing.taxes import Tax

POST = ShippingChoice(1, "Post", "3 to 5 days", 500)
EXPRESS = ShippingChoice(2, "Express", "tomorrow", 1900)
PROMISE = "Ships in about three weeks."
GIFTS = ({"name": "Mara", "email": "mara@example.com", "day": "2026-12-24"},)
DRAWERS = ("one", "many", "removed", "empty")


def line(**other: Any) -> LineView:
    """Return a line of one tool in stock, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "variant_id": 1,
        "title": "QL Claw",
        "variant_title": "Red",
        "sku": "QLC-RED",
        "handle": "ql-claw",
        "image": picture(),
        "wanted": 1,
        "available": 40,
        "currency": "USD",
        "price": usd(8900),
    }
    return LineView(**(usual | other))


def lines() -> dict[str, tuple[str, LineView]]:
    """Return a line in each of its states, by a word for it, with what it is called."""
    wrong = "Enter a whole number from 1 to 99."
    return {
        "one": ("One", line()),
        "long": ("Long name, no picture", line(variant_id=2, title=LONG, image=None, wanted=12)),
        "waits": ("Waited for", line(variant_id=3, title="Floor mat", promise=PROMISE)),
        "fewer": ("Fewer left than asked for", line(variant_id=4, wanted=5, available=2)),
        "sold-out": ("Sold out", line(variant_id=5, available=0)),
        "no-price": ("Not sold in this currency", line(variant_id=6, price=None, available=0)),
        "error": ("Mistyped", line(variant_id=7, typed="two", error=wrong)),
        "gift": (
            "Gift card",
            line(variant_id=8, title="Gift card", is_gift_card=True, gifts=GIFTS),
        ),
    }


def quote(*shown: LineView, **other: Any) -> Quote:
    """Return what lines cost, shipped by post within the country, but for what is said."""
    items = tuple(it.item for it in shown if it.quantity)
    usual: dict[str, Any] = {
        "items": items,
        "currency": "USD",
        "country": "US",
        "region": "",
        "reductions": Reductions(),
        "shipping": POST,
        "ways": (POST,),
        "tax": Tax(lines=(0,) * len(items)),
        "served": ("US", "DE", "JP"),
        "regions": (),
        "same": ("US",),
        "taxes_by_stripe": False,
    }
    return Quote(**(usual | other))


def view(*shown: LineView, **other: Any) -> CartView:
    """Return a cart of lines; what is said otherwise is of its quote."""
    return CartView(shown, "USD", quote(*shown, **other))


def cart() -> dict[str, Any]:
    """Return what the page of the cart shows."""
    off = Reduction(1, "Ten percent", "TEN", {1: 890})
    free = Reduction(2, "Free shipping above $50", None, frees_shipping=True)
    reduced = {"reductions": Reductions(off, free, is_valid=True), "ways": (POST, EXPRESS)}
    taxed = {"tax": Tax("VAT 19 %", 1421, (1421,))}
    by_card = CartView((line(),), "USD", quote(line()), card=CardView(1, "Gift card …7Q2F", 5000))
    nowhere = {"shipping": None, "ways": (), "country": "JP"}
    return {
        "lines": lines(),
        "sums": {
            "plain": ("Goods and shipping", view(line())),
            "reduced": ("Discount and free shipping", view(line(), **reduced, **taxed)),
            "card": ("Partly by gift card", by_card),
            "stripe": ("Tax by Stripe", view(line(), taxes_by_stripe=True)),
        },
        "totals": {
            "ready": ("Ready to check out", view(line(), **reduced)),
            "nowhere": ("Cannot be shipped there", view(line(), **nowhere)),
            "nothing": ("Nothing can be bought", view(line(available=0))),
        },
        "saved": [line(variant_id=11), line(variant_id=12, title=LONG, available=0, image=None)],
        "countries_by_name": countries_by_name,
        "country_name": country_name,
        **_forms(),
    }


def _forms() -> dict[str, Any]:
    refused = DiscountForm(data={"code": "SUMMER"})
    refused.code.errors = ["We do not know the code SUMMER."]
    return {
        "checkout_form": CheckoutForm(data={"email": "mara@example.com"}),
        "discount_form": refused,
        "card_form": CardForm(),
        "message_form": MessageForm(),
    }


def drawers() -> dict[str, Any]:
    """Return what the page of the drawer shows."""
    return {"states": DRAWERS}


def drawer(state: str) -> dict[str, Any]:
    """Return a cart as the drawer shows it, in one of the states of ``DRAWERS``."""
    every = tuple(shown for _, shown in lines().values())
    shown = {"one": every[:1], "many": every, "removed": every[:1], "empty": ()}[state]
    count = sum(it.wanted for it in shown)
    return {
        "cart": view(*shown),
        "lines": shown,
        "notices": (),
        "cart_count": count,
        "removed_token": "specimen" if state == "removed" else "",
        "removed_title": "Floor mat",
    }
