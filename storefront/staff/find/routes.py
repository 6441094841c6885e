"""The addresses of finding."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flask import Blueprint, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue

from models.staff import Permission
from storefront.extensions import db
from storefront.staff.access import needs, signed_in
from storefront.staff.find import queries
from storefront.staff.listing import words_asked
from storefront.staff.places import ACTS, PLACES, Place, url_of

bp = Blueprint("find", __name__, url_prefix="/find")

# Where a thing of a kind is shown, what names it there, and who may see it.
SHOWN: Mapping[str, tuple[str, str, Permission]] = MappingProxyType(
    {
        "Orders": ("staff.orders.show", "number", Permission.SEE_ORDERS),
        "Stock": ("staff.inventory.show", "sku", Permission.SEE_STOCK),
        "Products": ("staff.products.show", "handle", Permission.EDIT_CATALOG),
        "Customers": ("staff.customers.show", "key", Permission.SEE_CUSTOMERS),
        "Articles": ("staff.articles.show", "handle", Permission.EDIT_CONTENT),
        "Tutorials": ("staff.tutorials.show", "handle", Permission.EDIT_CONTENT),
        "Pages": ("staff.pages.show", "handle", Permission.EDIT_CONTENT),
    }
)
Hit = dict[str, str]  # kind, title, note, url


@bp.get("")
@needs(Permission.SEE)
def index() -> ResponseReturnValue:
    """Show what ``?q=`` finds, by kinds; the number of an order or a SKU goes straight there."""
    words = words_asked()
    exact = queries.exact(db.session, words, _kinds()) if words else None
    if exact is not None:
        return redirect(_hit(exact)["url"])
    hits = _hits(words)
    groups = {kind: [it for it in hits if it["kind"] == kind] for kind in _kinds_of(hits)}
    return render_template("staff/find/index.html", words=words, groups=groups)


@bp.get("/suggestions.json")
@needs(Permission.SEE)
def suggest() -> ResponseReturnValue:
    """Give the command palette the same, as a list: without words every screen and act."""
    return jsonify(_hits(words_asked()))


def _hits(words: str) -> list[Hit]:
    """Return what this person may open and the words are a part of, screens and acts first."""
    person, part = signed_in(), words.casefold()
    places = [
        _place(it)
        for it in (*PLACES, *ACTS)
        if person.may(it.permission) and part in it.title.casefold()
    ]
    if not words:
        return places
    return places + [_hit(it) for it in queries.find(db.session, words, _kinds())]


def _kinds() -> list[str]:
    """Return the kinds of things that this person may see, and the shop can show."""
    person = signed_in()
    return [
        kind
        for kind, (endpoint, name, permission) in SHOWN.items()
        if person.may(permission) and url_of(endpoint, **{name: "x"})
    ]


def _hit(found: queries.Found) -> Hit:
    endpoint, name, _ = SHOWN[found.kind]
    url = url_of(endpoint, **{name: found.key}) or ""
    return {"kind": found.kind, "title": found.title, "note": found.note, "url": url}


def _place(place: Place) -> Hit:
    kind = "Act" if place in ACTS else "Screen"
    return {"kind": kind, "title": place.title, "note": "", "url": place.url}


def _kinds_of(hits: list[Hit]) -> Iterator[str]:
    yield from dict.fromkeys(it["kind"] for it in hits)
