"""What one types to decide where and how the shop ships."""

from collections.abc import Mapping, Sequence
from typing import Any

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField
from wtforms.fields import Field
from wtforms.validators import DataRequired, Length, ValidationError

from models import Money, ShippingRate, ShippingZone
from models.shipping import ELSEWHERE
from storefront.forms import Form
from storefront.pricing.countries import country_code
from storefront.staff.seen import seen_of
from storefront.staff.shipping.queries import EVERYWHERE_ELSE
from storefront.staff.shipping.service import RateDraft, ZoneDraft
from storefront.staff.shipping.words import rate_words, zone_words
from storefront.staff.typed import LongTextField, checked, count_from, price_from

AMOUNT: Any = {"inputmode": "decimal", "autocomplete": "off"}
GRAMS: Any = {"inputmode": "numeric", "autocomplete": "off"}
TITLE = (
    DataRequired("Enter a title."),
    Length(max=120, message="Enter at most 120 characters."),
)


class ZoneForm(Form):
    """A zone. seen: a digest of it as the page showed it."""

    title = StringField("Title", TITLE, description="For you; buyers do not see it.")
    countries = LongTextField(
        "Countries",
        [DataRequired("Name at least one country.")],
        description=(
            "One a line, by name or code, such as Canada or CA."
            f" “{EVERYWHERE_ELSE}” is every country that no zone names."
        ),
        render_kw={"rows": 6},
    )
    is_demonstration = BooleanField("This is demonstration data")
    seen = HiddenField()

    def validate_countries(self, field: Field) -> None:
        """Refuse what is no country that can be shipped to."""
        checked(_countries_from, field.data)

    def draft(self) -> ZoneDraft:
        """Return what was typed."""
        return ZoneDraft(
            title=str(self.title.data),
            countries=_countries_from(self.countries.data or ""),
            is_demonstration=bool(self.is_demonstration.data),
        )


class RateForm(Form):
    """A way to ship. seen: a digest of it as the page showed it."""

    title = StringField("Title", TITLE, description="Buyers see it, such as Standard.")
    delivery = StringField(
        "Delivery",
        [Length(max=120, message="Enter at most 120 characters.")],
        description="How long it takes, in words for the buyer, such as 3 to 5 working days.",
    )
    price = StringField("Price", description="0 is free.", render_kw=AMOUNT)
    currency = SelectField("Currency", description="Only carts in it are offered this rate.")
    free_from = StringField(
        "Free from",
        description="Goods of this much and more, after discounts, ship free. Empty: never.",
        render_kw=AMOUNT,
    )
    least_weight = StringField("Weight from", description="In grams.", render_kw=GRAMS)
    most_weight = StringField("Weight up to", description="In grams. Empty: any.", render_kw=GRAMS)
    least = StringField("Goods from", description="Their price after discounts.", render_kw=AMOUNT)
    most = StringField("Goods up to", description="Empty: any.", render_kw=AMOUNT)
    seen = HiddenField()

    def validate_price(self, field: Field) -> None:
        """Refuse what is no exact amount of the currency."""
        self._price(field)

    def validate_free_from(self, field: Field) -> None:
        """Refuse what is no exact amount of the currency."""
        if field.data:
            self._price(field)

    validate_least = validate_free_from

    def validate_least_weight(self, field: Field) -> None:
        """Refuse what is no weight."""
        if field.data:
            checked(count_from, field.data)

    def validate_most_weight(self, field: Field) -> None:
        """Refuse what is no weight, or below the least."""
        if field.data:
            most = checked(count_from, field.data)
            _above(most, _or_none(count_from, self.least_weight.data), "weight")

    def validate_most(self, field: Field) -> None:
        """Refuse what is no exact amount of the currency, or below the least."""
        if field.data:
            most = self._price(field).minor
            least = _or_none(price_from, self.least.data, self.currency.data or "")
            _above(most, least.minor if least else None, "price")

    def draft(self) -> RateDraft:
        """Return what was typed."""
        currency = self.currency.data or ""
        least = _minor(self.least.data, currency)
        return RateDraft(
            title=str(self.title.data),
            delivery=self.delivery.data or "",
            price=price_from(self.price.data, currency),
            free_from_minor=_minor(self.free_from.data, currency),
            least_weight_g=count_from(self.least_weight.data or "0"),
            most_weight_g=count_from(self.most_weight.data) if self.most_weight.data else None,
            least_minor=least or 0,
            most_minor=_minor(self.most.data, currency),
        )

    def _price(self, field: Field) -> Money:
        found: Money = checked(price_from, field.data, self.currency.data or "")
        return found


def zone_form(
    sent: MultiDict[str, str] | None = None, zone: ShippingZone | None = None
) -> ZoneForm:
    """Return the form with what was sent, else with a zone as it is, else empty."""
    if zone is None:
        return ZoneForm(sent)
    words = zone_words(zone)
    kept = {"seen": seen_of(words), "is_demonstration": zone.is_demonstration}
    return ZoneForm(sent, data=words | kept)


def rate_form(
    currencies: Sequence[str],
    sent: MultiDict[str, str] | None = None,
    rate: ShippingRate | None = None,
) -> RateForm:
    """Return the form with what was sent, else with a rate as it is, else empty.

    currencies: the shop's, the main one first; a rate keeps another that it has.
    """
    words = rate_words(rate) if rate else {"currency": currencies[0]}
    data: Mapping[str, str] = words | ({"seen": seen_of(words)} if rate else {})
    form = RateForm(sent, prefix="rate-", data=data)
    form.currency.choices = {code: code for code in (*currencies, words["currency"])}
    return form


def _countries_from(text: str) -> tuple[str, ...]:
    """Return the codes of countries that were typed, or raise ValueError with a message."""
    found: dict[str, None] = {}
    for typed in text.replace(",", "\n").splitlines():
        name = " ".join(typed.split())
        if not name:
            continue
        is_rest = name.casefold() == EVERYWHERE_ELSE.casefold() or name == ELSEWHERE
        code = ELSEWHERE if is_rest else country_code(name)
        if code is None:
            message = f"We can ship to no country called “{name[:60]}”. Write a name or a code."
            raise ValueError(message)
        found[code] = None
    if not found:
        message = "Name at least one country."
        raise ValueError(message)
    return tuple(found)


def _minor(text: str | None, currency: str) -> int | None:
    return price_from(text, currency).minor if text else None


def _or_none(parse: Any, text: str | None, *more: str) -> Any:
    """Return a field's value, None where it is empty or has a message of its own."""
    try:
        return parse(text, *more) if text else None
    except ValueError:
        return None


def _above(most: int, least: int | None, what: str) -> None:
    if least is not None and most < least:
        message = f"Enter no less than the least {what}."
        raise ValidationError(message)
