"""The units whose money goes back: counted once, never owed, and on the shelf again or not."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Money, Order, OrderLine, Refund, RefundLine
from models.comeback import can_come_back
from models.reservation import lock_units, put_back, take_back
from storefront.gift_cards import service as gift_cards

NO_UNITS: Mapping[int, int] = MappingProxyType({})


class UnitsError(Exception):
    """More units of a line than have not been refunded yet."""


class SpentCardError(UnitsError):
    """A gift card among the units has been spent from, or is disabled already."""


@dataclass(frozen=True, slots=True)
class WantedRefund:
    """Money to give back.

    key: one refund for one key, such as that of a form. reason: "requested_by_customer",
    "duplicate", "fraudulent" or empty. lines: units by the id of their order line; those that have
    not left are meant first, and never leave then. of_shipped: units that left are meant alone,
    such as those of a return. restock: all of them go back on the shelf, or those of the lines with
    these ids. cancel: the order, of which nothing has left, ends.
    """

    payment_id: int
    amount: Money
    key: str
    reason: str = ""
    note: str = ""
    actor: str = "shop"
    lines: Mapping[int, int] = field(default_factory=lambda: NO_UNITS)
    of_shipped: bool = False
    restock: bool | frozenset[int] = False
    cancel: bool = False

    def is_restocked(self, line_id: int) -> bool:
        """Say whether the units of a line go back on the shelf."""
        return self.restock if isinstance(self.restock, bool) else line_id in self.restock


def count_units(
    session: Session, order: Order, refund: Refund, wanted: WantedRefund
) -> list[RefundLine]:
    """Count the units by one conditional UPDATE each; those that had not left never will.

    The gift cards among them are disabled.
    """
    lines = []
    by_id = {line.id: line for line in order.lines} if wanted.lines else {}
    for line_id, quantity in sorted(wanted.lines.items()):
        line = session.execute(
            select(OrderLine.shipped_quantity, OrderLine.cancelled_quantity, OrderLine.quantity)
            .where(OrderLine.id == line_id)
            .with_for_update()
        ).one()
        left = line.quantity - line.shipped_quantity - line.cancelled_quantity
        cancelled = 0 if wanted.of_shipped else min(quantity, left)
        refunded = OrderLine.refunded_quantity + quantity
        counted = session.execute(
            update(OrderLine)
            .where(
                OrderLine.id == line_id,
                refunded <= OrderLine.quantity,
                refunded <= OrderLine.shipped_quantity + OrderLine.cancelled_quantity + cancelled,
            )
            .values(
                refunded_quantity=refunded,
                cancelled_quantity=OrderLine.cancelled_quantity + cancelled,
            )
            .returning(OrderLine.id)
            .execution_options(synchronize_session=False)
        ).scalar_one_or_none()
        if counted is None or _is_back(session, wanted, line_id, quantity - cancelled):
            raise UnitsError(line_id)
        if by_id[line_id].is_gift_card:
            _take_cards_back(session, by_id[line_id], quantity, wanted.actor)
        lines.append(
            RefundLine(
                refund_id=refund.id,
                order_line_id=line_id,
                quantity=quantity,
                cancelled=cancelled,
                is_restocked=wanted.is_restocked(line_id),
            )
        )
    session.add_all(lines)
    return lines


def _take_cards_back(session: Session, line: OrderLine, units: int, actor: str) -> None:
    try:
        gift_cards.take_back(session, line, units, actor=actor)
    except gift_cards.CardUsedError as used:
        raise SpentCardError(line.id) from used


def _is_back(session: Session, wanted: WantedRefund, line_id: int, sent: int) -> bool:
    """Say whether units that left and are to be restocked came back by a return already."""
    if not (sent and wanted.restock):
        return False
    left = session.scalar(select(can_come_back()).where(OrderLine.id == line_id))
    return sent > (left or 0)


def take_units_back(
    session: Session, order: Order, wanted: WantedRefund, lines: Sequence[RefundLine]
) -> None:
    """Owe no unit whose money goes back, and put those that were sold on the shelf, if asked to.

    Variant by variant, in ascending order of their ids, so that two cannot deadlock; what else the
    order holds is locked as well, as it is released where it ends.
    """
    if not lines:
        return
    units, sent = _units_of(order, lines)
    said = {"actor": wanted.actor, "reason": "Refunded"}
    variant_ids = sorted({*sent, *(key[0] for key in units)})
    lock_units(session, order.id, variant_ids)
    for variant_id in variant_ids:
        for restock in (False, True):
            if back := units[variant_id, restock]:
                take_back(session, order.id, {variant_id: back}, restock=restock, **said)
        if back := sent[variant_id]:
            put_back(session, order.id, {variant_id: back}, **said)


def _units_of(
    order: Order, lines: Sequence[RefundLine]
) -> tuple[Counter[tuple[int, bool]], Counter[int]]:
    """Return the units that had not left, by variant and restock, and those that come back."""
    units: Counter[tuple[int, bool]] = Counter()
    sent: Counter[int] = Counter()
    by_line = {line.order_line_id: line for line in lines}
    for line in order.lines:
        if (refunded := by_line.get(line.id)) is None:
            continue
        for variant_id, of_one in line.units_of_one.items():
            units[variant_id, refunded.is_restocked] += of_one * refunded.cancelled
            if refunded.is_restocked:
                sent[variant_id] += of_one * (refunded.quantity - refunded.cancelled)
    return units, sent
