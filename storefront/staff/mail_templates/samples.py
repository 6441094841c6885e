"""A letter to look at: about a real order where it is about one, else about things made up."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import (
    Fulfilment,
    FulfilmentLine,
    Money,
    Order,
    OrderQuestion,
    OrderStatus,
    Refund,
    Return,
    ReturnStatus,
    now,
)
from models.language import language
from storefront.languages import lazy_gettext
from storefront.mail.kinds import Kind
from storefront.mail.letters import Letters
from storefront.mail.outbox import Letter
from storefront.orders.returns import of_order
from storefront.staff.orders.queries import order as order_by_number

_PRODUCT = SimpleNamespace(title="QL Claw")
_VARIANT = SimpleNamespace(sku="QL-RED", product=_PRODUCT, title="Red", options=["Red"])
_MADE_UP = {
    "url": "https://example.com/example",
    "role": "support",
    "what": lazy_gettext("Your password was changed."),
    "scope": "address",
    "problems": ["The stock of QL-RED is not what its ledger says."],
    "comment": SimpleNamespace(name="Ada", text="Does it hurt?"),
    "cause": SimpleNamespace(id=1, name="Sam", text="A little, and not for long."),
    "title": "What is the QL?",
    "review": SimpleNamespace(name="Ada", answered_by="Sam", answer="Thank you for telling us."),
    "product_title": "QL Claw",
    "is_last": False,
    "lines": [
        SimpleNamespace(
            quantity=1, title="QL Claw", variant_title="Red", promise="", total=Money(8900, "USD")
        )
    ],
    "name": "Ada",
    "order_number": "QL-EXAMPLE1",
    "pages": [("QL Claw", "https://example.com/example")],
    "stop_url": "https://example.com/stop/example",
    "question": SimpleNamespace(asked_by="Ada", question="Does it fit a small bag?"),
    "answer": "It does.",
    "answered_by": "Sam of QL Claw",
    "own_url": "https://example.com/comments/own/example",
    "card": SimpleNamespace(
        amount=Money(5000, "USD"),
        recipient_name="Ada",
        sender_name="Sam",
        message="For your back.",
    ),
    "code": "XXXX-XXXX-XXXX-XXXX",
    "purchase": SimpleNamespace(
        number="PO-1",
        lines=[SimpleNamespace(quantity=20, variant=_VARIANT)],
        location=SimpleNamespace(title="Main", address="1 Example Street"),
        expected_on=None,
    ),
}


def newest(session: Session) -> str | None:
    """Return the number of the newest order that has an address to mail to."""
    found = select(Order.number).where(Order.email.is_not(None), Order.status != OrderStatus.DRAFT)
    return session.scalar(found.order_by(Order.id.desc()).limit(1))


def sample(session: Session, kind: Kind, letters: Letters, number: str | None) -> Letter | None:
    """Return a letter that is written nowhere; None where there is no such order.

    It speaks the language of now. number: of the order that it is about, where it is about one.
    """
    kept: list[Letter] = []
    writer = letters.told_to(lambda _, letter: kept.append(letter), speak=language())
    if not kind.name.startswith("order_"):
        writer.test(session, "")
        return replace(kept[0], template=kind.name, context={**kept[0].context, **_MADE_UP})
    order = order_by_number(session, number) if number else None
    if order is None or not order.email:
        return None
    with session.no_autoflush:
        _WRITERS[kind.name](writer, session, order)
    return kept[0]


def _shipped(letters: Letters, session: Session, order: Order) -> None:
    parcel = order.fulfilments[-1] if order.fulfilments else None
    made_up = Fulfilment(carrier="UPS", tracking_number="1Z999", tracking_url="")
    letters.shipped(session, order, parcel or made_up, max(len(order.fulfilments), 1))


def _delivered(letters: Letters, session: Session, order: Order) -> None:
    lines = [FulfilmentLine(order_line_id=it.id, quantity=it.quantity) for it in order.lines]
    made_up = Fulfilment(id=0, created_at=now(), lines=lines)
    letters.delivered(session, order, order.fulfilments[-1] if order.fulfilments else made_up)


def _refunded(letters: Letters, session: Session, order: Order) -> None:
    refund = Refund(key="example", amount=order.total, actor="staff")
    letters.refunded(session, order, refund)


def _returned(letters: Letters, session: Session, order: Order) -> None:
    letters.returned(session, order, _return_of(session, order))


def _exchange_ended(letters: Letters, session: Session, order: Order) -> None:
    letters.exchange_ended(session, order, _return_of(session, order))


def _return_of(session: Session, order: Order) -> Return:
    made_up = SimpleNamespace(
        id=0,
        status=ReturnStatus.ACCEPTED,
        lines=[
            SimpleNamespace(id=it.id, quantity=it.quantity, line=it, exchange_variant=None)
            for it in order.lines
        ],
        answer="",
        exchange=None,
        label_key=None,
    )
    existing = of_order(session, order)
    return existing[-1] if existing else cast("Return", made_up)


def _answered(letters: Letters, session: Session, order: Order) -> None:
    question = OrderQuestion(text="When does it ship?", answer="Tomorrow.", answered_by="Sam")
    letters.question_answered(session, order, question)


_WRITERS: dict[str, Callable[[Letters, Session, Order], None]] = {
    "order_paid": Letters.paid,
    "order_draft": lambda letters, session, order: letters.pay_link(session, order, "example"),
    "order_processing": Letters.processing,
    "order_failed": Letters.failed,
    "order_declined": lambda letters, session, order: letters.declined(session, order, now()),
    "order_delivered": _delivered,
    "order_shipped": _shipped,
    "order_refunded": _refunded,
    "order_return": _returned,
    "order_exchange_ended": _exchange_ended,
    "order_address_changed": Letters.address_changed,
    "order_answered": _answered,
}
