"""A member of staff at her desk."""

from contextlib import contextmanager

from flask.testing import FlaskClient
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from models import Product, Role, SearchEntry, Staff, Stock, StockMovement, Variant
from tests.browser import Page, visit
from tests.factories import PASSWORD, make_staff


def sign_in(client: FlaskClient, session: Session, role: Role = Role.OWNER) -> Staff:
    """Sign somebody of this role in, as she does it herself."""
    person = make_staff(session, role=role)
    page = visit(client, "/staff/login").submit("Sign in", email=person.email, password=PASSWORD)
    assert page.heading == "Today", page.text
    return person


def rows(page: Page) -> list[list[str]]:
    """Return the cells of each line of the page's first table."""
    table = page.main.find("tbody")
    return [
        [" ".join(cell.get_text(" ").split()) for cell in line.find_all(["th", "td"])]
        for line in (table.find_all("tr") if table else [])
    ]


@contextmanager
def counted_statements(app):
    """Yield a list that each statement of the app's engine is added to."""
    seen: list[str] = []
    engine = app.extensions["sessions"].engine

    def note(connection, cursor, statement, *rest):
        seen.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def price_field(variant):
    return f"variant-{variant.id}-price"


def count_field(variant):
    return f"variant-{variant.id}-on_hand"


def saved_product(session):
    """Return all that saving a product could change."""
    session.rollback()
    product = session.scalars(select(Product).execution_options(populate_existing=True)).one()
    prices = {
        it.sku: it.price
        for it in session.scalars(select(Variant).execution_options(populate_existing=True))
    }
    counts = session.execute(select(Stock.on_hand, Stock.reserved)).all()
    moves = session.scalars(select(StockMovement.id)).all()
    found = session.execute(select(SearchEntry.title, SearchEntry.body)).all()
    words = (product.title, product.summary, product.description_html, product.status)
    session.rollback()
    return words, prices, counts, moves, found, product.updated_at
