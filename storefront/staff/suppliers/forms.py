"""What one types of a supplier: its words, and a row for each thing that it sells."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Money, Supplier, SupplierItem
from storefront.forms import Form, email_address
from storefront.staff.suppliers.service import Draft, Item, digest
from storefront.staff.typed import LongTextField, checked, count_from, price_from, units_from

MOST_ITEMS = 150
SPARE = 5  # empty rows
LONGEST_LEAD = 730
FIGURE: Any = {"inputmode": "numeric", "autocomplete": "off"}
AMOUNT: Any = {"inputmode": "decimal", "autocomplete": "off"}


class ItemForm(Form):
    """A variant that a supplier sells; without a SKU it is none."""

    sku = StringField("SKU", render_kw={"autocomplete": "off", "spellcheck": "false"})
    supplier_sku = StringField("Their SKU", [Length(max=64, message="At most 64 characters.")])
    cost = StringField("Cost of one", render_kw=AMOUNT)
    pack_size = StringField("Pack of", render_kw=FIGURE)
    currency = ""

    def validate_cost(self, field: Field) -> None:
        """Refuse what is no exact amount of the supplier's currency."""
        if self.sku.data and field.data:
            checked(price_from, field.data, self.currency)

    def validate_pack_size(self, field: Field) -> None:
        """Refuse what is no number of units."""
        if self.sku.data and field.data:
            checked(units_from, field.data)

    def item(self, variant_id: int) -> Item:
        """Return what was typed."""
        cost = price_from(self.cost.data, self.currency).minor if self.cost.data else 0
        pack = units_from(self.pack_size.data) if self.pack_size.data else 1
        return Item(variant_id, self.supplier_sku.data or "", cost, pack)


class SupplierForm(Form):
    """A supplier. seen: a digest of it as the page was shown."""

    name = StringField(
        "Name",
        [DataRequired("Enter a name."), Length(max=120, message="Enter at most 120 characters.")],
    )
    email = StringField("Email", description="Optional: where orders can be sent.")
    address = LongTextField(
        "Address", [Length(max=1000, message="At most 1000 characters.")], render_kw={"rows": 3}
    )
    currency = SelectField("Currency")
    lead_days = StringField(
        "Lead time in days", description="From the order to its arrival.", render_kw=FIGURE
    )
    note = LongTextField(
        "Note", [Length(max=5000, message="At most 5000 characters.")], render_kw={"rows": 3}
    )
    is_active = BooleanField("Active")
    seen = HiddenField()
    items: Sequence[ItemForm] = ()

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address."""
        if field.data:
            email_address(self, field)

    def validate_lead_days(self, field: Field) -> None:
        """Refuse what is no number of days."""
        if checked(count_from, field.data) > LONGEST_LEAD:
            message = f"Enter at most {LONGEST_LEAD} days."
            raise ValidationError(message)

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every field, those of the items too, and that nothing is sold twice."""
        is_right = super().validate(extra_validators)
        seen: set[str] = set()
        for item in self.items:
            item.currency = self.currency.data or ""
            is_right = item.validate() and is_right
            sku = item.sku.data or ""
            if sku and sku in seen:
                item.sku.errors, is_right = ["This SKU stands here twice."], False
            seen.add(sku)
        return is_right

    @property
    def skus(self) -> list[str]:
        """The SKUs that were typed."""
        return [item.sku.data for item in self.items if item.sku.data]

    def find(self, variants: Mapping[str, int]) -> bool:
        """Say whether all SKUs are variants; mark those that are not."""
        missing = [it for it in self.items if it.sku.data and it.sku.data not in variants]
        for item in missing:
            item.sku.errors = ["No variant with stock of its own has this SKU."]
        return not missing

    def draft(self, variants: Mapping[str, int]) -> Draft:
        """Return what was typed."""
        return Draft(
            name=self.name.data or "",
            email=self.email.data or "",
            address=self.address.data or "",
            note=self.note.data or "",
            currency=self.currency.data or "",
            lead_days=count_from(self.lead_days.data),
            is_active=bool(self.is_active.data),
            items=[it.item(variants[it.sku.data]) for it in self.items if it.sku.data],
        )


def shown(supplier: Supplier | None, currencies: Sequence[str]) -> SupplierForm:
    """Return the form of a supplier as it is, or of a new one."""
    data: dict[str, Any] = {"is_active": True, "lead_days": "14", "currency": currencies[0]}
    if supplier is not None:
        names = ("name", "email", "address", "note", "currency", "is_active")
        data = {name: getattr(supplier, name) for name in names}
        data |= {"lead_days": str(supplier.lead_days), "seen": digest(supplier)}
    items = supplier.items if supplier else []
    rows = [_words(it, data["currency"]) for it in items] + [{}] * SPARE
    form = SupplierForm(data=data)
    _choose(form, currencies, supplier)
    form.items = [_item(number, None, words) for number, words in enumerate(rows[:MOST_ITEMS])]
    return form


def posted(
    sent: MultiDict[str, str], supplier: Supplier | None, currencies: Sequence[str]
) -> SupplierForm:
    """Return the form filled with what was sent."""
    form = SupplierForm(sent)
    _choose(form, currencies, supplier)
    numbers = [number for number in range(MOST_ITEMS) if f"item-{number}-sku" in sent]
    form.items = [_item(number, sent, {}) for number in numbers]
    return form


def _choose(form: SupplierForm, currencies: Sequence[str], supplier: Supplier | None) -> None:
    own = [supplier.currency] if supplier else []
    form.currency.choices = {code: code for code in (*currencies, *own)}


def _item(number: int, sent: MultiDict[str, str] | None, words: Mapping[str, str]) -> ItemForm:
    return ItemForm(sent, prefix=f"item-{number}-", data=words)


def _words(item: SupplierItem, currency: str) -> dict[str, str]:
    return {
        "sku": item.variant.sku,
        "supplier_sku": item.supplier_sku,
        "cost": str(Money(item.cost_minor, currency).amount),
        "pack_size": str(item.pack_size),
    }
