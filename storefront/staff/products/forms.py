"""What one types to edit a product: its words, and a price and a count for each variant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Product, ProductStatus, Stock, Variant
from storefront.forms import Form
from storefront.staff.products.service import Draft, VariantDraft
from storefront.staff.typed import LongTextField, count_from, price_from

LONGEST_TEXT = 100_000
SHORTEST_REASON = 3
REASON = "Give a reason of 3 to 300 characters for the new count."


class ProductForm(Form):
    """The words of a product. seen: when it had last been saved as the page was shown."""

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=200, message="Enter at most 200 characters.")],
    )
    summary = LongTextField(
        "Summary",
        [Length(max=500, message="Enter at most 500 characters.")],
        description="One or two lines, for lists and search engines.",
        render_kw={"rows": 3},
    )
    description = LongTextField(
        "Description",
        [Length(max=LONGEST_TEXT, message=f"Enter at most {LONGEST_TEXT} characters.")],
        description="Markdown. [^key] cites a reference.",
        render_kw={"rows": 20},
    )
    status = SelectField(
        "Status",
        choices={
            ProductStatus.DRAFT.value: "Draft: only staff see it",
            ProductStatus.ACTIVE.value: "Active: in the shop",
        },
    )
    is_demonstration = BooleanField("This is demonstration data")
    reason = StringField(
        "Reason",
        [Length(max=300, message=REASON)],
        description="Why a count changes, for the ledger. Needed only when one does.",
    )
    seen = HiddenField()


class VariantForm(Form):
    """A variant's price and count. shown: on hand as the page showed it."""

    price = StringField("Price", render_kw={"inputmode": "decimal", "autocomplete": "off"})
    on_hand = StringField("On hand", render_kw={"inputmode": "numeric", "autocomplete": "off"})
    shown = HiddenField()
    currency = ""  # of the variant; set for each form

    def validate_price(self, field: Field) -> None:
        """Refuse what is no exact amount of the variant's currency."""
        _checked(price_from, field.data, self.currency)

    def validate_on_hand(self, field: Field) -> None:
        """Refuse what is no count of units."""
        _checked(count_from, field.data)

    @property
    def is_counted(self) -> bool:
        """Whether the person changed the count that she was shown."""
        return self.on_hand.data != self.shown.data


@dataclass(frozen=True, slots=True)
class Editor:
    """The forms of one product's page. variants: a form for each, by the variant's id."""

    product: ProductForm
    variants: Mapping[int, VariantForm]

    def validate(self) -> bool:
        """Check every field, and that a changed count has its reason."""
        forms = (self.product, *self.variants.values())
        wrong = [form for form in forms if not form.validate()]  # each, so that all messages show
        reason = self.product.reason
        if self._is_counted() and len(reason.data or "") < SHORTEST_REASON:
            reason.errors = [REASON]
            return False
        return not wrong

    def _is_counted(self) -> bool:
        return any(form.is_counted for form in self.variants.values())

    def draft(self, variants: list[Variant]) -> Draft:
        """Return what was typed."""
        form = self.product
        return Draft(
            title=str(form.title.data),
            summary=" ".join((form.summary.data or "").split()),
            description=form.description.data or "",
            status=ProductStatus(form.status.data),
            is_demonstration=bool(form.is_demonstration.data),
            seen=form.seen.data or "",
            reason=form.reason.data or "",
            variants=[_draft(variant, self.variants[variant.id]) for variant in variants],
        )

    def now_seen(self, product: Product, stock: Mapping[int, Stock]) -> None:
        """Keep what was typed, but send it next time as seen with the product as it is now."""
        self.product.seen.data = product.updated_at.isoformat()
        for variant_id, form in self.variants.items():
            counted, on_hand = form.is_counted, str(stock[variant_id].on_hand)
            form.shown.data = on_hand
            if not counted:
                form.on_hand.data = on_hand


def shown(product: Product, stock: Mapping[int, Stock]) -> Editor:
    """Return the forms filled with a product as it is."""
    form = ProductForm(
        data={
            "title": product.title,
            "summary": product.summary,
            "description": product.description_markdown,
            "status": product.status.value,
            "is_demonstration": product.is_demonstration,
            "seen": product.updated_at.isoformat(),
        }
    )
    return Editor(form, {it.id: _variant_form(it, stock, None) for it in product.variants})


def posted(product: Product, stock: Mapping[int, Stock], sent: MultiDict[str, str]) -> Editor:
    """Return the forms filled with what was sent."""
    variants = {it.id: _variant_form(it, stock, sent) for it in product.variants}
    return Editor(ProductForm(sent), variants)


def differences(product: Product, draft: Draft) -> dict[str, str]:
    """Return what a product says otherwise than a draft: the saved text by the field's name."""
    saved = {
        "Title": (product.title, draft.title),
        "Summary": (product.summary, draft.summary),
        "Description": (product.description_markdown, draft.description),
        "Status": (product.status.value, draft.status.value),
    }
    wanted = {it.variant_id: it.price for it in draft.variants}
    for variant in product.variants:
        typed = wanted.get(variant.id, variant.price)
        saved[f"Price of {variant.sku}"] = (str(variant.price.amount), str(typed.amount))
    return {name: now for name, (now, typed) in saved.items() if now.strip() != typed.strip()}


def _variant_form(
    variant: Variant, stock: Mapping[int, Stock], sent: MultiDict[str, str] | None
) -> VariantForm:
    on_hand = str(stock[variant.id].on_hand) if variant.id in stock else "0"
    form = VariantForm(
        sent,
        prefix=f"variant-{variant.id}-",
        data={"price": str(variant.price.amount), "on_hand": on_hand, "shown": on_hand},
    )
    form.currency = variant.price.currency
    return form


def _draft(variant: Variant, form: VariantForm) -> VariantDraft:
    return VariantDraft(
        variant_id=variant.id,
        price=price_from(form.price.data, variant.price.currency),
        shown=_count_or_none(form.shown.data),
        on_hand=count_from(form.on_hand.data),
    )


def _count_or_none(text: str | None) -> int | None:
    try:
        return count_from(text)
    except ValueError:  # no page of ours showed that
        return None


def _checked(parse: Any, *typed: Any) -> None:
    """Turn the parser's refusal into the form's."""
    try:
        parse(*typed)
    except ValueError as wrong:
        raise ValidationError(str(wrong)) from None
