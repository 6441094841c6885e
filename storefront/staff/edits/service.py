"""Changing a paid order before it ships: where it goes, and fewer units, whose money goes back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Money, Order, OrderLine, OrderStatus, Payment, Refund
from storefront.payments.outcome import hold, lock, note_event
from storefront.payments.refunded_units import UnitsError, WantedRefund
from storefront.payments.refunds import by_key, request
from storefront.payments.stripe_asking import takes
from storefront.payments.worth import offered, units_worth
from storefront.pricing.places import differs
from storefront.staff.seen import ChangedMeanwhileError, seen_of

ADDRESS = ("name", "line1", "line2", "city", "state", "postal_code", "country")


class NotEditableError(Exception):
    """The order is not paid, or has shipped or ended (by now)."""


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


def kept(line: OrderLine) -> int:
    """Return how many units of a line have left or still should."""
    return line.quantity - line.cancelled_quantity


def address_of(order: Order) -> dict[str, str]:
    """Return each part of an order's address; empty is unknown."""
    to = order.shipping_address or {}
    return {name: str(to.get(name) or "") for name in ADDRESS}


def fingerprint(order: Order) -> str:
    """Return a digest of where an order goes, by which another state of it is known."""
    return seen_of(address_of(order))


def readdress(
    session: Session, order_id: int, address: Mapping[str, str], *, seen: str, actor: str
) -> None:
    """Let an order go elsewhere; one that costs otherwise there is held for staff.

    seen: ``fingerprint`` of it as the page was shown. Raises NotEditableError or
    ChangedMeanwhileError; nothing has changed then.
    """
    order = _editable(session, order_id)
    before = address_of(order)
    if seen_of(before) != seen:
        raise ChangedMeanwhileError
    order.shipping_address = {name: address.get(name, "") for name in ADDRESS}
    order.name = address.get("name", "") or order.name
    change = f"Address: {_in_a_line(before)} before, {_in_a_line(address_of(order))} now."
    note_event(session, order, "edited", change, actor)
    if elsewhere := differs(session, order):
        hold(session, order, elsewhere)


def take_away(session: Session, order_id: int, fewer: Fewer, payments: Sequence[Payment]) -> Refund:
    """Take units that have not shipped off an order, and write the refund of what they cost.

    They go back on the shelf, or are no longer owed. payments: those of which money can go back.
    A key that is known returns its refund and changes nothing. Raises NotEditableError, UnitsError
    (more than before, or fewer than have shipped), NothingChangedError, NothingLeftError,
    NotWorthError, or what ``request`` does; the caller rolls back then.
    """
    known = by_key(session, fewer.key)
    if known is not None:
        return known
    order = _editable(session, order_id)
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
        now, keep = kept(line), fewer.keep.get(line.id, kept(line))
        if not line.shipped_quantity <= keep <= now:
            raise UnitsError(line.id)
        if keep < now:
            less[line.id] = now - keep
            changes.append(f"{line.sku}: {now} before, {keep} now.")
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


def _editable(session: Session, order_id: int) -> Order:
    order = lock(session, order_id)
    if order.status is not OrderStatus.PAID:
        raise NotEditableError(order.number)
    return order


def _in_a_line(address: Mapping[str, str]) -> str:
    return ", ".join(value for value in address.values() if value) or "none"
