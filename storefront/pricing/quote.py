"""What a cart costs to one place: discount, shipping and tax, exact to the minor unit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from models import Money, TaxRate
from models.shipping import ELSEWHERE
from storefront.formatting import country_name
from storefront.languages import gettext
from storefront.pricing import discounts, shipping, taxes
from storefront.pricing.countries import countries
from storefront.pricing.discounts import Reduction, Reductions
from storefront.pricing.items import Item
from storefront.pricing.queries import Rules
from storefront.pricing.shipping import Parcel, ShippingChoice
from storefront.pricing.taxes import Tax


@dataclass(frozen=True, slots=True)
class Wish:
    """What the buyer chose; None where she chose nothing. code: in capitals."""

    country: str | None = None
    region: str | None = None
    rate_id: int | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What the settings decide.

    currency: the one that is reckoned in; currencies: those that can be chosen. countries: shipped
    to where there are no zones, the first first.
    """

    currency: str
    countries: tuple[str, ...]
    taxes_by_stripe: bool = False
    currencies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quote:
    """What the items cost. All amounts are minor units of one currency.

    shipping: None where nothing can be shipped to that country. shipping_minor: after a discount
    that frees it. ways: what the buyer can choose from. served: all countries that can be chosen;
    regions: of the chosen one. is_shipped: not where gift cards are all of it. same: the countries
    to which it would cost the same.
    """

    items: tuple[Item, ...]
    currency: str
    country: str
    region: str
    reductions: Reductions
    shipping: ShippingChoice | None
    ways: tuple[ShippingChoice, ...]
    tax: Tax
    served: tuple[str, ...]
    regions: tuple[str, ...]
    same: tuple[str, ...]
    taxes_by_stripe: bool
    is_shipped: bool = True

    @property
    def subtotal_minor(self) -> int:
        """The lines before anything is taken off."""
        return sum(item.total_minor for item in self.items)

    @property
    def discount_minor(self) -> int:
        """What is taken off the lines."""
        return self.reductions.goods.goods_minor if self.reductions.goods else 0

    def discount_of(self, variant_id: int) -> int:
        """Return what is taken off one line."""
        goods = self.reductions.goods
        return goods.goods.get(variant_id, 0) if goods else 0

    def tax_of(self, variant_id: int) -> int:
        """Return the tax of one line."""
        shares = zip(self.items, self.tax.lines, strict=True)
        return next((share for item, share in shares if item.variant_id == variant_id), 0)

    @property
    def shipping_minor(self) -> int:
        """What shipping costs the buyer."""
        return _shipping_price(self.shipping, self.reductions)

    @property
    def shipping_off_minor(self) -> int:
        """What a discount takes off shipping."""
        full = self.shipping.price_minor if self.shipping else 0
        return full - self.shipping_minor

    @property
    def applied(self) -> tuple[Reduction, ...]:
        """The discounts that take something off, in ascending order of id."""
        return tuple(it for it in self.reductions.all if it.goods_minor or self.shipping_off_minor)

    @property
    def total_minor(self) -> int:
        """What is to be paid."""
        added = 0 if self.tax.is_included else self.tax.minor
        return self.subtotal_minor - self.discount_minor + self.shipping_minor + added

    def money(self, minor: int) -> Money:
        """Return an amount of this quote's currency."""
        return Money(minor, self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, as money."""
        return Money(self.total_minor, self.currency)

    @property
    def problem(self) -> str | None:
        """Why this cannot be bought, in words, or None."""
        if self.shipping is None:
            return gettext(
                "We cannot ship this cart to %(country)s. Choose another country, or write to us.",
                country=country_name(self.country),
            )
        return None

    @property
    def key(self) -> str:
        """Everything that the buyer agreed to, as text: what differs is another quote."""
        parts = (
            self.currency,
            *(self.country, self.region, self.shipping, self.shipping_minor),
            *((it.discount_id, it.goods_minor) for it in self.applied),
            *(self.tax, self.total_minor, self.taxes_by_stripe),
        )
        return repr(parts)


def quote(items: Sequence[Item], wish: Wish, rules: Rules, terms: Terms, moment: datetime) -> Quote:
    """Return what items cost by the rules of now; a wish that cannot be had is passed over.

    items: in one currency, ``terms.currency``. Nothing is read or written.
    """
    served = _served(rules, terms)
    country = wish.country if wish.country in served else next(iter(served), "")
    regions = tuple(taxes.regions_of(rules.taxes, country))
    region = wish.region if wish.region in regions else ""
    typed = (wish.code, rules.coded) if wish.code else None
    goods = [item for item in items if not item.is_gift_card]
    reductions = discounts.reductions(goods, rules.automatic, typed, moment, rules.own)
    parcel = _parcel(goods, reductions, terms.currency)
    is_shipped = bool(goods) or not items
    ways = _ways(rules, country, parcel) if is_shipped else [ShippingChoice()]
    choice = shipping.chosen(ways, wish.rate_id)
    rate = None if terms.taxes_by_stripe else taxes.rate_of(rules.taxes, country, region)
    alike = _alike(served, choice, rate, rules, terms, parcel) if is_shipped else frozenset(served)
    return Quote(
        items=tuple(items),
        currency=terms.currency,
        country=country,
        region=region,
        reductions=reductions,
        shipping=choice,
        ways=tuple(ways),
        tax=taxes.tax(
            rate,
            [
                0 if item.is_gift_card else minor
                for item, minor in zip(items, _after_discount(items, reductions), strict=True)
            ],
            _shipping_price(choice, reductions),
            terms.currency,
        ),
        served=served,
        regions=regions,
        same=tuple(it for it in served if it == country or it in alike),
        taxes_by_stripe=terms.taxes_by_stripe,
        is_shipped=is_shipped,
    )


def _served(rules: Rules, terms: Terms) -> tuple[str, ...]:
    """Return the countries that are shipped to; those of the settings come first."""
    if not rules.zones:
        return terms.countries
    named = {code for zone in rules.zones for code in zone.countries}
    everywhere = [code for code in countries() if ELSEWHERE in named or code in named]
    first = [code for code in terms.countries if code in everywhere]
    return tuple(dict.fromkeys([*first, *everywhere]))


def _ways(rules: Rules, country: str, parcel: Parcel) -> list[ShippingChoice]:
    if not rules.zones:
        return [ShippingChoice()]
    return shipping.choices(shipping.zone_of(rules.zones, country), parcel)


def _parcel(items: Sequence[Item], reductions: Reductions, currency: str) -> Parcel:
    return Parcel(
        weight_g=sum(item.weight_g * item.quantity for item in items),
        goods_minor=sum(_after_discount(items, reductions)),
        currency=currency,
    )


def _after_discount(items: Sequence[Item], reductions: Reductions) -> list[int]:
    off = reductions.goods.goods if reductions.goods else {}
    return [item.total_minor - off.get(item.variant_id, 0) for item in items]


def _shipping_price(choice: ShippingChoice | None, reductions: Reductions) -> int:
    return choice.price_minor if choice and reductions.shipping is None else 0


def _alike(  # noqa: PLR0913, PLR0917 (everything that decides it)
    served: tuple[str, ...],
    choice: ShippingChoice | None,
    rate: TaxRate | None,
    rules: Rules,
    terms: Terms,
    parcel: Parcel,
) -> frozenset[str]:
    """Return the countries, of which no region matters, to which it would cost as much."""
    if choice is None:
        return frozenset()
    reached = frozenset(served)
    if rules.zones:
        reached = shipping.reached(rules.zones, choice, parcel, served)
    if terms.taxes_by_stripe:
        return reached
    return reached & taxes.alike(rules.taxes, rate, served)
