"""The addresses by which a reader acts on a comment, and the feeds of comments."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from models import Comment
from models.language import prefix
from storefront.caching import PRIVATE
from storefront.comments import queries, service
from storefront.comments.discussion import Discussion, discussion
from storefront.comments.forms import comment_form
from storefront.comments.service import Text
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.languages import gettext, lazy_gettext
from storefront.limits import TooManyError

bp = Blueprint("comments", __name__)

INVALID = lazy_gettext("Your comment was not sent yet. Correct what is marked below.")
TOO_MANY = lazy_gettext(
    "Too many comments came in a short time, so this one was not sent. It is still in the form:"
    " send it again in ten minutes."
)
TOO_MANY_VOTES = lazy_gettext("You have marked many comments in a short time. Wait ten minutes.")
NEVER = datetime(2026, 1, 1, tzinfo=UTC)  # when a feed without entries was last changed
NO_SUCH = lazy_gettext(
    "No comment has this link. It may have been cut off in the mail: open it there once more, or"
    " write to us by the ways on the contact page."
)


def ask(text: Text, page: Callable[[Discussion], str]) -> ResponseReturnValue:
    """Take a comment on a text, and lead to its author's own page; else show the text's again.

    page: shows the text with its comments and the form.
    """
    form = comment_form(queries.regions(db.session), request.form)
    if not form.validate():
        return page(discussion(text, form, str(INVALID))), 422
    secret = settings().secret_key
    try:
        token = service.post(db.session, text, form.draft(), request.remote_addr or "", secret)
    except TooManyError as many:
        db.release()  # nothing is kept; what was read of the text stays readable
        headers = {"Retry-After": str(many.retry_after_s)}
        return page(discussion(text, form, str(TOO_MANY))), 429, headers
    db.session.commit()
    if token is None:
        return redirect(f"{discussion(text).address}#comments", 303)
    return redirect(f"/comments/own/{token}", 303)


@bp.get("/comments/own/<token>")
def own(token: str) -> Response:
    """Show a comment to its author: what became of it, and the button that withdraws it."""
    comment = queries.own(db.session, token) or abort(404, str(NO_SUCH))
    text = queries.text_of(comment)
    page = render_template(
        "comments/own.html",
        comment=comment,
        token=token,
        title=text.title,
        address=queries.address_of(text),
    )
    return _private(make_response(page))


@bp.post("/comments/own/<token>/withdraw")
def withdraw(token: str) -> Response:
    """Forget a comment; a second time finds nothing to do."""
    if queries.own(db.session, token) is None:
        abort(404, str(NO_SUCH))
    service.withdraw(db.session, token)
    db.session.commit()
    return _private(redirect(f"/comments/own/{token}", 303))  # type: ignore[arg-type]


@bp.get("/comments/<comment_id>")
def show(comment_id: str) -> ResponseReturnValue:
    """Lead to where a published comment stands now."""
    return redirect(_place(id_from(comment_id) or 0), 302)


@bp.post("/comments/<comment_id>/helpful")
def helpful(comment_id: str) -> ResponseReturnValue:
    """Count that a comment was helpful, once for each who says so."""
    found = id_from(comment_id) or 0
    place = _place(found)
    agent = request.headers.get("User-Agent", "")[:500]
    secret = settings().secret_key
    try:
        service.vote(db.session, found, request.remote_addr or "", agent, secret)
    except TooManyError as many:
        raise TooManyRequests(str(TOO_MANY_VOTES), retry_after=many.retry_after_s) from None
    db.session.commit()
    return redirect(place, 303)


@bp.get("/comments.atom")
def feed() -> Response:
    """Give the newest comments of all texts as an Atom feed."""
    return _feed(queries.newest(db.session), gettext("Comments"), "/", "/comments.atom")


@bp.get("/blogs/<blog>/<handle>.comments.atom")
def article_feed(blog: str, handle: str) -> Response:
    """Give the newest comments of one article as an Atom feed."""
    article = queries.article(db.session, blog, handle) or abort(404)
    address = f"/blogs/{blog}/{handle}"
    newest = queries.newest(db.session, article.id)
    title = gettext("Comments on %(title)s", title=article.title)
    return _feed(newest, title, address, f"{address}.comments.atom")


def _place(comment_id: int) -> str:
    return queries.place(db.session, comment_id) or abort(404)


def _feed(comments: Sequence[Comment], title: str, about: str, own_address: str) -> Response:
    feed = render_template(
        "comments/feed.xml",
        entries=[(it, queries.text_of(it).title) for it in comments],
        title=title,
        about=settings().site_url + prefix() + about,
        own_address=settings().site_url + prefix() + own_address,
        site_url=settings().site_url,
        never=NEVER,
    )
    response = make_response(feed)
    response.mimetype = "application/atom+xml"
    return response


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = PRIVATE
    response.headers["Referrer-Policy"] = "same-origin"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response
