"""What the things of every page share: the site, its owner, the way to a page, lists."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.language import OWN, language
from models.picture import figure_path
from storefront.site import Shop

Thing = dict[str, Any]
Trail = Sequence[tuple[str, str]]  # title and path of each page above, from the first down


@dataclass(frozen=True, slots=True)
class Site:
    """Where the shop stands. url: without a slash at its end; asset: name of a file to its path.

    in_language: a path to that of the same page in the language that is spoken now.
    """

    url: str
    shop: Shop
    asset: Callable[[str], str]
    in_language: Callable[[str], str]

    def at(self, path: str) -> str:
        """Return an address as it is known outside; one that is whole already stays."""
        return self.url + self.in_language(path) if path.startswith("/") else path

    def figure(self, key: str) -> str:
        """Return the address of a figure."""
        return self.at(self.asset(figure_path(key)))


def thing(kind: str | list[str], **said: Any) -> Thing:
    """Return a thing of a type with what is known of it: nothing empty is said."""
    return {"@type": kind} | {
        name: value for name, value in said.items() if value not in ("", None, [])
    }


def spoken(code: str | None = None) -> str | None:
    """Return the language of a thing where it must be said. code: by default that spoken now.

    Nothing where it is the shop's own on a page in that, as who reads takes it for so.
    """
    code = language() if code is None else code
    return None if code == language() == OWN else code


def moment(at: datetime | None) -> str | None:
    """Return a moment as ISO 8601 in UTC."""
    return at.isoformat(timespec="seconds") if at else None


def organization(site: Site) -> Thing:
    """Return the shop as who publishes and sells."""
    named = {"@id": f"{site.url}/#organization"}
    return named | thing(
        "Organization",
        name=site.shop.name,
        url=site.at("/"),
        logo=site.at(site.asset("img/logo.svg")),
    )


def website(site: Site) -> Thing:
    """Return the shop as a site that can be searched."""
    found = site.at("/search?q={search_term_string}")
    return thing(
        "WebSite",
        name=site.shop.name,
        url=site.at("/"),
        description=site.shop.description,
        inLanguage=spoken(),
        publisher={"@id": f"{site.url}/#organization"},
        potentialAction=thing(
            "SearchAction",
            target=thing("EntryPoint", urlTemplate=found),
        )
        | {"query-input": "required name=search_term_string"},
    )


def webpage(site: Site, title: str, path: str, about: str = "") -> Thing:
    """Return a page of the shop's own, such as one with a form."""
    return _page("WebPage", site, title, path, about) | {"publisher": organization(site)}


def breadcrumbs(site: Site, trail: Trail, title: str) -> Thing:
    """Return the way to a page: what its breadcrumbs show, and the page itself at the end."""
    above = [
        thing("ListItem", position=place, name=name, item=site.at(path))
        for place, (name, path) in enumerate(trail, start=1)
    ]
    return thing(
        "BreadcrumbList",
        itemListElement=[*above, thing("ListItem", position=len(above) + 1, name=title)],
    )


def listing(site: Site, title: str, path: str, items: Trail, about: str = "") -> Thing:
    """Return a page that lists others, by title and path, in the order in which it shows them."""
    listed = [
        thing("ListItem", position=place, name=name, url=site.at(to))
        for place, (name, to) in enumerate(items, start=1)
    ]
    page = _page("CollectionPage", site, title, path, about)
    return page | {
        "mainEntity": thing("ItemList", numberOfItems=len(listed), itemListElement=listed)
    }


def _page(kind: str, site: Site, title: str, path: str, about: str) -> Thing:
    return thing(kind, name=title, description=about, url=site.at(path), inLanguage=spoken())
