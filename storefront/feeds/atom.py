"""The newest articles as Atom, of a blog and of each of its tags.

Source: RFC 4287; RFC 4151 for the ids, which stay when a handle changes.
"""

import re
from datetime import UTC, datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, abort

from models import Article, Blog
from models.language import language, prefix
from storefront.extensions import db
from storefront.feeds import queries, xml
from storefront.feeds.linked_data.things import Site, moment
from storefront.feeds.share import machines
from storefront.learn.queries import blog as blog_of
from storefront.text import plain

bp = Blueprint("atom", __name__)
ATOM = "application/atom+xml"
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_LINK = re.compile(r'( (?:href|src)=")([/#][^"]*)')


@bp.get("/blogs/<blog>.atom")
def of_blog(blog: str) -> Response:
    """Give a blog's newest articles."""
    return _feed(blog, None)


@bp.get("/blogs/<blog>/tagged/<tag>.atom")
def of_tag(blog: str, tag: str) -> Response:
    """Give a blog's newest articles of one tag."""
    return _feed(blog, tag)


def _feed(handle: str, tag: str | None) -> Response:
    blog = blog_of(db.session, handle)
    if blog is None:
        abort(404)
    found = queries.newest(db.session, blog, tag)
    if tag is not None and not found:
        abort(404)
    site, updated_at = machines().site, max((_changed(it) for it in found), default=NEVER)
    path = f"/blogs/{handle}" + (f"/tagged/{tag}" if tag else "")
    words = f": {db.sessions.memory.said(tag.replace('-', ' '))}" if tag else ""
    root = ET.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": language()})
    xml.add(root, "title", f"{blog.title}{words}")
    xml.add(root, "subtitle", site.shop.description)
    xml.add(root, "id", site.at(path))
    xml.add(root, "updated", moment(updated_at) or "")
    xml.add(root, "link", rel="self", type=ATOM, href=site.at(f"{path}.atom"))
    xml.add(root, "link", rel="alternate", type="text/html", href=site.at(path))
    xml.add(root, "icon", site.at(site.asset("img/favicon.svg")))
    for text in found:
        _entry(site, root, blog, text)
    answer = xml.answer(root, ATOM)
    answer.last_modified = updated_at
    return answer


def _entry(site: Site, root: ET.Element, blog: Blog, text: Article) -> None:
    url = site.at(f"/blogs/{blog.handle}/{text.handle}")
    host = urlsplit(site.url).hostname
    entry = xml.add(root, "entry")
    xml.add(entry, "title", text.title)
    xml.add(entry, "id", f"tag:{host},{text.created_at:%Y-%m-%d}:article-{text.id}{prefix()}")
    xml.add(entry, "link", rel="alternate", type="text/html", href=text.canonical_url or url)
    xml.add(entry, "published", moment(text.published_at) or "")
    xml.add(entry, "updated", moment(_changed(text)) or "")
    author = xml.add(entry, "author")
    xml.add(author, "name", text.author.name if text.author else site.shop.name)
    for each in text.tags:
        xml.add(entry, "category", term=each.tag)
    xml.add(entry, "summary", text.summary or plain(text.body_html)[:300])
    xml.add(entry, "content", whole(site, text.body_html, url), type="html")


def whole(site: Site, html: str, url: str) -> str:
    """Return HTML whose links and pictures are found from anywhere. url: of its own page."""
    return _LINK.sub(lambda it: it[1] + (url if it[2][0] == "#" else "") + site.at(it[2]), html)


def _changed(text: Article) -> datetime:
    """Return when an article last changed for its readers: an early draft does not count."""
    return max(text.updated_at, text.published_at or text.updated_at)
