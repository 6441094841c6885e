"""The addresses of articles."""

from collections.abc import Mapping

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models import Article, now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.forms import id_from
from storefront.learn import videos
from storefront.paging import page_number
from storefront.staff import revisions
from storefront.staff.access import needs, signed_in
from storefront.staff.articles import forms, queries, service
from storefront.staff.articles.forms import ArticleForm
from storefront.staff.citations import UnknownReferenceError, rendered
from storefront.staff.links import UnknownNamesError
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.seen import ChangedMeanwhileError

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
        now=now(),
    )


@bp.get("/<handle>")
@needs(Permission.EDIT_CONTENT)
def show(handle: str) -> str:
    """Show an article to edit."""
    article = _found(handle)
    return _page(article, _form(article))


@bp.post("/<handle>")
@needs(Permission.EDIT_CONTENT)
def update(handle: str) -> ResponseReturnValue:
    """Save an article; the buttons *Publish* and *Unpublish* also change who sees it."""
    article = _found(handle, to_change=True)
    form = _form(article, sent=True)
    if not form.validate():
        db.session.rollback()
        return _page(_found(handle), form, error=INVALID), 422
    draft = form.draft()
    published_at = form.published_at(article.published_at, request.form.get("act", ""))
    seen = form.seen.data or ""
    try:
        before = service.save(db.session, article, draft, seen=seen, published_at=published_at)
    except (UnknownReferenceError, UnknownNamesError) as wrong:
        db.session.rollback()
        form[getattr(wrong, "field", "body")].errors = [str(wrong)]
        return _page(_found(handle), form, error=INVALID), 422
    except ChangedMeanwhileError:
        return _conflict(handle, form, draft)
    service.keep(db.session, article, draft, before, signed_in().email)
    db.session.commit()
    flash(f"{draft.title} is saved, and {_state(article)}.")
    return redirect(url_for("staff.articles.show", handle=handle), 303)


@bp.post("/<handle>/preview")
@needs(Permission.EDIT_CONTENT)
def preview(handle: str) -> ResponseReturnValue:
    """Show what was typed as readers would see it; saves nothing."""
    article = _found(handle)
    form = _form(article, sent=True)
    if not form.validate():
        return _page(article, form), 422
    try:
        html = rendered(db.session, str(form.body.data)).html
    except UnknownReferenceError as wrong:
        form.body.errors = [str(wrong)]
        return _page(article, form), 422
    return _page(article, form, preview=html)


@bp.get("/<handle>/revisions/<number>")
@needs(Permission.EDIT_CONTENT)
def revision(handle: str, number: str) -> str:
    """Show an article as it was once saved."""
    return _revision_page(_found(handle), number)


@bp.post("/<handle>/revisions/<number>/restore")
@needs(Permission.EDIT_CONTENT)
def restore(handle: str, number: str) -> ResponseReturnValue:
    """Make a revision the text again, as a new revision; who sees it stays as it is."""
    article = _found(handle, to_change=True)
    found = revisions.numbered(db.session, article, id_from(number) or 0)
    if found is None:
        abort(404)
    draft, seen = service.revised(found), article.updated_at.isoformat()
    moment = article.published_at
    try:
        before = service.save(db.session, article, draft, seen=seen, published_at=moment)
    except (UnknownReferenceError, UnknownNamesError) as wrong:
        db.session.rollback()
        return _revision_page(_found(handle), number, error=str(wrong)), 409
    service.keep(db.session, article, draft, before, signed_in().email)
    db.session.commit()
    flash(f"{draft.title} is again as in revision {found.number}.")
    return redirect(url_for("staff.articles.show", handle=handle), 303)


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


def _form(article: Article, *, sent: bool = False) -> ArticleForm:
    authors = queries.authors(db.session)
    return forms.form_of(article, authors, settings().timezone, request.form if sent else None)


def _state(article: Article) -> str:
    if article.published_at is None:
        return "not published"
    return "published" if article.is_published else "will be published by itself"


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
        names=queries.names(db.session),
        revisions=revisions.listed(db.session, article),
        videos=videos.views(db.session, article),
    )


def _revision_page(article: Article, number: str, error: str | None = None) -> str:
    found = revisions.numbered(db.session, article, id_from(number) or 0)
    if found is None:
        abort(404)
    draft = service.revised(found)
    return render_template(
        "staff/revisions/show.html",
        text=article,
        revision=found,
        words=forms.labelled(forms.words_of(draft)),
        changed=forms.differences(article, draft),
        back=url_for("staff.articles.show", handle=article.handle),
        restore=url_for("staff.articles.restore", handle=article.handle, number=number),
        error=error,
    )
