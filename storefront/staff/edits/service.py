"""Changing a paid order before it ships: where it goes, and fewer units, whose money goes back."""

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from models import Order, OrderStatus, Payment, Refund
from models.order_lock import lock
from storefront.changes import service as changes
from storefront.changes.service import Fewer, address_of
from storefront.payments.outcome import hold
from storefront.payments.refunds import by_key
from storefront.pricing.places import differs
from storefront.staff.seen import ChangedMeanwhileError, seen_of


class NotEditableError(Exception):
    """The order is not paid, or has shipped or ended (by now)."""


def fingerprint(order: Order) -> str:
    """Return a digest of where an order goes, by which another state of it is known."""
    return seen_of(address_of(order))


def readdress(
    session: Session, order_id: int, address: Mapping[str, str], *, seen: str, actor: str
) -> Order | None:
    """Let an order go elsewhere; return it, or None where it goes there already.

    One that costs otherwise there is held for staff. seen: ``fingerprint`` of it as the page was
    shown. Raises NotEditableError or ChangedMeanwhileError; nothing has changed then.
    """
    order = _editable(session, order_id)
    if fingerprint(order) != seen:
        raise ChangedMeanwhileError
    is_other = address_of(order) != {name: address.get(name, "") for name in changes.ADDRESS}
    changes.put_address(session, order, address, actor=actor)
    if elsewhere := differs(session, order):
        hold(session, order, elsewhere)
    return order if is_other else None


def take_away(session: Session, order_id: int, fewer: Fewer, payments: Sequence[Payment]) -> Refund:
    """Take units that have not shipped off an order, and write the refund of what they cost.

    A key that is known returns its refund and changes nothing. Raises NotEditableError, or what
    ``changes.service.take_away`` does; the caller rolls back then.
    """
    known = by_key(session, fewer.key)
    if known is not None:
        return known
    return changes.take_away(session, _editable(session, order_id), fewer, payments)


def _editable(session: Session, order_id: int) -> Order:
    order = lock(session, order_id)
    if order.status is not OrderStatus.PAID:
        raise NotEditableError(order.number)
    return order
