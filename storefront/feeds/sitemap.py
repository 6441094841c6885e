"""The sitemap: an index, and a file for each kind of page, in parts where there are very many.

Each page stands there once in each language, with what it is in the others.

Source: sitemaps.org/protocol.html; developers.google.com, image sitemaps, localized versions.
"""

from urllib.parse import quote
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort

from models.language import LANGUAGES, OWN, prefix
from storefront.extensions import db
from storefront.feeds import xml
from storefront.feeds.addresses import KINDS, MOST, Address, addresses, count, fixed
from storefront.feeds.linked_data.things import Site, moment
from storefront.feeds.share import machines

bp = Blueprint("sitemap", __name__)
XML = "application/xml"
PROTOCOL = "http://www.sitemaps.org/schemas/sitemap/0.9"
XHTML = "http://www.w3.org/1999/xhtml"
IMAGES = "http://www.google.com/schemas/sitemap-image/1.1"
LAST_FILE = 10_000


@bp.get("/sitemap.xml")
def index() -> Response:
    """List the files of the sitemap; a kind of which there is nothing has none."""
    site = machines().site
    root = ET.Element("sitemapindex", xmlns=PROTOCOL)
    xml.add(xml.add(root, "sitemap"), "loc", site.at("/sitemap-shop.xml"))
    for kind in KINDS:
        number, changed_at = count(db.session, kind)
        for file in range(1, -(-number // MOST) + 1):
            entry = xml.add(root, "sitemap")
            xml.add(entry, "loc", site.at(f"/sitemap-{kind}{'' if file == 1 else f'-{file}'}.xml"))
            if changed_at:
                xml.add(entry, "lastmod", moment(changed_at) or "")
    return xml.answer(root, XML)


@bp.get("/sitemap-shop.xml")
def shop() -> Response:
    """List the pages that lead to the others."""
    return _file(machines().site, fixed(db.session))


@bp.get(f"/sitemap-<any({','.join(KINDS)}):kind>.xml")
@bp.get(f"/sitemap-<any({','.join(KINDS)}):kind>-<int(min=2,max={LAST_FILE}):file>.xml")
def part(kind: str, file: int = 1) -> Response:
    """List the pages of a kind."""
    found = addresses(db.session, kind, file)
    if not found:
        abort(404)
    return _file(machines().site, found)


def _file(site: Site, found: list[Address]) -> Response:
    spaces = {"xmlns": PROTOCOL, "xmlns:image": IMAGES, "xmlns:xhtml": XHTML}
    root = ET.Element("urlset", spaces)
    for each in found:
        said = {code: f"{site.url}{prefix(code)}{quote(each.path)}" for code in LANGUAGES}
        for address in said.values():
            entry = xml.add(root, "url")
            xml.add(entry, "loc", address)
            if each.changed_at:
                xml.add(entry, "lastmod", moment(each.changed_at) or "")
            for code, other in (*said.items(), ("x-default", said[OWN])):
                xml.add(entry, "xhtml:link", rel="alternate", hreflang=code, href=other)
            for name in each.images:
                xml.add(xml.add(entry, "image:image"), "image:loc", site.at(site.asset(name)))
    return xml.answer(root, XML)
