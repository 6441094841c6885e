"""What one types of where something is found: its handle, and what search engines show."""

from wtforms import HiddenField, StringField
from wtforms.fields import Field
from wtforms.validators import Length

from storefront.forms import Form
from storefront.staff.handles import handle_from
from storefront.staff.typed import LongTextField, checked

TITLE_SHOWN = 60  # characters that search engines show of a title, about
DESCRIPTION_SHOWN = 155


class FoundByForm(Form):
    """Handle, title and description for search engines. seen: a digest of them as shown."""

    handle = StringField(
        "Handle",
        description="Its name in the address. The old address keeps leading here.",
        render_kw={"spellcheck": "false", "autocapitalize": "none"},
    )
    seo_title = StringField(
        "Title for search engines",
        [Length(max=200, message="Enter at most 200 characters.")],
        description=f"Empty: the title. About {TITLE_SHOWN} characters are shown.",
    )
    seo_description = LongTextField(
        "Description for search engines",
        [Length(max=320, message="Enter at most 320 characters.")],
        description=f"Empty: the summary. About {DESCRIPTION_SHOWN} characters are shown.",
        render_kw={"rows": 3},
    )
    seen = HiddenField()

    def validate_handle(self, field: Field) -> None:
        """Refuse what is no handle."""
        checked(handle_from, field.data)

    @property
    def typed(self) -> tuple[str, str, str]:
        """What was typed, in the order of the fields."""
        words = " ".join((self.seo_description.data or "").split())
        return self.handle.data or "", self.seo_title.data or "", words
