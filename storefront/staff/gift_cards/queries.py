"""Looking at gift cards."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models import GiftCard, GiftCardMovement, Money, Order
from storefront.paging import Slice
from storefront.staff.listing import AnySelect, Sorting, things_of

COLUMNS: Mapping[str, Any] = MappingProxyType(
    {
        "issued": GiftCard.created_at,
        "last": GiftCard.last4,
        "recipient": GiftCard.recipient_email,
        "amount": GiftCard.__table__.c["amount_minor"],
        "balance": GiftCard.balance_minor,
    }
)


def cards(session: Session, words: str, sorting: Sorting, page: int) -> Slice[GiftCard]:
    """Return a page of cards whose last signs or recipient hold the words, in two queries."""
    return things_of(session, sorting.applied(listed(words), GiftCard.id), page)


def listed(words: str) -> AnySelect:
    """Return the statement of the list."""
    wanted = select(GiftCard)
    if words:
        columns = (GiftCard.last4, GiftCard.recipient_email, GiftCard.recipient_name)
        wanted = wanted.where(or_(*(it.icontains(words, autoescape=True) for it in columns)))
    return wanted


def owed(session: Session) -> list[Money]:
    """Return what is left on all cards that can be used, by currency: money that was paid ahead."""
    currency = GiftCard.__table__.c["currency"]
    rows = session.execute(
        select(currency, func.sum(GiftCard.balance_minor))
        .where(GiftCard.disabled_at.is_(None), GiftCard.balance_minor > 0)
        .group_by(currency)
        .order_by(currency)
    )
    return [Money(int(minor), code) for code, minor in rows]


def card(session: Session, card_id: int, *, to_change: bool = False) -> GiftCard | None:
    """Return a card as it is now; locked where it is about to change."""
    wanted = select(GiftCard).where(GiftCard.id == card_id)
    if to_change:
        wanted = wanted.with_for_update()
    return session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def ledger(session: Session, of: GiftCard) -> Sequence[tuple[GiftCardMovement, str | None]]:
    """Return a card's ledger, the first line first, each with the number of its order."""
    rows = session.execute(
        select(GiftCardMovement, Order.number)
        .outerjoin(Order, Order.id == GiftCardMovement.order_id)
        .where(GiftCardMovement.gift_card_id == of.id)
        .order_by(GiftCardMovement.id)
    )
    return [(row[0], row[1]) for row in rows]
