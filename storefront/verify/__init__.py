"""Proof that stock and money add up: each rule lists what breaks it, and changes nothing.

A rule is one statement, so that it sees one moment of a shop that goes on selling. What no row
can break, such as an amount below zero, is a constraint of its table instead.
"""

from sqlalchemy.orm import Session

from storefront.verify import (
    comments,
    discounts,
    documents,
    gift_cards,
    money,
    orders,
    purchases,
    reservations,
    stock,
)

RULES = (
    *(*stock.RULES, *reservations.RULES, *orders.RULES, *discounts.RULES, *money.RULES),
    *(*documents.RULES, *purchases.RULES, *comments.RULES, *gift_cards.RULES),
)


def problems(session: Session) -> list[str]:
    """Return a line for each thing that does not add up; an empty list is the proof."""
    return [line for rule in RULES for line in rule(session)]
