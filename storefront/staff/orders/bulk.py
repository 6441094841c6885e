"""Acts on many orders: each order has its own result, and one that is refused stops no other."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import Fulfilment, Order
from models.inventory import OutOfStockError
from models.order import IllegalTransitionError
from storefront.mail.letters import Letters
from storefront.staff.listing import Sorting
from storefront.staff.orders import deliveries, parcels
from storefront.staff.orders.wanted import Wanted

MOST = 500  # orders of one act


@dataclass
class Result:
    """What became of each order. refused: why, by its number."""

    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)


def numbers_of(session: Session, wanted: Wanted, sorting: Sorting) -> list[str]:
    """Return the numbers of all orders that are wanted, at most MOST and one more."""
    found = select(Order.number).where(*wanted.conditions())
    return list(session.scalars(sorting.applied(found, Order.id).limit(MOST + 1)))


def ship(session: Session, numbers: Sequence[str], letters: Letters, *, actor: str) -> Result:
    """Ship all that is left of each order in a parcel without tracking."""
    result = Result()
    for order in _loaded(session, numbers):
        try:
            with session.begin_nested():
                parcels.ship(session, order, Fulfilment(actor=actor), letters)
        except parcels.OnHoldError:
            result.refused[order.number] = "it must be checked first"
        except OutOfStockError:
            result.refused[order.number] = "not all of it is here"
        except (IllegalTransitionError, parcels.UnitsGoneError):
            session.refresh(order, ["status"])
            result.refused[order.number] = f"it is {order.status}"
        else:
            result.done.append(order.number)
    return result


def deliver(session: Session, numbers: Sequence[str], letters: Letters, *, actor: str) -> Result:
    """Mark every parcel of each order that has left as delivered."""
    result = Result()
    for order in _loaded(session, numbers):
        if deliveries.deliver(session, order, letters, actor=actor):
            result.done.append(order.number)
        else:
            result.refused[order.number] = "no parcel of it is on its way"
    return result


def _loaded(session: Session, numbers: Sequence[str]) -> Sequence[Order]:
    """Return orders as they are now with what a parcel's mail says; the oldest first."""
    found = (
        select(Order)
        .where(Order.number.in_(numbers[:MOST]))
        .order_by(Order.id)
        .options(selectinload(Order.lines), selectinload(Order.discounts))
    )
    return session.scalars(found).all()
