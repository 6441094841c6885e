"""The cart as scripts of the hosted shop change it: its addresses, its shapes, its refusals."""

import pytest
from sqlalchemy import func, select

from models import Cart, CartLine
from tests.factories import make_product, make_variant


@pytest.fixture
def claw(session):
    product = make_product(session, handle="claw", title="The claw")
    return make_variant(session, product=product, sku="CLAW", on_hand=5)


@pytest.fixture
def mat(session):
    product = make_product(session, handle="mat", title="The mat")
    return make_variant(session, product=product, sku="MAT", on_hand=9, price_minor=2500)


def lines_of(session):
    wanted = select(CartLine.variant_id, CartLine.quantity).order_by(CartLine.id)
    return [tuple(row) for row in session.execute(wanted)]


def test_one_line_is_added_by_json_or_by_a_form(client, session, claw):
    answer = client.post("/cart/add.js", json={"id": claw.id, "quantity": 2})

    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert answer.json["variant_id"] == claw.id
    assert answer.json["title"] == "The claw - Red"
    assert (answer.json["quantity"], answer.json["line_price"]) == (2, 17800)
    assert client.get_cookie("cart") is not None

    form = client.post("/cart/add.js", data={"id": str(claw.id)})
    assert form.json["quantity"] == 3
    assert lines_of(session) == [(claw.id, 3)]


def test_several_are_added_together_or_not_at_all(client, session, claw, mat):
    both = {"items": [{"id": claw.id, "quantity": 2}, {"id": str(mat.id)}]}
    answer = client.post("/cart/add.js", json=both)

    assert [(it["id"], it["quantity"]) for it in answer.json["items"]] == [
        (claw.id, 2),
        (mat.id, 1),
    ]

    too_many = {"items": [{"id": mat.id, "quantity": 1}, {"id": claw.id, "quantity": 4}]}
    refused = client.post("/cart/add.js", json=too_many)
    assert refused.status_code == 409
    assert refused.json == {
        "status": 409,
        "message": "Cart Error",
        "description": "Only 5 left, and your cart holds 2 of them.",
    }
    assert lines_of(session) == [(claw.id, 2), (mat.id, 1)]


def test_a_line_is_changed_by_its_id_its_key_or_its_number(client, session, claw, mat):
    client.post("/cart/add.js", json={"items": [{"id": claw.id}, {"id": mat.id}]})

    by_id = client.post("/cart/change.js", json={"id": claw.id, "quantity": 3})
    assert (by_id.json["item_count"], by_id.json["total_price"]) == (4, 3 * 8900 + 2500)
    key = by_id.json["items"][1]["key"]
    assert client.post("/cart/change.js", data={"id": key, "quantity": 2}).json["item_count"] == 5
    last = client.post("/cart/change.js", json={"line": 1, "quantity": 0})
    assert [it["id"] for it in last.json["items"]] == [mat.id]
    assert lines_of(session) == [(mat.id, 2)]


def test_many_lines_are_updated_by_ids_in_a_row_or_by_a_form(client, session, claw, mat):
    client.post("/cart/add.js", json={"items": [{"id": claw.id}, {"id": mat.id}]})

    by_ids = client.post("/cart/update.js", json={"updates": {str(claw.id): 4, str(mat.id): 0}})
    assert by_ids.json["item_count"] == 4
    assert lines_of(session) == [(claw.id, 4)]
    again = client.post("/cart/update.js", json={"updates": {str(mat.id): 2}, "note": "Hello"})
    assert again.json["note"] is None
    in_a_row = client.post("/cart/update.js", data={"updates[]": ["1", "3"]})
    assert [it["quantity"] for it in in_a_row.json["items"]] == [1, 3]
    form = client.post("/cart/update.js", data={f"updates[{claw.id}]": "2"})
    assert form.json["item_count"] == 5

    refused = client.post("/cart/update.js", json={"updates": {str(claw.id): 1, str(mat.id): 10}})
    assert refused.status_code == 409
    assert lines_of(session) == [(claw.id, 2), (mat.id, 3)]


def test_a_cart_is_cleared_also_where_there_is_none(client, session, claw):
    assert client.post("/cart/clear.js").json["items"] == []
    client.post("/cart/add.js", json={"id": claw.id})

    cleared = client.post("/cart/clear.js")

    assert (cleared.json["item_count"], cleared.json["items"]) == (0, [])
    assert lines_of(session) == []


WRONG = [
    *({"id": 0}, {"id": "x"}, {"id": 2**63}, {"id": None}, {"id": "\0"}, {"id": True}, {}),
    *({"items": []}, {"items": "x"}, {"items": [None]}, {"items": [[1]]}, {"items": {}}),
]


@pytest.mark.parametrize("body", WRONG, ids=repr)
def test_what_names_no_variant_is_refused_and_begins_no_cart(client, session, body):
    answer = client.post("/cart/add.js", json=body)

    assert answer.status_code in {404, 422}
    assert answer.json["message"] == "Cart Error"
    assert answer.json["status"] == answer.status_code
    assert "Set-Cookie" not in answer.headers
    assert session.scalar(select(func.count(Cart.id))) == 0


@pytest.mark.parametrize("quantity", [-1, 100, 1.5, "two", "", None, [], {}, "１", True, 10**40])
@pytest.mark.parametrize("act", ["add", "change", "update"])
def test_a_quantity_that_is_none_changes_nothing(client, session, claw, act, quantity):
    client.post("/cart/add.js", json={"id": claw.id, "quantity": 2})
    updates = {"updates": {str(claw.id): quantity}}
    body = updates if act == "update" else {"id": claw.id, "quantity": quantity}

    answer = client.post(f"/cart/{act}.js", json=body)

    assert answer.status_code == 422
    assert answer.json["description"].startswith("Enter a whole number from ")
    assert lines_of(session) == [(claw.id, 2)]


@pytest.mark.parametrize("act", ["add", "change", "update"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"1" * 100_000])
def test_what_is_no_json_is_refused(client, session, claw, act, body):
    client.post("/cart/add.js", json={"id": claw.id})

    answer = client.post(f"/cart/{act}.js", data=body, content_type="application/json")

    assert answer.status_code == 422
    assert lines_of(session) == [(claw.id, 1)]


def test_lines_that_are_not_there_are_refused_and_no_get_changes_anything(client, session, claw):
    assert client.post("/cart/change.js", json={"id": claw.id, "quantity": 1}).status_code == 422
    client.post("/cart/add.js", json={"id": claw.id})
    for body in ({"line": 0}, {"line": 2}, {"line": "x"}, {"id": claw.id + 1}, {}):
        answer = client.post("/cart/change.js", json={"quantity": 1, **body})
        assert answer.status_code == 422, body
        assert answer.json["message"] == "Cart Error"
    assert client.post("/cart/update.js", json={"updates": [1, 2]}).status_code == 422
    for act in ("add", "change", "update", "clear"):
        assert client.get(f"/cart/{act}.js", query_string={"id": claw.id}).status_code == 405
    assert lines_of(session) == [(claw.id, 1)]


def test_another_sites_script_is_refused(client, session, claw):
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}

    answer = client.post("/cart/add.js", json={"id": claw.id}, headers=headers)

    assert answer.status_code == 403
    assert lines_of(session) == []
