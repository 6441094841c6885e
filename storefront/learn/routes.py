"""The addresses of articles, tutorials, pages and policies."""

from functools import partial

from flask import Blueprint, Response, abort, make_response, render_template
from flask.typing import ResponseReturnValue

from models import PageKind
from storefront.caching import PRIVATE
from storefront.comments.queries import counts
from storefront.comments.routes import ask
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.languages import gettext
from storefront.learn import evidence, queries, videos
from storefront.learn.pages import article_page, plain_page, preview_page, tutorial_page
from storefront.learn.previews import ClosedLinkError, Links
from storefront.paging import page_number

bp = Blueprint("learn", __name__)


@bp.get("/blogs/<blog>")
def blog(blog: str) -> str:
    """List a blog's articles."""
    return _list(blog, None)


@bp.get("/blogs/<blog>/tagged/<tag>")
def tagged(blog: str, tag: str) -> str:
    """List a blog's articles of one tag."""
    return _list(blog, tag)


@bp.get("/blogs/<blog>/<handle>")
def article(blog: str, handle: str) -> str:
    """Show an article."""
    found = queries.article(db.session, blog, handle)
    if found is None:
        abort(404)
    return article_page(found)


@bp.get("/tutorials")
def tutorials() -> str:
    """List the tutorials."""
    return render_template("learn/tutorials.html", tutorials=queries.tutorials(db.session))


@bp.get("/pages/<handle>")
def page(handle: str) -> str:
    """Show a tutorial or a plain page."""
    tutorial = queries.tutorial(db.session, handle)
    if tutorial is not None:
        return tutorial_page(tutorial)
    found = queries.page(db.session, handle, PageKind.PAGE)
    if found is None:
        abort(404)
    return plain_page(found)


@bp.get("/policies/<handle>")
def policy(handle: str) -> str:
    """Show a policy."""
    found = queries.page(db.session, handle, PageKind.POLICY)
    if found is None:
        abort(404)
    return plain_page(found)


@bp.get("/preview/<token>")
def preview(token: str) -> Response:
    """Show a text before its time to whom the shop gave the link; no cache keeps it."""
    try:
        text = Links(settings().secret_key).text(db.session, token)
    except ClosedLinkError:
        abort(410, gettext("This preview has ended. Ask whoever sent you the link for a new one."))
    if text is None:
        abort(404)
    answer = make_response(preview_page(text))
    answer.headers["Cache-Control"] = PRIVATE
    answer.headers["X-Robots-Tag"] = "noindex"
    answer.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    return answer


@bp.post("/blogs/<blog>/<handle>/comments")
def comment_on_article(blog: str, handle: str) -> ResponseReturnValue:
    """Take a comment on an article."""
    found = queries.article(db.session, blog, handle) or abort(404)
    return ask(found, partial(article_page, found))


@bp.post("/pages/<handle>/comments")
def comment_on_tutorial(handle: str) -> ResponseReturnValue:
    """Take a comment on a tutorial; plain pages have none."""
    found = queries.tutorial(db.session, handle) or abort(404)
    return ask(found, partial(tutorial_page, found))


@bp.get("/authors/<handle>")
def author(handle: str) -> str:
    """Show who writes, and what she has written."""
    found = queries.author(db.session, handle)
    if found is None:
        abort(404)
    sliced = queries.articles_by(db.session, found, page_number())
    return render_template("learn/author.html", author=found, articles=sliced.items, page=sliced)


@bp.get("/references")
def references() -> str:
    """List the sources of all texts, each once, with the texts that cite it."""
    return render_template("learn/references.html", sources=evidence.sources(db.session))


@bp.get("/videos/<video_id>/<any(captions, chapters):track>.vtt")
def track(video_id: str, track: str) -> Response:
    """Give a video's captions or its chapters to the browser's player."""
    video = videos.visible(db.session, id_from(video_id) or 0)
    text = "" if video is None else getattr(video, f"{track}_vtt")
    if not text:
        abort(404)
    return Response(text, content_type="text/vtt; charset=utf-8")


def _list(blog_handle: str, tag: str | None) -> str:
    found = queries.blog(db.session, blog_handle)
    if found is None:
        abort(404)
    sliced = queries.articles(db.session, found, page_number(), tag)
    if tag is not None and not sliced.total:
        abort(404)
    return render_template(
        "learn/blog.html",
        blog=found,
        articles=sliced.items,
        page=sliced,
        tag=tag,
        tags=queries.tags(db.session, found),
        comment_counts=counts(db.session, [it.id for it in sliced.items]),
    )
