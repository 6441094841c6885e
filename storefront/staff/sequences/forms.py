"""What one types to write a sequence of mails."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, Regexp, ValidationError

from models import Sequence, SequenceMail, SequenceTrigger
from storefront.forms import Form
from storefront.newsletter.events import BOUGHT
from storefront.staff.seen import seen_of
from storefront.staff.sequences.service import (
    MailDraft,
    SequenceDraft,
    mail_words,
    sequence_words,
)
from storefront.staff.typed import LongTextField, checked, count_from

LONGEST_BODY = 50_000
LONGEST_DELAY = 24 * 365
FIGURE: Any = {"inputmode": "numeric", "autocomplete": "off"}


class SequenceForm(Form):
    """A sequence. seen: a digest of what it was as the page was shown."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=200, message="Enter at most 200 characters.")],
        description="Readers see it on the page about your mails.",
    )
    trigger = SelectField(
        "Begins with",
        choices={it.value: it.value.capitalize() for it in SequenceTrigger},
        description="What must happen. Only confirmed subscribers get mails.",
    )
    topic = StringField(
        "Topic",
        [Length(max=40, message="Enter at most 40 characters.")],
        description="Subscribers can leave out topics. Empty: it cannot be left out.",
    )
    stops_when_bought = BooleanField("Ends when she buys")
    is_active = BooleanField("Active")
    seen = HiddenField()

    def draft(self) -> SequenceDraft:
        """Return what was typed."""
        return SequenceDraft(
            title=" ".join(str(self.title.data).split()),
            trigger=SequenceTrigger(self.trigger.data),
            topic=" ".join((self.topic.data or "").lower().split()),
            stops_when_bought=bool(self.stops_when_bought.data),
            is_active=bool(self.is_active.data),
        )


class NewSequenceForm(SequenceForm):
    """A sequence that is still to be written."""

    handle = StringField(
        "Handle",
        [
            Regexp(
                r"^[a-z0-9]+(-[a-z0-9]+)*$", message="Enter lower-case words joined by hyphens."
            ),
            Length(max=60, message="Enter at most 60 characters."),
        ],
        description="Its name in links and figures, such as welcome. It stays as it is.",
    )


class MailForm(Form):
    """A mail of a sequence. seen: a digest of what it was as the page was shown."""

    subject = StringField(
        "Subject",
        [
            DataRequired("Enter a subject."),
            Length(max=200, message="Enter at most 200 characters."),
        ],
    )
    delay = StringField(
        "Hours to wait",
        description="After the mail before it; for the first one, after what it begins with.",
        render_kw=FIGURE,
    )
    body = LongTextField(
        "Text",
        [
            DataRequired("Write something."),
            Length(max=LONGEST_BODY, message=f"Enter at most {LONGEST_BODY} characters."),
        ],
        description="Markdown. Links such as /pages/ql-release lead to the shop. Figures stay out.",
        render_kw={"rows": 20},
    )
    seen = HiddenField()

    def validate_delay(self, field: Field) -> None:
        """Refuse what is no number of hours up to a year."""
        if checked(count_from, field.data) > LONGEST_DELAY:
            message = f"Enter at most {LONGEST_DELAY} hours: a year."
            raise ValidationError(message)

    def draft(self) -> MailDraft:
        """Return what was typed."""
        return MailDraft(
            subject=" ".join(str(self.subject.data).split()),
            delay_hours=count_from(self.delay.data),
            body=self.body.data or "",
        )


def sequence_form(sent: Any, sequence: Sequence) -> SequenceForm:
    """Return the form with what was sent, else with a sequence as it is."""
    return SequenceForm(
        sent,
        data={
            "title": sequence.title,
            "trigger": sequence.trigger.value,
            "topic": sequence.topic,
            "stops_when_bought": BOUGHT in sequence.stops_on,
            "is_active": sequence.is_active,
            "seen": seen_of(sequence_words(sequence)),
        },
    )


def mail_form(sent: Any, mail: SequenceMail | None) -> MailForm:
    """Return the form with what was sent, else with a mail as it is, else empty."""
    if mail is None:
        return MailForm(sent, data={"delay": "72"})
    return MailForm(
        sent,
        data={
            "subject": mail.subject,
            "delay": str(mail.delay_hours),
            "body": mail.body_markdown,
            "seen": seen_of(mail_words(mail)),
        },
    )
