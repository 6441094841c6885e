"""What one types to write an order for somebody."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import Length, ValidationError

from models import Money, Order, Variant
from models.money import decimals
from storefront.formatting import money
from storefront.forms import Form, id_from, normal_email, quantity_from
from storefront.pricing.countries import countries
from storefront.pricing.quote import Quote
from storefront.staff.drafts.service import OWN_PRICE, Wanted, WantedLine, fingerprint
from storefront.staff.typed import price_from

MOST_LINES = 50
MOST_UNITS = 999
ADDRESS = ("name", "line1", "line2", "city", "state", "postal_code", "country")
OWN, RATE = "own", re.compile(r"rate-([0-9]{1,10})")
LONG = [Length(max=200, message="Enter at most 200 characters.")]
AMOUNT: Any = {"inputmode": "decimal", "autocomplete": "off", "maxlength": "20"}


class LineForm(Form):
    """Units of a variant, by its SKU."""

    sku = StringField("SKU", render_kw={"autocomplete": "off", "spellcheck": "false"})
    quantity = StringField("Quantity", render_kw={"autocomplete": "off", "inputmode": "numeric"})
    price = StringField("Own price", render_kw=AMOUNT)


class DraftForm(Form):
    """A draft but for its lines. rows: how many lines the page has; seen: what it showed."""

    rows = HiddenField()
    seen = HiddenField()
    email = StringField("Email", render_kw={"autocomplete": "off", "inputmode": "email"})
    name = StringField("Name", LONG)
    line1 = StringField("Address", LONG)
    line2 = StringField("Apartment, floor or company", LONG)
    city = StringField("City", LONG)
    state = StringField("State or region", [Length(max=10, message="Enter its code.")])
    postal_code = StringField("Postal code", [Length(max=20, message="At most 20 characters.")])
    country = SelectField("Country")
    currency = SelectField("Currency")
    shipping = SelectField("Shipping", validate_choice=False)
    shipping_title = StringField("Name of the own shipping", LONG)
    shipping_amount = StringField("Amount of the own shipping", render_kw=AMOUNT)
    discount = StringField("Discount", render_kw=AMOUNT)
    reason = StringField("Reason", [Length(max=120, message="Enter at most 120 characters.")])
    note = StringField("Note", [Length(max=500, message="Enter at most 500 characters.")])
    q = StringField("Find a product", render_kw={"type": "search", "maxlength": "100"})

    def validate_email(self, field: Field) -> None:
        """Refuse what is no address; none is right while it is not sent."""
        if field.data:
            found = normal_email(field.data)
            if found is None:
                message = "Enter an email address such as name@example.com."
                raise ValidationError(message)
            field.data = found


@dataclass
class Drafting:
    """The form with its lines, and what they come to. found: what the search found."""

    form: DraftForm
    rows: list[LineForm]
    quote: Quote | None = None
    found: Sequence[Variant] = ()
    lines: list[WantedLine] = field(default_factory=list)

    @property
    def currency(self) -> str:
        """The currency that is chosen."""
        return str(self.form.currency.data)

    @property
    def skus(self) -> list[str]:
        """The SKUs that were typed, as far as they can be any."""
        typed = (str(row.sku.data or "") for row in self.rows)
        return [sku for sku in typed if sku and sku.isprintable()]

    @property
    def is_served(self) -> bool:
        """Whether it can be shipped to the country that is typed."""
        found = self.quote
        wanted = self.form.country.data or ""
        return bool(found and found.shipping is not None and wanted in {"", found.country})

    def add(self, sku: str = "") -> None:
        """Add a line, into the first empty one where a SKU is given."""
        empty = next((row for row in self.rows if sku and not row.sku.data), None)
        if empty is not None:
            empty.sku.data, empty.quantity.data = sku, empty.quantity.data or "1"
        elif len(self.rows) < MOST_LINES:
            self.rows.append(_row(len(self.rows), None, {"sku": sku, "quantity": "1"}))

    def validate(self, variants: Mapping[str, Variant]) -> bool:
        """Check every field; errors stand beside them, and the lines are known afterwards."""
        is_valid, self.lines = self.form.validate(), []
        rows = [self._line_is_right(row, variants) for row in self.rows]
        is_right = self._money_is_right()
        return is_valid and all(rows) and is_right

    def _line_is_right(self, row: LineForm, variants: Mapping[str, Variant]) -> bool:
        if not row.validate():
            return False
        sku = str(row.sku.data or "")
        if not sku:
            return True
        variant = variants.get(sku)
        if variant is None:
            row.sku.errors = ["No product has this SKU. Find it below."]
            return False
        if any(it.variant.id == variant.id for it in self.lines):
            row.sku.errors = ["It stands in another line already."]
            return False
        try:
            quantity = quantity_from(row.quantity.data, largest=MOST_UNITS)
        except ValueError as wrong:
            row.quantity.errors = [str(wrong)]
            return False
        price = self._price(row, variant)
        if price is not None:
            self.lines.append(WantedLine(variant, quantity, price))
        return price is not None

    def _price(self, row: LineForm, variant: Variant) -> Money | None:
        usual = variant.price_in(self.currency)
        if not row.price.data:
            if usual is None:
                row.price.errors = [f"It is not sold in {self.currency}: enter a price."]
            return usual
        try:
            own = price_from(row.price.data, self.currency)
        except ValueError as wrong:
            row.price.errors = [str(wrong)]
            return None
        if own != usual and not self.form.reason.data:
            self.form.reason.errors = ["Say why the price is another one."]
            return None
        return own

    def _money_is_right(self) -> bool:
        form, is_right = self.form, True
        wanted = [form.discount] if form.discount.data else []
        wanted += [form.shipping_amount] if form.shipping.data == OWN else []
        for typed in wanted:
            try:
                price_from(typed.data, self.currency)
            except ValueError as wrong:
                typed.errors, is_right = [str(wrong)], False
        if form.discount.data and not form.reason.data:
            form.reason.errors, is_right = (
                ["Say why: the buyer sees it beside the discount."],
                False,
            )
        return is_right

    def wanted(self) -> Wanted:
        """Return what was typed; after ``validate``."""
        form = self.form
        rate = RATE.fullmatch(form.shipping.data or "")
        own = None
        if form.shipping.data == OWN:
            title = form.shipping_title.data or "Shipping"
            own = (title, price_from(form.shipping_amount.data, self.currency).minor)
        off = price_from(form.discount.data, self.currency).minor if form.discount.data else 0
        return Wanted(
            currency=self.currency,
            lines=tuple(self.lines),
            email=form.email.data or "",
            address={name: str(form[name].data or "") for name in ADDRESS},
            rate_id=id_from(rate[1]) if rate else None,
            own_shipping=own,
            discount_minor=off,
            reason=form.reason.data or "",
            note=form.note.data or "",
        )

    def show(self, quote: Quote) -> None:
        """Take what it comes to, and what shipping can be chosen from."""
        self.quote = quote
        ways = {
            f"rate-{it.rate_id}": f"{it.title}, {money(quote.money(it.price_minor))}"
            for it in quote.ways
            if it.rate_id is not None
        }
        self.form.shipping.choices = {**(ways or {"": "Included"}), OWN: "An own amount"}


def blank(currencies: Sequence[str], country: str, order: Order | None = None) -> Drafting:
    """Return the form of a draft as it is, else an empty one of one line."""
    data = _data(order) if order else {"currency": currencies[0], "country": country}
    rows = [
        _row(
            n,
            None,
            {
                "sku": line.sku,
                "quantity": str(line.quantity),
                "price": str(line.unit_price.amount),
            },
        )
        for n, line in enumerate(order.lines if order else [])
    ]
    drafting = Drafting(_form(None, data, currencies), rows)
    if not rows:
        drafting.add()
    return drafting


def posted(sent: MultiDict[str, str], currencies: Sequence[str]) -> Drafting:
    """Return the form with what was sent."""
    form = _form(sent, {}, currencies)
    count = min(id_from(form.rows.data) or 1, MOST_LINES)
    return Drafting(form, [_row(n, sent, {}) for n in range(count)])


def _form(
    sent: MultiDict[str, str] | None, data: Mapping[str, Any], currencies: Sequence[str]
) -> DraftForm:
    form = DraftForm(sent, data=data)
    form.country.choices = countries()
    form.currency.choices = {code: code for code in currencies}
    form.shipping.choices = {"": "As the shop ships", OWN: "An own amount"}
    return form


def _row(number: int, sent: MultiDict[str, str] | None, data: Mapping[str, Any]) -> LineForm:
    row = LineForm(sent, prefix=f"line-{number}-", data=data)
    for typed in row:
        typed.label.text = f"{typed.label.text} of line {number + 1}"
    return row


def _data(order: Order) -> dict[str, Any]:
    to = order.shipping_address or {}
    currency = order.total.currency
    return {
        **{name: to.get(name) or "" for name in ADDRESS},
        "country": to.get("country") or order.country,
        "email": order.email or "",
        "currency": currency,
        "shipping": OWN if order.shipping_title else "",
        "shipping_title": order.shipping_title,
        "shipping_amount": _amount(order.shipping_minor, currency),
        "discount": _amount(order.discount_minor, currency) if order.discount_minor else "",
        "reason": _reason(order),
        "seen": fingerprint(order),
    }


def _reason(order: Order) -> str:
    """Return why a draft has a discount or prices of its own; its events must be loaded."""
    told = [it.note.rpartition(" (")[0] for it in order.events if it.kind == OWN_PRICE]
    return next((use.title for use in order.discounts), told[-1] if told else "")


def _amount(minor: int, currency: str) -> str:
    return str(Decimal(minor).scaleb(-decimals(currency)))
