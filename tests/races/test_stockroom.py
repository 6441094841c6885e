"""Counting, moving, receiving and importing stock at once: what happened once is booked once."""

import pytest
from sqlalchemy import func, select, update

from models import (
    ImportChange,
    Job,
    Location,
    Product,
    Purchase,
    Stock,
    StockLevel,
    StockMovement,
    StockTake,
    Supplier,
    SupplierItem,
    Variant,
)
from models.inventory import MovementKind
from storefront.jobs.worker import Worker
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.imports import checked
from tests.payments.steps import at_once
from tests.races.desks import Desk, press


@pytest.fixture(autouse=True)
def everything_adds_up(session):
    """Whatever they did, stock and money add up afterwards."""
    yield
    session.expire_all()
    assert problems(session) == []


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, sku="TOOL")


@pytest.fixture
def desk(app, session, variant):
    return Desk(app, session)


@pytest.fixture
def cellar(session):
    made = Location(title="Cellar", position=1)
    session.add(made)
    session.commit()
    return made


def on_hand(session, variant):
    return session.get_one(Stock, variant.id, populate_existing=True).on_hand


def opened(desk, session, title):
    """Open a stock take, and return its address."""
    visit(desk.first, "/staff/stock-takes").submit("Open", title=title)
    newest = session.scalar(select(func.max(StockTake.id)))
    return f"/staff/stock-takes/{newest}"


def selling(app):
    """Return what takes one unit into an order."""
    client = app.test_client()
    visit(client, "/products/tool").submit("Add to cart")
    return lambda: client.post("/checkout").status_code


def test_two_stock_takes_that_miss_the_same_units_book_them_once(app, session, desk, variant):
    takes = [opened(desk, session, title) for title in ("Aisle", "Shelf")]
    for take in takes:
        visit(desk.first, take).submit("Count", code="TOOL", quantity="8")
    sales = [selling(app) for _ in range(2)]

    answers = at_once(*sales, *[press(visit(desk.browser(), it), "Book") for it in takes])

    assert answers == [303] * 4
    assert on_hand(session, variant) == 8
    adjusted = select(StockMovement.on_hand).filter_by(kind=MovementKind.ADJUSTED)
    assert session.scalars(adjusted).all() == [-2]


def test_a_count_while_another_stock_take_is_booked_is_held_against_what_that_left(
    session, desk, variant
):
    first, second = (opened(desk, session, title) for title in ("Aisle", "Shelf"))
    visit(desk.first, first).submit("Count", code="TOOL", quantity="8")
    counting = visit(desk.browser(), second)

    at_once(
        press(visit(desk.browser(), first), "Book"),
        press(counting, "Count", code="TOOL", quantity="8"),
    )
    visit(desk.first, second).submit("Book")

    assert on_hand(session, variant) == 8


def test_the_last_unit_is_transferred_once(session, desk, variant, cellar):
    visit(desk.first, "/staff/inventory/TOOL").submit("Transfer", quantity="9", to=str(cellar.id))
    pages = [visit(desk.browser(), "/staff/inventory/TOOL") for _ in range(4)]

    answers = at_once(
        *[
            press(it, "Transfer", quantity="1", to=str(cellar.id), reason=f"Van number {place}")
            for place, it in enumerate(pages)
        ]
    )

    assert sorted(answers) == [303, 409, 409, 409]
    level = select(StockLevel.on_hand).order_by(StockLevel.location_id)
    assert session.scalars(level).all() == [0, 10]


def test_a_delivery_that_two_receive_comes_once(session, desk, variant):
    supplier = Supplier(name="Forge", email="f@example.com", currency="USD", lead_days=14)
    supplier.items = [SupplierItem(variant_id=variant.id, cost_minor=2050, pack_size=10)]
    session.add(supplier)
    session.commit()
    new = f"/staff/purchases/new?supplier={supplier.id}"
    drafts = [visit(desk.browser(), new) for _ in range(4)]
    at_once(*[press(it, "Save as a draft", **{f"line-{variant.id}-quantity": 20}) for it in drafts])
    numbers = session.scalars(select(Purchase.number).order_by(Purchase.id)).all()
    assert sorted(numbers) == ["PO-1", "PO-2", "PO-3", "PO-4"]
    at = f"/staff/purchases/{numbers[0]}"
    visit(desk.first, at).submit("Order")
    pages = [visit(desk.browser(), at) for _ in range(4)]
    field = pages[0].main.find("input", attrs={"aria-label": "Received now of TOOL"})["name"]

    answers = at_once(*[press(it, "Receive stock", **{field: 20}) for it in pages])

    assert sorted(answers) == [303, 409, 409, 409]
    assert on_hand(session, variant) == 30


SHEETS = {
    "stock": "sku,change,quantity\nTOOL,,25\n",
    "prices": "sku,price\nTOOL,70\n",
    "products": (
        "handle,title,option1 name,option1 value,sku,weight_g,price\n"
        "roller,Roller,Size,Small,ROLL-S,300,19\nroller,,,Large,ROLL-L,500,29.90\n"
    ),
    "redirects": "path,target\n/old,/products/tool\n",
}


@pytest.mark.parametrize("kind", SHEETS)
def test_one_file_that_two_import_is_applied_once_and_undone_whole(
    app, session, desk, variant, worker, kind
):
    pages = [checked(desk.browser(), worker, kind, SHEETS[kind]) for _ in range(2)]
    for page in pages:
        page.submit("Apply")

    work_off_at_once(app, session)

    changes = select(func.count(ImportChange.id)).where(ImportChange.subject != "")
    assert session.scalar(changes) == (3 if kind == "products" else 1)
    assert on_hand(session, variant) == (25 if kind == "stock" else 10)
    for page in pages:
        again = visit(desk.first, page.url)
        if again.main.find("button", string="Undo"):
            again.submit("Undo")
    work_off_at_once(app, session)
    assert (on_hand(session, variant), session.scalar(changes)) == (10, 0)
    assert session.scalars(select(Product.handle)).all() == ["tool"]
    assert session.scalars(select(Variant.price_minor)).all() == [8900]


def test_an_import_that_is_undone_while_its_rows_change_takes_back_only_its_own(
    app, session, desk, variant, worker
):
    page = checked(desk.first, worker, "prices", "sku,price\nTOOL,70\n")
    page.submit("Apply")
    worker.work_off()
    undo = visit(desk.first, page.url)
    undo.submit("Undo")
    product = visit(desk.browser(), "/staff/products/tool")

    answers = at_once(
        worker.work_off, press(product, "Save", **{f"variant-{variant.id}-price": "60"})
    )

    assert answers[1] in {303, 409}  # she saw 70: what it costs by then is not what she changed
    price = session.scalar(select(Variant.price_minor))
    assert price == (6000 if answers[1] == 303 else 8900)


def work_off_at_once(app, session):
    """Let two workers do what is due; what one of them could not do then, it does later."""
    workers = [Worker(app.extensions["sessions"], app.extensions["handlers"]) for _ in range(2)]
    at_once(*[it.work_off for it in workers])
    session.execute(update(Job).where(Job.done_at.is_(None)).values(run_at=func.now()))
    workers[0].work_off()
