"""What frames every page, and whole pages with nothing to show, as specimens show them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from markupsafe import Markup

from storefront.dev.specimens.shelf import LONG, card
from storefront.dev.specimens.till import view
from storefront.paging import Slice
from storefront.search.queries import Found

NOT_THERE = "This page is not here, or no longer."
BEGIN = {
    "region": [{"url": "/", "title": "Side of the hip"}, {"url": "/", "title": "Tailbone"}],
    "muscle": [{"url": "/", "title": "Psoas"}],
    "tutorial": [{"url": "/", "title": "QL release"}],
}
SUGGESTED = [
    {"title": "QL release", "url": "/pages/ql-release", "label": "Tutorial"},
    {"title": LONG, "url": "/products/ql-claw", "label": "Product"},
    {"title": "Quadratus lumborum", "url": "/muscles/ql", "label": "Muscle"},
]
SEARCH = {
    "query": "psoaz of the elbow",
    "error": None,
    "kinds": (),
    "results": (),
    "kind": None,
    "answer": {"better": None, "total": 0},
    "begin": BEGIN,
}
ERROR = {"status": 404, "title": "Page not found", "message": NOT_THERE, "reference": None}
CRASH = {"status": 500, "title": "Something broke here", "message": LONG, "reference": "7f3a-01"}
# Whole pages that have nothing to show, by a name: their template, and what it is given.
PAGES: Mapping[str, tuple[str, str, Mapping[str, Any]]] = MappingProxyType(
    {
        "page-cart-empty": ("Empty cart", "cart/show.html", {"lines": (), "cart": view()}),
        "page-not-found": (
            "Error: not found",
            "errors/error.html",
            ERROR | {"suggestions": [("QL release", "/pages/ql-release"), (LONG, "/")]},
        ),
        "page-broken": ("Error of ours", "errors/error.html", CRASH),
        "page-offline": ("No network", "routines/offline.html", {}),
        "page-nothing-found": ("Nothing found", "search/show.html", SEARCH),
    }
)


def values() -> dict[str, Any]:
    """Return what the page of the frame shows."""
    return {
        "trails": {
            "one": [("Home", "/")],
            "many": [("Home", "/"), ("Shop", "/collections"), (LONG, "/products/ql-claw")],
        },
        "slices": {
            "first": ("First page", Slice[str](1, 10, 40)),
            "middle": ("Page between", Slice[str](2, 10, 40)),
            "last": ("Last page", Slice[str](4, 10, 40)),
            "only": ("One page: nothing is shown", Slice[str](1, 10, 4)),
        },
        "found": [
            Found(
                "tutorial",
                "/pages/ql-release",
                "QL release",
                Markup("<mark>QL</mark> release"),
                Markup("Press the <mark>QL</mark> in the soft gap between rib and hip."),
            ),
            Found("product", "/products/ql-claw", LONG, Markup.escape(LONG), Markup()),
        ],
        "cards": {"/products/ql-claw": card(title=LONG, varies=True)},
    }


def messages() -> dict[str, Any]:
    """Return what the page of notices shows."""
    return {"begin": BEGIN}
