"""What one types to write a return down, and to say what came of it."""

from collections.abc import Mapping

from werkzeug.datastructures import MultiDict
from wtforms import StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Order, OrderLine, Return, ReturnLine
from storefront.forms import Form, quantity_from
from storefront.orders.returns import Back
from storefront.staff.typed import LongTextField

NOTHING = "Choose at least one unit. Nothing was changed."


class ReturnForm(Form):
    """Why units come back."""

    reason = StringField(
        "Reason",
        [
            DataRequired("Give a reason of 3 to 300 characters."),
            Length(3, 300, "Give a reason of 3 to 300 characters."),
        ],
    )
    note = LongTextField("Note", [Length(max=2000, message="Write at most 2000 characters.")])


class AnswerForm(Form):
    """What the buyer is told with a decision."""

    answer = LongTextField(
        "Words to the buyer", [Length(max=2000, message="Write at most 2000 characters.")]
    )

    def validate_answer(self, field: Field) -> None:
        """Ask for words where something is refused."""
        if self.declines and not field.data:
            message = "Say why in a sentence: the buyer reads it."
            raise ValidationError(message)

    declines = False


class UnitsForm(Form):
    """How many units."""

    units = StringField("Units", render_kw={"autocomplete": "off", "inputmode": "numeric"})


class Writing:
    """The form of a return with a field for each line of which units can come back."""

    def __init__(
        self, order: Order, left: Mapping[int, int], sent: MultiDict[str, str] | None = None
    ) -> None:
        """Remember what may come back of which line."""
        self.form, self.error = ReturnForm(sent), ""
        self.chosen: dict[int, int] = {}
        self.lines: list[tuple[OrderLine, UnitsForm, int]] = [
            (line, _units(sent, f"back-{line.id}-", f"Units of {line.sku}", 0), left[line.id])
            for line in order.lines
            if line.id in left
        ]

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = self.form.validate()
        for line, typed, left in self.lines:
            is_valid &= _read(typed, self.chosen, line.id, left)
        if is_valid and not any(self.chosen.values()):
            is_valid = False
            self.lines[0][1].units.errors = [NOTHING]
        return is_valid


class Receiving:
    """What of each line of a return goes back on the shelf, and what is thrown away."""

    def __init__(self, found: Return, sent: MultiDict[str, str] | None = None) -> None:
        """Let all of it go back on the shelf at first."""
        self.lines: list[tuple[ReturnLine, UnitsForm, UnitsForm]] = [
            (
                it,
                _units(sent, f"shelf-{it.id}-", f"Back on the shelf, {it.line.sku}", it.quantity),
                _units(sent, f"discard-{it.id}-", f"Thrown away, {it.line.sku}", 0),
            )
            for it in found.lines
        ]
        self.back: dict[int, Back] = {}

    def validate(self) -> bool:
        """Check every field; errors stand beside them."""
        is_valid = True
        for it, shelf, discard in self.lines:
            read: dict[int, int] = {}
            both = _read(shelf, read, 0, it.quantity) & _read(discard, read, 1, it.quantity)
            if both and sum(read.values()) > it.quantity:
                discard.units.errors, both = [f"Only {it.quantity} were to come back."], False
            if both:
                self.back[it.id] = Back(read[0], read[1])
            is_valid &= both
        if is_valid and not any(it.restocked + it.discarded for it in self.back.values()):
            is_valid = False
            self.lines[0][1].units.errors = [NOTHING]
        return is_valid


def _units(sent: MultiDict[str, str] | None, prefix: str, label: str, at_first: int) -> UnitsForm:
    form = UnitsForm(sent, prefix=prefix, data={"units": str(at_first)})
    form.units.label.text = label
    return form


def _read(form: UnitsForm, into: dict[int, int], key: int, largest: int) -> bool:
    try:
        into[key] = quantity_from(form.units.data or "0", smallest=0, largest=largest)
    except ValueError as wrong:
        form.units.errors = [str(wrong)]
        return False
    return True
