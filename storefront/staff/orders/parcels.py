"""Parcels of an order: shipping all or a part of it, correcting one, taking one back."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from models import (
    Fulfilment,
    FulfilmentLine,
    Order,
    OrderEvent,
    OrderLine,
    OrderStatus,
    Reservation,
    Return,
    ReturnLine,
    SequenceTrigger,
)
from models.goods_return import ENDED_EARLY
from models.order import IllegalTransitionError
from models.order_goods import finish, reopen
from models.picking import mark_picked
from models.reservation import deliver_backorders
from storefront.mail.letters import Letters
from storefront.newsletter.events import happened
from storefront.staff.seen import ChangedMeanwhileError, seen_of


class OnHoldError(Exception):
    """Something about the order must be looked at before it may ship."""


class UnitsGoneError(Exception):
    """Fewer units of a line are left to ship than were chosen, or none at all."""


class ParcelStaysError(Exception):
    """A parcel cannot be taken back; the message says why, for people."""


class ParcelGoneError(Exception):
    """A parcel was taken back meanwhile."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """What came of a parcel. is_done: nothing of the order is left to ship.

    is_told: the buyer gets a mail; not where she had the same one, of a parcel taken back.
    """

    is_done: bool
    is_told: bool


@dataclass(frozen=True, slots=True)
class Correcting:
    """What somebody makes of a parcel. seen: digest of what the page showed of it."""

    parcel_id: int
    typed: Fulfilment
    seen: str


class Correction(enum.Enum):
    """What came of correcting a parcel."""

    NOTHING = enum.auto()  # it was like that already
    TOLD = enum.auto()  # the buyer gets a mail
    KNOWN = enum.auto()  # she had a mail before that says the same


def ship(
    session: Session,
    order: Order,
    parcel: Fulfilment,
    letters: Letters,
    units: Mapping[int, int] | None = None,
) -> Shipped:
    """Ship units of a paid order in a parcel, and write the mail that tells the buyer.

    units: how many of which line, by its id; None ships all that is left. The order's lines and
    discounts must be loaded. Units that it waited for leave the shelf. Raises OutOfStockError
    where units have not come, OnHoldError, IllegalTransitionError or UnitsGoneError where they may
    not ship (by now): of two who ship at once, the second is told. The caller rolls back then.
    """
    status, attention = _locked(session, order)
    if attention is not None:
        raise OnHoldError(order.number)
    if status is not OrderStatus.PAID:
        session.refresh(order, ["status"])
        message = f"order {order.number} is {status}"
        raise IllegalTransitionError(message)
    mark_picked(session, order.id)
    chosen = _left(session, order) if units is None else {k: n for k, n in units.items() if n}
    if not chosen:
        raise UnitsGoneError(order.number)
    for line_id, quantity in sorted(chosen.items()):
        _count(session, order, line_id, quantity)
    needed = needed_of(order.lines, chosen)
    deliver_backorders(session, order.id, needed, actor=parcel.actor)
    parcel.order_id = order.id
    parcel.lines = [FulfilmentLine(order_line_id=k, quantity=n) for k, n in sorted(chosen.items())]
    session.add(parcel)
    session.flush()
    is_done = _note(session, order, parcel, sum(chosen.values()))
    return Shipped(is_done, _tell(session, order, parcel, letters))


def tracking_of(parcel: Fulfilment) -> dict[str, str]:
    """Return what may be corrected of a parcel, by the name of its field."""
    return {
        "Carrier": parcel.carrier,
        "Tracking number": parcel.tracking_number,
        "Tracking link": parcel.tracking_url,
    }


def correct(session: Session, order: Order, asked: Correcting, letters: Letters) -> Correction:
    """Write a parcel's carrier and tracking as they should be, and the mail that tells the buyer.

    Raises ParcelGoneError, or ChangedMeanwhileError where somebody else made it something else
    since it was seen; the caller rolls back then.
    """
    _locked(session, order)
    found = select(Fulfilment).filter_by(id=asked.parcel_id, order_id=order.id)
    loaded = found.options(selectinload(Fulfilment.lines))
    parcel = session.scalars(loaded.execution_options(populate_existing=True)).one_or_none()
    if parcel is None or parcel.is_by_mail:
        raise ParcelGoneError
    typed = asked.typed
    if tracking_of(parcel) == tracking_of(typed):
        return Correction.NOTHING
    if seen_of(tracking_of(parcel)) != asked.seen:
        raise ChangedMeanwhileError
    note = f"{_named(parcel)} is {_named(typed)} now."
    session.add(OrderEvent(order_id=order.id, kind="tracking", actor=typed.actor, note=note))
    for name in ("carrier", "tracking_number", "tracking_url"):
        setattr(parcel, name, getattr(typed, name))
    is_news = _tell(session, order, parcel, letters, is_corrected=True)
    return Correction.TOLD if is_news else Correction.KNOWN


def take_back(session: Session, order: Order, parcel_id: int, *, actor: str) -> None:
    """Undo the newest parcel of an order, entered by mistake: its units are to ship again.

    Raises ParcelStaysError, and changes nothing, where it is not the newest (any more), where
    units of it were on backorder, or have come back or been refunded since.
    """
    _locked(session, order)
    newest = session.scalar(select(func.max(Fulfilment.id)).where(Fulfilment.order_id == order.id))
    if parcel_id != newest:
        message = "Only the newest parcel can be taken back. Nothing was changed."
        raise ParcelStaysError(message)
    found = select(Fulfilment).where(Fulfilment.id == parcel_id)
    loaded = found.options(selectinload(Fulfilment.lines))
    parcel = session.scalars(loaded.execution_options(populate_existing=True)).one()
    if parcel.is_by_mail:
        message = "Gift cards were mailed, so they stay. To take one back, refund it."
        raise ParcelStaysError(message)
    held = {line.order_line_id: line.quantity for line in parcel.lines}
    needed = needed_of(order.lines, held)
    waited = select(Reservation.id).where(
        Reservation.order_id == order.id,
        Reservation.is_backorder,
        Reservation.variant_id.in_(needed),
    )
    if session.scalar(waited.limit(1)) is not None:
        message = "Units in it were on backorder and have left the stock with it, so it stays."
        raise ParcelStaysError(message)
    for line_id, quantity in sorted(held.items()):
        _uncount(session, line_id, quantity)
    note = f"{_named(parcel)} was entered by mistake."
    session.delete(parcel)
    reopen(session, order)
    session.add(OrderEvent(order_id=order.id, kind="parcel taken back", actor=actor, note=note))


def needed_of(lines: Iterable[OrderLine], units: Mapping[int, int]) -> dict[int, int]:
    """Return how many of which variant units of lines are: a bundle counts by its parts."""
    needed: Counter[int] = Counter()
    for line in lines:
        for variant_id, of_one in line.units_of_one.items():
            needed[variant_id] += of_one * units.get(line.id, 0)
    return {variant_id: quantity for variant_id, quantity in needed.items() if quantity}


def _locked(session: Session, order: Order) -> tuple[OrderStatus, str | None]:
    """Return the order's status and flag as they are now, its row locked until the commit."""
    found = select(Order.status, Order.attention).where(Order.id == order.id).with_for_update()
    return session.execute(found).one()


