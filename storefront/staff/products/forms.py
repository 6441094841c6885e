"""What one types to edit a product: its words, and a form for each variant."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Product, ProductStatus, Stock, Variant, now
from storefront.forms import Form
from storefront.staff.products.saved import variant_words, words_of
from storefront.staff.products.service import Draft, VariantDraft
from storefront.staff.products.variant_forms import (
    VariantForm,
    variant_draft,
    variant_form,
)
from storefront.staff.seen import seen_of
from storefront.staff.typed import LongTextField, checked, moment_from, moment_text

LONGEST_TEXT = 100_000
SHORTEST_REASON = 3
REASON = "Give a reason of 3 to 300 characters for the new count."


class ProductForm(Form):
    """The words of a product. seen: a digest of them as the page was shown."""

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
            ProductStatus.SCHEDULED.value: "Scheduled: in the shop from a moment on",
            ProductStatus.ACTIVE.value: "Active: in the shop",
            ProductStatus.ARCHIVED.value: "Archived: no longer sold, its page stays",
        },
    )
    publish_at = StringField(
        "In the shop from",
        description="For a scheduled one, such as 2026-12-24T18:00.",
        render_kw={"type": "datetime-local", "step": "60"},
    )
    is_demonstration = BooleanField("This is demonstration data")
    reason = StringField(
        "Reason",
        [Length(max=300, message=REASON)],
        description="Why a count changes, for the ledger. Needed only when one does.",
    )
    seen = HiddenField()
    zone = "UTC"  # the shop's; set for each form

    def validate_publish_at(self, field: Field) -> None:
        """Refuse what is no moment, and a schedule without one to come."""
        moment = checked(moment_from, field.data, self.zone)
        is_planned = self.status.data == ProductStatus.SCHEDULED.value
        if is_planned and (moment is None or moment <= now()):
            message = "Enter a moment to come, or choose another status."
            raise ValidationError(message)


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
            publish_at=moment_from(form.publish_at.data, form.zone),
            is_demonstration=bool(form.is_demonstration.data),
            seen=form.seen.data or "",
            reason=form.reason.data or "",
            variants=[
                variant_draft(variant, self.variants[variant.id])
                for variant in variants
                if self.variants[variant.id].is_sent
            ],
        )

    def now_seen(self, product: Product, stock: Mapping[int, Stock]) -> None:
        """Keep what was typed, but send it next time as seen with the product as it is now."""
        self.product.seen.data = seen_of(words_of(product))
        variants = {it.id: it for it in product.variants}
        for variant_id, form in self.variants.items():
            if variant_id in variants:
                form.seen.data = seen_of(variant_words(variants[variant_id]))
            if variant_id not in stock:
                continue
            counted, on_hand = form.is_counted, str(stock[variant_id].on_hand)
            form.shown.data = on_hand
            if not counted:
                form.on_hand.data = on_hand


def shown(
    product: Product, stock: Mapping[int, Stock], further: Sequence[str], zone: str
) -> Editor:
    """Return the forms filled with a product as it is; further: currencies beside the main one."""
    form = ProductForm(
        data={
            "title": product.title,
            "summary": product.summary,
            "description": product.description_markdown,
            "status": product.status.value,
            "publish_at": moment_text(product.publish_at, zone),
            "is_demonstration": product.is_demonstration,
            "seen": seen_of(words_of(product)),
        }
    )
    return Editor(form, _variant_forms(product, stock, further, None))


def posted(
    product: Product,
    stock: Mapping[int, Stock],
    further: Sequence[str],
    sent: MultiDict[str, str],
    zone: str,
) -> Editor:
    """Return the forms filled with what was sent."""
    form = ProductForm(sent)
    form.zone = zone
    return Editor(form, _variant_forms(product, stock, further, sent))


def differences(product: Product, draft: Draft) -> dict[str, str]:
    """Return what a product says otherwise than a draft: the saved text by the field's name."""
    typed = words_of(
        Product(
            title=draft.title,
            summary=draft.summary,
            description_markdown=draft.description,
            status=draft.status,
            publish_at=draft.publish_at,
            is_demonstration=draft.is_demonstration,
        )
    )
    saved = {name: (text, typed[name]) for name, text in words_of(product).items()}
    wanted = {it.variant_id: it for it in draft.variants}
    for variant in product.variants:
        if variant.id in wanted:
            saved |= _variant_differences(variant, wanted[variant.id])
    return {name: now for name, (now, typed) in saved.items() if now.strip() != typed.strip()}


def _variant_differences(variant: Variant, draft: VariantDraft) -> dict[str, tuple[str, str]]:
    now, sku = variant_words(variant), variant.sku
    parts = "\n".join(sorted(f"{part} {units}" for part, units in draft.parts.items()))
    found = {
        f"Price of {sku}": (now["price"], str(draft.price.amount)),
        f"Selling of {sku}": (now["selling"], draft.selling.value),
        f"Promise of {sku}": (now["promise"], draft.promise),
        f"Parts of {sku}": (now["parts"], parts),
    }
    for code, price in draft.prices.items():
        has = variant.price_in(code)
        name = f"Price of {sku} in {code}"
        found[name] = (str(has.amount) if has else "", str(price.amount) if price else "")
    return found


def _variant_forms(
    product: Product,
    stock: Mapping[int, Stock],
    further: Sequence[str],
    sent: MultiDict[str, str] | None,
) -> dict[int, VariantForm]:
    return {it.id: variant_form(it, stock.get(it.id), further, sent) for it in product.variants}
