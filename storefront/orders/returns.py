"""Returns: units that come back, asked for by a buyer or for her, decided, received and closed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session, joinedload, selectinload

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
from models.order_lock import lock
from models.reservation import lock_units, put_back
from storefront.mail.letters import Letters
from storefront.orders import exchanges

BUYER = "buyer"  # who does it, in the order's history
WITHDRAWABLE = (ReturnStatus.REQUESTED, ReturnStatus.ACCEPTED)


class TooManyUnitsError(Exception):
    """More units of a line than were shipped and are not being returned already, or none."""


class DecidedMeanwhileError(Exception):
    """The return is no longer in the status in which this can be done."""


@dataclass(frozen=True, slots=True)
class Back:
    """What came of one line's units that were received: back on the shelf, or thrown away."""

    restocked: int
    discarded: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Units of one line that are to come back. exchange_variant_id: for what, None for money."""

    quantity: int
    reason: str
    exchange_variant_id: int | None = None


def returnable(session: Session, order: Order) -> dict[int, int]:
    """Return how many units of each line may still be returned, by the line's id."""
    found = select(OrderLine.id, can_come_back()).where(OrderLine.order_id == order.id)
    return {row[0]: row[1] for row in session.execute(found) if row[1] > 0}


def in_time(session: Session, order: Order, days: int | None) -> dict[int, int]:
    """Return what of each line its buyer may still ask to return; its parcels must be loaded.

    days: since the newest parcel with units of the line left; None sets no limit.
    """
    left = returnable(session, order)
    if days is None:
        return left
    newest: dict[int, datetime] = {}
    for parcel in order.fulfilments:
        for packed in parcel.lines:
            newest[packed.order_line_id] = parcel.created_at
    earliest = now() - timedelta(days=days)
    return {key: n for key, n in left.items() if key in newest and newest[key] > earliest}


def request(  # noqa: PLR0913 (what a return says)
    session: Session,
    order: Order,
    asked: Mapping[int, Asked],
    *,
    note: str = "",
    words: str = "",
    key: str | None = None,
    actor: str,
) -> Return:
    """Write that units of an order are to come back, by the id of their line.

    A key that is known returns its return and changes nothing. Raises TooManyUnitsError, and
    changes nothing, where more than were shipped would come back; the order's row is locked while
    this is decided.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    if key is not None and (known := by_key(session, key)) is not None:
        return known
    chosen = {line_id: it for line_id, it in asked.items() if it.quantity}
    left = returnable(session, order)
    if not chosen or any(left.get(line_id, 0) < it.quantity for line_id, it in chosen.items()):
        raise TooManyUnitsError(order.number)
    lines = [
        ReturnLine(
            order_line_id=line_id,
            quantity=it.quantity,
            reason=it.reason,
            exchange_variant_id=it.exchange_variant_id,
        )
        for line_id, it in sorted(chosen.items())
    ]
    made = Return(order_id=order.id, note=note, words=words, key=key, actor=actor, lines=lines)
    session.add(made)
    session.flush()
    _note(session, order, made.id, ReturnStatus.REQUESTED, actor)
    session.flush()
    return made


def decide(  # noqa: PLR0913 (whom it concerns and who is told)
    session: Session,
    order: Order,
    return_id: int,
    letters: Letters,
    *,
    accept: bool,
    actor: str,
    answer: str = "",
    exchanged: bool = True,
) -> None:
    """Accept or decline a return that was requested, once, and tell the buyer.

    answer: words to her. exchanged: False gives money back where she asked for another variant.
    Raises DecidedMeanwhileError where somebody has decided already, OutOfStockError where what she
    wants instead is gone; the caller rolls back then.
    """
    status = ReturnStatus.ACCEPTED if accept else ReturnStatus.DECLINED
    said = {"decided_at": now(), "answer": answer}
    _advance(session, order, return_id, status, (ReturnStatus.REQUESTED,), **said)
    _note(session, order, return_id, status, actor)
    found = loaded(session, return_id)
    if accept and not exchanged:
        for line in found.lines:
            line.exchange_variant_id = None
    if accept:
        exchanges.set_aside(session, order, found, actor=actor)
    letters.returned(session, order, loaded(session, return_id))


def withdraw(session: Session, order: Order, return_id: int, letters: Letters) -> None:
    """Take a return back, as its buyer may until it was received, and tell her; once.

    Raises DecidedMeanwhileError, and changes nothing, where it is too late.
    """
    _advance(session, order, return_id, ReturnStatus.WITHDRAWN, WITHDRAWABLE, closed_at=now())
    _note(session, order, return_id, ReturnStatus.WITHDRAWN, BUYER)
    found = loaded(session, return_id)
    exchanges.end(session, found, actor=BUYER, note="Its return was withdrawn.")
    letters.returned(session, order, found)


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

    What it was exchanged for can ship then; where all of it was, the return is closed.

    back: by the id of the return's line. The order's lines must be loaded. Raises
    DecidedMeanwhileError where it was received already, TooManyUnitsError where more came back
    than was to; the caller rolls back then.
    """
    _advance(
        session,
        order,
        return_id,
        ReturnStatus.RECEIVED,
        (ReturnStatus.ACCEPTED,),
        received_at=now(),
    )
    found = loaded(session, return_id)
    lines = {line.id: line for line in order.lines}
    shelf: Counter[int] = Counter()
    for line in found.lines:
        came = back.get(line.id, Back(0, 0))
        if came.restocked + came.discarded > line.quantity:
            raise TooManyUnitsError(order.number)
        line.restocked, line.discarded = came.restocked, came.discarded
        for variant_id, of_one in lines[line.order_line_id].units_of_one.items():
            shelf[variant_id] += of_one * came.restocked
    if found.exchange_id is not None:
        lock(session, found.exchange_id)
    lock_units(session, found.exchange_id, shelf)
    put_back(session, order.id, +shelf, actor=actor, reason=f"Return {return_id}")
    _note(session, order, return_id, ReturnStatus.RECEIVED, actor)
    session.flush()
    exchanges.finish(session, found, zone=letters.zone, actor=actor)
    found = loaded(session, return_id)
    letters.returned(session, order, found)
    if not exchanges.of_lines(found):
        _close(session, order, return_id, actor=actor, refund_id=None)