def _left(session: Session, order: Order) -> dict[int, int]:
    left = OrderLine.quantity - OrderLine.shipped_quantity - OrderLine.cancelled_quantity
    found = select(OrderLine.id, left).where(OrderLine.order_id == order.id, left > 0)
    return dict(session.execute(found).all())


def _count(session: Session, order: Order, line_id: int, quantity: int) -> None:
    """Count units as shipped by one conditional UPDATE, or raise UnitsGoneError."""
    shipped = OrderLine.shipped_quantity + quantity
    counted = session.execute(
        update(OrderLine)
        .where(
            OrderLine.id == line_id,
            OrderLine.order_id == order.id,
            shipped + OrderLine.cancelled_quantity <= OrderLine.quantity,
        )
        .values(shipped_quantity=shipped)
        .returning(OrderLine.id)
        .execution_options(synchronize_session=False)
    )
    if counted.scalar_one_or_none() is None:
        raise UnitsGoneError(order.number)


def _uncount(session: Session, line_id: int, quantity: int) -> None:
    """Take units off what shipped, where so many neither came back nor were refunded since."""
    shipped = OrderLine.shipped_quantity - quantity
    back = (
        select(func.coalesce(func.sum(ReturnLine.quantity), 0))
        .join(Return, Return.id == ReturnLine.return_id)
        .where(ReturnLine.order_line_id == line_id, Return.status.not_in(ENDED_EARLY))
        .scalar_subquery()
    )
    counted = session.execute(
        update(OrderLine)
        .where(
            OrderLine.id == line_id,
            shipped >= OrderLine.refunded_quantity - OrderLine.cancelled_quantity,
            shipped >= back,
        )
        .values(shipped_quantity=shipped)
        .returning(OrderLine.id)
        .execution_options(synchronize_session=False)
    )
    if counted.scalar_one_or_none() is None:
        message = "Units in it have been refunded or returned since, so it stays."
        raise ParcelStaysError(message)


def _tell(
    session: Session,
    order: Order,
    parcel: Fulfilment,
    letters: Letters,
    *,
    is_corrected: bool = False,
) -> bool:
    """Write the mail of a parcel of a locked order, whose lines are read anew."""
    for line in order.lines:
        session.refresh(line, ["shipped_quantity", "cancelled_quantity"])
    until = select(func.count()).select_from(Fulfilment)
    until = until.where(Fulfilment.order_id == order.id, Fulfilment.id <= parcel.id)
    place = session.scalar(until) or 1
    return letters.shipped(session, order, parcel, place, is_corrected=is_corrected)


def _note(session: Session, order: Order, parcel: Fulfilment, units: int) -> bool:
    """Write the parcel into the order's history, and let the order be shipped where all left."""
    note = _named(parcel, "")
    if finish(session, order, actor=parcel.actor, note=note):
        happened(session, SequenceTrigger.SHIPPED, order.email)
        return True
    told = f"{units} {'unit' if units == 1 else 'units'}. {note}".strip()
    session.add(OrderEvent(order_id=order.id, kind="partly shipped", actor=parcel.actor, note=told))
    return False


def _named(parcel: Fulfilment, otherwise: str = "A parcel without tracking") -> str:
    return f"{parcel.carrier} {parcel.tracking_number}".strip() or otherwise
