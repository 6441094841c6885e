"""The addresses of articles."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from werkzeug.datastructures import MultiDict

from models import Article, Revision, now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.learn import videos
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.articles import forms, queries, service
from storefront.staff.articles.forms import ArticleForm, NewArticleForm
from storefront.staff.editing.forms import OneForm
from storefront.staff.editing.kind import Kind
from storefront.staff.editing.routes import Editor, add_editor
from storefront.staff.editing.service import Saving
from storefront.staff.listing import sorting_asked, words_asked

bp = Blueprint("articles", __name__, url_prefix="/articles")


class Articles(Kind):
    """Articles of the blogs."""

    name, title, endpoint = "article", "Articles", "staff.articles"

    def find(self, handle: str, *, to_change: bool = False) -> Article | None:
        """Return an article with all that belongs to it."""
        return queries.article(db.session, handle, to_change=to_change)

    def edit(self, text: Article, sent: MultiDict[str, str] | None = None) -> OneForm:
        """Return the form of an article."""
        authors = queries.authors(db.session)
        return OneForm(forms.form_of(text, authors, settings().timezone, sent))

    def labelled(self, draft: service.Draft) -> dict[str, str]:
        """Return what a draft says by the labels of its fields."""
        return self.words(ArticleForm(), forms.words_of(draft))

    def draft_of(self, text: Article) -> service.Draft:
        """Return what an article says now."""
        return service.draft_of(text)

    def revised(self, revision: Revision) -> service.Draft:
        """Return what it said when a revision was kept."""
        return service.revised(revision)

    def save(self, text: Article, draft: service.Draft, saving: Saving) -> None:
        """Save an article."""
        service.save(db.session, text, draft, saving)

    def shown(self, text: Article) -> Mapping[str, Any]:
        """Return the names that can be typed, and the films."""
        return {"names": queries.names(db.session), "videos": videos.views(db.session, text)}

    def new_form(self, sent: MultiDict[str, str] | None = None) -> NewArticleForm:
        """Return the form of an article that does not exist yet."""
        form = NewArticleForm(sent)
        form.blog.choices = {it.handle: it.title for it in queries.blogs(db.session)}
        return form

    def create(self, form: NewArticleForm) -> Article:
        """Write an empty article."""
        (blog,) = [it for it in queries.blogs(db.session) if it.handle == form.blog.data]
        return service.create(db.session, blog, str(form.title.data), str(form.handle.data))

    def copy(self, text: Article, title: str, handle: str) -> Article:
        """Write an empty article in the same blog."""
        return service.create(db.session, text.blog, title, handle)


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


add_editor(bp, Editor(Articles()))
