"""Which links stand in the shop's texts, and on which pages."""

from collections import defaultdict
from collections.abc import Iterator
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import (
    Article,
    GlossaryTerm,
    Page,
    PageKind,
    Product,
    ProductStatus,
    Reference,
    Region,
    TutorialStep,
)
from storefront.site import Shop

LONGEST = 500


class _Links(HTMLParser):
    """Gathers where the links of a text lead."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a link."""
        if tag == "a":
            self.found += [value for name, value in attrs if name == "href" and value]


def links(session: Session, shop: Shop) -> dict[str, list[str]]:
    """Return each address that a text or a menu leads to, with the paths where it stands.

    Addresses within the shop begin with ``/``; fragments are left out, as are mails and telephones.
    """
    found: dict[str, set[str]] = defaultdict(set)
    for path, html in _texts(session):
        parser = _Links()
        parser.feed(html)
        for link in parser.found:
            _add(found, path, link)
    for reference in session.scalars(select(Reference)):
        for _, address in reference.links:
            _add(found, f"/references#{reference.key}", address)
    for menu in shop.menus.values():
        for _, url in menu:
            _add(found, "/", url)
    return {link: sorted(paths) for link, paths in sorted(found.items())}


def _add(found: dict[str, set[str]], path: str, link: str) -> None:
    address = urldefrag(urljoin(path, link)).url
    if address.startswith(("/", "http://", "https://")) and len(address) <= LONGEST:
        found[address].add(path)


def _texts(session: Session) -> Iterator[tuple[str, str]]:
    articles = select(Article).where(Article.published_at.is_not(None))
    for article in session.scalars(articles.options(joinedload(Article.blog))):
        yield f"/blogs/{article.blog.handle}/{article.handle}", article.body_html
    paths: dict[int, str] = {}
    for page in session.scalars(select(Page)):
        folder = "policies" if page.kind is PageKind.POLICY else "pages"
        paths[page.id] = f"/{folder}/{page.handle}"
        yield paths[page.id], page.body_html
    for step in session.scalars(select(TutorialStep)):
        yield paths.get(step.tutorial_id, "/tutorials"), step.text_html
    for region in session.scalars(select(Region)):
        yield f"/where-does-it-hurt/{region.handle}", region.body_html
    for term in session.scalars(select(GlossaryTerm)):
        yield f"/glossary#{term.handle}", term.definition_html
    active = select(Product).where(Product.status == ProductStatus.ACTIVE)
    for product in session.scalars(active):
        yield f"/products/{product.handle}", product.description_html
        for html in (product.serves_html, product.fit_html, product.not_for_html):
            yield f"/products/{product.handle}", html