def close(  # noqa: PLR0913 (whom it concerns and who is told)
    session: Session,
    order: Order,
    return_id: int,
    letters: Letters,
    *,
    actor: str,
    refund: Refund | None = None,
) -> None:
    """End a return that was received, with the refund of its units or without one; once.

    The buyer is told where no money goes back; of a refund its own mail tells.
    """
    _close(session, order, return_id, actor=actor, refund_id=refund.id if refund else None)
    if refund is None:
        letters.returned(session, order, loaded(session, return_id))


def _close(
    session: Session, order: Order, return_id: int, *, actor: str, refund_id: int | None
) -> None:
    said = {"closed_at": now(), "refund_id": refund_id}
    _advance(session, order, return_id, ReturnStatus.CLOSED, (ReturnStatus.RECEIVED,), **said)
    _note(session, order, return_id, ReturnStatus.CLOSED, actor)


def units_of(found: Return) -> dict[int, int]:
    """Return how many units of each order line came whose money goes back, by the line's id."""
    paid_back = exchanges.of_lines(found)
    came = {line.order_line_id: line.restocked + line.discarded for line in paid_back}
    return {line_id: quantity for line_id, quantity in came.items() if quantity}


def loaded(session: Session, return_id: int) -> Return:
    """Return a return as it is now, with its lines, what they are of, and its exchange."""
    return session.scalars(_whole().where(Return.id == return_id)).one()


def by_key(session: Session, key: str) -> Return | None:
    """Return the return that was asked for with a key."""
    return session.scalars(_whole().where(Return.key == key)).one_or_none()


def of_order(session: Session, order: Order) -> Sequence[Return]:
    """Return the returns of an order, the first first, whole."""
    return session.scalars(_whole().where(Return.order_id == order.id).order_by(Return.id)).all()


def _whole() -> Select[Return]:
    return (
        select(Return)
        .options(
            selectinload(Return.lines).joinedload(ReturnLine.line),
            selectinload(Return.lines).joinedload(ReturnLine.exchange_variant),
            joinedload(Return.exchange),
        )
        .execution_options(populate_existing=True)
    )


def _advance(
    session: Session,
    order: Order,
    return_id: int,
    to: ReturnStatus,
    only_from: Sequence[ReturnStatus],
    **values: object,
) -> None:
    """Change a return's status by one conditional UPDATE, or raise DecidedMeanwhileError.

    The order is locked first, as by whoever gives its money back at the same time: what follows
    moves stock, and two that lock these the other way round would wait for each other for ever.
    """
    session.execute(select(Order.id).where(Order.id == order.id).with_for_update())
    moved = session.execute(
        update(Return)
        .where(Return.id == return_id, Return.order_id == order.id, Return.status.in_(only_from))
        .values(status=to, **values)
        .returning(Return.id)
        .execution_options(synchronize_session=False)
    )
    if moved.scalar_one_or_none() is None:
        raise DecidedMeanwhileError(return_id)


def _note(session: Session, order: Order, return_id: int, status: ReturnStatus, actor: str) -> None:
    kind = f"return {status}"
    session.add(OrderEvent(order_id=order.id, kind=kind, actor=actor, note=f"Return {return_id}."))
