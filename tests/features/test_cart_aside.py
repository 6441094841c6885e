"""What leaves a cart and comes back: undone, saved for later, shared by a link."""

import pytest
from sqlalchemy import select

from models import Cart, CartLine, Product, ProductStatus, SavedLine, Stock
from models.cart import MAX_LINES
from models.inventory import adjust
from tests.browser import visit
from tests.factories import make_product, make_variant


def lines_of(session, table=CartLine):
    wanted = select(table.variant_id, table.quantity).order_by(table.created_at, table.id)
    return [tuple(row) for row in session.execute(wanted)]


def named(session, handle, title, **more):
    return make_variant(session, product=make_product(session, handle=handle, title=title), **more)


@pytest.fixture
def claw(session):
    return named(session, "claw", "The claw", sku="CLAW", on_hand=5)


@pytest.fixture
def mat(session):
    return named(session, "mat", "The mat", sku="MAT", on_hand=10)


def put(client, variant, quantity=1):
    answer = client.post("/cart/add", data={"id": variant.id, "quantity": quantity})
    assert answer.status_code == 303


def test_undo_puts_exactly_that_line_back_into_its_place(client, session, claw, mat):
    put(client, claw, 2)
    put(client, mat, 3)

    removed = visit(client, "/cart").submit("Remove")

    assert "The claw · Red is removed from your cart." in removed.text
    assert lines_of(session) == [(mat.id, 3)]

    back = removed.submit("Undo")

    assert back.status == 200
    assert "is removed" not in back.text
    assert lines_of(session) == [(claw.id, 2), (mat.id, 3)]

    again = removed.submit("Undo")  # a second tab

    assert again.status == 200
    assert lines_of(session) == [(claw.id, 2), (mat.id, 3)]


def test_undo_leaves_a_line_that_is_there_again_and_keeps_one_that_sold_out(client, session, claw):
    put(client, claw, 2)
    removed = visit(client, "/cart").submit("Remove")
    put(client, claw, 4)
    removed.submit("Undo")
    assert lines_of(session) == [(claw.id, 4)]

    removed = visit(client, "/cart").submit("Remove")
    adjust(session, claw.id, -5, reason="broken", actor="test")
    session.commit()
    page = removed.submit("Undo")

    assert "Sold out: this line is not part of your order." in page.text
    assert lines_of(session) == [(claw.id, 4)]


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\0", "ü" * 5000])
def test_a_removal_that_was_none_is_not_undone(client, session, claw, mat, token):
    put(client, mat)

    answer = client.post("/cart/undo", data={"removed": token})

    assert answer.status_code in {404, 422}
    assert "can no longer be put back" in answer.text
    assert lines_of(session) == [(mat.id, 1)]
    assert client.get("/cart", query_string={"removed": token}).status_code == 200


def test_a_removal_is_undone_in_its_own_cart_alone(client, app, session, claw, mat):
    put(client, claw)
    removed = visit(client, "/cart").submit("Remove")
    token = removed.html.find("input", {"name": "removed"})["value"]
    other = app.test_client()
    put(other, mat)

    assert "Undo" not in other.get("/cart", query_string={"removed": token}).text
    assert other.post("/cart/undo", data={"removed": token}).status_code == 404
    assert lines_of(session) == [(mat.id, 1)]


def test_a_line_is_saved_for_later_and_moved_back(client, session, claw, mat):
    put(client, claw, 2)
    put(client, mat)

    page = visit(client, "/cart").submit("Save for later")

    assert lines_of(session) == [(mat.id, 1)]
    assert lines_of(session, SavedLine) == [(claw.id, 2)]
    saved = page.main.find(id="saved").get_text(" ")
    assert "The claw" in saved
    assert "2 units" in saved
    assert "Cart (1 item)" in page.html.get_text()
    assert page.main.find(class_="sums__row--sum").get_text().count("$89.00") == 1

    put(client, claw)
    moved = visit(client, "/cart").submit("Move to cart")

    assert moved.main.find(id="saved") is None
    assert sorted(lines_of(session)) == [(claw.id, 3), (mat.id, 1)]
    assert lines_of(session, SavedLine) == []


def test_what_is_saved_is_neither_bought_nor_counted_as_taken(client, session, claw):
    put(client, claw, 5)
    visit(client, "/cart").submit("Save for later")

    assert client.get("/cart.js").json["items"] == []
    assert client.post("/checkout", data={"seen": ""}).status_code == 422
    assert session.get_one(Stock, claw.id, populate_existing=True).reserved == 0
    assert client.post("/cart/clear").status_code == 303
    assert lines_of(session, SavedLine) == [(claw.id, 5)]


