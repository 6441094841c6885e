"""What is on packing slips and pick lists; the same number of queries however many orders."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from models import (
    Location,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Reservation,
    ReservationState,
    Stock,
    StockLevel,
    Variant,
)
from models.picking import take_in_hand as pick_orders

MOST = 200  # orders on one print
PRINTED = (OrderStatus.PAID, OrderStatus.SHIPPED)


@dataclass(frozen=True, slots=True)
class Packed:
    """A line of an order. now: units for this parcel; later: units that have not come yet."""

    line: OrderLine
    now: int
    later: int


@dataclass(frozen=True, slots=True)
class Slip:
    """What goes into an order's next parcel; of one that has shipped, all that did."""

    order: Order
    lines: Sequence[Packed]


@dataclass(frozen=True, slots=True)
class Pick:
    """Units of one stocked variant. places: title of each location and how many lie there."""

    sku: str
    title: str
    units: int
    places: Sequence[tuple[str, int]]
    numbers: Sequence[str]


def slips(session: Session, numbers: Sequence[str]) -> list[Slip]:
    """Return what to pack for paid and shipped orders of these numbers, in their order."""
    found = session.scalars(
        select(Order)
        .where(Order.number.in_(numbers), Order.status.in_(PRINTED))
        .options(selectinload(Order.lines))
    ).all()
    missing = _not_here(session, [order.id for order in found])
    by_number = {order.number: order for order in found}
    wanted = [by_number[number] for number in dict.fromkeys(numbers) if number in by_number]
    return [_slip(order, missing) for order in wanted]


def take_in_hand(session: Session, numbers: Sequence[str], *, actor: str) -> None:
    """Mark the paid orders of these numbers as picked: what is printed of them stays true."""
    wanted = [number for number in numbers if number.isprintable()]
    ids = session.scalars(select(Order.id).where(Order.number.in_(wanted))).all()
    pick_orders(session, ids, actor=actor)


def picks(session: Session, found: Sequence[Slip]) -> list[Pick]:
    """Return what to take from the shelves for orders that are to ship, by SKU."""
    units: dict[int, int] = {}
    numbers: dict[int, list[str]] = {}
    for slip in found:
        if slip.order.status is OrderStatus.PAID:
            for packed in slip.lines:
                for variant_id, of_one in packed.line.units_of_one.items():
                    if packed.now:
                        units[variant_id] = units.get(variant_id, 0) + of_one * packed.now
                        numbers.setdefault(variant_id, []).append(slip.order.number)
    places = _places(session, list(units))
    rows = session.execute(
        select(Variant, Product.title)
        .join(Product, Product.id == Variant.product_id)
        .where(Variant.id.in_(units))
        .order_by(Variant.sku)
    )
    return [
        Pick(
            sku=variant.sku,
            title=f"{title}, {variant.title}" if variant.title else title,
            units=units[variant.id],
            places=places.get(variant.id, []),
            numbers=list(dict.fromkeys(numbers[variant.id])),
        )
        for variant, title in rows
    ]


def _slip(order: Order, missing: set[tuple[int, int]]) -> Slip:
    lines = []
    for line in order.lines:
        if line.is_gift_card:  # it goes by mail
            continue
        left = line.to_ship
        if order.status is OrderStatus.SHIPPED:
            now, later = line.shipped_quantity, 0
        else:
            waits = any((order.id, part) in missing for part in line.units_of_one)
            now, later = (0, left) if waits else (left, 0)
        if now or later:
            lines.append(Packed(line, now, later))
    return Slip(order, lines)


def _not_here(session: Session, ids: Sequence[int]) -> set[tuple[int, int]]:
    """Return which order waits for which variant that has not come yet."""
    free = Stock.on_hand - Stock.reserved - Stock.unavailable
    found = (
        select(Reservation.order_id, Reservation.variant_id)
        .join(Stock, Stock.variant_id == Reservation.variant_id)
        .where(
            Reservation.order_id.in_(ids),
            Reservation.is_backorder,
            Reservation.state == ReservationState.HELD,
            free < Reservation.quantity,
        )
    )
    return {(row[0], row[1]) for row in session.execute(found)}


def _places(session: Session, variant_ids: Sequence[int]) -> dict[int, list[tuple[str, int]]]:
    found = (
        select(StockLevel.variant_id, Location.title, StockLevel.on_hand)
        .join(Location, Location.id == StockLevel.location_id)
        .where(StockLevel.variant_id.in_(variant_ids), StockLevel.on_hand > 0)
        .order_by(Location.position, Location.id)
    )
    places: dict[int, list[tuple[str, int]]] = {}
    for variant_id, title, on_hand in session.execute(found):
        places.setdefault(variant_id, []).append((title, on_hand))
    return places
