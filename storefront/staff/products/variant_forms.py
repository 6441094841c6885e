"""What one types of a variant: prices, a count, how it sells, and what a bundle is made of."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import Length, ValidationError

from models import Selling, Stock, Variant
from storefront.forms import Form, quantity_from
from storefront.staff.products.saved import variant_words
from storefront.staff.products.service import VariantDraft
from storefront.staff.seen import seen_of
from storefront.staff.typed import LongTextField, checked, count_from, price_from

MOST_PARTS = 20
AMOUNT: Any = {"inputmode": "decimal", "autocomplete": "off"}
COUNT: Any = {"inputmode": "numeric", "autocomplete": "off"}
_PART = re.compile(r"(?P<sku>\S{1,64})(\s+(?P<units>\S+))?")


class PriceForm(Form):
    """A price in a further currency; empty where it is not sold in it."""

    price = StringField("Price", render_kw=AMOUNT)
    currency = ""  # set for each form

    def validate_price(self, field: Field) -> None:
        """Refuse what is no exact amount of the currency."""
        if field.data:
            checked(price_from, field.data, self.currency)


class VariantForm(Form):
    """A variant. shown: on hand as the page showed it; seen: a digest of the other fields."""

    price = StringField("Price", render_kw=AMOUNT)
    on_hand = StringField("On hand", render_kw=COUNT)
    shown = HiddenField()
    seen = HiddenField()
    selling = SelectField(
        "When none is there",
        choices={
            Selling.IN_STOCK.value: "It is sold out",
            Selling.BACKORDER.value: "Sold all the same (backorder)",
            Selling.PREORDER.value: "Sold before the first (pre-order)",
        },
    )
    promise = StringField(
        "When it ships then",
        [Length(max=200, message="Enter at most 200 characters.")],
        description="Buyers see this before they buy, and on their order.",
    )
    parts = LongTextField(
        "Parts of a bundle",
        description=(
            "Each on a line: its SKU and how many units, such as QLC-RED 1. Empty: it is no bundle."
        ),
        render_kw={"rows": 3, "spellcheck": "false"},
    )
    currency = ""  # of the variant; set for each form, as are these:
    is_bundle = False
    is_sent = False  # whether the page had it: a variant may have been added since
    prices: Mapping[str, PriceForm]

    def validate(self, extra_validators: Mapping[str, Any] | None = None) -> bool:
        """Check every field, those of further currencies too."""
        forms = [form.validate() for form in self.prices.values()]
        return super().validate(extra_validators) and all(forms)

    def validate_price(self, field: Field) -> None:
        """Refuse what is no exact amount of the variant's currency."""
        checked(price_from, field.data, self.currency)

    def validate_on_hand(self, field: Field) -> None:
        """Refuse what is no count of units."""
        if not self.is_bundle:
            checked(count_from, field.data)

    def validate_promise(self, field: Field) -> None:
        """Refuse to sell what is not there without a word on when it ships."""
        waits = self.selling.data != Selling.IN_STOCK.value and not self.parts.data
        if waits and not field.data:
            message = "Say when it ships, such as: Ships in about two weeks."
            raise ValidationError(message)

    def validate_parts(self, field: Field) -> None:
        """Refuse what is no list of SKUs with units."""
        checked(_parts_from, field.data)

    @property
    def is_counted(self) -> bool:
        """Whether the person changed the count that she was shown."""
        return not self.is_bundle and self.on_hand.data != self.shown.data

    @property
    def is_special(self) -> bool:
        """Whether what stands behind the plain price and count must be seen."""
        fields = (self.selling, self.promise, self.parts)
        wrong = [*fields, *(form.price for form in self.prices.values())]
        plain = self.selling.data == Selling.IN_STOCK.value and not self.parts.data
        return not plain or any(field.errors for field in wrong)


def variant_form(
    variant: Variant,
    stock: Stock | None,
    further: Sequence[str],
    sent: MultiDict[str, str] | None,
) -> VariantForm:
    """Return the form with what was sent, else with a variant as it is.

    further: the shop's currencies besides the main one. The variant's prices and parts, with the
    variants that these are, must be loaded.
    """
    on_hand = str(stock.on_hand) if stock else "0"
    data = variant_words(variant) | {"on_hand": on_hand, "shown": on_hand}
    data["seen"], prefix = seen_of(variant_words(variant)), f"variant-{variant.id}-"
    sent = sent if sent is not None and f"{prefix}price" in sent else None
    form = VariantForm(sent, prefix=prefix, data=data)
    form.is_sent = sent is not None
    form.currency = variant.price.currency
    form.is_bundle = bool(variant.parts)
    form.prices = {code: _price_form(variant, code, sent) for code in further}
    return form


def variant_draft(variant: Variant, form: VariantForm) -> VariantDraft:
    """Return what was typed of a variant."""
    return VariantDraft(
        variant_id=variant.id,
        price=price_from(form.price.data, variant.price.currency),
        shown=_count_or_none(form.shown.data),
        on_hand=count_from(form.on_hand.data or "0"),
        selling=Selling(form.selling.data),
        promise=form.promise.data or "",
        parts=_parts_from(form.parts.data),
        seen=form.seen.data or "",
        prices={
            code: price_from(it.price.data, code) if it.price.data else None
            for code, it in form.prices.items()
        },
    )


def _price_form(variant: Variant, code: str, sent: MultiDict[str, str] | None) -> PriceForm:
    price = variant.price_in(code)
    form = PriceForm(
        sent,
        prefix=f"variant-{variant.id}-{code.lower()}-",
        data={"price": str(price.amount) if price else ""},
    )
    form.currency = code
    form.price.label.text = f"Price in {code}"
    return form


def _parts_from(text: str | None) -> dict[str, int]:
    """Return units by SKU, or raise ValueError with a message for people."""
    found: dict[str, int] = {}
    for line in (text or "").splitlines():
        if not line.strip():
            continue
        typed = _PART.fullmatch(line.strip())
        if typed is None or typed["sku"] in found:
            message = f"Write each part once, as its SKU and its units: “{line.strip()[:80]}”."
            raise ValueError(message)
        found[typed["sku"]] = quantity_from(typed["units"] or "1")
    if len(found) > MOST_PARTS:
        message = f"A bundle holds at most {MOST_PARTS} different parts."
        raise ValueError(message)
    return found


def _count_or_none(text: str | None) -> int | None:
    try:
        return count_from(text)
    except ValueError:  # no page of ours showed that
        return None
