"""One gift card, or a code and a card, in the hands of several at once: money is spent once."""

import pytest
from sqlalchemy import func, select

from models import CartLine, Discount, DiscountUse, Order, OrderStatus, Payment, Stock
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_discount, make_product, make_rate, make_variant, make_zone
from tests.gift_cards import cards, ledger, make_gift_card, use
from tests.payments.steps import adds_up as agrees
from tests.payments.steps import at_once
from tests.stripe import pay, session_of

pytestmark = pytest.mark.usefixtures("adds_up")
ADDRESS = {
    "email": "buyer@example.org",
    "name": "Ada",
    "line1": "1 Example Street",
    "postal_code": "80202",
    "city": "Denver",
    "state": "CO",
}


@pytest.fixture(autouse=True)
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    make_zone(session, "US", "CA", rates=(make_rate(690),))
    return make_variant(session, product=product, on_hand=20, price_minor=8900, sku="TOOL")


def cart_with(browser, code):
    """Put a tool and a gift card into a cart; returns the cart's page."""
    visit(browser, "/products/tool").submit("Add to cart")
    return use(browser, code)


def tabs(app, browser, count):
    """Other tabs of the browser whose cart this is."""
    cookie, found = browser.get_cookie("cart").value, []
    for _ in range(count):
        found.append(app.test_client())
        found[-1].set_cookie("cart", cookie)
    return found


def pressing(page, button, **typed):
    return lambda: page.submit(button, follow=False, **typed)


def orders(session, *statuses):
    found = select(Order).order_by(Order.id).execution_options(populate_existing=True)
    return session.scalars(found.where(Order.status.in_(statuses or list(OrderStatus)))).all()


def spent(session, card_id):
    return [minor for kind, minor in ledger(session, card_id) if kind == "spent"]


def paid_by_card(session):
    found = select(Payment).where(Payment.gift_card_id.is_not(None)).order_by(Payment.id)
    return session.scalars(found.execution_options(populate_existing=True)).all()


@pytest.mark.parametrize("amount", [5000, 7000, 14000])
def test_one_card_in_many_carts_is_spent_by_the_first_and_the_others_are_told(
    app, session, stand_in, amount
):
    """Each cart of 95.90 wants more of the card than another leaves on it."""
    card, code = make_gift_card(session, amount)
    wanted = min(amount, 9590)
    carts = [cart_with(app.test_client(), code) for _ in range(4)]
    if amount > 9590:  # the card pays all: the address is asked here
        carts = [it.submit("Check out", follow=False, email="buyer@example.org") for it in carts]
        acts = [pressing(it, "Place order", **ADDRESS) for it in carts]
    else:
        acts = [pressing(it, "Check out") for it in carts]

    answers = at_once(*acts)

    assert sorted(it.status for it in answers) == [303] + [409] * 3
    (won,) = [it for it in answers if it.status == 303]
    for lost in (it for it in answers if it.status == 409):
        assert "Somebody was faster" in lost.text or "Your cart has changed" in lost.text
        assert code not in lost.text
        left = "There is nothing left on this gift card." if amount < 9590 else "−$44.10"
        assert left in visit(lost.client, "/cart").text
    (order,) = orders(session)
    assert cards(session)[0].balance_minor == amount - wanted
    assert ledger(session, card.id) == [("issued", amount), ("spent", -wanted)]
    if amount > 9590:
        assert order.status is OrderStatus.PAID
    else:
        assert session_of(stand_in.base, won.location)["amount_total"] == 9590 - amount
    assert [it.amount.minor for it in paid_by_card(session)] == [wanted]
    agrees(session, stand_in)


def test_a_card_that_is_enough_for_all_pays_for_all(app, session, stand_in):
    card, code = make_gift_card(session, 40000)
    carts = [cart_with(app.test_client(), code) for _ in range(4)]
    asked = [it.submit("Check out", follow=False, email="buyer@example.org") for it in carts]

    answers = at_once(*[pressing(it, "Place order", **ADDRESS) for it in asked])

    assert [it.status for it in answers] == [303] * 4
    assert [it.status for it in orders(session)] == [OrderStatus.PAID] * 4
    assert cards(session)[0].balance_minor == 40000 - 4 * 9590
    assert spent(session, card.id) == [-9590] * 4
    agrees(session, stand_in)


