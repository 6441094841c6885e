"""The shop's commands, as its owner types them."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from app import create_app
from models import (
    Article,
    BundlePart,
    CartLine,
    Discount,
    Product,
    ProductStatus,
    Role,
    ShippingZone,
    Staff,
    Stock,
    StockMovement,
    Tutorial,
    Variant,
)
from models.inventory import MovementKind
from tests.browser import visit
from tests.factories import PASSWORD, make_paid_order, make_product, make_variant


@pytest.fixture
def flask(app):
    """Run a command: ``flask("stock", "list")``."""
    runner = app.test_cli_runner()

    def run(*args, typed=None):
        return runner.invoke(args=list(args), input=typed)

    return run


def count(session, table):
    return session.scalar(select(func.count()).select_from(table))


def stock_of(session, variant):
    stock = session.get_one(Stock, variant.id, populate_existing=True)
    return stock.on_hand, stock.reserved


def test_an_empty_shop_is_seeded_once(flask, client, session):
    first = flask("seed")
    counts = [count(session, table) for table in (Product, Variant, Article, Tutorial, Staff)]
    second = flask("seed")

    assert (first.exit_code, first.output) == (0, "The shop has its demonstration content.\n")
    assert counts == [4, 10, 12, 5, 1]
    assert second.exit_code == 0
    assert second.output == "The shop has content already: nothing was changed.\n"
    assert counts == [count(session, t) for t in (Product, Variant, Article, Tutorial, Staff)]
    assert flask("verify").exit_code == 0
    assert visit(client, "/products/ql-claw").heading == "QL Claw"
    owner = session.scalars(select(Staff)).one()
    assert (owner.email, owner.role) == ("owner@example.com", Role.OWNER)


@pytest.mark.seeded
def test_clearing_takes_the_products_away_and_leaves_the_texts(flask, client, session):
    red = session.scalars(select(Variant).filter_by(sku="QLC-RED")).one()
    order = make_paid_order(session, variant=red)
    own = make_variant(session, product=make_product(session, handle="own"))
    client.post("/cart/add", data={"id": red.id})

    cleared = flask("seed", "--clear")

    assert (cleared.exit_code, cleared.output) == (0, "4 demonstration products removed.\n")
    found = dict(session.execute(select(Product.handle, Product.status)).all())
    assert found == {"ql-claw": ProductStatus.DRAFT, "own": ProductStatus.ACTIVE}
    assert [count(session, table) for table in (Article, Tutorial)] == [12, 5]
    assert [count(session, it) for it in (CartLine, BundlePart, ShippingZone, Discount)] == [0] * 4
    assert stock_of(session, own) == (10, 0)
    assert client.get("/products/ql-claw").status_code == 404
    assert visit(client, f"/orders/{order.number}?token={order.token}").status == 200
    assert visit(client, "/pages/ql-release").status == 200
    assert visit(client, "/search?q=mat").main.find("a", href="/products/floor-mat") is None
    assert flask("verify").exit_code == 0


@pytest.mark.seeded
def test_a_cleared_shop_stays_cleared(flask, session):
    flask("seed", "--clear")

    assert flask("seed", "--clear").output == "0 demonstration products removed.\n"
    assert flask("seed").output == "The shop has content already: nothing was changed.\n"
    assert count(session, Product) == 0


@pytest.mark.seeded
def test_stock_is_listed_for_people(flask):
    listed = flask("stock", "list")

    assert listed.exit_code == 0
    lines = [line.split() for line in listed.output.splitlines()]
    assert lines[0] == ["SKU", *("on", "hand"), "reserved", "available", "incoming"]
    assert lines[1:] == [
        ["MAT-EXTRA", "0", "0", "0", "0"],
        ["MAT-THICK", "12", "0", "12", "0"],
        ["MAT-THIN", "25", "0", "25", "0"],
        ["QLC-OCHRE", "0", "0", "0", "0"],
        ["QLC-PINE", "3", "0", "3", "0"],
        ["QLC-RED", "40", "0", "40", "0"],
    ]


def test_stock_is_listed_as_json_for_programs(flask, client, session):
    held, free = (make_variant(session, sku=sku, on_hand=7) for sku in ("HELD", "FREE"))
    session.execute(update(Stock).where(Stock.variant_id == free.id).values(incoming=4))
    client.post("/cart/add", data={"id": held.id, "quantity": 2})
    assert client.post("/checkout").status_code == 303

    listed = flask("stock", "list", "--json")

    assert listed.exit_code == 0
    none = {"unavailable": 0, "backordered": 0}
    assert json.loads(listed.output) == [
        {"sku": "FREE", "on_hand": 7, "reserved": 0, "available": 7, "incoming": 4} | none,
        {"sku": "HELD", "on_hand": 7, "reserved": 2, "available": 5, "incoming": 0} | none,
    ]


@pytest.mark.parametrize(("counted", "change"), [(25, 15), (3, -7), (0, -10)])
def test_a_count_is_set_with_a_reason_in_the_ledger(flask, session, counted, change):
    variant = make_variant(session, sku="TOOL", on_hand=10)

    done = flask("stock", "set", "TOOL", str(counted), "--reason", "counted on Friday")

    assert (done.exit_code, done.output) == (0, f"TOOL: {counted} on hand ({change:+d})\n")
    assert stock_of(session, variant) == (counted, 0)
    line = session.scalars(select(StockMovement).order_by(StockMovement.id.desc()).limit(1)).one()
    assert (line.kind, line.on_hand, line.reserved) == (MovementKind.ADJUSTED, change, 0)
    assert (line.reason, line.actor) == ("counted on Friday", "command line")
    assert flask("verify").exit_code == 0


def test_the_same_count_again_writes_nothing(flask, session):
    make_variant(session, sku="TOOL", on_hand=10)

    done = flask("stock", "set", "TOOL", "10", "--reason", "counted")

    assert (done.exit_code, done.output) == (0, "TOOL: 10 on hand (+0)\n")
    assert count(session, StockMovement) == 1


def test_a_count_below_what_is_reserved_is_refused(flask, client, session):
    variant = make_variant(session, sku="TOOL", on_hand=10)
    client.post("/cart/add", data={"id": variant.id, "quantity": 4})
    client.post("/checkout")
    movements = count(session, StockMovement)

    refused = flask("stock", "set", "TOOL", "3", "--reason", "counted")

    assert refused.exit_code == 1
    assert refused.output == "Error: TOOL: more units are reserved or unavailable than 3\n"
    assert stock_of(session, variant) == (10, 4)
    assert count(session, StockMovement) == movements
    assert flask("stock", "set", "TOOL", "4", "--reason", "counted").exit_code == 0


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("NOTHING", "3", "--reason", "x"), 1, "no variant has the SKU NOTHING"),
        (("TOOL", "3"), 2, "Missing option '--reason'"),
        (("TOOL", "-1", "--reason", "x"), 2, "No such option"),
        (("TOOL", "many", "--reason", "x"), 2, "is not a valid integer"),
        (("TOOL", "2000000", "--reason", "x"), 2, "is not in the range"),
    ],
)
def test_a_count_that_cannot_be_is_refused(flask, session, args, code, words):
    variant = make_variant(session, sku="TOOL", on_hand=10)

    refused = flask("stock", "set", *args)

    assert refused.exit_code == code
    assert words in refused.output
    assert stock_of(session, variant) == (10, 0)


@pytest.mark.parametrize("role", ["owner", "manager"])
def test_somebody_becomes_staff_and_signs_in(flask, client, session, role):
    done = flask("staff", "add", "Ada@Example.org", "--role", role, "--password", PASSWORD)

    assert (done.exit_code, done.output) == (0, f"ada@example.org is {role} now.\n")
    person = session.scalars(select(Staff)).one()
    assert (person.email, person.role, person.is_active) == ("ada@example.org", Role(role), True)
    assert person.password_hash.startswith("$argon2id$")
    page = visit(client, "/staff/login").submit(
        "Sign in", email="ada@example.org", password=PASSWORD
    )
    assert page.status == 200
    assert page.heading == "Today"


def test_a_password_that_is_not_given_is_made_and_shown_once(flask, client, session):
    done = flask("staff", "add", "ada@example.org", "--role", "owner")

    first, second = done.output.splitlines()
    assert first == "ada@example.org is owner now."
    made = second.removeprefix("Password, shown this once: ")
    assert len(made) == 16
    page = visit(client, "/staff/login").submit("Sign in", email="ada@example.org", password=made)
    assert page.heading == "Today"
    assert count(session, Staff) == 1


def test_what_is_no_address_becomes_no_staff(flask, session):
    done = flask("staff", "add", "nonsense", "--role", "owner")

    assert (done.exit_code, done.output) == (1, "Error: nonsense is no email address\n")
    assert count(session, Staff) == 0


def test_nobody_becomes_staff_twice(flask, session):
    flask("staff", "add", "ada@example.org", "--role", "manager", "--password", PASSWORD)
    before = session.scalars(select(Staff.password_hash)).one()

    again = flask("staff", "add", "ADA@example.org", "--role", "owner", "--password", "another one")

    assert again.exit_code == 1
    assert again.output == "Error: ADA@example.org is staff already\n"
    kept = session.execute(select(Staff.role, Staff.password_hash)).all()
    assert kept == [(Role.MANAGER, before)]


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--role", "king", "--password", PASSWORD), 2, "'king' is not one of"),
        (("--password", PASSWORD), 2, "Missing option '--role'"),
        (("--role", "owner", "--password", "seven77"), 1, "at least 8 characters"),
    ],
)
def test_staff_need_a_role_and_a_long_password(flask, session, args, code, words):
    refused = flask("staff", "add", "ada@example.org", *args)

    assert refused.exit_code == code
    assert words in refused.output
    assert count(session, Staff) == 0


def test_the_demonstration_does_not_start_in_production(settings):

    app = create_app(replace(settings, is_production=True))
    started = app.test_cli_runner().invoke(args=["dev"])
    app.extensions["sessions"].engine.dispose()

    assert started.exit_code == 1
    assert "not under SHOP_ENV=production" in started.output


def test_migrating_twice_changes_nothing(flask, session):
    assert flask("migrate").exit_code == 0
    assert flask("migrate").exit_code == 0
    assert count(session, Product) == 0
