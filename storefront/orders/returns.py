"""Returns: units that come back, asked for by a buyer or for her, decided, received and closed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from models import (
    Order,
    OrderEvent,
    OrderLine,
    Refund,
    Return,
    ReturnLine,
    ReturnStatus,
    now,
)
from models.comeback import can_come_back
from models.reservation import put_back
from storefront.mail.letters import Letters


class TooManyUnitsError(Exception):
    """More units of a line than were shipped and are not being returned already, or none."""


class DecidedMeanwhileError(Exception):
    """The return is no longer in the status in which this can be done."""


@dataclass(frozen=True, slots=True)
class Back:
    """What came of one line's units that were received: back on the shelf, or thrown away."""

    restocked: int
    discarded: int


def returnable(session: Session, order: Order) -> dict[int, int]:
    """Return how many units of each line may still be returned, by the line's id."""
    found = select(OrderLine.id, can_come_back()).where(OrderLine.order_id == order.id)
    return {row[0]: row[1] for row in session.execute(found) if row[1] > 0}


def request(  # noqa: PLR0913 (what a return says)
    session: Session,
    order: Order,
    units: Mapping[int, int],
    *,
    reason: str,
    note: str = "",
    actor: str,
) -> Return:
    """Write that units of an order are to come back.

    units: how many of which line, by its id. Raises TooManyUnitsError, and changes nothing, where
    more than were shipped would come back; the order's row is locked while this is decided.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    chosen = {line_id: quantity for line_id, quantity in units.items() if quantity}
    left = returnable(session, order)
    if not chosen or any(left.get(line_id, 0) < n for line_id, n in chosen.items()):
        raise TooManyUnitsError(order.number)
    lines = [
        ReturnLine(order_line_id=line_id, quantity=n, reason=reason)
        for line_id, n in sorted(chosen.items())
    ]
    made = Return(order_id=order.id, note=note, actor=actor, lines=lines)
    session.add(made)
    session.flush()
    _note(session, order, made.id, ReturnStatus.REQUESTED, actor)
    return made


def decide(  # noqa: PLR0913 (whom it concerns and who is told)
    session: Session,
    order: Order,
    return_id: int,
    letters: Letters,
    *,
    accept: bool,
    actor: str,
) -> None:
    """Accept or decline a return that was requested, once, and tell the buyer.

    Raises DecidedMeanwhileError, and changes nothing, where somebody has decided already.
    """
    status = ReturnStatus.ACCEPTED if accept else ReturnStatus.DECLINED
    _advance(session, order, return_id, status, ReturnStatus.REQUESTED, decided_at=now())
    _note(session, order, return_id, status, actor)
    letters.returned(session, order, _loaded(session, return_id))


def receive(  # noqa: PLR0913 (whom it concerns and who is told)
    session: Session,
    order: Order,
    return_id: int,
    letters: Letters,
    back: Mapping[int, Back],
    *,
    actor: str,
) -> None:
    """Write that an accepted return has come, once; what is restocked goes back through the ledger.

    back: by the id of the return's line. The order's lines must be loaded. Raises
    DecidedMeanwhileError where it was received already, TooManyUnitsError where more came back
    than was to; the caller rolls back then.
    """
    _advance(
        session, order, return_id, ReturnStatus.RECEIVED, ReturnStatus.ACCEPTED, received_at=now()
    )
    found = _loaded(session, return_id)
    lines = {line.id: line for line in order.lines}
    shelf: Counter[int] = Counter()
    for line in found.lines:
        came = back.get(line.id, Back(0, 0))
        if came.restocked + came.discarded > line.quantity:
            raise TooManyUnitsError(order.number)
        line.restocked, line.discarded = came.restocked, came.discarded
        for variant_id, of_one in lines[line.order_line_id].units_of_one.items():
            shelf[variant_id] += of_one * came.restocked
    put_back(session, order.id, +shelf, actor=actor, reason=f"Return {return_id}")
    _note(session, order, return_id, ReturnStatus.RECEIVED, actor)
    letters.returned(session, order, found)


def close(
    session: Session, order: Order, return_id: int, *, actor: str, refund: Refund | None = None
) -> None:
    """End a return that was received, with the refund of its units or without one; once."""
    refund_id = refund.id if refund else None
    _advance(
        session,
        order,
        return_id,
        ReturnStatus.CLOSED,
        ReturnStatus.RECEIVED,
        closed_at=now(),
        refund_id=refund_id,
    )
    _note(session, order, return_id, ReturnStatus.CLOSED, actor)


def units_of(found: Return) -> dict[int, int]:
    """Return how many units of each order line came back with a return, by the line's id."""
    came = {line.order_line_id: line.restocked + line.discarded for line in found.lines}
    return {line_id: quantity for line_id, quantity in came.items() if quantity}


def _advance(
    session: Session,
    order: Order,
    return_id: int,
    to: ReturnStatus,
    only_from: ReturnStatus,
    **values: object,
) -> None:
    """Change a return's status by one conditional UPDATE, or raise DecidedMeanwhileError.

    The order is locked first, as by whoever gives its money back at the same time: what follows
    moves stock, and two that lock these the other way round would wait for each other for ever.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    moved = session.execute(
        update(Return)
        .where(Return.id == return_id, Return.order_id == order.id, Return.status == only_from)
        .values(status=to, **values)
        .returning(Return.id)
        .execution_options(synchronize_session=False)
    )
    if moved.scalar_one_or_none() is None:
        raise DecidedMeanwhileError(return_id)


def _loaded(session: Session, return_id: int) -> Return:
    found = select(Return).where(Return.id == return_id)
    loaded = found.options(selectinload(Return.lines).joinedload(ReturnLine.line))
    return session.scalars(loaded.execution_options(populate_existing=True)).one()


def _note(session: Session, order: Order, return_id: int, status: ReturnStatus, actor: str) -> None:
    kind = f"return {status}"
    session.add(OrderEvent(order_id=order.id, kind=kind, actor=actor, note=f"Return {return_id}."))
