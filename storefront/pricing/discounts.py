"""What discounts take off: of all that apply, the one that takes off most, and free shipping."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from models import Discount, DiscountKind, Money
from models.discount import FULL_PPM
from models.money import payable_step
from storefront.formatting import money
from storefront.languages import gettext
from storefront.pricing.allocate import allocate, part_of
from storefront.pricing.items import Item


class NotApplicableError(Exception):
    """A discount that this cart does not get; the message says why to people."""


@dataclass(frozen=True, slots=True)
class Reduction:
    """What one discount takes off.

    goods: minor units by variant id. max_uses_each: for one email address, None for no limit.
    """

    discount_id: int
    title: str
    code: str | None
    goods: dict[int, int] = field(default_factory=dict)
    frees_shipping: bool = False
    max_uses_each: int | None = None

    @property
    def goods_minor(self) -> int:
        """What is taken off all lines together."""
        return sum(self.goods.values())


@dataclass(frozen=True, slots=True)
class Reductions:
    """What is taken off a cart.

    message: what the buyer must know of the code that she typed; is_valid: whether it is one that
    this cart may have, though another discount may take off more.
    """

    goods: Reduction | None = None
    shipping: Reduction | None = None
    message: str | None = None
    is_valid: bool = False

    @property
    def all(self) -> tuple[Reduction, ...]:
        """Those that take something off, in ascending order of their discounts' ids."""
        found = {it.discount_id: it for it in (self.goods, self.shipping) if it is not None}
        return tuple(found[discount_id] for discount_id in sorted(found))


@dataclass(frozen=True, slots=True)
class _When:
    moment: datetime
    own: frozenset[int]


def reductions(
    items: Sequence[Item],
    automatic: Sequence[Discount],
    typed: tuple[str, Discount | None] | None,
    moment: datetime,
    own: frozenset[int] = frozenset(),
) -> Reductions:
    """Return what automatic discounts and that of a typed code take off; the code wins a tie.

    typed: the code and its discount, None where no discount has that code. own: ids of those of
    which one of the uses is the buyer's own.
    """
    when = _When(moment, own)
    if not items:
        return _waiting(typed, when)
    coded, message = _coded(items, typed, when)
    found = [coded] if coded else []
    for discount in automatic:
        try:
            found.append(_reduction(items, discount, when))
        except NotApplicableError:
            continue
    goods = max(found, key=lambda it: it.goods_minor, default=None)
    shipping = next((it for it in found if it.frees_shipping), None)
    if coded and goods is not coded and not coded.frees_shipping:
        message = gettext(
            "%(code)s is not used: “%(title)s” takes off more.",
            code=coded.code,
            title=goods.title if goods else "",
        )
    goods = goods if goods and goods.goods_minor else None
    return Reductions(goods, shipping, message, is_valid=coded is not None)


def refusal_of(discount: Discount, moment: datetime) -> str | None:
    """Return why nobody can have a discount at a moment, whatever is in the cart, or None."""
    try:
        _check_time(discount, moment)
        _check_uses(discount, frozenset())
    except NotApplicableError as why:
        return str(why)
    return None


def _waiting(typed: tuple[str, Discount | None] | None, when: _When) -> Reductions:
    """Return what is known of a code while the cart is empty."""
    if typed is None:
        return Reductions()
    code, discount = typed
    if discount is None:
        return Reductions(message=gettext("We do not know the code %(code)s.", code=code))
    try:
        _check_time(discount, when.moment)
        _check_uses(discount, when.own)
    except NotApplicableError as why:
        return Reductions(message=str(why))
    return Reductions(is_valid=True)


def _coded(
    items: Sequence[Item], typed: tuple[str, Discount | None] | None, when: _When
) -> tuple[Reduction | None, str | None]:
    if typed is None:
        return None, None
    code, discount = typed
    if discount is None:
        return None, gettext("We do not know the code %(code)s.", code=code)
    try:
        return _reduction(items, discount, when), None
    except NotApplicableError as why:
        return None, str(why)


