"""The addresses of pages and policies."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from werkzeug.datastructures import MultiDict

from models import Page, Policy, Revision, now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.paging import page_number
from storefront.staff.access import needs
from storefront.staff.editing.forms import NewForm, OneForm
from storefront.staff.editing.kind import Kind
from storefront.staff.editing.routes import Editor, add_editor
from storefront.staff.editing.service import Saving
from storefront.staff.listing import sorting_asked, words_asked
from storefront.staff.pages import forms, queries, service
from storefront.staff.pages.forms import PageForm

bp = Blueprint("pages", __name__, url_prefix="/pages")


class Pages(Kind):
    """Plain pages and policies; a policy's address is fixed."""

    name, title, endpoint = "page", "Pages", "staff.pages"

    def find(self, handle: str, *, to_change: bool = False) -> Page | None:
        """Return a page or a policy."""
        return queries.page(db.session, handle, to_change=to_change)

    def edit(self, text: Page, sent: MultiDict[str, str] | None = None) -> OneForm:
        """Return the form of a page."""
        return OneForm(forms.form_of(text, settings().timezone, sent))

    def labelled(self, draft: service.Draft) -> dict[str, str]:
        """Return what a draft says by the labels of its fields."""
        return self.words(PageForm(), forms.words_of(draft))

    def draft_of(self, text: Page) -> service.Draft:
        """Return what a page says now."""
        return service.draft_of(text)

    def revised(self, revision: Revision) -> service.Draft:
        """Return what it said when a revision was kept."""
        return service.revised(revision)

    def save(self, text: Page, draft: service.Draft, saving: Saving) -> None:
        """Save a page."""
        service.save(db.session, text, draft, saving)

    def shown(self, text: Page) -> Mapping[str, Any]:
        """Return the names that can be typed, and whether it is a policy."""
        return {"names": queries.names(db.session), "is_policy": isinstance(text, Policy)}

    def new_form(self, sent: MultiDict[str, str] | None = None) -> NewForm:
        """Return the form of a page that does not exist yet."""
        return NewForm(sent)

    def create(self, form: NewForm) -> Page:
        """Write an empty page."""
        return service.create(db.session, str(form.title.data), str(form.handle.data))

    def copy(self, text: Page, title: str, handle: str) -> Page:
        """Write an empty page beside another; the copy of a policy is a plain page."""
        del text
        return service.create(db.session, title, handle)


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the pages and policies; ``?q=`` searches title and handle."""
    words, sorting = words_asked(), sorting_asked(queries.COLUMNS, "title")
    return render_template(
        "staff/pages/index.html",
        page=queries.pages(db.session, words, sorting, page_number()),
        sorting=sorting,
        words=words,
        now=now(),
    )


add_editor(bp, Editor(Pages()))
