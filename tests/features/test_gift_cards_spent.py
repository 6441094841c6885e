"""Gift cards that pay: in parts, wholly, held, given back, and raced."""

import pytest
from sqlalchemy import select, update

from models import CartLine, Job, Order, OrderStatus, Payment, PaymentStatus, Refund, Stock, now
from models.balance import MoneyStatus, balances
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_discount, make_product, make_rate, make_variant, make_zone
from tests.gift_cards import cards, ledger, make_gift_card, make_gift_product, use
from tests.staff import sign_in
from tests.stripe import pay, session_of

ADDRESS = {
    "email": "buyer@example.org",
    "name": "Ada",
    "line1": "1 Example Street",
    "postal_code": "80202",
    "city": "Denver",
    "state": "CO",
}


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    make_zone(session, "US", "CA", rates=(make_rate(690),))
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")


def fill(client, quantity=1):
    return visit(client, "/products/tool").submit("Add to cart", quantity=quantity)


def press(client, **typed):
    return visit(client, "/cart").submit("Check out", follow=False, **typed)


def come_back(client, url):
    paid = pay(url)
    return visit(client, paid.headers["Location"].removeprefix("http://localhost"))


def orders(session):
    found = select(Order).order_by(Order.id).execution_options(populate_existing=True)
    return session.scalars(found).all()


def payments(session):
    found = select(Payment).order_by(Payment.id).execution_options(populate_existing=True)
    return session.scalars(found).all()


def test_a_card_pays_a_part_and_stripe_is_asked_for_the_rest_to_the_cent(
    client, session, stand_in, tool
):
    card, code = make_gift_card(session, 5001)
    make_discount(session)  # ten percent
    fill(client)

    page = use(client, code.lower())
    url = press(client).location

    assert page.status == 200
    assert code not in page.text
    assert f"Gift card ···· {card.last4} −$50.01" in page.text
    assert "To pay $36.99" in page.text  # 80.10 + 6.90 - 50.01
    assert session_of(stand_in.base, url)["amount_total"] == 3699
    assert cards(session)[0].balance_minor == 0  # held
    assert ledger(session, card.id) == [("issued", 5001), ("spent", -5001)]
    page = come_back(client, url)
    (order,) = orders(session)
    assert order.status is OrderStatus.PAID
    assert order.total.minor == 8700
    by_card, by_stripe = payments(session)
    assert (by_card.attempt, by_card.captured_minor) == (0, 5001)
    assert by_stripe.captured_minor == 3699
    assert balances(session, [order])[order.id].money is MoneyStatus.PAID
    assert "By gift card" in page.text
    assert problems(session) == []
    assert "Gift card ····" not in visit(client, "/cart").text


@pytest.mark.parametrize(("minor", "left"), [(8905, 685), (9589, 50), (9560, 50), (9000, 590)])
def test_what_is_more_than_the_lines_comes_off_shipping(
    client, session, stand_in, tool, minor, left
):
    _, code = make_gift_card(session, minor)
    fill(client)
    use(client, code)

    url = press(client).location

    assert session_of(stand_in.base, url)["amount_total"] == left
    come_back(client, url)
    assert orders(session)[0].status is OrderStatus.PAID
    assert problems(session) == []


def test_a_card_that_pays_all_asks_for_the_address_here_and_not_stripe(client, session, tool):
    card, code = make_gift_card(session, 10000)
    fill(client)
    use(client, code)

    asked = press(client, email="buyer@example.org")
    wrong = asked.submit("Place order", name="Ada")
    assert asked.heading == "Where it goes"
    assert wrong.status == 422
    assert wrong.errors() == ["Enter a street and number.", "Enter a city."]
    assert wrong.html.find(id="name")["value"] == "Ada"
    assert orders(session) == []
    page = wrong.submit("Place order", **ADDRESS)

    (order,), (payment,) = orders(session), payments(session)
    assert page.heading == f"Order {order.number}"
    assert order.status is OrderStatus.PAID
    assert order.shipping_address["city"] == "Denver"
    assert order.email == "buyer@example.org"
    assert (payment.captured_minor, payment.session_id) == (9590, None)
    assert cards(session)[0].balance_minor == 410
    stock = session.get_one(Stock, tool.id, populate_existing=True)
    assert (stock.on_hand, stock.reserved) == (9, 0)
    assert session.scalars(select(CartLine)).all() == []
    assert problems(session) == []
    assert ledger(session, card.id)[-1] == ("spent", -9590)


