"""One session of a log, as it is typed, and as a browser sends what it has kept."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict
from wtforms import DateField, HiddenField, IntegerField, StringField, TextAreaField
from wtforms.fields import Field
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, ValidationError

from models import now
from models.routine import MOST_PAIN
from storefront.forms import Form, local_path
from storefront.languages import gettext, lazy_gettext

LONGEST_NOTE, LONGEST_TITLE, MOST_MINUTES = 500, 200, 600
KEY = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_PAIN = re.compile(r"[0-9]|10")
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
PAIN = {"inputmode": "numeric", "autocomplete": "off"}
ENTER_MINUTES = lazy_gettext("Enter a whole number from 0 to %(most)s.", most=MOST_MINUTES)


def _at_most(count: int) -> str:
    return lazy_gettext("At most %(count)s characters.", count=count)


def is_pain(form: Form, field: Field) -> None:
    """Refuse what is neither empty nor a whole number from 0 to 10."""
    del form
    if field.data and not _PAIN.fullmatch(field.data):
        message = gettext("Enter a whole number from 0 to %(most)s, or nothing.", most=MOST_PAIN)
        raise ValidationError(message)


class SessionForm(Form):
    """What both kinds of session say."""

    title = StringField(
        lazy_gettext("What you did"),
        [
            DataRequired(lazy_gettext("Enter what you did.")),
            Length(max=LONGEST_TITLE, message=_at_most(LONGEST_TITLE)),
        ],
        render_kw={"autocomplete": "off", "list": "titles"},
    )
    pain_before = StringField(lazy_gettext("Pain before, 0 to 10"), [is_pain], render_kw=PAIN)
    pain_after = StringField(lazy_gettext("Pain after, 0 to 10"), [is_pain], render_kw=PAIN)
    note = TextAreaField(
        lazy_gettext("Note"),
        [Length(max=LONGEST_NOTE, message=_at_most(LONGEST_NOTE))],
        render_kw={"rows": "3"},
    )
    key = HiddenField("key")

    def validate_key(self, field: Field) -> None:
        """Refuse a key that no browser of ours has made."""
        if not KEY.fullmatch(field.data or ""):
            message = gettext("This form cannot be read. Open the page again.")
            raise ValidationError(message)

    def _shared(self) -> dict[str, Any]:
        return {
            "key": self.key.data,
            "title": self.title.data,
            "note": self.note.data or "",
            "pain_before": int(self.pain_before.data) if self.pain_before.data else None,
            "pain_after": int(self.pain_after.data) if self.pain_after.data else None,
        }


class PracticeForm(SessionForm):
    """A session that is typed; its day is one of the shop's zone."""

    day = DateField(lazy_gettext("Day"), [InputRequired(lazy_gettext("Enter the day."))])
    minutes = IntegerField(
        lazy_gettext("Minutes"),
        [NumberRange(0, MOST_MINUTES, ENTER_MINUTES)],
        default=10,
        render_kw={"min": "0", "max": str(MOST_MINUTES)},
    )

    def validate_day(self, field: Field) -> None:
        """Refuse a day that has not come anywhere on earth, and one before this century."""
        day: date | None = field.data
        if day is None:  # no day at all, which the field itself has said
            return
        if day > (now() + timedelta(hours=14)).date() or day < EARLIEST.date():
            message = gettext("Enter today or a recent day.")
            raise ValidationError(message)

    def values(self, zone: str) -> dict[str, Any]:
        """Return the session's columns; its time is noon of its day, or now where that is later."""
        noon = datetime.combine(self.day.data or now().date(), time(12), ZoneInfo(zone))
        seconds = (self.minutes.data or 0) * 60
        return {**self._shared(), "done_at": min(noon, now()), "seconds": seconds, "url": ""}


class UploadedForm(SessionForm):
    """A session that a browser has kept: with its moment, its address and its seconds."""

    done_at = StringField("done_at")
    seconds = IntegerField(
        "seconds",
        [
            NumberRange(
                0,
                MOST_MINUTES * 60,
                lazy_gettext("It cannot have been that long. Enter fewer minutes."),
            )
        ],
    )
    url = StringField("url")

    @classmethod
    def of(cls, entry: object) -> "UploadedForm":
        """Return the form for one entry of JSON; what is no plain value counts as missing."""
        given = entry if isinstance(entry, dict) else {}
        plain = {
            name: str(value)
            for name, value in given.items()
            if isinstance(value, (str, int)) and not isinstance(value, bool)
        }
        return cls(MultiDict(plain))

    def validate_done_at(self, field: Field) -> None:
        """Refuse what is no moment with a zone, lies ahead or before this century."""
        moment = _moment(field.data or "")
        if moment is None or not EARLIEST <= moment <= now() + timedelta(days=1):
            message = gettext("Its time cannot be read.")
            raise ValidationError(message)

    def validate_url(self, field: Field) -> None:
        """Refuse an address outside of the shop."""
        if field.data and (len(field.data) > 300 or local_path(field.data) is None):  # noqa: PLR2004 (the column's)
            message = gettext("Its address is not one of this shop.")
            raise ValidationError(message)

    @property
    def first_error(self) -> str:
        """What is wrong with the first field that is."""
        return next((str(field.errors[0]) for field in self if field.errors), "")

    def values(self) -> dict[str, Any]:
        """Return the session's columns."""
        moment = _moment(self.done_at.data or "")
        url = self.url.data or ""
        return {**self._shared(), "done_at": moment, "seconds": self.seconds.data, "url": url}


def _moment(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
