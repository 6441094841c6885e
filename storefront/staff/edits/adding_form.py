"""What one types to add units to a paid order."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, StringField
from wtforms.fields import Field

from models import Order, Variant
from storefront.forms import Form, quantity_from
from storefront.staff.drafts.service import WantedLine

MOST_UNITS = 999
COUNT = {"autocomplete": "off", "inputmode": "numeric"}


class MoreForm(Form):
    """Something that the order has none of yet, and whether the order waits.

    seen: how often something was added when the form was shown, so that two clicks add once.
    """

    seen = HiddenField()
    sku = StringField("Another SKU", render_kw={"autocomplete": "off", "spellcheck": "false"})
    quantity = StringField("Units of the other SKU", render_kw=COUNT)
    waits = BooleanField("Ship nothing of this order until it is paid")


class UnitsForm(Form):
    """How many units more of a line."""

    units = StringField("Units", render_kw=COUNT)


@dataclass
class Adding:
    """The form of what is added, with a field for each SKU of the order."""

    form: MoreForm
    rows: Mapping[str, UnitsForm]
    lines: list[WantedLine] = field(default_factory=list)

    @property
    def skus(self) -> list[str]:
        """The SKUs that it may be about."""
        typed = self.form.sku.data or ""
        return [*self.rows, *([typed] if typed and typed.isprintable() else [])]

    def validate(self, variants: Mapping[str, Variant], currency: str) -> bool:
        """Check every field; errors stand beside them, and the lines are known afterwards."""
        form, self.lines = self.form, []
        typed = [(sku, row.units, row.units) for sku, row in self.rows.items() if row.units.data]
        if form.sku.data:
            typed.append((form.sku.data, form.sku, form.quantity))
        is_right = [self._take(*it, variants, currency) for it in typed]
        if not typed:
            form.sku.errors = ["Enter units of a line, or a SKU with units."]
        return bool(typed) and all(is_right)

    def _take(
        self, sku: str, name: Field, units: Field, variants: Mapping[str, Variant], currency: str
    ) -> bool:
        """Take a line where it is right, or say beside its name or its units what is wrong."""
        variant = variants.get(sku)
        price = variant.price_in(currency) if variant else None
        if variant is None:
            name.errors = ["No product has this SKU."]
        elif price is None:
            name.errors = [f"It is not sold in {currency}."]
        elif any(it.variant.id == variant.id for it in self.lines):
            name.errors = ["It stands above already."]
        else:
            try:
                quantity = quantity_from(units.data, largest=MOST_UNITS)
            except ValueError as wrong:
                units.errors = [str(wrong)]
            else:
                self.lines.append(WantedLine(variant, quantity, price))
                return True
        return False


def adding(order: Order, sent: MultiDict[str, str] | None = None) -> Adding:
    """Return the form of what is added to an order, with what was sent or empty."""
    rows = {}
    for line in order.lines:
        row = UnitsForm(sent, prefix=f"more-{line.id}-")
        row.units.label.text = f"More units of {line.sku}"
        rows[line.sku] = row
    return Adding(MoreForm(sent, prefix="more-", data={"waits": True}), rows)
