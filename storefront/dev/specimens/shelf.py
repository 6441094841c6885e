"""Products and pictures as specimens show them."""

from typing import Any

from models import Money, ProductImage, Video
from storefront.catalog.bundles import Bundle, PartView
from storefront.catalog.queries import ProductCard, VariantView
from storefront.languages import gettext
from storefront.learn import videos

LONG = (
    "The quadratus lumborum, psoas and piriformis starter set for people who sit all day"
    " (with mat, strap and Donaudampfschifffahrtsgesellschaftskapitänsmütze)"
)
SUMMARY = "A floor tool that presses where fingers cannot: into the gap between rib and hip."
WIDTHS = [480, 800, 1200, 1600]


def usd(minor: int) -> Money:
    """Return cents of a dollar as money."""
    return Money(minor, "USD")


def picture(key: str = "ql-claw-hero", alt: str = "The tool from the front") -> ProductImage:
    """Return one of the shop's own pictures."""
    return ProductImage(key=key, alt=alt, width=1600, height=1200, widths=WIDTHS)


def card(**other: Any) -> ProductCard:
    """Return a product of a list, in stock and with a picture but for what is said otherwise."""
    usual: dict[str, Any] = {
        "handle": "ql-claw",
        "title": "QL Claw",
        "summary": SUMMARY,
        "image": picture(),
        "price": usd(8900),
        "compare_at": None,
        "varies": False,
        "is_available": True,
        "note": "",
    }
    return ProductCard(**(usual | other))


def variant(**other: Any) -> VariantView:
    """Return a variant of which there are plenty, but for what is said otherwise."""
    usual: dict[str, Any] = {
        "id": 1,
        "title": "Red",
        "sku": "QLC-RED",
        "price": usd(8900),
        "compare_at": None,
        "in_stock": 40,
        "orderable": 40,
        "promise": "",
        "is_preorder": False,
        "is_bundle": False,
        "url": "/products/ql-claw?variant=1",
        "image_key": None,
    }
    return VariantView(**(usual | other))


def products() -> dict[str, Any]:
    """Return what the page of products shows."""
    sold_out = gettext("Sold out")
    promise = "Ships in about three weeks."
    return {
        "cards": {
            "plain": ("In stock", card()),
            "sale": ("Reduced", card(compare_at=usd(10900))),
            "varies": ("At several prices", card(varies=True)),
            "sold-out": ("Sold out", card(note=sold_out, is_available=False)),
            "later": ("Ships later", card(note=gettext("Ships later"))),
            "no-price": ("Not sold in this currency", card(price=None, note="Not sold in JPY")),
            "no-picture": ("No picture", card(image=None, title="Floor mat", price=usd(3900))),
            "long": ("Long name", card(title=LONG, varies=True, compare_at=usd(1234567))),
        },
        "many": [card(title=it) for it in ("QL Claw", LONG, "Strap")],
        "stocks": {
            "plenty": ("In stock", variant()),
            "low": ("Few left", variant(in_stock=3, orderable=3)),
            "none": ("Sold out", variant(in_stock=0, orderable=0)),
            "later": ("Ships later", variant(in_stock=0, promise=promise)),
            "preorder": ("Pre-order", variant(in_stock=0, promise=promise, is_preorder=True)),
        },
        "some_left": variant(in_stock=2, promise=promise),
        "variants": [
            variant(is_selected=True),
            variant(id=2, title="Pine", in_stock=0, orderable=0),
            variant(id=3, title="Ochre, for hands that are larger than most", price=None),
        ],
        "bundle": _bundle(),
        "money": usd,
    }


def _bundle() -> Bundle:
    parts = (
        PartView(1, "QL Claw", "Red", "/products/ql-claw", usd(8900)),
        PartView(2, LONG, "", None, usd(3900)),
    )
    return Bundle(parts, usd(15200))


def pictures() -> dict[str, Any]:
    """Return what the page of pictures and films shows."""
    many = [("ql-claw-hero", "Front"), ("ql-claw-side", "Side"), ("ql-claw-ramp", "Ramp")]
    film = {"width": 1280, "height": 720, "captions_vtt": "", "transcript_html": ""}
    chapters = "WEBVTT\n\n00:00.000 --> 00:20.000\nPlace it\n\n00:20.000 --> 01:10.000\nLie down\n"
    own = Video(
        id=1,
        title="QL release, step by step",
        file_key="ql-release",
        poster_key="ql-release",
        **film | {"transcript_html": "<p>She lies down beside the tool.</p>"},
        chapters_vtt="",
    )
    linked = Video(
        id=2,
        title="The same elsewhere",
        link="https://vimeo.com/76979871",
        poster_key="ql-release",
        chapters_vtt=chapters,
        **film,
    )
    return {
        "one": [picture()],
        "many": [picture(key, alt) for key, alt in many],
        "own_film": videos.view(own),
        "linked_film": videos.view(linked),
        "bare_film": videos.view(
            Video(id=3, title=LONG, link="https://vimeo.com/76979871", chapters_vtt="", **film)
        ),
        "sent": ["ql-claw-hero", "floor-mat-hero", "ql-claw-side"],
        "caption": "The muscle spans the gap between the lowest rib and the hip bone.",
    }
