"""The addresses of films."""

import re
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Article, Page, PageKind, Video
from models.staff import Permission
from storefront.extensions import db
from storefront.forms import id_from
from storefront.staff.access import needs
from storefront.staff.seen import seen_of
from storefront.staff.videos import forms, queries, service
from storefront.staff.videos.forms import VideoForm

bp = Blueprint("videos", __name__, url_prefix="/videos")

HANDLE = re.compile(r"[a-z0-9-]{1,120}")
INVALID = "Nothing was saved yet. Correct what is marked below."
CHANGED = (
    "Somebody saved this film while you were editing. What you typed is still in the form. Save"
    " again to replace what was saved meanwhile."
)


@bp.get("/new")
@needs(Permission.EDIT_CONTENT)
def new() -> str:
    """Show an empty film for the text that ``?article=`` or ``?page=`` names."""
    return _page(_text_asked(), None, forms.form_of(None))


@bp.post("/new")
@needs(Permission.EDIT_CONTENT)
def create() -> ResponseReturnValue:
    """Add a film to that text."""
    text, form = _text_asked(), forms.form_of(None, request.form)
    if not form.validate():
        return _page(text, None, form, error=INVALID), 422
    is_article = isinstance(text, Article)
    video = Video(
        article_id=text.id if is_article else None, page_id=None if is_article else text.id
    )
    service.fill(video, form.draft())
    db.session.add(video)
    db.session.commit()
    flash(f"{video.title} is saved.")
    return redirect(_back(text), 303)


@bp.get("/<video_id>")
@needs(Permission.EDIT_CONTENT)
def show(video_id: str) -> str:
    """Show a film to edit."""
    video = _found(video_id)
    return _page(_text_of(video), video, forms.form_of(video))


@bp.post("/<video_id>")
@needs(Permission.EDIT_CONTENT)
def update(video_id: str) -> ResponseReturnValue:
    """Save a film."""
    video = _found(video_id, to_change=True)
    text, form = _text_of(video), forms.form_of(video, request.form)
    if not form.validate():
        return _page(text, video, form, error=INVALID), 422
    now = seen_of(forms.words_of(video))
    if form.seen.data != now:
        form.seen.data = now
        return _page(text, video, form, error=CHANGED), 409
    service.fill(video, form.draft())
    db.session.commit()
    flash(f"{video.title} is saved.")
    return redirect(_back(text), 303)


@bp.post("/<video_id>/remove")
@needs(Permission.EDIT_CONTENT)
def remove(video_id: str) -> ResponseReturnValue:
    """Take a film away from its text."""
    video = _found(video_id, to_change=True)
    text = _text_of(video)
    db.session.delete(video)
    db.session.commit()
    flash(f"{video.title} is removed.")
    return redirect(_back(text), 303)


def _found(typed: str, *, to_change: bool = False) -> Video:
    video = queries.video(db.session, id_from(typed) or 0, to_change=to_change)
    if video is None:
        abort(404)
    return video


def _text_asked() -> Article | Page:
    article, page = request.args.get("article", ""), request.args.get("page", "")
    text: Article | Page | None = None
    if HANDLE.fullmatch(article):
        text = queries.article(db.session, handle=article)
    elif HANDLE.fullmatch(page):
        text = queries.page(db.session, handle=page)
    if text is None or (isinstance(text, Page) and text.kind is not PageKind.TUTORIAL):
        abort(404)
    return text


def _text_of(video: Video) -> Article | Page:
    text: Article | Page | None = (
        queries.article(db.session, video.article_id)
        if video.article_id
        else queries.page(db.session, video.page_id)
    )
    if text is None:
        abort(404)
    return text


def _back(text: Article | Page) -> str:
    kind = "articles" if isinstance(text, Article) else "tutorials"
    return url_for(f"staff.{kind}.show", handle=text.handle)


def _page(
    text: Article | Page, video: Video | None, form: VideoForm, error: str | None = None
) -> str:
    to: dict[str, Any] = {"article" if isinstance(text, Article) else "page": text.handle}
    return render_template(
        "staff/videos/show.html",
        text=text,
        back=_back(text),
        action=url_for("staff.videos.update", video_id=video.id)
        if video
        else url_for("staff.videos.create", **to),
        video=video,
        form=form,
        error=error,
    )
