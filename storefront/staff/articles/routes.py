"""The addresses of articles."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Article
from models.staff import Permission
from storefront.extensions import db
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.articles import forms, queries, service
from storefront.staff.articles.forms import ArticleForm
from storefront.staff.citations import UnknownReferenceError, rendered
from storefront.staff.listing import sorting_asked, words_asked

bp = Blueprint("articles", __name__, url_prefix="/articles")

INVALID = "Nothing was saved yet. Please correct what is marked below."
CHANGED = (
    "Somebody saved this article while you were editing. Your text is still in the form, and what"
    " was saved meanwhile stands above it. Save again to replace that with yours."
)


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the articles, unpublished ones too; ``?q=`` searches title and handle."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "-published")
    return render_template(
        "staff/articles/index.html",
        page=queries.articles(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
    )


@bp.get("/<handle>")
@needs(Permission.EDIT_CONTENT)
def show(handle: str) -> str:
    """Show an article to edit."""
    article = _found(handle)
    return _page(article, forms.shown(article))


@bp.post("/<handle>")
@needs(Permission.EDIT_CONTENT)
def update(handle: str) -> ResponseReturnValue:
    """Save an article; the buttons *Publish* and *Unpublish* also change who sees it."""
    article, form = _found(handle, to_change=True), ArticleForm(request.form)
    if not form.validate():
        db.session.rollback()
        return _page(_found(handle), form, error=INVALID), 422
    draft = form.draft()
    is_published = article.published_at is not None
    published = {"publish": True, "unpublish": False}.get(request.form.get("act", ""), is_published)
    try:
        service.save(db.session, article, draft, published=published)
    except UnknownReferenceError as wrong:
        db.session.rollback()
        form.body.errors = [str(wrong)]
        return _page(_found(handle), form, error=INVALID), 422
    except service.ChangedMeanwhileError:
        return _conflict(handle, form, draft)
    db.session.commit()
    flash(f"{draft.title} is saved, and {'published' if published else 'not published'}.")
    return redirect(url_for("staff.articles.show", handle=handle), 303)


@bp.post("/<handle>/preview")
@needs(Permission.EDIT_CONTENT)
def preview(handle: str) -> ResponseReturnValue:
    """Show what was typed as readers would see it; saves nothing."""
    article, form = _found(handle), ArticleForm(request.form)
    if not form.validate():
        return _page(article, form), 422
    try:
        html = rendered(db.session, str(form.body.data)).html
    except UnknownReferenceError as wrong:
        form.body.errors = [str(wrong)]
        return _page(article, form), 422
    return _page(article, form, preview=html)


def _conflict(handle: str, form: ArticleForm, draft: service.Draft) -> ResponseReturnValue:
    """Undo, and show what was typed beside what was saved meanwhile."""
    db.session.rollback()
    article = _found(handle)
    form.seen.data = article.updated_at.isoformat()
    theirs = forms.differences(article, draft)
    return _page(article, form, error=CHANGED, theirs=theirs), 409


def _found(handle: str, *, to_change: bool = False) -> Article:
    article = queries.article(db.session, handle, to_change=to_change)
    if article is None:
        abort(404)
    return article


def _page(
    article: Article,
    form: ArticleForm,
    *,
    error: str | None = None,
    theirs: Mapping[str, str] | None = None,
    preview: str | None = None,
) -> str:
    return render_template(
        "staff/articles/show.html",
        article=article,
        form=form,
        error=error,
        theirs=theirs or {},
        preview=preview,
    )
