"""Each text once more as Markdown, as it was written, at its address with ``.md``; and llms.txt."""

import json
import re
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, abort, render_template
from sqlalchemy.orm import joinedload, selectinload
from werkzeug.urls import iri_to_uri

from models import Article, Page, PageKind, Reference, Tutorial
from models.picture import figure_of
from storefront.extensions import db
from storefront.feeds import queries
from storefront.feeds.linked_data.texts import taken
from storefront.feeds.linked_data.things import Site, moment, spoken
from storefront.feeds.share import machines
from storefront.text import FIGURES, cited

bp = Blueprint("twins", __name__)
_FIGURE = re.compile(r"\]\(figure:([a-z0-9-]+)")
_OWN = re.compile(r"(\]\(|^\[[^\]\n]+\]: )(/(?!/)[^)\s]*)", re.MULTILINE)
_GAPS = re.compile(r"\n{3,}")


@bp.get("/blogs/<blog>/<handle>.md")
def article(blog: str, handle: str) -> Response:
    """Give an article."""
    found = queries.article(
        db.session,
        handle,
        joinedload(Article.author),
        selectinload(Article.tags),
        selectinload(Article.references),
    )
    if found is None or found.blog.handle != blog:
        abort(404)
    path, author = f"/blogs/{blog}/{handle}", found.author.name if found.author else None
    head = _head(
        found.title,
        found.canonical_url or path,
        author=author,
        published=found.published_at,
        updated=found.updated_at,
        tags=[each.tag for each in found.tags],
    )
    return _twin("article", head, found.canonical_url or path, found.references, article=found)


@bp.get("/pages/<handle>.md")
def page(handle: str) -> Response:
    """Give a tutorial or a plain page."""
    tutorial = queries.tutorial(
        db.session, handle, joinedload(Tutorial.muscle), selectinload(Tutorial.references)
    )
    if tutorial is None:
        return _page(handle, PageKind.PAGE, f"/pages/{handle}")
    path = f"/pages/{handle}"
    head = _head(tutorial.title, path, updated=tutorial.updated_at)
    return _twin("tutorial", head, path, tutorial.references, tutorial=tutorial)


@bp.get("/policies/<handle>.md")
def policy(handle: str) -> Response:
    """Give a policy."""
    return _page(handle, PageKind.POLICY, f"/policies/{handle}")


@bp.get("/routines/<handle>.md")
def routine(handle: str) -> Response:
    """Give a routine with the steps that it takes of its tutorials."""
    found = queries.routine(db.session, handle)
    if found is None:
        abort(404)
    path = f"/routines/{handle}"
    head = _head(found.title, path, updated=found.updated_at)
    return _twin("routine", head, path, (), routine=found, taken=taken)


@bp.get("/where-does-it-hurt/<handle>.md")
def region(handle: str) -> Response:
    """Give a region with its muscles."""
    found = queries.region(db.session, handle)
    if found is None:
        abort(404)
    path = f"/where-does-it-hurt/{handle}"
    return _twin("region", _head(found.name, path), path, (), region=found)


@bp.get("/llms.txt")
def llms() -> Response:
    """List what can be read as Markdown. Source: llmstxt.org."""
    text = render_template("feeds/llms.txt", groups=queries.texts(db.session), site=machines().site)
    return Response(_GAPS.sub("\n\n", text), mimetype="text/plain")


def _page(handle: str, kind: PageKind, path: str) -> Response:
    found = queries.page(db.session, handle, selectinload(Page.references))
    if found is None or found.kind != kind:
        abort(404)
    head = _head(found.title, path, updated=found.updated_at)
    return _twin("page", head, path, found.references, page=found)


def _head(title: str, path: str, **said: Any) -> str:
    """Return the front matter: YAML, each value as JSON writes it."""
    known = {"title": title, **said, "language": spoken(), "canonical": machines().site.at(path)}
    lines = [
        f"{name}: {json.dumps(moment(it) if isinstance(it, datetime) else it, ensure_ascii=False)}"
        for name, it in known.items()
        if it
    ]
    return "\n".join(["---", *lines, "---"])


def _twin(kind: str, head: str, path: str, references: Any, **shown: Any) -> Response:
    """Return a text for machines; search engines are led to the page that people read.

    No ``noindex``: with a canonical address it would be said of that one as well.
    """
    site = machines().site
    body = render_template(f"feeds/{kind}.md", figure_at=_figure_at, **shown)
    text = f"{head}\n\n{_whole(site, body + _notes(body, references))}"
    answer = Response(
        _GAPS.sub("\n\n", text).rstrip() + "\n", content_type="text/markdown; charset=utf-8"
    )
    answer.headers["Link"] = f'<{iri_to_uri(site.at(path))}>; rel="canonical"'
    return answer


def _notes(body: str, references: list[Reference]) -> str:
    """Return the footnotes that a text cites, in the order of their first use."""
    known = {each.key: each for each in references}
    found = [f"[^{key}]: {known[key].markdown}" for key in cited(body) if key in known]
    return "\n\n" + "\n\n".join(found)


def _figure_at(name: str) -> str:
    brought = figure_of(name)
    return brought.plain if brought else f"{FIGURES}{name}.svg"


def _whole(site: Site, markdown: str) -> str:
    """Return Markdown whose links and figures are found from anywhere."""
    drawn = _FIGURE.sub(rf"]({FIGURES}\1.svg", markdown)
    return _OWN.sub(lambda it: it[1] + site.at(it[2]), drawn)
