"""Changing a paid order before it ships: what its buyer may herself, and what staff do alike.

Buyer and staff never both have their way: she claims the order by one conditional UPDATE, which
also tells whether it has been picked; who picks or ships it marks it by another on the same row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.orm import Session

from models import Dispute, Money, Order, OrderLine, OrderStatus, Payment, Refund, now
from models.order import advance
from models.order_lock import lock
from models.reservation import lock_units, release, take_back
from storefront.orders.queries import CHANGES_FOR
from storefront.payments.outcome import note_event
from storefront.payments.refunded_units import UnitsError, WantedRefund
from storefront.payments.refunds import by_key, request
from storefront.payments.stripe_asking import takes
from storefront.payments.worth import offered, units_worth
from storefront.pricing.places import differs

BUYER = "buyer"  # who does it, in the order's history
COUNTRY, REGION = "country", "state"
ADDRESS = ("name", "line1", "line2", "city", REGION, "postal_code", COUNTRY)


class TooLateError(Exception):
    """Its buyer cannot change the order any more."""


class OtherPriceError(Exception):
    """Shipping or tax costs something else there. part: of the address that makes it so."""

    def __init__(self, part: str) -> None:
        """Remember which part."""
        super().__init__(part)
        self.part = part


class NothingChangedError(Exception):
    """As many units as before."""


class NothingLeftError(Exception):
    """No unit would be left: an order without any is cancelled instead."""


class NotWorthError(Exception):
    """What is taken away is worth nothing, or more than is left of any payment."""


@dataclass(frozen=True, slots=True)
class Fewer:
    """Units that an order keeps, by the id of its line. key: one change for one key."""

    keep: Mapping[int, int]
    key: str
    reason: str
    actor: str


def claim(session: Session, order_id: int) -> Order:
    """Return an order for its buyer to change, its row locked until the commit; or TooLateError.

    Gift cards in it are mailed at once, and are in the way of nothing else.
    """
    shipped = exists().where(
        OrderLine.order_id == order_id,
        OrderLine.shipped_quantity > 0,
        OrderLine.is_gift_card.is_(False),
    )
    claimed = session.execute(
        update(Order)
        .where(
            Order.id == order_id,
            Order.status == OrderStatus.PAID,
            Order.picked_at.is_(None),
            Order.attention.is_(None),
            Order.paid_at > now() - CHANGES_FOR,
            ~shipped,
        )
        .values(picked_at=None)
        .returning(Order.id)
        .execution_options(synchronize_session=False)
    )
    if claimed.scalar_one_or_none() is None:
        raise TooLateError(order_id)
    return lock(session, order_id)


def kept(line: OrderLine) -> int:
    """Return how many units of a line have left or still should."""
    return line.quantity - line.cancelled_quantity


def address_of(order: Order) -> dict[str, str]:
    """Return each part of an order's address; empty is unknown."""
    to = order.shipping_address or {}
    return {name: str(to.get(name) or "") for name in ADDRESS}


def put_address(session: Session, order: Order, address: Mapping[str, str], *, actor: str) -> None:
    """Write where a locked order goes, and that it went elsewhere before.

    What was added to it ships with it, so that goes there too, unless it is in hand.
    """
    _put_address(session, order, address, actor)
    added = select(Order.id).where(
        Order.follows_id == order.id,
        Order.status == OrderStatus.PAID,
        Order.picked_at.is_(None),
    )
    for order_id in session.scalars(added.order_by(Order.id)).all():
        _put_address(session, lock(session, order_id), address, actor)


def _put_address(session: Session, order: Order, address: Mapping[str, str], actor: str) -> None:
    before = address_of(order)
    order.shipping_address = {name: address.get(name, "") for name in ADDRESS}
    order.name = address.get("name", "") or order.name
    change = f"Address: {_in_a_line(before)} before, {_in_a_line(address_of(order))} now."
    note_event(session, order, "edited", change, actor)


def readdress(session: Session, order_id: int, address: Mapping[str, str]) -> Order | None:
    """Let an order go elsewhere, as its buyer asks; return it, or None where it goes there already.

    Raises TooLateError, or OtherPriceError where it would have cost something else; the caller
    rolls back then.
    """
    order = claim(session, order_id)
    country = address.get("country", "")
    priced_for = order.ships_to or [order.country or address_of(order)["country"]]
    if country not in priced_for:
        raise OtherPriceError(COUNTRY)
    if address_of(order) == {name: address.get(name, "") for name in ADDRESS}:
        return None
    put_address(session, order, address, actor=BUYER)
    if differs(session, order):
        raise OtherPriceError(REGION)
    session.flush()
    return order


def reduce(session: Session, order_id: int, fewer: Fewer) -> Refund:
    """Take units off an order as its buyer asks; raises TooLateError or what ``take_away`` does."""
    known = by_key(session, fewer.key)
    if known is not None:
        return known
    order = claim(session, order_id)
    return take_away(session, order, fewer, refundable(session, order))


