"""What the buyer of an order types to send something back."""

import re
import secrets
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField, TextAreaField

from models import Order, OrderLine, ReturnLine, Variant
from models.language import OWN, speaking
from storefront.comments.forms import tidy
from storefront.forms import Form, id_from, quantity_from, shorter
from storefront.languages import gettext, lazy_gettext
from storefront.orders.returns import Asked

KEY = re.compile(r"[0-9a-f]{32}")
LONGEST = 2_000
REASONS = {
    "": lazy_gettext("Choose a reason"),
    "fit": lazy_gettext("It does not suit my body"),
    "expected": lazy_gettext("It is not what I expected"),
    "damaged": lazy_gettext("It arrived damaged or does not work"),
    "wrong": lazy_gettext("It is not what I ordered"),
    "late": lazy_gettext("It came too late"),
    "other": lazy_gettext("Another reason"),
}
NOTHING = lazy_gettext("Choose at least one unit to send back.")
INCOMPLETE = lazy_gettext("The form was not complete. Send it again.")
MONEY = lazy_gettext("My money back")


def reason_of(line: ReturnLine) -> str:
    """Return why something comes back, in the language that is spoken now."""
    return gettext(line.reason) if line.reason else ""


class ReturnForm(Form):
    """What is said of a return as a whole. key: names this form, so that two clicks are one."""

    key = HiddenField()
    words = TextAreaField(
        lazy_gettext("In your words"),
        [shorter(LONGEST)],
        description=lazy_gettext("Optional. You need not explain a health matter."),
        render_kw={"rows": 4},
    )

    def filter_words(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)


class LineForm(Form):
    """Units of one line: how many, why, and what for."""

    units = StringField(
        lazy_gettext("Quantity"), render_kw={"autocomplete": "off", "inputmode": "numeric"}
    )
    reason = SelectField(lazy_gettext("Reason"), validate_choice=False)
    wish = SelectField(lazy_gettext("You would like"), validate_choice=False)


class Asking:
    """The form of a return, with fields for each line of which units can come back."""

    def __init__(
        self,
        order: Order,
        left: Mapping[int, int],
        choices: Mapping[int, Sequence[Variant]],
        sent: MultiDict[str, str] | None = None,
    ) -> None:
        """Remember what may come back of which line, and for what it can be exchanged."""
        self.form = ReturnForm(sent, data={"key": secrets.token_hex(16)})
        self.pictures_error = ""
        self.asked: dict[int, Asked] = {}
        self.lines: list[tuple[OrderLine, LineForm, int]] = []
        for line in order.lines:
            if line.id in left:
                row = _row(line, choices.get(line.id, ()), sent)
                self.lines.append((line, row, left[line.id]))

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = self.form.validate()
        for line, row, left in self.lines:
            is_valid &= self._read(line, row, left)
        if not KEY.fullmatch(self.form.key.data or ""):
            self.form.words.errors, is_valid = [INCOMPLETE], False
        if is_valid and not self.asked:
            self.lines[0][1].units.errors, is_valid = [NOTHING], False
        return is_valid

    def _read(self, line: OrderLine, row: LineForm, left: int) -> bool:
        is_valid = row.validate()
        try:
            quantity = quantity_from(row.units.data or "0", smallest=0, largest=left)
        except ValueError as wrong:
            row.units.errors = [str(wrong)]
            return False
        if not quantity:
            return is_valid
        reason = _reason(row.reason.data or "")
        if not reason:
            row.reason.errors, is_valid = [gettext("Choose a reason from the list.")], False
        if row.wish.data not in (row.wish.choices or ()):
            row.wish.errors, is_valid = [gettext("Choose from the list.")], False
        if is_valid:
            self.asked[line.id] = Asked(quantity, reason, id_from(row.wish.data))
        return is_valid


def _reason(key: str) -> str:
    """Return a reason as it is kept, for staff: in the shop's own language; empty if unknown."""
    with speaking(OWN):
        return str(REASONS.get(key, "")) if key else ""


def _row(line: OrderLine, choices: Sequence[Variant], sent: MultiDict[str, str] | None) -> LineForm:
    row = LineForm(sent, prefix=f"line-{line.id}-", data={"units": "0"})
    row.reason.choices = {key: str(words) for key, words in REASONS.items()}
    wishes: dict[str, str] = {"": str(MONEY)}
    row.wish.choices = wishes | {
        str(it.id): gettext("Exchange it for %(title)s", title=it.title) for it in choices
    }
    row.wish.data = row.wish.data or ""
    row.reason.data = row.reason.data or ""
    return row
