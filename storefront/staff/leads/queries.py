"""What each text leads to; the same number of queries however many texts and orders there are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from operator import attrgetter
from types import MappingProxyType
from typing import Any

from sqlalchemy import String, Subquery, cast, func, literal, select, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from models import (
    Article,
    Blog,
    Cart,
    Dispute,
    Money,
    Muscle,
    Order,
    OrderLine,
    Page,
    PageKind,
    Payment,
    Region,
    Routine,
    Sequence,
    SequenceMail,
)


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment up to another, which is no longer in it."""

    since: datetime
    until: datetime


@dataclass(slots=True)
class Figures:
    """What followed: carts begun, orders paid, their units, and the money that was kept of them.

    money: minor units by currency, net of refunds and of what banks took back.
    """

    carts: int = 0
    orders: int = 0
    units: int = 0
    money: dict[str, int] = field(default_factory=dict)

    @property
    def amounts(self) -> list[Money]:
        """The money in each currency, by its code."""
        return [Money(minor, currency) for currency, minor in sorted(self.money.items())]

    @property
    def is_empty(self) -> bool:
        """Whether nothing followed."""
        return not (self.carts or self.orders)


@dataclass(slots=True)
class Lead:
    """A text, and what followed where it was the first that was read, and where the last."""

    content: str
    title: str
    first: Figures = field(default_factory=Figures)
    last: Figures = field(default_factory=Figures)


def columns(main_currency: str) -> Mapping[str, Callable[[Lead], Any]]:
    """Return what a list of leads is sorted by; money by its amount in the main currency."""
    found: dict[str, Callable[[Lead], Any]] = {"content": lambda it: it.title.casefold()}
    for place in ("first", "last"):
        for name in ("carts", "orders", "units"):
            found[f"{place}_{name}"] = attrgetter(f"{place}.{name}")
        found[f"{place}_money"] = partial(_kept, place, main_currency)
    return MappingProxyType(found)


def _kept(place: str, currency: str, lead: Lead) -> int:
    figures: Figures = getattr(lead, place)
    return figures.money.get(currency, 0)


def leads(session: Session, period: Period) -> list[Lead]:
    """Return the texts that led to something in a period, in seven queries.

    Only texts that there are: an address that somebody made up leads to nothing.
    """
    found = {url: Lead(url, title) for url, title in session.execute(select(_texts()))}
    for place in ("first", "last"):
        figures = {url: getattr(lead, place) for url, lead in found.items()}
        _add_carts(session, period, getattr(Cart, f"{place}_content"), figures)
        _add_orders(session, period, getattr(Order, f"{place}_content"), figures)
        _add_money(session, period, getattr(Order, f"{place}_content"), figures)
    return [it for it in found.values() if not (it.first.is_empty and it.last.is_empty)]


def _texts() -> Subquery:
    """Return the address and the title of everything that can lead to a product."""
    mail = literal("mail:") + Sequence.handle + "-" + cast(SequenceMail.position, String)
    return union_all(
        select(
            (literal("/blogs/") + Blog.handle + "/" + Article.handle).label("url"),
            Article.title.label("title"),
        ).join(Blog, Blog.id == Article.blog_id),
        select(literal("/pages/") + Page.handle, Page.title).where(Page.kind != PageKind.POLICY),
        select(literal("/muscles/") + Muscle.handle, Muscle.name),
        select(literal("/routines/") + Routine.handle, Routine.title),
        select(literal("/where-does-it-hurt/") + Region.handle, Region.name),
        select(literal("/where-does-it-hurt"), literal("Where does it hurt?")),
        select(literal("/glossary"), literal("Glossary")),
        select(mail, SequenceMail.subject).join(Sequence, Sequence.id == SequenceMail.sequence_id),
    ).subquery()


def _add_carts(
    session: Session,
    period: Period,
    content: InstrumentedAttribute[str | None],
    figures: Mapping[str, Figures],
) -> None:
    wanted = select(content, func.count()).where(
        content.is_not(None), Cart.created_at >= period.since, Cart.created_at < period.until
    )
    for url, count in session.execute(wanted.group_by(content)):
        if url and url in figures:
            figures[url].carts = count


def _add_orders(
    session: Session,
    period: Period,
    content: InstrumentedAttribute[str | None],
    figures: Mapping[str, Figures],
) -> None:
    units = select(func.sum(OrderLine.quantity)).where(OrderLine.order_id == Order.id)
    wanted = select(content, func.count(), func.sum(units.scalar_subquery())).where(
        content.is_not(None), Order.paid_at >= period.since, Order.paid_at < period.until
    )
    for url, count, sold in session.execute(wanted.group_by(content)):
        if url and url in figures:
            figures[url].orders, figures[url].units = count, int(sold or 0)


def _add_money(
    session: Session,
    period: Period,
    content: InstrumentedAttribute[str | None],
    figures: Mapping[str, Figures],
) -> None:
    taken = select(func.sum(Dispute.taken_minor)).where(Dispute.payment_id == Payment.id)
    kept = Payment.captured_minor - Payment.refunded_minor
    kept -= func.coalesce(taken.scalar_subquery(), 0)
    wanted = (
        select(content, Payment.captured_currency, func.sum(kept))
        .select_from(Order)
        .join(Payment, Payment.order_id == Order.id)
        .where(
            content.is_not(None),
            Order.paid_at >= period.since,
            Order.paid_at < period.until,
            Payment.captured_currency.is_not(None),
        )
        .group_by(content, Payment.captured_currency)
    )
    for url, currency, minor in session.execute(wanted):
        if url and url in figures:
            figures[url].money[str(currency)] = int(minor)
