"""What the forms of all texts have in common: title, handle, moment, and words for searchers."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol

from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import now
from storefront.forms import Form
from storefront.staff.editing.service import Saving, Text
from storefront.staff.typed import LongTextField, checked, moment_from, moment_text

HANDLE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_HANDLE = 120
TAKEN = frozenset({"new"})  # the back office's own address
FEW: Any = {"rows": 3}
NAME: Any = {"spellcheck": "false", "autocapitalize": "none", "autocomplete": "off"}


def at_most(length: int) -> Length:
    """Return the check that a text is not longer than so many characters."""
    return Length(max=length, message=f"Enter at most {length} characters.")


def handle_from(title: str) -> str:
    """Return a handle made of a title's words; empty where it has no letter or digit of ASCII."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain.replace("'", ""))
    return "-".join(words)[:LONGEST_HANDLE].rstrip("-")


def check_handle(form: Form, field: Field) -> None:
    """Refuse what cannot stand in an address."""
    del form
    typed = field.data or ""
    if not HANDLE.fullmatch(typed) or len(typed) > LONGEST_HANDLE or typed in TAKEN:
        message = "Enter small letters, digits and hyphens, such as the-ql-muscle."
        raise ValidationError(message)


class NewForm(Form):
    """A text that does not exist yet."""

    title = StringField("Title", [DataRequired("Enter a title."), at_most(200)])
    handle = StringField(
        "Handle",
        description="Its name in the address. Empty: made of the title.",
        render_kw=NAME,
    )

    def validate_handle(self, field: Field) -> None:
        """Make the handle of the title where none was typed."""
        field.data = field.data or handle_from(self.title.data or "")
        check_handle(self, field)


class TextForm(Form):
    """A text. seen: when it had last been saved as the page was shown; zone: the shop's."""

    title = StringField("Title", [DataRequired("Enter a title."), at_most(200)])
    handle = StringField(
        "Handle",
        [check_handle],
        description="Its name in the address. The old address leads on to the new one.",
        render_kw=NAME,
    )
    summary = LongTextField(
        "Summary",
        [at_most(500)],
        description="One or two lines, for lists and search engines.",
        render_kw=FEW,
    )
    published = StringField(
        "Published",
        description="Empty: only staff see it. In the future: it appears by itself then.",
        render_kw={"type": "datetime-local", "autocomplete": "off"},
    )
    seo_title = StringField(
        "Title for search engines", [at_most(200)], description="Empty: the title."
    )
    seo_description = LongTextField(
        "Description for search engines",
        [at_most(320)],
        description="Empty: the summary. About 155 characters are shown.",
        render_kw=FEW,
    )
    seen = HiddenField()
    zone = "UTC"  # set for each form
    keeps_handle = False  # a policy's address is fixed

    def validate_published(self, field: Field) -> None:
        """Refuse what is no moment."""
        checked(moment_from, field.data, self.zone)

    def published_at(self, was: datetime | None, act: str) -> datetime | None:
        """Return from when on visitors see it. was: so far; act: the button that was pressed.

        What was typed goes to the minute: a date that was not touched keeps its seconds.
        """
        if act == "unpublish":
            return None
        untouched = (self.published.data or "") == moment_text(was, self.zone)
        typed = was if untouched else moment_from(self.published.data, self.zone)
        is_past = typed is not None and typed <= now()
        return now() if act == "publish" and not is_past else typed

    def saving(self, text: Text, act: str, actor: str) -> Saving:
        """Return how the text is to be saved."""
        return Saving(
            seen=self.seen.data or "",
            handle=text.handle if self.keeps_handle else str(self.handle.data),
            published_at=self.published_at(text.published_at, act),
            actor=actor,
        )


def frame_of(text: Text, zone: str) -> dict[str, str]:
    """Return what a text's form shows beside its words."""
    return {
        "handle": text.handle,
        "published": moment_text(text.published_at, zone),
        "seen": text.updated_at.isoformat(),
    }


class Edit(Protocol):
    """What one types to edit a text: its form, and the forms of its steps where it has any."""

    @property
    def form(self) -> TextForm:
        """The form of the text itself."""

    @property
    def steps(self) -> Sequence[Form]:
        """The forms of its steps."""

    def validate(self) -> bool:
        """Check every field."""

    def draft(self) -> Any:
        """Return what was typed."""

    def rebase(self) -> None:
        """Forget what was known of the text as it was before somebody else saved it."""


class OneForm:
    """An edit of a text that is one form. The form has ``draft()``."""

    steps: Sequence[Form] = ()

    def __init__(self, form: Any) -> None:
        """Take the form."""
        self.form = form

    def validate(self) -> bool:
        """Check every field."""
        return bool(self.form.validate())

    def draft(self) -> Any:
        """Return what was typed."""
        return self.form.draft()

    def rebase(self) -> None:
        """Forget nothing: a form without steps knows no places."""
