"""What one types of redirects."""

import re

from wtforms import StringField, ValidationError
from wtforms.validators import DataRequired, Length

from storefront.forms import Form
from storefront.staff.typed import checked

# What Flask's router sees of an address: decoded, so other scripts may stand in it.
_PATH = re.compile(r"/(?!/)[^\x00-\x20\\?#\x7f]{0,299}")
_TARGET = re.compile(r"/(?![/\\])[!-\[\]-~]{0,499}")
OURS = ("/staff", "/webhooks", "/static", "/media", "/healthz", "/readyz")


def path_from(text: str | None) -> str:
    """Return an old address, without a slash at its end, or raise ValueError with a message."""
    typed = (text or "").strip()
    if not _PATH.fullmatch(typed) or ".." in typed:
        message = "Enter an address of this shop without its host, such as /products/old-name."
        raise ValueError(message)
    path = typed.rstrip("/")
    if not path or path.startswith(OURS):
        message = "This address always leads to its own page."
        raise ValueError(message)
    return path


def target_from(text: str | None) -> str:
    """Return where it leads, within the shop, or raise ValueError with a message for people."""
    typed = (text or "").strip()
    if not _TARGET.fullmatch(typed) or ".." in typed:
        message = "Enter an address of this shop, such as /products/ql-claw: others are not led to."
        raise ValueError(message)
    return typed


class RedirectForm(Form):
    """An old address, and where it leads."""

    path = StringField(
        "Old address",
        [
            DataRequired("Enter the old address."),
            Length(max=300, message="Enter at most 300 signs."),
        ],
        description="It counts only where no page is: a page that is there always wins.",
    )
    target = StringField(
        "Leads to",
        [
            DataRequired("Enter where it leads."),
            Length(max=500, message="Enter at most 500 signs."),
        ],
    )

    def validate_path(self, field: StringField) -> None:
        """Take an address of the shop."""
        field.data = checked(path_from, field.data)

    def validate_target(self, field: StringField) -> None:
        """Take another address of the shop."""
        field.data = checked(target_from, field.data)
        if field.data.split("?")[0].split("#")[0].rstrip("/") == (self.path.data or "").rstrip("/"):
            message = "An address cannot lead to itself."
            raise ValidationError(message)