def test_a_code_of_one_use_and_a_card_raced_from_two_tabs_of_one_cart_make_one_order(
    app, client, session, stand_in
):
    card, code = make_gift_card(session, 5000)
    make_discount(session, code="TEN", max_uses=1)  # ten percent
    cart_with(client, code)
    visit(client, "/cart").submit("Apply", code="TEN")
    seen = [visit(it, "/cart") for it in tabs(app, client, 5)]

    answers = at_once(*[pressing(it, "Check out") for it in seen])

    assert {it.status for it in answers} <= {303, 409}
    pages = {it.location for it in answers if it.status == 303}
    assert len(pages) == 1  # whoever got one got the same
    (order,) = orders(session)
    assert (order.discount_minor, order.gift_minor) == (890, 5000)
    assert session_of(stand_in.base, pages.pop())["amount_total"] == 8900 + 690 - 890 - 5000
    assert session.scalars(select(Discount.__table__.c.used)).one() == 1
    assert session.scalar(select(func.count(DiscountUse.id))) == 1
    assert ledger(session, card.id) == [("issued", 5000), ("spent", -5000)]
    assert session.scalars(select(Stock.reserved)).all() == [1]


def test_of_two_tabs_the_one_with_the_code_and_the_one_with_the_card_cannot_both_buy(
    app, client, session, stand_in
):
    """In each tab something else is added to one cart, and both are checked out at once."""
    card, code = make_gift_card(session, 5000)
    make_discount(session, code="TEN", max_uses=1)
    visit(client, "/products/tool").submit("Add to cart")
    one, other = (visit(it, "/cart") for it in tabs(app, client, 2))

    at_once(
        pressing(one, "Apply", code="TEN"),
        pressing(other, "Use gift card", gift_code=code),
    )
    both = [visit(it.client, "/cart") for it in (one, other)]
    assert all("−$50.00" in it.text and "−$8.90" in it.text for it in both)
    answers = at_once(
        pressing(both[0], "Check out"),
        pressing(both[1], "Check out"),
        pressing(one, "Check out"),  # as it was seen before either
        pressing(other, "Check out"),
    )

    assert {it.status for it in answers[:2]} <= {303, 409}
    assert [it.status for it in answers[2:]] == [409, 409]
    url = next(it.location for it in answers if it.status == 303)
    assert len(orders(session)) == 1
    assert pay(url).status_code == 303
    visit(client, f"/checkout/return?session_id={url.rsplit('/', 1)[1]}")
    (order,) = orders(session, OrderStatus.PAID)
    assert order.total.minor == 8900 + 690 - 890
    assert session.scalars(select(Discount.__table__.c.used)).one() == 1
    assert session.scalars(select(DiscountUse.goods_minor)).all() == [890]
    assert spent(session, card.id) == [-5000]
    agrees(session, stand_in)


def test_an_order_that_a_card_pays_wholly_is_placed_once_from_many_tabs(
    app, client, session, stand_in
):
    card, code = make_gift_card(session, 20000)
    make_discount(session, code="TEN", max_uses=1)
    cart_with(client, code)
    visit(client, "/cart").submit("Apply", code="TEN")
    seen = [visit(it, "/cart") for it in tabs(app, client, 4)]
    asked = [it.submit("Check out", follow=False, email="buyer@example.org") for it in seen]

    answers = at_once(*[pressing(it, "Place order", **ADDRESS) for it in asked])

    assert [it.status for it in answers].count(303) >= 1
    assert {it.status for it in answers} <= {303, 409, 422}  # as late as the others were told
    (order,) = orders(session)
    assert order.status is OrderStatus.PAID
    assert cards(session)[0].balance_minor == 20000 - 8700
    assert spent(session, card.id) == [-8700]
    assert session.scalars(select(Discount.__table__.c.used)).one() == 1
    assert session.scalars(select(CartLine)).all() == []
    assert problems(session) == []
    agrees(session, stand_in)


def test_a_card_is_given_back_once_where_the_order_is_replaced_while_it_is_spent_elsewhere(
    app, client, session, stand_in
):
    """One cart changes and checks out again just as another cart wants the same card."""
    card, code = make_gift_card(session, 5000)
    cart_with(client, code)
    visit(client, "/cart").submit("Check out", follow=False)
    visit(client, "/products/tool").submit("Add to cart")
    other = app.test_client()
    visit(other, "/products/tool").submit("Add to cart")
    use(other, code)
    again, theirs = visit(client, "/cart"), visit(other, "/cart")

    answers = at_once(pressing(again, "Check out"), pressing(theirs, "Check out"))

    assert {it.status for it in answers} <= {303, 409}
    assert 303 in {it.status for it in answers}
    balance = cards(session)[0].balance_minor
    assert balance >= 0
    assert sum(minor for _, minor in ledger(session, card.id)) == balance
    held = [it.gift_minor for it in orders(session, OrderStatus.PENDING)]
    assert 5000 - sum(held) == balance
