"""A checkout looks first and writes then: nobody waits meanwhile, and what changed is seen."""

from contextlib import contextmanager

import pytest
from flask import before_render_template
from sqlalchemy import event, func, select, update

from models import CartLine, Order, Reservation, Stock
from models.inventory import adjust
from tests.browser import visit
from tests.factories import make_product, make_variant


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10)


@contextmanager
def just_before_writing(engine, act):
    """Let another do something once a checkout has looked, before it begins to write."""
    done = []

    def at_begin(connection):
        options = connection.get_execution_options()
        if options.get("sqlite_begin") == "IMMEDIATE" and not done:
            done.append(True)
            act()

    def at_second_look(connection, cursor, statement, *rest):
        if statement.startswith("SELECT cart_lines.variant_id, cart_lines.quantity") and not done:
            done.append(True)
            act()

    is_sqlite = engine.dialect.name == "sqlite"
    name, hook = ("begin", at_begin) if is_sqlite else ("before_cursor_execute", at_second_look)
    event.listen(engine, name, hook, insert=True)
    try:
        yield
    finally:
        event.remove(engine, name, hook)
    assert done


def test_a_cart_that_another_tab_changes_meanwhile_is_not_ordered_as_it_was(
    app, client, session, variant
):
    visit(client, "/products/tool").submit("Add to cart", quantity=2)
    page = visit(client, "/cart")

    def take_one_out():
        with app.extensions["sessions"].write.begin() as other:
            other.execute(update(CartLine).values(quantity=1))

    with just_before_writing(app.extensions["sessions"].engine, take_one_out):
        answer = page.submit("Check out", follow=False)

    assert answer.status == 409
    assert "Your cart has changed since you saw it. Look at it again." in answer.text
    assert session.scalars(select(CartLine.quantity)).all() == [1]
    assert session.scalar(select(func.count(Order.id))) == 0
    assert session.scalar(select(func.count(Reservation.id))) == 0


def test_who_finds_it_sold_out_lets_others_write_while_her_page_is_made(
    app, client, session, variant
):
    visit(client, "/products/tool").submit("Add to cart", quantity=2)
    page = visit(client, "/cart")
    adjust(session, variant.id, -9, reason="broken", actor="a test")
    session.commit()
    made = []

    def write_too(sender, template, **rest):
        with app.extensions["sessions"].write.begin() as other:
            other.execute(update(Stock).values(called=0))
        made.append(template.name)

    with before_render_template.connected_to(write_too, app):
        answer = page.submit("Check out", follow=False)

    assert answer.status == 409
    assert made
    assert session.scalars(select(CartLine.quantity)).all() == [1]