def test_what_sold_out_stays_saved_and_fewer_are_moved_as_far_as_they_go(client, session, claw):
    put(client, claw, 4)
    page = visit(client, "/cart").submit("Save for later")
    adjust(session, claw.id, -4, reason="broken", actor="test")
    session.commit()

    page = page.submit("Move to cart")
    assert page.status == 200
    assert "fewer left than you saved" in page.text
    assert lines_of(session) == [(claw.id, 1)]
    assert lines_of(session, SavedLine) == [(claw.id, 3)]

    refused = page.submit("Move to cart")
    assert refused.status == 409
    assert "Only 1 left, and your cart holds 1 of them." in refused.main.find(id="saved").get_text()
    assert lines_of(session, SavedLine) == [(claw.id, 3)]

    gone = refused.submit("Remove", nth=1)
    assert gone.status == 200
    assert lines_of(session, SavedLine) == []


def test_a_line_that_is_not_there_is_not_saved_nor_moved(client, session, claw, mat):
    assert client.post("/cart/save", data={"id": claw.id}).status_code == 404
    put(client, claw)
    for address, id_ in (
        *(("/cart/save", mat.id), ("/cart/save", "x"), ("/cart/save", 2**63)),
        *(("/cart/saved/move", claw.id), ("/cart/saved/move", "\0")),
    ):
        assert client.post(address, data={"id": id_}).status_code == 404, (address, id_)
    assert client.post("/cart/saved/remove", data={"id": claw.id}).status_code == 303
    assert lines_of(session) == [(claw.id, 1)]
    assert lines_of(session, SavedLine) == []


def test_a_full_cart_takes_nothing_back_from_what_is_saved(client, session, claw):
    put(client, claw)
    visit(client, "/cart").submit("Save for later")
    cart = session.scalars(select(Cart)).one()
    product = make_product(session)
    for at in range(MAX_LINES):
        variant = make_variant(session, product=product, sku=f"MANY-{at}")
        session.add(CartLine(cart_id=cart.id, variant_id=variant.id, quantity=1))
    session.commit()

    refused = visit(client, "/cart").submit("Move to cart")

    assert refused.status == 422
    assert "50 different things" in refused.text
    assert lines_of(session, SavedLine) == [(claw.id, 1)]


def test_a_cart_is_shared_by_a_link_that_tells_nothing_of_whose_it_was(
    client, app, session, claw, mat
):
    put(client, claw, 2)
    put(client, mat)
    page = visit(client, "/cart").submit("Make a link")
    link = page.html.find(id="shared")["value"]
    assert link.startswith("http")
    path = "/" + link.split("/", 3)[3]

    friend = app.test_client()
    shared = visit(friend, path)
    assert "Set-Cookie" not in shared.response.headers
    assert "2 × The claw" in shared.text
    assert shared.response.headers["Cache-Control"] == "private, no-store"
    added = shared.submit("Add to my cart")

    assert added.heading == "Cart"
    assert sorted(lines_of(session)) == [(claw.id, 2), (claw.id, 2), (mat.id, 1), (mat.id, 1)]


def test_a_shared_cart_gives_what_is_left_and_a_forged_one_nothing(client, app, session, claw, mat):
    put(client, claw, 4)
    put(client, mat)
    link = visit(client, "/cart").submit("Make a link").html.find(id="shared")["value"]
    path = "/" + link.split("/", 3)[3]
    adjust(session, claw.id, -3, reason="broken", actor="test")
    session.get_one(Product, mat.product_id).status = ProductStatus.ARCHIVED
    session.commit()

    friend = app.test_client()
    page = visit(friend, path)
    assert "only 2 left" in page.text
    assert "no longer in the shop" in page.text
    added = page.submit("Add to my cart")
    assert added.status == 200
    assert "Some of what was shared was not added" in added.text
    assert friend.get("/cart.js").json["item_count"] == 2

    assert page.submit("Add to my cart").status == 409  # twice: nothing is left to add
    assert friend.get("/cart.js").json["item_count"] == 2
    for forged in (path[:-1] + ("a" if path[-1] != "a" else "b"), "/cart/shared/x"):
        assert friend.get(forged).status_code == 404
        assert friend.post(forged).status_code == 404
    assert app.test_client().post("/cart/share").status_code == 422
