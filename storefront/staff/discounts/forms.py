"""What one types to decide on a discount."""

from collections.abc import Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Collection, Discount, DiscountKind
from models.money import Money
from storefront.cart.forms import CODE
from storefront.forms import Form
from storefront.staff.discounts.service import Draft
from storefront.staff.typed import (
    checked,
    count_from,
    moment_from,
    moment_text,
    percent_from,
    percent_text,
    price_from,
)

FIGURE: Any = {"inputmode": "numeric", "autocomplete": "off"}
AMOUNT: Any = {"inputmode": "decimal", "autocomplete": "off"}
MOMENT: Any = {"type": "datetime-local", "autocomplete": "off"}
WITH_PERCENT = {DiscountKind.PERCENTAGE.value, DiscountKind.BUY_X_GET_Y.value}


class DiscountForm(Form):
    """A discount. seen: when it had last been saved as the page was shown.

    zone: the shop's, in which moments are typed. Fields of other kinds than the chosen are passed
    over.
    """

    title = StringField(
        "Title",
        [DataRequired("Enter a title."), Length(max=120, message="Enter at most 120 characters.")],
        description="Buyers see it in the cart, on the order and on the payment page.",
    )
    code = StringField(
        "Code",
        description="Leave it empty for a discount that every cart gets by itself.",
        render_kw={"autocomplete": "off", "spellcheck": "false", "maxlength": "60"},
    )
    kind = SelectField(
        "Kind",
        choices={
            DiscountKind.PERCENTAGE.value: "A percentage",
            DiscountKind.AMOUNT.value: "An amount",
            DiscountKind.FREE_SHIPPING.value: "The shipping",
            DiscountKind.BUY_X_GET_Y.value: "Buy some, get some",
        },
    )
    percent = StringField(
        "Percent",
        description="Such as 12.5. 100 is free.",
        render_kw=AMOUNT,
    )
    amount = StringField("Amount", render_kw=AMOUNT)
    buy_quantity = StringField("Units to buy", render_kw=FIGURE)
    get_quantity = StringField("Units to get", render_kw=FIGURE)
    currency = SelectField(
        "Currency", description="Of the amounts here. With one, it is for carts in this currency."
    )
    collection = SelectField("Collection", description="Only its products count and are reduced.")
    minimum = StringField(
        "Minimum amount", description="Of the products that count. Empty: none.", render_kw=AMOUNT
    )
    minimum_quantity = StringField(
        "Minimum quantity", description="In units. Empty: none.", render_kw=FIGURE
    )
    starts = StringField("Starts", render_kw=MOMENT)
    ends = StringField("Ends", render_kw=MOMENT)
    max_uses = StringField(
        "Uses in all",
        description="Empty: no limit. Unpaid orders count while they wait.",
        render_kw=FIGURE,
    )
    max_uses_each = StringField(
        "Uses for each customer",
        description="Counted by email address, from the first order with this limit on.",
        render_kw=FIGURE,
    )
    is_active = BooleanField("Active")
    is_demonstration = BooleanField("This is demonstration data")
    seen = HiddenField()
    zone = "UTC"  # set for each form

    @property
    def typed_code(self) -> str | None:
        """The code in capitals, None where it applies by itself."""
        return (self.code.data or "").upper() or None

    def validate_code(self, field: Field) -> None:
        """Refuse what no code looks like."""
        del field
        if self.typed_code and not CODE.fullmatch(self.typed_code):
            message = "A code has letters, digits and hyphens, at most 40."
            raise ValidationError(message)

    def validate_percent(self, field: Field) -> None:
        """Refuse what is no percentage, or takes nothing off, where the kind has one."""
        if self.kind.data in WITH_PERCENT and not checked(percent_from, field.data):
            message = "Enter more than 0 percent."
            raise ValidationError(message)

    def validate_amount(self, field: Field) -> None:
        """Refuse what is no amount, or takes nothing off, where the kind has one."""
        if self.kind.data == DiscountKind.AMOUNT.value and not self._price(field).minor:
            message = "Enter an amount above 0."
            raise ValidationError(message)

    def validate_buy_quantity(self, field: Field) -> None:
        """Refuse what is no number of units, where the kind has one."""
        if self.kind.data == DiscountKind.BUY_X_GET_Y.value:
            checked(_units_from, field.data)

    validate_get_quantity = validate_buy_quantity

    def validate_minimum(self, field: Field) -> None:
        """Refuse what is no amount."""
        if field.data:
            self._price(field)

    def validate_minimum_quantity(self, field: Field) -> None:
        """Refuse what is no count."""
        if field.data:
            checked(count_from, field.data)

    def validate_starts(self, field: Field) -> None:
        """Refuse what is no moment."""
        checked(moment_from, field.data, self.zone)

    def validate_ends(self, field: Field) -> None:
        """Refuse what is no moment, or comes before the start."""
        ends = checked(moment_from, field.data, self.zone)
        try:
            starts = moment_from(self.starts.data, self.zone)
        except ValueError:  # it has its own message
            return
        if starts and ends and ends <= starts:
            message = "Enter an end after the start."
            raise ValidationError(message)

    def validate_max_uses(self, field: Field) -> None:
        """Refuse what is no limit."""
        if field.data:
            checked(_limit_from, field.data)

    def validate_max_uses_each(self, field: Field) -> None:
        """Refuse what is no limit, and one without a code."""
        if field.data:
            checked(_limit_from, field.data)
        if field.data and not self.typed_code:
            # Who she is is known at the till only: there she could not take it off again.
            message = "Only a discount with a code can be limited for each customer."
            raise ValidationError(message)

    def _price(self, field: Field) -> Money:
        found: Money = checked(price_from, field.data, self.currency.data or "")
        return found

    def draft(self) -> Draft:
        """Return what was typed; what belongs to another kind is nothing."""
        kind = DiscountKind(self.kind.data)
        is_bought = kind is DiscountKind.BUY_X_GET_Y
        currency = self.currency.data or ""
        amount = price_from(self.amount.data, currency) if kind is DiscountKind.AMOUNT else None
        minimum = price_from(self.minimum.data, currency).minor if self.minimum.data else 0
        return Draft(
            title=str(self.title.data),
            code=self.typed_code,
            kind=kind,
            percent_ppm=percent_from(self.percent.data) if kind.value in WITH_PERCENT else 0,
            amount_minor=amount.minor if amount else 0,
            currency=currency if amount or minimum else None,
            buy_quantity=count_from(self.buy_quantity.data) if is_bought else 0,
            get_quantity=count_from(self.get_quantity.data) if is_bought else 0,
            minimum_minor=minimum,
            minimum_quantity=_count_or_none(self.minimum_quantity.data) or 0,
            collection_id=int(self.collection.data) if self.collection.data else None,
            starts_at=moment_from(self.starts.data, self.zone),
            ends_at=moment_from(self.ends.data, self.zone),
            max_uses=_count_or_none(self.max_uses.data),
            max_uses_each=_count_or_none(self.max_uses_each.data),
            is_active=bool(self.is_active.data),
            is_demonstration=bool(self.is_demonstration.data),
        )


