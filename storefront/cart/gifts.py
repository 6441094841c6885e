"""Gift cards in the cart: the one that is to pay, and those that are bought for somebody."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models import Cart, Order, OrderStatus, Payment, PaymentStatus
from models.language import OWN, language
from storefront.formatting import date_text
from storefront.gift_cards.names import card_name
from storefront.gift_cards.service import by_digest
from storefront.languages import gettext, lazy_gettext
from storefront.pricing.cards import paid_by_card
from storefront.pricing.quote import Quote

GONE = lazy_gettext(
    "The gift card can no longer be used, so it pays nothing. Type its code again, or remove it."
)
NO_CARDS = lazy_gettext(
    "A gift card cannot pay for gift cards. Take one of the two out of your cart."
)
LATER_TAX = lazy_gettext(
    "Tax is added on the payment page here, so gift cards cannot pay. Write to us."
)


@dataclass(frozen=True, slots=True)
class CardView:
    """The gift card of a cart.

    paid_minor: what it pays; left_minor: what stays on it then. problem: why it pays nothing.
    """

    card_id: int = 0
    name: str = field(default_factory=lambda: gettext("Gift card"))
    paid_minor: int = 0
    left_minor: int = 0
    problem: str | None = None


def card_of(
    session: Session, cart: Cart | None, quote: Quote, *, has_cards: bool
) -> CardView | None:
    """Return the gift card whose code a cart has and what it pays; None where it has none.

    has_cards: gift cards are bought in it. What its own unpaid order holds counts as there.
    """
    if cart is None or cart.gift_code_digest is None:
        return None
    card = by_digest(session, cart.gift_code_digest)
    if card is None:
        return CardView(problem=GONE)
    view = CardView(card.id, card_name(card.last4))
    if problem := _problem(card.amount.currency, quote, has_cards=has_cards):
        return CardView(card.id, view.name, left_minor=card.balance_minor, problem=problem)
    balance = card.balance_minor + _held(session, cart.id, card.id)
    if not balance:
        return CardView(
            card.id, view.name, problem=gettext("There is nothing left on this gift card.")
        )
    paid = paid_by_card(quote.total_minor, balance, quote.currency)
    return CardView(card.id, view.name, paid, balance - paid)


def _problem(currency: str, quote: Quote, *, has_cards: bool) -> str | None:
    if has_cards:
        return NO_CARDS
    if quote.taxes_by_stripe:
        return LATER_TAX
    if currency != quote.currency:
        return gettext(
            "This gift card is in %(its)s, and your cart is in %(yours)s.",
            its=currency,
            yours=quote.currency,
        )
    return None


def _held(session: Session, cart_id: int, card_id: int) -> int:
    held = (
        select(func.coalesce(func.sum(Payment.__table__.c["amount_minor"]), 0))
        .join(Order, Order.id == Payment.order_id)
        .where(
            Order.cart_id == cart_id,
            Order.status == OrderStatus.PENDING,
            Payment.gift_card_id == card_id,
            Payment.status == PaymentStatus.OPEN,
        )
    )
    return session.scalar(held) or 0


def of_units(gifts: Sequence[dict[str, Any]], quantity: int) -> list[dict[str, Any]]:
    """Return whom each of so many units is for: the last goes first, a new one is as the last."""
    kept = list(gifts[:quantity])
    return kept + [kept[-1] if kept else {}] * (quantity - len(kept))


def together(
    first: Sequence[dict[str, Any]], units: int, second: Sequence[dict[str, Any]], more: int
) -> list[dict[str, Any]]:
    """Return whom units are for, and more of another line after them; empty where for nobody."""
    if not first and not second:
        return []
    return [*of_units(first, units), *of_units(second, more)]


def in_words(gifts: Sequence[dict[str, Any]]) -> list[str]:
    """Return whom units are for as the cart says it, each once with how many are."""
    said: dict[str, int] = {}
    for gift in gifts:
        said[_said(gift)] = said.get(_said(gift), 0) + 1
    return [
        f"{count} \N{MULTIPLICATION SIGN} {text}" if count > 1 else text
        for text, count in said.items()
    ]


def _said(gift: dict[str, Any]) -> str:
    to = gift.get("name") or gift.get("email")
    if not to:
        return gettext("Mailed to you")
    if day := gift.get("day"):
        return gettext("For %(name)s, mailed on %(day)s", name=to, day=_in_words(day))
    return gettext("For %(name)s, mailed at once", name=to)


def _in_words(day: str) -> str:
    """Return a day of a gift as the cart has it; in other languages than ours as people read it."""
    return day if language() == OWN else date_text(date.fromisoformat(day))