def cancel(session: Session, order_id: int, key: str) -> Refund | None:
    """Cancel an order as its buyer asks: units and money go back; None where none had come.

    What a gift card paid goes back on it, the rest to the bank card. Raises TooLateError, also for
    an order with gift cards, which are mailed already; or NotWorthError where its money came by
    more ways than that, which staff must look at. The caller rolls back then.
    """
    known = by_key(session, key)
    if known is not None:
        return known
    order = claim(session, order_id)
    if any(line.is_gift_card for line in order.lines):
        raise TooLateError(order_id)
    payments, note = refundable(session, order), "Cancelled by the buyer."
    payments = sorted(payments, key=lambda it: it.gift_card_id is not None)  # Stripe is asked first
    if len([it for it in payments if it.gift_card_id is None]) > 1:
        raise NotWorthError(order.number)
    if not payments:
        _end(session, order, note)
        return None
    left = {it.id: it.quantity - it.refunded_quantity for it in order.lines}
    wanted = WantedRefund(
        payment_id=payments[0].id,
        amount=payments[0].refundable,
        key=key,
        reason="requested_by_customer",
        note=note,
        actor=BUYER,
        lines={line_id: quantity for line_id, quantity in left.items() if quantity},
        restock=True,
        cancel=True,
    )
    return request(session, order, wanted)


def take_away(session: Session, order: Order, fewer: Fewer, payments: Sequence[Payment]) -> Refund:
    """Take units that have not shipped off a locked order, and write the refund of their cost.

    They go back on the shelf, or are no longer owed. payments: those of which money can go back.
    Raises UnitsError (more than before, or fewer than have shipped), NothingChangedError,
    NothingLeftError, NotWorthError, or what ``request`` does; the caller rolls back then.
    """
    less, changes = _less(order, fewer)
    if not less:
        raise NothingChangedError(order.number)
    if all(kept(line) == less.get(line.id, 0) for line in order.lines):
        raise NothingLeftError(order.number)
    amount = worth(order, less)
    shares = _shares(amount, payments)
    if not shares or not amount.minor:
        raise NotWorthError(order.number)
    (first, share), *others = shares
    wanted = WantedRefund(
        payment_id=first.id,
        amount=offered(share, first.refundable),
        key=fewer.key,
        reason="requested_by_customer",
        note=fewer.reason,
        actor=fewer.actor,
        lines=less,
        restock=True,
    )
    note_event(session, order, "edited", f"{' '.join(changes)} {fewer.reason}", fewer.actor)
    refund = request(session, order, wanted)
    _ask_others(session, order, fewer, others)
    return refund


def _less(order: Order, fewer: Fewer) -> tuple[dict[int, int], list[str]]:
    """Return how many units go of each line, and that in words."""
    less, changes = {}, []
    for line in order.lines:
        current, keep = kept(line), fewer.keep.get(line.id, kept(line))
        if not line.shipped_quantity <= keep <= current:
            raise UnitsError(line.id)
        if keep < current:
            less[line.id] = current - keep
            changes.append(f"{line.sku}: {current} before, {keep} now.")
    return less, changes


def _ask_others(
    session: Session, order: Order, fewer: Fewer, others: Sequence[tuple[Payment, Money]]
) -> None:
    """Ask for what does not go back of the first payment, of no units: these are counted there."""
    for number, (payment, rest) in enumerate(others, start=1):
        key = f"{fewer.key[:70]}-and-{number}"
        reason = "requested_by_customer"
        also = WantedRefund(payment.id, rest, key, reason, fewer.reason, fewer.actor)
        request(session, order, also)


def _shares(amount: Money, payments: Sequence[Payment]) -> list[tuple[Payment, Money]]:
    """Return of which payments an amount goes back; nothing where it is more than is left.

    Of one that holds it all, else of several in their order: a gift card comes first.
    """
    whole = next((it for it in payments if it.refundable.minor >= amount.minor), None)
    if whole is not None:
        return [(whole, amount)]
    shares, left = [], amount.minor
    for payment in payments:
        if payment.gift_card_id is None and not takes(payment.refundable):
            return []
        share = min(left, payment.refundable.minor)
        shares.append((payment, Money(share, amount.currency)))
        left -= share
    return [] if left else [it for it in shares if it[1].minor]


def worth(order: Order, less: Mapping[int, int]) -> Money:
    """Return what units of an order's lines cost together, each with its share of all else."""
    parts = [units_worth(order, line, less[line.id]) for line in order.lines if line.id in less]
    return sum(parts, Money(0, order.total.currency))


def refundable(session: Session, order: Order) -> Sequence[Payment]:
    """Return the payments of an order of which money can go back: not what a bank has taken."""
    taken = select(Dispute.payment_id).where(Dispute.taken_minor > 0)
    found = select(Payment).where(
        Payment.order_id == order.id,
        Payment.captured_minor > Payment.refunded_minor,
        Payment.id.not_in(taken),
    )
    fresh = found.order_by(Payment.id).execution_options(populate_existing=True)
    return session.scalars(fresh).all()


def _end(session: Session, order: Order, note: str) -> None:
    """Cancel an order that cost nothing."""
    only_from = frozenset({OrderStatus.PAID})
    advance(session, order, OrderStatus.CANCELLED, actor=BUYER, note=note, only_from=only_from)
    units: dict[int, int] = {}
    for line in order.lines:
        for variant_id, of_one in line.units_of_one.items():
            units[variant_id] = units.get(variant_id, 0) + of_one * line.to_ship
    owed = {variant_id: count for variant_id, count in units.items() if count}
    lock_units(session, order.id, owed)
    take_back(session, order.id, owed, actor=BUYER, reason=note)
    release(session, order.id, actor=BUYER, reason=note)


def _in_a_line(address: Mapping[str, str]) -> str:
    return ", ".join(value for value in address.values() if value) or "none"