class Choices:
    """What the fields of the form can be chosen from, and the shop's zone."""

    def __init__(
        self, currencies: Sequence[str], collections: Sequence[Collection], zone: str
    ) -> None:
        """Remember them."""
        self.currencies = tuple(currencies)
        self.collections = {"": "All products"} | {str(it.id): it.title for it in collections}
        self.zone = zone

    def form(
        self, sent: MultiDict[str, str] | None = None, discount: Discount | None = None
    ) -> DiscountForm:
        """Return the form with what was sent, else with a discount as it is, else empty."""
        form = DiscountForm(sent, data=self._data(discount))
        own = discount.currency if discount else None
        form.currency.choices = {code: code for code in (*self.currencies, own) if code}
        form.collection.choices = self.collections
        form.zone = self.zone
        return form

    def _data(self, discount: Discount | None) -> dict[str, object]:
        if discount is None:
            return {"is_active": True, "currency": self.currencies[0], "collection": ""}
        return {
            "title": discount.title,
            "is_active": discount.is_active,
            "is_demonstration": discount.is_demonstration,
            "seen": discount.updated_at.isoformat(),
            **self.words(discount),
        }

    def words(self, discount: Discount | Draft) -> dict[str, str]:
        """Return a discount's or a draft's fields as one types them."""
        currency = discount.currency or self.currencies[0]
        return {
            "code": discount.code or "",
            "kind": discount.kind.value,
            "percent": percent_text(discount.percent_ppm) if discount.percent_ppm else "",
            "amount": _price_text(discount.amount_minor, currency),
            "buy_quantity": str(discount.buy_quantity or ""),
            "get_quantity": str(discount.get_quantity or ""),
            "currency": currency,
            "collection": str(discount.collection_id or ""),
            "minimum": _price_text(discount.minimum_minor, currency),
            "minimum_quantity": str(discount.minimum_quantity or ""),
            "starts": moment_text(discount.starts_at, self.zone),
            "ends": moment_text(discount.ends_at, self.zone),
            "max_uses": str(discount.max_uses or ""),
            "max_uses_each": str(discount.max_uses_each or ""),
        }

    def differences(self, discount: Discount, draft: Draft, form: DiscountForm) -> dict[str, str]:
        """Return what a discount says otherwise than a draft, by the name of its field."""
        saved = {"title": discount.title, **self.words(discount)}
        typed = {"title": draft.title, **self.words(draft)}
        found = {
            str(form[name].label.text): self.collections.get(text, text)
            if name == "collection"
            else text
            for name, text in saved.items()
            if text != typed[name]
        }
        if discount.is_active != draft.is_active:
            found["Active"] = "Yes" if discount.is_active else "No"
        return found


def _units_from(text: str | None) -> int:
    found = count_from(text)
    if not 1 <= found <= 99:  # noqa: PLR2004 (what a line of the cart holds)
        message = "Enter a whole number from 1 to 99."
        raise ValueError(message)
    return found


def _limit_from(text: str | None) -> int:
    found = count_from(text)
    if not found:
        message = "Enter a whole number above 0, or nothing."
        raise ValueError(message)
    return found


def _count_or_none(text: str | None) -> int | None:
    return count_from(text) if text else None


def _price_text(minor: int, currency: str) -> str:
    return str(Money(minor, currency).amount) if minor else ""
