"""What one types of a purchase: quantities by variant, and what came of them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import Length, Optional

from models import Location, Purchase
from models.money import Money
from storefront.forms import Form, id_from
from storefront.staff.purchases.service import Draft, Wanted, digest, outstanding
from storefront.staff.purchases.suggestion import Suggestion
from storefront.staff.typed import LongTextField, checked, count_from, price_from

FIGURE: Any = {"inputmode": "numeric", "autocomplete": "off"}
AMOUNT: Any = {"inputmode": "decimal", "autocomplete": "off"}
NO_LINES = "Enter how many to buy of at least one."


class LineForm(Form):
    """A variant to buy; none of it where the quantity is empty or 0."""

    quantity = StringField("Quantity", render_kw=FIGURE)
    cost = StringField("Cost of one", render_kw=AMOUNT)
    currency = ""

    def validate_quantity(self, it: Field) -> None:
        """Refuse what is no number of units."""
        if it.data:
            checked(count_from, it.data)

    def validate_cost(self, it: Field) -> None:
        """Refuse what is no exact amount of the supplier's currency."""
        if it.data:
            checked(price_from, it.data, self.currency)


class PurchaseForm(Form):
    """What stands above the lines. seen: a digest of the purchase as the page was shown."""

    location = SelectField("Comes to")
    expected_on = DateField("Expected on", [Optional()], description="Empty: by the lead time.")
    note = LongTextField(
        "Note", [Length(max=5000, message="At most 5000 characters.")], render_kw={"rows": 2}
    )
    seen = HiddenField()


class ReceivedForm(Form):
    """What came of a line."""

    received = StringField("Received", render_kw=FIGURE)
    rejected = StringField("Rejected", render_kw=FIGURE)

    def validate_received(self, it: Field) -> None:
        """Refuse what is no number of units."""
        if it.data:
            checked(count_from, it.data)

    validate_rejected = validate_received


@dataclass(slots=True)
class Editor:
    """The forms of a draft. lines: by the variant's id."""

    form: PurchaseForm
    lines: Mapping[int, LineForm]
    errors: list[str] = field(default_factory=list)

    def validate(self) -> bool:
        """Check every field, and that something is bought."""
        wrong = [it for it in (self.form, *self.lines.values()) if not it.validate()]
        if not wrong and not list(self._wanted()):
            self.errors = [NO_LINES]
            for line in islice(self.lines.values(), 1):
                line.quantity.errors = [NO_LINES]
        return not wrong and not self.errors

    def draft(self) -> Draft:
        """Return what was typed."""
        form = self.form
        return Draft(
            int(form.location.data), form.expected_on.data, form.note.data or "", [*self._wanted()]
        )

    def _wanted(self) -> Iterator[Wanted]:
        for variant_id, line in self.lines.items():
            units = count_from(line.quantity.data) if line.quantity.data else 0
            if units:
                cost = price_from(line.cost.data or "0", line.currency).minor
                yield Wanted(variant_id, units, cost)


def suggested(
    found: Sequence[Suggestion],
    currency: str,
    locations: Sequence[Location],
    sent: MultiDict[str, str] | None,
) -> Editor:
    """Return the forms of a new purchase, filled with what is suggested or what was sent."""
    lines = {
        it.variant_id: _line(it.variant_id, sent, currency, it.quantity, it.cost_minor)
        for it in found
    }
    return Editor(_choose(PurchaseForm(sent), locations), lines)


def of_draft(
    purchase: Purchase, locations: Sequence[Location], sent: MultiDict[str, str] | None
) -> Editor:
    """Return the forms of a draft as it is, or of what was sent."""
    form = PurchaseForm(
        sent,
        data={
            "location": str(purchase.location_id),
            "expected_on": purchase.expected_on,
            "note": purchase.note,
            "seen": digest(purchase),
        },
    )
    currency = purchase.currency
    lines = {
        it.variant_id: _line(it.variant_id, sent, currency, it.quantity, it.cost_minor)
        for it in purchase.lines
    }
    return Editor(_choose(form, [*locations, purchase.location]), lines)


def receipts(purchase: Purchase, sent: MultiDict[str, str] | None) -> dict[int, ReceivedForm]:
    """Return a form for each line, filled with what is still to come, or with what was sent."""
    return {
        line.id: ReceivedForm(
            sent, prefix=f"line-{line.id}-", data={"received": str(outstanding(line))}
        )
        for line in purchase.lines
    }


def came(lines: Mapping[int, ReceivedForm]) -> dict[int, tuple[int, int]]:
    """Return units received and rejected by line, of checked forms."""
    return {
        line_id: (count_from(it.received.data or "0"), count_from(it.rejected.data or "0"))
        for line_id, it in lines.items()
    }


def cover_from(text: str | None) -> int:
    """Return the days to cover that an address asks for: 1 to 365, else 30."""
    found = id_from(text) or 30
    return found if found <= 365 else 30  # noqa: PLR2004 (a year)


class OrderForm(Form):
    """Whether the supplier gets a mail."""

    mail = BooleanField("Send the list to the supplier by mail")


def _line(
    variant_id: int, sent: MultiDict[str, str] | None, currency: str, units: int, cost: int
) -> LineForm:
    data = {"quantity": str(units), "cost": str(Money(cost, currency).amount)}
    line = LineForm(sent, prefix=f"line-{variant_id}-", data=data)
    line.currency = currency
    return line


def _choose(form: PurchaseForm, locations: Sequence[Location]) -> PurchaseForm:
    form.location.choices = list({str(it.id): it.title for it in locations}.items())
    return form