def _reduction(items: Sequence[Item], discount: Discount, when: _When) -> Reduction:
    _check_time(discount, when.moment)
    _check_uses(discount, when.own)
    eligible = [
        item
        for item in items
        if discount.collection_id is None or discount.collection_id in item.collection_ids
    ]
    _check_minimum(discount, eligible, items[0].unit_price.currency)
    found = Reduction(
        discount_id=discount.id,
        title=discount.title,
        code=discount.code,
        goods=_goods(discount, eligible),
        frees_shipping=discount.kind is DiscountKind.FREE_SHIPPING,
        max_uses_each=discount.max_uses_each,
    )
    if not found.frees_shipping and not found.goods_minor:
        raise NotApplicableError(_nothing(discount))
    return found


def _check_time(discount: Discount, moment: datetime) -> None:
    name = discount.code or discount.title
    if not discount.is_active or (discount.ends_at is not None and moment >= discount.ends_at):
        message = gettext("The code %(name)s has ended.", name=name)
        raise NotApplicableError(message)
    if discount.starts_at is not None and moment < discount.starts_at:
        message = gettext("The code %(name)s cannot be used yet.", name=name)
        raise NotApplicableError(message)


def _check_uses(discount: Discount, own: frozenset[int]) -> None:
    others = discount.used - (discount.id in own)
    if discount.max_uses is not None and others >= discount.max_uses:
        message = gettext(
            "The code %(name)s has been used up.", name=discount.code or discount.title
        )
        raise NotApplicableError(message)


def _check_minimum(discount: Discount, eligible: Sequence[Item], currency: str) -> None:
    name = discount.code or discount.title
    if not eligible:
        message = gettext("The code %(name)s is for other products.", name=name)
        raise NotApplicableError(message)
    if discount.currency is not None and discount.currency != currency:
        message = gettext(
            "The code %(name)s is for carts in %(currency)s.", name=name, currency=discount.currency
        )
        raise NotApplicableError(message)
    if sum(item.total_minor for item in eligible) < discount.minimum_minor:
        least = money(Money(discount.minimum_minor, currency))
        message = gettext(
            "The code %(name)s is for orders of %(least)s and more.", name=name, least=least
        )
        raise NotApplicableError(message)
    if sum(item.quantity for item in eligible) < discount.minimum_quantity:
        message = _too_few(name, discount.minimum_quantity)
        raise NotApplicableError(message)


def _nothing(discount: Discount) -> str:
    name = discount.code or discount.title
    if discount.kind is DiscountKind.BUY_X_GET_Y:
        return _too_few(name, discount.buy_quantity + discount.get_quantity)
    return gettext("The code %(name)s takes nothing off this cart.", name=name)


def _too_few(name: str, least: int) -> str:
    return gettext("The code %(name)s is for %(count)s and more items.", name=name, count=least)


def _goods(discount: Discount, eligible: Sequence[Item]) -> dict[int, int]:
    if discount.kind is DiscountKind.BUY_X_GET_Y:
        return _cheapest(discount, eligible)
    totals = [item.total_minor for item in eligible]
    step = payable_step(eligible[0].unit_price.currency)
    amount = {
        DiscountKind.PERCENTAGE: part_of(sum(totals), discount.percent_ppm, FULL_PPM, step),
        DiscountKind.AMOUNT: discount.amount_minor,
        DiscountKind.FREE_SHIPPING: 0,
    }[discount.kind]
    shares = allocate(min(amount, sum(totals)), totals)
    return {item.variant_id: share for item, share in zip(eligible, shares, strict=True) if share}


def _cheapest(discount: Discount, eligible: Sequence[Item]) -> dict[int, int]:
    """Take off the cheapest of each group of units; a group of dear ones comes first."""
    group = discount.buy_quantity + discount.get_quantity
    if not group:
        return {}
    units = sorted(
        (item for item in eligible for _ in range(item.quantity)),
        key=lambda item: -item.unit_price.minor,
    )
    found: dict[int, int] = {}
    for start in range(0, len(units) - group + 1, group):
        for item in units[start + discount.buy_quantity : start + group]:
            price = item.unit_price
            step = payable_step(price.currency)
            share = min(price.minor, part_of(price.minor, discount.percent_ppm, FULL_PPM, step))
            found[item.variant_id] = found.get(item.variant_id, 0) + share
    return {variant_id: share for variant_id, share in found.items() if share}
