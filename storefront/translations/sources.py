"""The texts that can be said in other languages: where each stands, and what it says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Article,
    ArticleTag,
    Author,
    Base,
    Blog,
    Claim,
    Collection,
    Discount,
    GlossaryTerm,
    Muscle,
    PlainPage,
    Policy,
    Product,
    Region,
    Routine,
    ShippingZone,
    Tutorial,
    Video,
)
from models import (
    Sequence as MailSequence,
)
from storefront.site import Shop
from storefront.translations.overlay import ONE_BY_ONE, said_of
from storefront.translations.shop import WORDS as OF_SHOP


@dataclass(frozen=True, slots=True)
class Source:
    """A text in the shop's own language.

    place: where it stands, such as ``articles/12/title``. most: how many characters it may have,
    None where there is no limit. is_list: one item a line. is_markdown: with more than words.
    """

    place: str
    name: str
    text: str
    most: int | None = None
    is_list: bool = False
    is_markdown: bool = False


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing with texts. name: the column it is called by; belongings: rows of its own."""

    title: str
    row: Any
    name: str = "title"
    belongings: Sequence[str] = ()


KINDS: Mapping[str, Kind] = {
    "products": Kind("Products", Product, belongings=("variants", "images")),
    "collections": Kind("Collections", Collection),
    "tutorials": Kind("Tutorials", Tutorial, belongings=("steps",)),
    "articles": Kind("Articles", Article, belongings=("tags",)),
    "pages": Kind("Pages", PlainPage),
    "policies": Kind("Policies", Policy),
    "routines": Kind("Routines", Routine),
    "muscles": Kind("Muscles", Muscle, "name"),
    "regions": Kind("Regions", Region, "name", ("muscles",)),
    "glossary": Kind("Glossary", GlossaryTerm, "term"),
    "claims": Kind("Claims", Claim, "text"),
    "films": Kind("Films", Video),
    "authors": Kind("Authors", Author, "name"),
    "blogs": Kind("Blogs", Blog),
    "shipping": Kind("Shipping", ShippingZone, belongings=("rates",)),
    "discounts": Kind("Discounts", Discount),
    "mails": Kind("Sequences of mails", MailSequence, belongings=("mails",)),
}
_NAMES = {
    "seo_title": "Title for search engines",
    "seo_description": "Description for search engines",
    "figure_alt": "What the figure shows",
    "pain_figure_alt": "What the figure of the pain shows",
    "alt": "What the picture shows",
    "also": "Other names",
    "body": "Text",
    "about": "About",
    "which_end": "Which end",
    "released": "How you know it let go",
    "needs": "What you need",
    "stop_signs": "When to stop",
    "not_for": "Who should not use it",
    "serves": "Which regions it serves",
    "fit": "How it fits",
}


def loaded(kind: Kind) -> Any:
    """Return the statement for all rows of a kind, with what belongs to each."""
    wanted = select(kind.row).order_by(getattr(kind.row, kind.name), kind.row.id)
    return wanted.options(*(selectinload(getattr(kind.row, it)) for it in kind.belongings))


def sources(kind: Kind, row: Any) -> list[Source]:
    """Return every text of a thing and of what belongs to it, empty ones apart; each text once.

    It must have been loaded while the shop's own language was spoken.
    """
    found: dict[str, Source] = {}
    for part in (row, *(it for name in kind.belongings for it in getattr(row, name))):
        for source in _of_row(part):
            found.setdefault(source.text, source)
    return list(found.values())


def of_shop(shop: Shop) -> list[Source]:
    """Return what the shop says of itself, and the titles of its menus."""
    words = [(name, getattr(shop, name)) for name in OF_SHOP]
    words += [
        (f"how-{number}/{key}", step[key])
        for number, step in enumerate(shop.how, start=1)
        for key in ("title", "text", "figure_alt")
        if key in step
    ]
    return [Source(f"shop/{name}", _name(name), text) for name, text in words if text]


def everything(session: Session, shop: Shop) -> Iterator[Source]:
    """Yield every text that there is, things of one kind after the other."""
    yield from of_shop(shop)
    for kind in KINDS.values():
        for row in session.scalars(loaded(kind)):
            yield from sources(kind, row)


def _of_row(row: Base) -> Iterator[Source]:
    words, texts = said_of(row)
    here = f"{row.__tablename__}/{'-'.join(map(str, inspect(row).identity or ()))}"
    if isinstance(row, ArticleTag):  # a part of addresses, so the row never holds other words
        yield Source(here, "Tag", row.words, 80)
    for name in words:
        value = getattr(row, name)
        column = row.__mapper__.columns[name].type
        if name in ONE_BY_ONE:
            yield from (Source(f"{here}/{name}", _name(name), it, 80) for it in value)
        elif isinstance(value, list) and value:
            yield Source(f"{here}/{name}", _name(name), "\n".join(value), is_list=True)
        elif value:
            yield Source(f"{here}/{name}", _name(name), value, getattr(column, "length", None))
    for name in texts:
        if text := getattr(row, f"{name}_markdown"):
            yield Source(f"{here}/{name}", _name(name), text, is_markdown=True)


def _name(name: str) -> str:
    return _NAMES.get(name) or name.rpartition("/")[2].replace("_", " ").capitalize()
