"""What one types of menus and of the announcement."""

import re
from collections.abc import Mapping
from typing import Any

from wtforms import FieldList, FormField, HiddenField, IntegerField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, Optional

from storefront.forms import Form, local_path
from storefront.site import Menu
from storefront.staff.seen import seen_of

MOST = 20
EMPTY = 3  # lines to write new links in
_AWAY = re.compile(r"https://[a-z0-9.-]+(:[0-9]{1,5})?([/?#][!-~]*)?", re.IGNORECASE)
WRONG_URL = "Enter an address of this shop, such as /pages/about, or one that begins with https://."


def url_is_safe(form: Form, field: StringField) -> None:
    """Take an address of the shop or one that is encrypted; nothing that runs."""
    del form
    typed = field.data or ""
    if typed and local_path(typed) is None and not _AWAY.fullmatch(typed):
        raise ValidationError(WRONG_URL)


class LinkForm(Form):
    """A link of a menu; one without words and address is none."""

    position = IntegerField("Place", [Optional()])
    title = StringField("Words", [Length(max=80, message="Enter at most 80 characters.")])
    url = StringField(
        "Address", [Length(max=300, message="Enter at most 300 characters."), url_is_safe]
    )

    def validate_title(self, field: StringField) -> None:
        """Take words where there is an address."""
        if self.url.data and not field.data:
            message = "Enter the words of this link, or empty its address."
            raise ValidationError(message)

    def validate_url(self, field: StringField) -> None:
        """Take an address where there are words."""
        if self.title.data and not field.data:
            message = "Enter the address of this link, or empty its words."
            raise ValidationError(message)


class MenuForm(Form):
    """The links of one menu, in the order of their places."""

    seen = HiddenField()
    links = FieldList(FormField(LinkForm), max_entries=MOST)

    @classmethod
    def of(cls, menu: Menu) -> "MenuForm":
        """Return the form with a menu's links, and room for new ones."""
        room = min(EMPTY, MOST - len(menu))
        lines: list[Mapping[str, Any]] = [
            {"position": place, "title": title, "url": url}
            for place, (title, url) in enumerate(menu, start=1)
        ]
        form = cls(data={"links": [*lines, *({} for _ in range(room))]})
        form.seen.data = seen_of(dict(_numbered(menu)))
        return form

    @property
    def menu(self) -> Menu:
        """The links that were typed, in their order; a line without a place comes last."""
        lines = [line.form for line in self.links if line.form.title.data]
        lines.sort(key=lambda line: (line.position.data is None, line.position.data or 0))
        return tuple((str(line.title.data), str(line.url.data)) for line in lines)


def _numbered(menu: Menu) -> list[tuple[str, str]]:
    return [(str(place), f"{title} {url}") for place, (title, url) in enumerate(menu)]


class AnnouncementForm(Form):
    """The line above every page."""

    announcement = StringField(
        "Announcement",
        [InputRequired("Write the line, or take it away with the other button."), Length(max=200)],
        description="One line, such as when the next delivery comes.",
    )
    announcement_url = StringField(
        "Leads to", [Length(max=300), url_is_safe], description="Optional: where the line leads."
    )
