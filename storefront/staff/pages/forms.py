"""What one types to edit a page or a policy."""

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField
from wtforms.validators import DataRequired

from models import Page, Policy
from storefront.staff.editing.forms import TextForm, at_most, frame_of
from storefront.staff.pages.service import Draft, draft_of
from storefront.staff.typed import LongTextField

LONGEST_TEXT = 200_000


class PageForm(TextForm):
    """A page or a policy."""

    body = LongTextField(
        "Text",
        [DataRequired("Write something."), at_most(LONGEST_TEXT)],
        description="Markdown. [^key] cites a reference, ![what it shows](figure:key) is a figure,"
        " ## a section. All of it: docs/guides/write.md.",
        render_kw={"rows": 24},
    )
    is_sample = BooleanField("Tell readers that this text is a sample")

    def draft(self) -> Draft:
        """Return what was typed."""
        return Draft(
            title=str(self.title.data),
            summary=" ".join((self.summary.data or "").split()),
            body=self.body.data or "",
            seo_title=self.seo_title.data or "",
            seo_description=" ".join((self.seo_description.data or "").split()),
            is_sample=bool(self.is_sample.data),
        )


def form_of(page: Page, zone: str, sent: MultiDict[str, str] | None = None) -> PageForm:
    """Return the form with what was sent, else filled with a page as it is."""
    draft = draft_of(page)
    words = {name: getattr(draft, name) for name in draft.__slots__}
    form = PageForm(sent, data={**words, **frame_of(page, zone)})
    form.zone = zone
    if isinstance(page, Policy):
        form.keeps_handle = True
        form.handle.data = page.handle
    return form


def words_of(draft: Draft) -> dict[str, str]:
    """Return a draft's fields as words, by their names."""
    words = {name: str(getattr(draft, name)) for name in draft.__slots__}
    return words | {"is_sample": "yes" if draft.is_sample else ""}
