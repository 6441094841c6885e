"""What the buyer of an order types to send something back."""

import re
import secrets
from collections.abc import Mapping, Sequence

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length

from models import Order, OrderLine, Variant
from storefront.comments.forms import tidy
from storefront.forms import Form, id_from, quantity_from
from storefront.orders.returns import Asked

KEY = re.compile(r"[0-9a-f]{32}")
LONGEST = 2_000
REASONS = {
    "": "Choose a reason",
    "fit": "It does not suit my body",
    "expected": "It is not what I expected",
    "damaged": "It arrived damaged or does not work",
    "wrong": "It is not what I ordered",
    "late": "It came too late",
    "other": "Another reason",
}
NOTHING = "Choose at least one unit to send back."
INCOMPLETE = "The form was not complete. Please send it again."
MONEY = "My money back"


class ReturnForm(Form):
    """What is said of a return as a whole. key: names this form, so that two clicks are one."""

    key = HiddenField()
    words = TextAreaField(
        "In your words",
        [Length(max=LONGEST, message=f"Please shorten it to {LONGEST:,} characters.")],
        description="Optional. You need not explain a health matter.",
        render_kw={"rows": 4},
    )

    def filter_words(self, typed: str | None) -> str:
        """Keep the paragraphs of a text."""
        return tidy(typed)


class LineForm(Form):
    """Units of one line: how many, why, and what for."""

    units = StringField("Quantity", render_kw={"autocomplete": "off", "inputmode": "numeric"})
    reason = SelectField("Reason", choices=REASONS, validate_choice=False)
    wish = SelectField("You would like", validate_choice=False)


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
        reason = REASONS.get(row.reason.data or "") if row.reason.data else None
        if reason is None:
            row.reason.errors, is_valid = ["Choose a reason from the list."], False
        if row.wish.data not in (row.wish.choices or ()):
            row.wish.errors, is_valid = ["Choose from the list."], False
        if is_valid:
            self.asked[line.id] = Asked(quantity, str(reason), id_from(row.wish.data))
        return is_valid


def _row(line: OrderLine, choices: Sequence[Variant], sent: MultiDict[str, str] | None) -> LineForm:
    row = LineForm(sent, prefix=f"line-{line.id}-", data={"units": "0"})
    wishes: dict[str, str] = {"": MONEY}
    row.wish.choices = wishes | {str(it.id): f"Exchange it for {it.title}" for it in choices}
    row.wish.data = row.wish.data or ""
    row.reason.data = row.reason.data or ""
    return row
