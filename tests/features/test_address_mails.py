"""Whoever changes where an order goes, its buyer is told by mail; once for each change."""

import pytest
from sqlalchemy import select

from models import Mail
from tests.browser import visit
from tests.features.test_order_changes import ELSEWHERE, change_page, order, variants
from tests.staff import sign_in

__all__ = ["order", "variants"]
pytestmark = pytest.mark.usefixtures("adds_up")


def told(session):
    """Who was told of another address, and in which words."""
    session.rollback()
    found = session.scalars(
        select(Mail).filter_by(template="order_address_changed").order_by(Mail.id)
    )
    mails = [(it.recipient, it.subject, " ".join(it.text.split())) for it in found]
    session.rollback()
    return mails


def test_a_buyer_is_told_where_her_order_goes_now_and_what_to_do_if_it_was_not_she(
    client, session, worker, order
):
    page = change_page(client, order)
    assert page.submit("Save the address").status == 200  # as it was
    assert told(session) == []

    for _ in range(2):  # a second click
        page.submit("Save the address", **ELSEWHERE)

    ((recipient, subject, text),) = told(session)
    assert recipient == order.email
    assert subject == f"Order {order.number} goes to another address"
    assert "Ada Other 2 New Street" in text
    assert "Was it not you" in text
    page.submit("Save the address", **{**ELSEWHERE, "line1": "3 Other Street"})
    assert len(told(session)) == 2
    worker.work_off()
    sent = session.scalars(select(Mail.sent_at).filter_by(template="order_address_changed")).all()
    assert None not in sent


def test_what_is_refused_is_told_nobody(client, session, order):
    page = change_page(client, order)

    assert page.submit("Save the address", **ELSEWHERE, country="XX").status == 422
    assert page.submit("Save the address", **{**ELSEWHERE, "name": ""}).status == 422

    assert told(session) == []


def test_she_is_told_too_where_staff_change_it(client, session, order):
    sign_in(client, session)
    page = visit(client, f"/staff/orders/{order.number}/edit")

    assert "The buyer gets a mail." not in page.submit("Save").text
    assert told(session) == []
    page = visit(client, f"/staff/orders/{order.number}/edit")
    done = page.submit("Save", **ELSEWHERE)

    assert "The buyer gets a mail." in done.response.get_data(as_text=True)
    ((recipient, _, text),) = told(session)
    assert recipient == order.email
    assert "Ada Other 2 New Street" in text
