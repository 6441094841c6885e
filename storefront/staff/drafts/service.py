"""Writing a draft: what it costs is reckoned by the shop's own rules, and frozen."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import (
    Discount,
    DiscountKind,
    DiscountUse,
    Money,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    ShippingRate,
    Variant,
    now,
)
from models.discount_use import release_uses
from models.order import advance
from models.order_lock import lock
from models.shipping import Zone
from storefront.payments.outcome import end_waiting, note_event
from storefront.pricing.items import Item
from storefront.pricing.queries import Rules, rules
from storefront.pricing.quote import Quote, Terms, Wish, quote
from storefront.staff.drafts import queries
from storefront.staff.seen import ChangedMeanwhileError, seen_of

OWN_PRICE = "own price"  # the kind of the event that says why a price is not the catalogue's
OWN_CODE = "STAFF"  # by which a quote knows the discount that staff give; nobody can type it


class NoDraftError(Exception):
    """The order is no draft by now: its buyer pays it, or it has ended."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """Units of a variant. price: of one, the catalogue's or staff's own."""

    variant: Variant
    quantity: int
    price: Money


@dataclass(frozen=True, slots=True)
class Wanted:
    """What staff write for somebody.

    own_shipping: title and minor units, in place of a rate of the shop. discount_minor: off the
    lines; reason: for it, and for prices of one's own.
    """

    currency: str
    lines: Sequence[WantedLine]
    email: str = ""
    address: dict[str, str] = field(default_factory=dict)
    rate_id: int | None = None
    own_shipping: tuple[str, int] | None = None
    discount_minor: int = 0
    reason: str = ""
    note: str = ""


def reckon(session: Session, wanted: Wanted, terms: Terms) -> Quote:
    """Return what a draft costs now: by the shop's zones and taxes, with staff's own discount."""
    shop = rules(session, None)
    country = wanted.address.get("country", "")
    own = _discount(wanted) if wanted.discount_minor else None
    return quote(
        [Item(it.variant.id, it.quantity, it.price, it.variant.weight_g) for it in wanted.lines],
        Wish(
            country=country,
            region=wanted.address.get("state", "").upper(),
            rate_id=wanted.rate_id,
            code=OWN_CODE if own else None,
        ),
        Rules(
            zones=shop.zones if wanted.own_shipping is None else [_own_zone(wanted, country)],
            taxes=shop.taxes,
            automatic=(),
            coded=own,
        ),
        Terms(wanted.currency, terms.countries, terms.taxes_by_stripe, terms.currencies),
        now(),
    )


def write(
    session: Session, wanted: Wanted, terms: Terms, *, actor: str, customer_id: int | None = None
) -> Order:
    """Write a new draft; it holds nothing."""
    found = reckon(session, wanted, terms)
    order = Order(status=OrderStatus.DRAFT, total=found.total, customer_id=customer_id)
    session.add(order)
    _fill(order, wanted, found)
    session.flush()
    _write_lines(session, order, wanted, found)
    session.add(
        OrderEvent(order_id=order.id, kind=OrderStatus.DRAFT.value, actor=actor, note=wanted.note)
    )
    _tell_prices(session, order, wanted, actor)
    session.flush()
    return order


def save(  # noqa: PLR0913 (who, what was seen, and by which terms)
    session: Session, order_id: int, wanted: Wanted, terms: Terms, *, actor: str, seen: str
) -> Order:
    """Make a draft what is wanted now.

    seen: ``fingerprint`` of it as the page was shown. Raises NoDraftError or ChangedMeanwhileError;
    nothing has changed then.
    """
    order = lock(session, order_id)
    if order.status is not OrderStatus.DRAFT:
        raise NoDraftError(order.number)
    if fingerprint(order) != seen:
        raise ChangedMeanwhileError
    before = str(order.total)
    found = reckon(session, wanted, terms)
    session.execute(delete(OrderLine).where(OrderLine.order_id == order.id))
    session.execute(delete(DiscountUse).where(DiscountUse.order_id == order.id))
    session.expire(order, ["lines", "discounts"])
    _fill(order, wanted, found)
    _write_lines(session, order, wanted, found)
    note_event(session, order, "edited", _edited(before, order, wanted), actor)
    _tell_prices(session, order, wanted, actor)
    session.flush()
    return order


def end(session: Session, order_id: int, *, actor: str) -> Order:
    """Cancel a draft; raises IllegalTransitionError where its buyer is paying, or it has ended."""
    order = lock(session, order_id)
    only_from = frozenset({OrderStatus.DRAFT})
    note = "The draft was cancelled."
    advance(session, order, OrderStatus.CANCELLED, actor=actor, note=note, only_from=only_from)
    release_uses(session, order.id)
    end_waiting(session, order)
    return order


def fingerprint(order: Order) -> str:
    """Return a digest of what a draft says; its lines and discounts must be loaded."""
    return seen_of(words(order))


def words(order: Order) -> dict[str, str]:
    """Return what a draft says, by name, for who saved it meanwhile."""
    rows = [f"{it.quantity} of {it.sku}, {it.unit_price} each" for it in order.lines]
    to = order.shipping_address or {}
    return {
        "Lines": "\n".join(rows),
        "Email": order.email or "",
        "Address": "\n".join(str(value) for value in to.values() if value),
        "Shipping": f"{order.shipping_title} {order.shipping_minor}",
        "Discount": ", ".join(f"{use.title} {use.goods_minor}" for use in order.discounts),
        "Total": str(order.total),
    }


def _discount(wanted: Wanted) -> Discount:
    """Return a discount of this draft alone; it is never written."""
    return Discount(
        title=wanted.reason,
        code=OWN_CODE,
        kind=DiscountKind.AMOUNT,
        percent_ppm=0,
        amount_minor=wanted.discount_minor,
        currency=wanted.currency,
        buy_quantity=0,
        get_quantity=0,
        minimum_minor=0,
        minimum_quantity=0,
        used=0,
        is_active=True,
    )


def _own_zone(wanted: Wanted, country: str) -> Zone:
    """Return a zone of the draft's country alone with staff's own price; it is never written."""
    title, minor = wanted.own_shipping or ("", 0)
    rate = ShippingRate(
        title=title,
        delivery="",
        price=Money(minor, wanted.currency),
        least_weight_g=0,
        least_minor=0,
    )
    return Zone(frozenset([country]), [rate])


def _fill(order: Order, wanted: Wanted, found: Quote) -> None:
    order.email = wanted.email or None
    order.name = wanted.address.get("name", "")
    order.shipping_address = dict(wanted.address) if any(wanted.address.values()) else None
    order.total = found.total
    order.subtotal_minor = found.subtotal_minor
    order.discount_minor = found.discount_minor
    order.shipping_minor = found.shipping_minor
    order.tax_minor = found.tax.minor
    order.shipping_tax_minor = found.tax.shipping_minor
    order.tax_is_included = found.tax.is_included
    order.shipping_title = found.shipping.title if found.shipping else ""
    order.tax_title = found.tax.title
    order.country, order.region = found.country, found.region
    order.ships_to = list(found.same)


def _write_lines(session: Session, order: Order, wanted: Wanted, found: Quote) -> None:
    in_bundles = queries.parts(session, [it.variant.id for it in wanted.lines])
    for it in sorted(wanted.lines, key=lambda line: line.variant.id):
        variant, product = it.variant, it.variant.product
        by_key = {image.key: image for image in product.images}
        image = by_key.get(variant.image_key or "", product.cover)
        line = OrderLine(
            order_id=order.id,
            variant_id=variant.id,
            product_handle=product.handle,
            title=product.title,
            variant_title=variant.title,
            sku=variant.sku,
            quantity=it.quantity,
            unit_price=Money(it.price.minor, it.price.currency),
            discount_minor=found.discount_of(variant.id),
            tax_minor=found.tax_of(variant.id),
            weight_g=variant.weight_g,
            image_key=image.key if image else None,
            parts={str(part): units for part, units in in_bundles[variant.id].items()},
        )
        session.add(line)
    if found.discount_minor:
        use = DiscountUse(
            discount_id=None,
            order_id=order.id,
            title=wanted.reason[:120],
            goods_minor=found.discount_minor,
        )
        session.add(use)
    session.flush()


def _edited(before: str, order: Order, wanted: Wanted) -> str:
    after = f"{before} before, {order.total} now."
    return f"{after} {wanted.note}".strip()


def _tell_prices(session: Session, order: Order, wanted: Wanted, actor: str) -> None:
    """Note which prices are not the catalogue's, and why."""
    own = [
        f"{it.variant.sku} at {it.price}"
        for it in wanted.lines
        if it.variant.price_in(wanted.currency) != it.price
    ]
    if own:
        note_event(session, order, OWN_PRICE, f"{wanted.reason} ({', '.join(own)})", actor)
