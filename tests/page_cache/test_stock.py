"""A page outlasts a sale that it would not show, and no other, in every process."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import event, update
from sqlalchemy.exc import OperationalError

from models import Product, Selling
from models.inventory import adjust
from tests.browser import visit
from tests.factories import make_bundle, make_product, make_variant
from tests.features.test_checkout import check_out
from tests.page_cache.kept_pages import TOOL, asked, is_kept
from tests.staff import counted_statements

CARDS = "/collections/all"


@pytest.fixture
def variant(session):
    """Of the product of ``TOOL``, with 13 units."""
    product = make_product(session, handle="ql-claw", title="QL Claw")
    return make_variant(session, product=product, on_hand=13)


def sell(app, variant, units=1):
    with app.extensions["sessions"].write.begin() as session:
        adjust(session, variant_id=variant.id, change=-units, reason="Sold", actor="till")


def most(answer):
    """Return how many units the page lets one ask for."""
    page = BeautifulSoup(answer.text, "html.parser")
    return page.find("input", {"name": "quantity"})["data-most"]


def questions(statements):
    return [it for it in statements if not it.startswith("BEGIN")]


def test_a_sale_that_leaves_many_makes_no_page_anew(processes, variant):
    seller, other = processes
    before = {it: asked(other, it)[0] for it in (TOOL, f"/de{TOOL}", CARDS)}

    sell(seller, variant)

    for path, page in before.items():
        with counted_statements(other) as statements:
            answer = asked(other, path)[0]
        assert is_kept(answer)
        assert answer.data == page.data
        assert len(questions(statements)) == 1
        assert asked(other, path)[1] == 0


def test_a_page_counts_the_units_from_the_tenth_on(processes, variant):
    seller, other = processes
    assert most(asked(other, TOOL)[0]) == "99"
    sell(seller, variant, 2)
    assert (most(asked(other, TOOL)[0]), is_kept(asked(other, TOOL)[0])) == ("99", True)

    sell(seller, variant)
    tenth = asked(other, TOOL)[0]
    sell(seller, variant, 5)
    fifth = asked(other, TOOL)[0]

    assert (most(tenth), is_kept(tenth)) == ("10", False)
    assert (most(fifth), "Only 5 left" in fifth.text) == ("5", True)
    assert is_kept(asked(other, TOOL)[0])


def test_lists_are_made_anew_when_the_last_is_sold_and_when_one_is_back(processes, variant):
    seller, other = processes
    asked(other, CARDS)
    sell(seller, variant, 12)
    asked(other, CARDS)

    sell(seller, variant)
    gone = asked(other, CARDS)[0]
    sell(seller, variant, -1)
    back = asked(other, CARDS)[0]

    assert "Sold out" in gone.text
    assert "Sold out" not in back.text


def test_a_checkout_and_its_end_make_no_page_anew_and_more_than_there_is_is_refused(
    processes, variant
):
    seller, other = processes
    before = asked(other, TOOL)[0]
    buyer = seller.test_client()
    visit(buyer, TOOL).submit("Add to cart", quantity=2)
    check_out(buyer)
    assert asked(other, TOOL)[0].data == before.data

    refused = visit(other.test_client(), TOOL).submit("Add to cart", quantity=12)

    assert refused.status == 409
    assert "Only 11 left" in refused.response.text
    assert refused.main.find("input", {"name": "quantity"})["value"] == "12"


def test_a_bundle_outlasts_what_is_sold_of_its_parts_until_it_can_be_counted(
    processes, session, variant
):
    seller, other = processes
    part = make_variant(session, on_hand=40)
    bundle = make_bundle(session, {part: 3})
    page = f"/products/{session.get(Product, bundle.product_id).handle}"
    assert most(asked(other, page)[0]) == "99"  # of thirteen

    sell(seller, part, 4)
    assert is_kept(asked(other, page)[0])
    sell(seller, part, 4)
    answer = asked(other, page)[0]

    assert (most(answer), is_kept(answer)) == ("10", False)


def test_of_what_can_be_waited_for_every_unit_is_counted(processes, session, variant):
    seller, other = processes
    tool = make_product(session, title="Chair")
    later = make_variant(
        session, product=tool, on_hand=40, selling=Selling.BACKORDER, promise="Ships in May."
    )
    page = f"/products/{tool.handle}"
    assert "40 can ship at once" in asked(other, page)[0].text

    sell(seller, later)

    assert "39 can ship at once" in asked(other, page)[0].text


def test_a_pre_order_with_nothing_there_outlasts_every_order(processes, session, variant):
    seller, other = processes
    tool = make_product(session, title="Chair")
    make_variant(
        session, product=tool, on_hand=0, selling=Selling.PREORDER, promise="Ships in May."
    )
    page = f"/products/{tool.handle}"
    asked(other, page)
    buyer = seller.test_client()
    visit(buyer, page).submit("Add to cart", quantity=3)
    check_out(buyer)

    assert is_kept(asked(other, page)[0])


def test_an_edit_after_a_sale_is_seen_all_the_same(processes, variant):
    seller, other = processes
    asked(other, TOOL)
    sell(seller, variant)
    asked(other, TOOL)

    with seller.extensions["sessions"].write.begin() as session:
        session.execute(update(Product).values(title="QL Claw 2"))

    assert "QL Claw 2" in asked(other, TOOL)[0].text


def test_who_has_a_cart_is_given_the_kept_page_after_a_sale(processes, variant):
    seller, other = processes
    buyer = other.test_client()
    visit(buyer, TOOL).submit("Add to cart")
    asked(other, TOOL)
    buyer.get(TOOL)
    sell(seller, variant)

    with counted_statements(other) as statements:
        answer = buyer.get(TOOL)

    assert is_kept(answer)
    assert "Cart (1 item)" in answer.text
    of_cart, of_stock = questions(statements)
    assert ("FROM carts" in of_cart, "FROM variants" in of_stock) == (True, True)


def test_while_stock_cannot_be_asked_for_the_app_says_so(processes, variant):
    seller, other = processes
    asked(other, TOOL)
    sell(seller, variant)
    engine = other.extensions["sessions"].engine

    def refuse(*told):
        raise OperationalError(told[2], None, Exception("gone"))

    event.listen(engine, "before_cursor_execute", refuse)
    away = asked(other, TOOL)[0]
    event.remove(engine, "before_cursor_execute", refuse)

    assert away.status_code == 503
    assert asked(other, TOOL)[0].status_code == 200
