"""What one types to save a view of a list."""

from urllib.parse import parse_qsl, urlencode

from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import DataRequired, Length

from models import SavedView, Staff
from storefront.forms import Form

LONGEST_QUERY = 500


class ViewForm(Form):
    """A name for the list as it is shown now."""

    title = StringField(
        "Name of the view",
        [
            DataRequired("Enter a name."),
            Length(max=80, message="Enter at most 80 characters."),
        ],
        render_kw={"autocomplete": "off"},
    )
    shared = BooleanField("For everybody")
    query = HiddenField()
    screen = HiddenField()

    def view(self, person: Staff) -> SavedView:
        """Return the view that was typed."""
        return SavedView(
            screen=self.screen.data,
            staff_id=None if self.shared.data else person.id,
            title=self.title.data,
            query=query_of(self.query.data or ""),
        )


def query_of(typed: str) -> str:
    """Return what an address asks for, without its page; nothing where it is too long."""
    kept = [(name, text) for name, text in parse_qsl(typed) if name != "page" and text]
    query = urlencode(kept, errors="replace")
    return query if len(query) <= LONGEST_QUERY else ""
