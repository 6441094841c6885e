"""The addresses of tutorials."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template, request
from werkzeug.datastructures import MultiDict

from models import Revision, Tutorial, now
from models.staff import Permission
from storefront.extensions import db, settings
from storefront.learn import videos
from storefront.staff.access import needs
from storefront.staff.editing.kind import Kind
from storefront.staff.editing.routes import Editor, add_editor
from storefront.staff.editing.service import Saving
from storefront.staff.tutorials import forms, queries, service
from storefront.staff.tutorials.forms import Edit, NewTutorialForm

bp = Blueprint("tutorials", __name__, url_prefix="/tutorials")

ARRANGED = "The steps are as you want them, but not saved yet."


class Tutorials(Kind):
    """Tutorials with their steps."""

    name, title, endpoint = "tutorial", "Tutorials", "staff.tutorials"

    def find(self, handle: str, *, to_change: bool = False) -> Tutorial | None:
        """Return a tutorial with all that is edited."""
        return queries.tutorial(db.session, handle, to_change=to_change)

    def edit(self, text: Tutorial, sent: MultiDict[str, str] | None = None) -> Edit:
        """Return the forms of a tutorial and its steps."""
        return forms.edit_of(text, settings().timezone, sent)

    def labelled(self, draft: service.Draft) -> dict[str, str]:
        """Return what a draft says by the labels of its fields."""
        return forms.labelled(draft)

    def draft_of(self, text: Tutorial) -> service.Draft:
        """Return what a tutorial says now."""
        return service.draft_of(text)

    def revised(self, revision: Revision) -> service.Draft:
        """Return what it said when a revision was kept."""
        return service.revised(revision)

    def save(self, text: Tutorial, draft: service.Draft, saving: Saving) -> None:
        """Save a tutorial with its steps."""
        service.save(db.session, text, draft, saving)

    def shown(self, text: Tutorial) -> Mapping[str, Any]:
        """Return the names that can be typed, and the films."""
        return {
            "names": queries.names(db.session),
            "videos": videos.views(db.session, text),
            "arranged": "",
        }

    def new_form(self, sent: MultiDict[str, str] | None = None) -> NewTutorialForm:
        """Return the form of a tutorial that does not exist yet."""
        form = NewTutorialForm(sent)
        form.muscle.choices = {it.handle: it.name for it in queries.muscles(db.session)}
        return form

    def create(self, form: NewTutorialForm) -> Tutorial:
        """Write a tutorial without steps."""
        (muscle,) = [it for it in queries.muscles(db.session) if it.handle == form.muscle.data]
        return service.create(db.session, muscle.id, str(form.title.data), str(form.handle.data))

    def copy(self, text: Tutorial, title: str, handle: str) -> Tutorial:
        """Write an empty tutorial of the same muscle."""
        return service.create(db.session, text.muscle_id, title, handle)


class TutorialEditor(Editor):
    """The pages of tutorials, whose steps are arranged too."""

    def arrange(self, handle: str) -> str:
        """Show the form with a step added, moved or removed; saves nothing."""
        tutorial = self._found(handle)
        edit = forms.edit_of(tutorial, settings().timezone, request.form)
        edit.arrange(request.form.get("act", ""))
        return self._page(tutorial, edit, arranged=ARRANGED)


editor = TutorialEditor(Tutorials())


@bp.get("")
@needs(Permission.EDIT_CONTENT)
def index() -> str:
    """List the tutorials."""
    rows = queries.tutorials(db.session)
    return render_template("staff/tutorials/index.html", rows=rows, now=now())


@bp.post("/<handle>/arrange")
@needs(Permission.EDIT_CONTENT)
def arrange(handle: str) -> str:
    """Show the form with a step added, moved or removed; saves nothing."""
    return editor.arrange(handle)


add_editor(bp, editor)
