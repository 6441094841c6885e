"""What one types to get mails, and to say which."""

from wtforms import (
    BooleanField,
    EmailField,
    HiddenField,
    RadioField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from models import Subscriber
from storefront.forms import Form, email_address, local_path
from storefront.languages import gettext, lazy_gettext

WORDS = lazy_gettext(
    "Mails about the muscles of the low back, every few days. You confirm your address first, and"
    " every mail has a link to leave at once."
)
LONGEST_PAGE = 300
ONE_AT_LEAST = lazy_gettext("Choose one at least, or unsubscribe below.")


class SubscribeForm(Form):
    """Ask for mails. page: the path of where the form stood; website: for robots."""

    email = EmailField(
        lazy_gettext("Email"),
        [InputRequired(lazy_gettext("Enter your email address.")), email_address],
        render_kw={"autocomplete": "email"},
    )
    website = StringField(lazy_gettext("Leave this empty"))
    page = HiddenField()

    @property
    def path(self) -> str:
        """Where the form stood, or nothing where that cannot be."""
        return (local_path(self.page.data) or "")[:LONGEST_PAGE]


class PreferencesForm(Form):
    """What a subscriber wants to get, and until when nothing."""

    topics = SelectMultipleField(
        lazy_gettext("What you want to get"),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    pause = RadioField(
        lazy_gettext("A pause"), validators=[InputRequired(lazy_gettext("Choose one of these."))]
    )

    @property
    def chosen(self) -> list[str]:
        """The topics to keep: none where she wants all, those to come too."""
        chosen: list[str] = list(dict.fromkeys(self.topics.data or ()))
        return [] if len(chosen) == len(list(self.topics.choices or ())) else chosen

    def validate(self, extra_validators: object = None) -> bool:
        """Check every field; of topics one must be left, as none would mean all."""
        del extra_validators
        is_valid = super().validate()
        if self.topics.choices and not self.topics.data and not self.topics.errors:
            self.topics.errors = [str(ONE_AT_LEAST)]
            return False
        return is_valid


class EraseForm(Form):
    """Be forgotten."""

    sure = BooleanField(
        lazy_gettext("Yes, delete all of it"),
        [InputRequired(lazy_gettext("Check this box first: it cannot be undone."))],
    )


def preferences(
    subscriber: Subscriber, topics: list[str], sent: object = None, paused: str = ""
) -> PreferencesForm:
    """Return the form with what was sent, else as things are. paused: until when, in words."""
    form = PreferencesForm(
        sent,  # type: ignore[arg-type]  # a MultiDict, as Flask gives it
        data={"topics": subscriber.topics or topics, "pause": "keep" if paused else "none"},
    )
    form.topics.choices = {it: gettext(it.capitalize()) for it in topics}
    pauses = {
        "none": gettext("No pause"),
        "1": gettext("One month"),
        "2": gettext("Two months"),
        "3": gettext("Three months"),
    }
    kept = {"keep": gettext("As it is: until %(day)s", day=paused)} if paused else {}
    form.pause.choices = kept | pauses
    return form