def test_what_is_not_paid_in_time_goes_back_on_the_card_once(client, session, worker, tool):
    card, code = make_gift_card(session, 5000)
    fill(client)
    use(client, code)
    press(client)
    assert "Gift card ····" in visit(client, "/cart").text  # her own hold is not in her way
    assert "−$50.00" in visit(client, "/cart").text

    for _ in range(2):
        session.execute(
            update(Job).where(Job.kind == "expire-order").values(run_at=now(), done_at=None)
        )
        worker.work_off()

    assert orders(session)[0].status is OrderStatus.CANCELLED
    assert payments(session)[0].status is PaymentStatus.EXPIRED
    assert cards(session)[0].balance_minor == 5000
    assert ledger(session, card.id) == [("issued", 5000), ("spent", -5000), ("given back", 5000)]
    assert problems(session) == []


def test_of_two_carts_with_one_card_the_second_is_told_and_nothing_is_lost(
    app, client, session, tool
):
    _, code = make_gift_card(session, 5000)
    other = app.test_client()
    for buyer in (client, other):
        fill(buyer)
        use(buyer, code)
    seen = visit(other, "/cart")
    press(client)

    told = seen.submit("Check out", follow=False)

    assert told.status == 409
    assert "There is nothing left on this gift card." in told.text
    assert len(orders(session)) == 1
    assert cards(session)[0].balance_minor == 0
    assert problems(session) == []


def test_a_code_and_a_card_of_two_tabs_change_the_cart_that_is_checked_out(client, session, tool):
    _, code = make_gift_card(session, 5000)
    make_discount(session, code="TEN")
    fill(client)
    first = visit(client, "/cart")
    use(client, code)
    second = visit(client, "/cart")
    first.submit("Apply", code="TEN")

    told = second.submit("Check out", follow=False)

    assert told.status == 409
    assert "Your cart has changed" in told.text
    assert orders(session) == []
    assert press(client).status == 303
    assert orders(session)[0].gift_minor == 5000
    assert orders(session)[0].discount_minor == 890
    assert problems(session) == []


def test_a_cancelled_order_gives_each_its_own_back(client, session, worker, tool):
    card, code = make_gift_card(session, 5000)
    fill(client)
    use(client, code)
    come_back(client, press(client).location)
    (order,) = orders(session)
    sign_in(client, session)

    page = visit(client, f"/staff/orders/{order.number}")
    page.submit("Refund", amount="50.00", cancel="y", reason="Changed her mind")
    worker.work_off()

    refunds = session.scalars(select(Refund).order_by(Refund.id)).all()
    assert [it.amount.minor for it in refunds] == [5000, 4590]
    assert {it.status.value for it in refunds} == {"succeeded"}
    assert orders(session)[0].status is OrderStatus.CANCELLED
    assert cards(session)[0].balance_minor == 5000
    assert ledger(session, card.id)[-1] == ("given back", 5000)
    assert problems(session) == []


def test_codes_that_cannot_be_used_are_refused_alike_and_guessing_ends(client, session, tool):
    card, code = make_gift_card(session, 5000)
    fill(client)
    said = set()
    for typed in ("", "2345-6789-ABCD-EFGH", "x" * 5000, "=cmd()", "\x00", code[:-1]):
        page = visit(client, "/gift-cards").submit("See what is left", code=typed)
        assert page.status == 422
        said |= set(page.errors())
    session.execute(update(type(card)).values(disabled_at=now()))
    page = visit(client, "/gift-cards").submit("See what is left", code=code)
    assert (page.status, said | set(page.errors())) == (422, said)
    assert len(said) == 1
    in_cart = use(client, code)
    assert in_cart.status == 422
    assert in_cart.errors() == list(said)
    for _ in range(12):
        assert use(client, "2345-6789-ABCD-EFGH").status == 422
    refused = use(client, code)
    assert refused.status == 429
    assert int(refused.response.headers["Retry-After"]) > 0
    assert visit(client, "/gift-cards").submit("See what is left", code=code).status == 429


def test_a_card_pays_no_cards_and_not_in_another_currency(client, session, tool):
    _, code = make_gift_card(session, 5000)
    _, euro = make_gift_card(session, 5000, "EUR")
    make_gift_product(session, 5000)
    fill(client)

    assert "This gift card is in EUR" in use(client, euro).text
    use(client, code)
    visit(client, "/products/gift-card").submit("Add to cart")

    page = visit(client, "/cart")
    assert "A gift card cannot pay for gift cards." in page.text
    assert "To pay $145.90" in page.text
