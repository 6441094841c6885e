"""The list of orders: filters in the address, saved views, acts on many at once."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import (
    Fulfilment,
    Mail,
    Order,
    OrderTag,
    Payment,
    PaymentStatus,
    Role,
    SavedView,
    now,
)
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_paid_order, make_variant
from tests.features.test_staff_parcels import ship, ship_field, standing
from tests.staff import counted_statements, rows, sign_in

ORIGIN = {"Origin": "http://localhost"}


def numbers(client, query):
    page = visit(client, f"/staff/orders?{query}")
    assert page.status == 200, page.text
    return [line[0] for line in rows(page)]


def change(session, order, **values):
    session.execute(update(Order).where(Order.id == order.id).values(**values))
    session.commit()


def bulk(client, address, orders=(), **typed):
    data = {"numbers": [it.number for it in orders], **typed}
    answer = client.post(f"/staff/orders/bulk/{address}", data=data, headers=ORIGIN)
    assert answer.status_code == 303
    return visit(client, answer.location)


def tags_of(session, order):
    found = session.scalars(select(OrderTag.tag).filter_by(order_id=order.id)).all()
    session.rollback()
    return sorted(found)


def test_orders_are_found_by_their_goods_money_country_and_what_is_in_them(client, session):
    sign_in(client, session)
    whole = make_paid_order(session, variant=make_variant(session, sku="AAA"), quantity=2)
    part = make_paid_order(session, variant=make_variant(session, sku="BBB"), quantity=2)
    ship(client, part, "TRACK-9", **{ship_field(session, part): "1"})
    change(session, whole, country="DE")

    assert numbers(client, "goods=to+ship") == [whole.number]
    assert numbers(client, "goods=partly+shipped") == [part.number]
    assert numbers(client, "goods=shipped") == []
    assert numbers(client, "money=paid") == [part.number, whole.number]
    for status in ("due", "awaited", "partly+refunded", "refunded", "charged+back", "not+paid"):
        assert numbers(client, f"money={status}") == []
    assert numbers(client, "country=de") == [whole.number]
    assert numbers(client, "product=BBB") == [part.number]
    assert numbers(client, "q=track-9") == [part.number]
    assert numbers(client, "q=aaa") == [whole.number]
    assert numbers(client, "backorder=1") == []
    failed = {"key": "a", "status": PaymentStatus.FAILED, "attempt": 2, "expires_at": now()}
    session.add(Payment(order_id=whole.id, amount=whole.total, **failed))
    long_ago = {**failed, "key": "b", "created_at": now() - timedelta(days=8)}
    session.add(Payment(order_id=part.id, amount=part.total, **long_ago))
    session.commit()
    assert numbers(client, "failed=1") == [whole.number]
    assert numbers(client, "total_from=178&total_to=178.00") == [part.number, whole.number]
    assert numbers(client, "total_from=178.01") == []
    assert numbers(client, "placed_from=2020-01-01") == [part.number, whole.number]
    assert numbers(client, "placed_to=2020-01-01") == []


@pytest.mark.parametrize(
    "query",
    [
        *("placed_from=2020-02-31", "placed_to=x", "placed_to=9999-12-31", "total_from=a"),
        *("total_to=1.234", "placed_from=%00", f"total_from={'9' * 90}", "placed_from=٢٠٢٠-٠١-٠١"),
    ],
)
def test_a_filter_that_cannot_be_read_is_marked_and_kept(client, session, query):
    sign_in(client, session)
    make_paid_order(session)

    page = visit(client, f"/staff/orders?{query}&tag=kept")

    assert page.status in {422, 200 if "%00" in query else 422}
    assert page.main.find(id="tag")["value"] == "kept"
    assert page.errors() or "%00" in query


@pytest.mark.parametrize("query", ["money=lost", "goods=lost", "money=overpaid"])
def test_a_status_that_there_is_not_is_not_found(client, session, query):
    sign_in(client, session)

    assert visit(client, f"/staff/orders?{query}").status == 404


def test_words_are_found_in_any_case_as_they_stand_and_in_one_place_alone(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    change(session, order, email="ada_50%/x@example.com", name="Ada Byron")

    for words in ("ADA_50%25/X", order.number.lower(), "byron", "a b"):
        assert numbers(client, f"q={words}") == [order.number], words
    for words in ("ada-50", "adaX50", "50%25x", "example.com ada", "example.com%1Fada", "comada"):
        assert numbers(client, f"q={words}") == [], words


def test_strange_words_find_nothing_and_break_nothing(client, session):
    sign_in(client, session)
    make_paid_order(session)

    for text in ("%F0%9F%98%80", "%ED%A0%80", "<script>", "=cmd()", "x" * 3000, "%D8%B3"):
        assert numbers(client, f"q={text}&tag={text}&country={text}&product={text}") == []


def test_orders_are_tagged_together_and_found_by_the_tag(client, session):
    sign_in(client, session, Role.FULFILMENT)
    first, second, third = (make_paid_order(session) for _ in range(3))

    said = bulk(client, "tags", [first, second], tag="Gift,  wrap  it, gift", act="add")

    assert "Tagged 2 orders with gift, wrap it." in said.text
    assert tags_of(session, first) == ["gift", "wrap it"]
    assert numbers(client, "tag=GIFT") == [second.number, first.number]
    assert rows(visit(client, "/staff/orders?tag=gift"))[0][9] == "gift, wrap it"

    bulk(client, "tags", [first, third], tag="gift", act="remove")
    assert numbers(client, "tag=gift") == [second.number]


@pytest.mark.parametrize(
    "tag", ["", " , ", "x" * 41, ",".join(f"t{n}" for n in range(21)), "a\0b", "x" * 100_000]
)
def test_a_tag_that_is_none_changes_nothing(client, session, tag):
    sign_in(client, session)
    order = make_paid_order(session)

    assert "Nothing was changed." in bulk(client, "tags", [order], tag=tag, act="add").text
    assert tags_of(session, order) == []


def test_an_order_has_at_most_twenty_tags(client, session):
    sign_in(client, session)
    full, order = make_paid_order(session), make_paid_order(session)
    bulk(client, "tags", [full], tag=",".join(f"t{n}" for n in range(20)), act="add")

    said = bulk(client, "tags", [full, order], tag="one more", act="add")

    assert "Tagged 1 order with one more." in said.text
    assert f"{full.number}: 20 tags are the most that an order has." in said.text
    assert len(tags_of(session, full)) == 20
    assert tags_of(session, order) == ["one more"]


def test_nothing_ticked_is_said(client, session):
    sign_in(client, session)

    assert "Choose at least one order first." in bulk(client, "shipped").text
    assert "Choose at least one order first." in bulk(client, "tags", tag="a").text


def test_many_are_shipped_at_once_and_each_that_is_refused_says_why(client, session):
    sign_in(client, session)
    orders = [make_paid_order(session) for _ in range(3)]
    held, gone = make_paid_order(session), make_paid_order(session)
    change(session, held, attention="Look.")
    ship(client, gone)

    said = bulk(client, "shipped", [*orders, held, gone])

    assert "3 orders shipped. 2 refused:" in said.text
    assert f"{held.number}: it must be checked first" in said.text
    assert f"{gone.number}: it is shipped" in said.text
    for order in orders:
        assert standing(session, order) == ("shipped", "shipped", [(1, 1, 0)])
    assert standing(session, held)[0] == "paid"
    assert len(session.scalars(select(Fulfilment.id)).all()) == 4
    assert len(session.scalars(select(Mail.id)).all()) == 4
    assert problems(session) == []


def test_all_that_match_are_those_that_the_list_finds(client, session):
    sign_in(client, session)
    mine = [make_paid_order(session, email="ada@example.com") for _ in range(2)]
    other = make_paid_order(session, email="bob@example.com")

    page = bulk(client, "shipped", all="1", query="q=ada%40")

    assert "2 orders shipped." in page.text
    assert page.url.endswith("/staff/orders?q=ada@")
    assert {standing(session, it)[0] for it in mine} == {"shipped"}
    assert standing(session, other)[0] == "paid"


def test_support_may_tag_but_not_ship(client, session):
    sign_in(client, session, Role.SUPPORT)
    order = make_paid_order(session)

    answer = client.post(
        "/staff/orders/bulk/shipped", data={"numbers": order.number}, headers=ORIGIN
    )

    assert answer.status_code == 403
    assert "Add tag" in visit(client, "/staff/orders").text
    assert "Mark as shipped" not in visit(client, "/staff/orders").text


def test_a_view_is_saved_renamed_removed_and_brought_back(app, client, session):
    sign_in(client, session)
    make_paid_order(session)
    page = visit(client, "/staff/orders?country=US&page=1")

    saved = page.submit("Save view", title="America", shared="y")
    assert "The view America is saved." in saved.text
    assert saved.link("America") == "/staff/orders?country=US"
    again = page.submit("Save view", title="America", shared="y")
    assert (again.status, again.errors()) == (
        409,
        ["There is a view of this name already. Choose another."],
    )

    view_id = session.scalars(select(SavedView.id)).one()
    session.rollback()
    renamed = visit(client, f"/staff/views/{view_id}").submit("Save", title="The States")
    assert renamed.link("The States") == "/staff/orders?country=US"
    other = app.test_client()
    sign_in(other, session)
    assert visit(other, "/staff/orders").link("The States")

    removed = visit(client, f"/staff/views/{view_id}").submit("Remove this view")
    assert "The view The States is removed." in removed.text
    assert session.scalars(select(SavedView.id)).all() == []
    session.rollback()
    back = removed.submit("Undo")
    assert "The view The States is saved." in back.text
    assert back.link("The States") == "/staff/orders?country=US"
    assert visit(other, "/staff/orders").link("The States")


def test_a_view_of_her_own_is_seen_by_nobody_else(app, client, session):
    sign_in(client, session)
    make_paid_order(session)
    visit(client, "/staff/orders?country=US").submit("Save view", title="Mine")
    view_id = session.scalars(select(SavedView.id)).one()
    session.rollback()
    other = app.test_client()
    sign_in(other, session)

    assert "Mine" not in visit(other, "/staff/orders").text
    assert visit(other, f"/staff/views/{view_id}").status == 404
    assert other.post(f"/staff/views/{view_id}/remove", headers=ORIGIN).status_code == 404


def test_who_sees_no_orders_sees_and_makes_no_views_of_them(app, client, session):
    sign_in(client, session)
    make_paid_order(session)
    visit(client, "/staff/orders?q=ann%40example.com").submit("Save view", title="Ann", shared="y")
    view_id = session.scalars(select(SavedView.id)).one()
    session.rollback()
    editor = app.test_client()
    sign_in(editor, session, Role.EDITOR)
    made = {"screen": "orders", "title": "Hers", "shared": "y"}

    assert visit(editor, f"/staff/views/{view_id}").status == 403
    for address in (f"/{view_id}", f"/{view_id}/remove", ""):
        answer = editor.post(f"/staff/views{address}", data=made, headers=ORIGIN)
        assert answer.status_code == 403, address
    assert session.scalars(select(SavedView.title)).all() == ["Ann"]


def test_a_narrowed_list_costs_the_same_however_long_it_is(app, client, session):
    sign_in(client, session)
    variant = make_variant(session, on_hand=30)
    address = "/staff/orders?goods=to+ship&money=paid&q=example&country="
    make_paid_order(session, variant=variant)
    visit(client, address)

    with counted_statements(app) as with_one:
        visit(client, address)
    for _ in range(15):
        make_paid_order(session, variant=variant)
    with counted_statements(app) as with_many:
        visit(client, address)

    assert len(with_many) == len(with_one)
