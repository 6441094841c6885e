"""What each page says to machines: linked data, its share picture, its other forms.

Templates ask by the global ``machines`` and set ``for_machines``; the layout prints it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from flask import request
from jinja2.utils import htmlsafe_json_dumps
from markupsafe import Markup

from models import (
    Article,
    Blog,
    Collection,
    GlossaryTerm,
    Muscle,
    Page,
    Region,
    Routine,
    Tutorial,
    Video,
)
from storefront.catalog.beside import Whole
from storefront.catalog.queries import ProductCard, VariantView
from storefront.extensions import db
from storefront.feeds import pictures
from storefront.feeds.linked_data import body, products, texts, things, videos
from storefront.feeds.linked_data.things import Site, Thing, Trail
from storefront.feeds.pictures import Picture
from storefront.languages import gettext
from storefront.paging import canonical_path
from storefront.translations.memory import said as said_in

MARKDOWN = "text/markdown"
ATOM = "application/atom+xml"


@dataclass(frozen=True, slots=True)
class ForMachines:
    """What a page says. picture: the address of its share picture; kind: Open Graph's type of it.

    alternates: the type, title and address of its other forms.
    """

    title: str
    things: Sequence[Thing]
    picture: str
    kind: str = "website"
    alternates: Sequence[tuple[str, str, str]] = ()

    @property
    def linked_data(self) -> Markup:
        """The things as JSON-LD that no text in it can break out of."""
        graph = {"@context": "https://schema.org", "@graph": list(self.things)}
        return htmlsafe_json_dumps(graph, json.dumps, ensure_ascii=False, separators=(",", ":"))


class Machines:
    """Makes what pages say; ``trail`` is what their breadcrumbs show."""

    def __init__(self, site: Site) -> None:
        """Remember where the shop stands."""
        self.site = site
        self.share_picture = site.at(site.asset("img/share.png"))

    def home(self) -> ForMachines:
        """Return what the first page says: whose site this is, and how it is searched."""
        said = [things.website(self.site), things.organization(self.site)]
        feed = (ATOM, gettext("Articles"), f"/blogs/{self.site.shop.blog_handle}.atom")
        return ForMachines(self.site.shop.name, said, self.share_picture, alternates=(feed,))

    def article(self, text: Article, trail: Trail, films: Sequence[Video] = ()) -> ForMachines:
        """Return what an article's page says; needs its blog, author and tags."""
        path = f"/blogs/{text.blog.handle}/{text.handle}"
        url, picture = self._at(path, pictures.of_article(text))
        tags = [said_in(db.session, it.words) for it in text.tags]
        said = [texts.article(self.site, text, text.canonical_url or url, picture, tags)]
        said += videos.videos(self.site, films, url, picture)
        twin = (MARKDOWN, gettext("This article as Markdown"), f"{path}.md")
        return self._of(
            text.title,
            said,
            picture,
            trail,
            kind="article",
            alternates=(twin, self._feed(text.blog)),
        )

    def tutorial(self, text: Tutorial, trail: Trail, films: Sequence[Video] = ()) -> ForMachines:
        """Return what a tutorial's page says; needs its steps and references."""
        path = f"/pages/{text.handle}"
        url, picture = self._at(path, pictures.of_tutorial(text))
        said = [texts.tutorial(self.site, text, url, picture)]
        said += videos.videos(self.site, films, url, picture)
        twin = (MARKDOWN, gettext("This tutorial as Markdown"), f"{path}.md")
        return self._of(text.title, said, picture, trail, kind="article", alternates=(twin,))

    def routine(self, text: Routine, trail: Trail, minutes: int = 0) -> ForMachines:
        """Return what a routine's page says; needs its parts, their tutorials and steps."""
        path = f"/routines/{text.handle}"
        url, picture = self._at(path, pictures.of_routine(text))
        said = [texts.routine(self.site, text, url, picture, minutes)]
        twin = (MARKDOWN, gettext("This routine as Markdown"), f"{path}.md")
        return self._of(text.title, said, picture, trail, kind="article", alternates=(twin,))

    def page(self, text: Page, trail: Trail) -> ForMachines:
        """Return what a plain page or a policy says."""
        path = f"/{'policies' if text.kind == 'policy' else 'pages'}/{text.handle}"
        url, picture = self._at(path, pictures.of_page(text))
        twin = (MARKDOWN, gettext("This page as Markdown"), f"{path}.md")
        said = [texts.page(self.site, text, url, picture)]
        return self._of(text.title, said, picture, trail, alternates=(twin,))

    def product(self, found: Whole, views: Sequence[VariantView], trail: Trail) -> ForMachines:
        """Return what a product's page says: its price for who looks, and what is said of it."""
        sold = found.product
        url, picture = self._at(f"/products/{sold.handle}", pictures.of_product(sold))
        # A visitor with a cookie is no machine: her page need not say this.
        zones = () if request.cookies else found.zones
        said = [products.product(self.site, sold, views, url, zones, found.verdict)]
        said[0].setdefault("image", [picture])  # of a gift card, which has no picture of its own
        said += products.questions(found.asked.first)
        said += [things.organization(self.site)]
        return self._of(sold.title, said, picture, trail, kind="product")

    def region(self, where: Region, muscles: Sequence[Muscle], trail: Trail) -> ForMachines:
        """Return what a region's page says. muscles: which may be felt there, in their order."""
        path = f"/where-does-it-hurt/{where.handle}"
        url, picture = self._at(path, pictures.of_region(where, muscles))
        twin = (MARKDOWN, gettext("This page as Markdown"), f"{path}.md")
        said = [body.region(self.site, where, muscles, url, picture)]
        return self._of(where.name, said, picture, trail, alternates=(twin,))

    def muscle(self, about: Muscle, trail: Trail) -> ForMachines:
        """Return what a muscle's page says."""
        url, picture = self._at(f"/muscles/{about.handle}", pictures.of_muscle(about))
        said = [body.muscle(self.site, about, url, picture)]
        return self._of(about.name, said, picture, trail)

    def glossary(
        self, terms: Sequence[GlossaryTerm], trail: Trail, path: str = "/glossary"
    ) -> ForMachines:
        """Return what the glossary says; each term stands at its handle on the page."""
        said = [body.glossary(terms, gettext("Glossary"), self.site.at(path))]
        return self._of(gettext("Glossary"), said, self.share_picture, trail)

    def tutorials(self, found: Sequence[Tutorial], trail: Trail) -> ForMachines:
        """Return what the list of tutorials says."""
        items = [(it.title, f"/pages/{it.handle}") for it in found]
        return self.listing(gettext("Tutorials"), "/tutorials", items, trail)

    def routines(self, found: Sequence[Routine], trail: Trail) -> ForMachines:
        """Return what the list of routines says."""
        items = [(it.title, f"/routines/{it.handle}") for it in found]
        return self.listing(gettext("Routines"), "/routines", items, trail)

    def regions(self, found: Sequence[Region], trail: Trail) -> ForMachines:
        """Return what the map of the body says."""
        items = [(it.name, f"/where-does-it-hurt/{it.handle}") for it in found]
        return self.listing(gettext("Where does it hurt?"), "/where-does-it-hurt", items, trail)

    def muscles(self, found: Sequence[Muscle], trail: Trail) -> ForMachines:
        """Return what the list of muscles says."""
        items = [(it.name, f"/muscles/{it.handle}") for it in found]
        return self.listing(gettext("The muscles"), "/muscles", items, trail)

    def collection(
        self, title: str, about: str, cards: Sequence[ProductCard], trail: Trail
    ) -> ForMachines:
        """Return what a list of products says, as its page shows it."""
        return self.listing(
            title, canonical_path(), [(it.title, it.url) for it in cards], trail, about
        )

    def collections(self, found: Sequence[Collection]) -> ForMachines:
        """Return what the list of collections says."""
        items = [(it.title, f"/collections/{it.handle}") for it in found]
        return self.listing(gettext("Collections"), "/collections", items, ())

    def listing(
        self, title: str, path: str, items: Trail, trail: Trail, about: str = ""
    ) -> ForMachines:
        """Return what a page that lists others says. items: their titles and paths, as shown."""
        said = [things.listing(self.site, title, path, items, about)]
        return self._of(title, said, self.share_picture, trail)

    def plain(self, title: str, path: str, about: str = "") -> ForMachines:
        """Return what a page with no more than a name and a purpose says."""
        said = [things.webpage(self.site, title, path, about)]
        return ForMachines(title, said, self.share_picture)

    def blog(
        self, of: Blog, tag: str | None, title: str, found: Sequence[Article], trail: Trail
    ) -> ForMachines:
        """Return what a list of a blog's articles says, all or those of a tag."""
        path = f"/blogs/{of.handle}" + (f"/tagged/{tag}" if tag else "")
        items = [(it.title, f"/blogs/{of.handle}/{it.handle}") for it in found]
        said = things.listing(self.site, title, path, items)
        if not tag:
            said |= {"@type": ["CollectionPage", "Blog"]}
        feeds = [self._feed(of), *([(ATOM, title, f"{path}.atom")] if tag else [])]
        return self._of(title, [said], self.share_picture, trail, alternates=feeds)

    def _at(self, path: str, picture: Picture) -> tuple[str, str]:
        drawn = picture.path(self.site.shop.name, self.site.asset)
        return self.site.at(path), self.site.at(drawn)

    def _feed(self, of: Blog) -> tuple[str, str, str]:
        return (ATOM, of.title, f"/blogs/{of.handle}.atom")

    def _of(  # noqa: PLR0913 (the parts of what is said)
        self,
        title: str,
        said: Sequence[Thing],
        picture: str,
        trail: Trail,
        *,
        kind: str = "website",
        alternates: Sequence[tuple[str, str, str]] = (),
    ) -> ForMachines:
        way = [things.breadcrumbs(self.site, trail, title)] if trail else []
        return ForMachines(title, [*said, *way], picture, kind, alternates)
