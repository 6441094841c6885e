"""Gift cards beside the rest: kept carts, an account's cart, changes, parcels, and forgetting."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import url_for
from sqlalchemy import func, select, update

from models import (
    Cart,
    CartLine,
    Fulfilment,
    Mail,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    Refund,
    SavedLine,
    Stock,
    StockAlert,
    now,
)
from storefront.jobs import queue
from storefront.verify import problems
from tests.browser import visit
from tests.factories import (
    PASSWORD,
    make_customer,
    make_product,
    make_rate,
    make_variant,
    make_zone,
)
from tests.gift_cards import cards, ledger, make_gift_card, make_gift_product, use
from tests.staff import sign_in
from tests.stripe import pay

GRACE = {"name": "Grace", "email": "grace@example.org", "message": "For you"}
ALAN = {"name": "Alan", "email": "alan@example.org"}


@pytest.fixture
def gift(session):
    return make_gift_product(session, 5000).variants[0]


@pytest.fixture
def tool(session):
    product = make_product(session, handle="tool", title="The tool")
    make_zone(session, "US", rates=(make_rate(690),))
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL")


def give(browser, whom, quantity=1):
    typed = {"recipient_name": whom["name"], "recipient_email": whom["email"]}
    typed["gift_text"] = whom.get("message", "")
    page = visit(browser, "/products/gift-card").submit("Add to cart", quantity=quantity, **typed)
    assert page.status == 200


def whom(session, table=CartLine):
    """Whom the units of each line are for, the oldest line first."""
    session.expire_all()
    return list(session.scalars(select(table.gifts).order_by(table.id)))


def buy(browser, session):
    """Pay what the cart holds, and return the order."""
    url = (
        visit(browser, "/cart").submit("Check out", follow=False, email="ada@example.com").location
    )
    paid = pay(url)
    visit(browser, paid.headers["Location"].removeprefix("http://localhost"))
    newest = select(Order).order_by(Order.id.desc()).limit(1)
    return session.scalars(newest.execution_options(populate_existing=True)).one()


def change_page(browser, order):
    page = visit(browser, f"/orders/{order.number}?token={order.token}")
    return page.follow("Change or cancel this order")


def backs(session):
    """What went back, by whether to a gift card, with its status."""
    session.expire_all()
    found = select(Payment.gift_card_id, Refund).join(Payment).order_by(Refund.id)
    rows = session.execute(found).all()
    return [(card is not None, it.amount.minor, it.status.value) for card, it in rows]


def test_whom_a_card_is_for_stays_with_its_line_removed_saved_and_unshared(
    client, app, session, gift
):
    give(client, GRACE)

    removed = visit(client, "/cart").submit("Remove")
    assert "grace" not in removed.response.request.url.lower()
    removed.submit("Undo")
    assert whom(session) == [[GRACE]]
    assert session.scalars(select(Cart.removed_gifts)).one() == []

    saved = visit(client, "/cart").submit("Save for later")
    assert (whom(session), whom(session, SavedLine)) == ([], [[GRACE]])
    give(client, ALAN)
    saved.submit("Move to cart")
    assert (whom(session), whom(session, SavedLine)) == ([[ALAN, GRACE]], [])

    drawer = client.get("/cart/drawer").get_data(as_text=True)
    assert "For Alan, mailed at once" in drawer
    assert "For Grace, mailed at once" in drawer
    told = client.get("/cart.js").json
    assert told["items"][0]["gift_card"] is True
    assert told["requires_shipping"] is False
    assert "grace" not in str(told).lower()

    link = visit(client, "/cart").submit("Make a link").html.find(id="shared")["value"]
    friend = app.test_client()
    shared = visit(friend, urlsplit(link).path)
    assert "Grace" not in shared.text
    shared.submit("Add to my cart")
    assert whom(session) == [[ALAN, GRACE], []]
    assert "Mailed to you" in visit(friend, "/cart").text


def test_cards_for_several_meet_in_the_cart_of_who_signs_in(app, session, gift):
    customer = make_customer(session)
    phone, desk = app.test_client(), app.test_client()
    _, code = make_gift_card(session)
    mat = make_variant(session, on_hand=5)
    give(phone, GRACE, 2)
    give(desk, ALAN)
    desk.post("/cart/add", data={"id": mat.id})
    use(desk, code)

    for browser in (phone, desk):
        page = visit(browser, "/account/login")
        page.submit("Sign in", email=customer.email, password=PASSWORD)

    assert whom(session) == [[GRACE, GRACE, ALAN], []]
    cart = session.scalars(select(Cart).filter_by(customer_id=customer.id)).one()
    assert cart.gift_code_digest == cards(session)[0].code_digest
    page = visit(phone, "/account/data").submit("Download the file")
    assert cart.gift_code_digest not in page.response.get_data(as_text=True)
    assert "grace@example.org" in page.response.get_data(as_text=True)


def test_a_buyer_who_cancels_gets_each_part_back_the_way_it_came(client, session, worker, tool):
    card, code = make_gift_card(session, 5000)
    client.post("/cart/add", data={"id": tool.id, "quantity": 2})
    use(client, code)
    order = buy(client, session)  # 178 + 6.90, 50 of it by the card

    done = change_page(client, order).submit("Cancel this order")

    assert "Your order is cancelled." in done.text
    assert cards(session)[0].balance_minor == 5000
    worker.work_off()
    assert backs(session) == [(False, 13490, "succeeded"), (True, 5000, "succeeded")]
    assert ledger(session, card.id) == [("issued", 5000), ("spent", -5000), ("given back", 5000)]
    assert session.scalars(select(Stock.on_hand)).one() == 10
    assert problems(session) == []


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        (5000, [(False, 17800, "succeeded")]),
        (20000, [(True, 17800, "succeeded")]),
        (14000, [(True, 14000, "succeeded"), (False, 3800, "succeeded")]),
    ],
)
def test_what_is_left_out_goes_back_of_the_payment_that_holds_it_or_the_card_first(
    client, session, worker, tool, amount, expected
):
    _, code = make_gift_card(session, amount)
    client.post("/cart/add", data={"id": tool.id, "quantity": 3})
    use(client, code)
    order = buy(client, session)
    line = session.scalars(select(OrderLine.id)).one()

    page = change_page(client, order)
    for _ in range(2):  # a second click
        page.submit("Change the quantities", **{f"line-{line}-units": "1"})

    worker.work_off()
    assert backs(session) == expected
    assert session.scalars(select(Stock.on_hand)).one() == 9
    assert problems(session) == []


def test_a_card_among_goods_is_in_the_way_of_no_change_but_of_cancelling(
    client, session, worker, gift, tool
):
    give(client, GRACE)
    client.post("/cart/add", data={"id": tool.id, "quantity": 2})
    order = buy(client, session)
    page = change_page(client, order)
    assert "Cancel this order" not in page.text
    found = session.scalars(select(OrderLine)).all()
    lines = {line.is_gift_card: line.id for line in found}

    key = page.html.find("input", {"name": "key"})["value"]
    path = f"/orders/{order.number}/change/cancellation"
    refused = client.post(path, data={"token": order.token, "key": key})
    assert refused.status_code == 409
    assert backs(session) == []

    forged = {f"line-{lines[True]}-units": "0", f"line-{lines[False]}-units": "0"}
    done = client.post(
        f"/orders/{order.number}/change/quantities",
        data={"token": order.token, "key": key, **forged},
    )
    assert done.status_code == 303
    worker.work_off()
    assert backs(session) == [(False, 17800, "succeeded")]
    (card,) = cards(session)
    assert (card.balance_minor, card.disabled_at) == (5000, None)
    session.expire_all()
    assert session.get_one(Order, order.id).status is OrderStatus.SHIPPED
    assert problems(session) == []


def test_a_mailed_card_is_no_parcel_that_staff_deliver_or_take_back(app, client, session, gift):
    give(client, GRACE)
    order = buy(client, session)
    (parcel,) = session.scalars(select(Fulfilment)).all()
    seen = visit(client, f"/orders/{order.number}?token={order.token}").text
    assert "Gift cards, by mail" in seen
    assert "Delivered" not in seen
    assert "the gift cards are on their way by mail" in seen

    staff = app.test_client()
    sign_in(staff, session)
    page = visit(staff, f"/staff/orders/{order.number}")
    assert "Mark as delivered" not in page.text
    assert "Take this parcel back" not in page.text
    for endpoint in ("staff.parcels.delivered", "staff.parcels.remove"):
        with app.test_request_context():
            path = url_for(endpoint, number=order.number, parcel_id=parcel.id)
        answer = staff.post(path, headers={"Origin": "http://localhost"})
        assert answer.status_code == 409, endpoint
    session.expire_all()
    (found,) = session.scalars(select(Fulfilment)).all()
    assert found.delivered_at is None


def test_nobody_is_asked_to_review_or_wait_for_a_card(app, client, session, worker, gift):
    give(client, GRACE)
    buy(client, session)
    session.execute(update(Fulfilment).values(created_at=now() - timedelta(days=20)))
    session.commit()

    with app.extensions["sessions"].write.begin() as writer:
        queue.enqueue(writer, "invite-reviews", "invite-reviews:now", {})
    worker.work_off()
    client.post(f"/back-in-stock/{gift.id}", data={"email": "ada@example.com"})

    asked = select(func.count()).select_from(Mail).where(Mail.template == "review_invitation")
    assert session.scalar(asked) == 0
    assert session.scalar(select(func.count()).select_from(StockAlert)) == 0


def test_who_is_erased_leaves_no_words_of_gifts_on_orders_that_were_never_paid(
    client, session, gift
):
    customer = make_customer(session)
    page = visit(client, "/account/login")
    page.submit("Sign in", email=customer.email, password=PASSWORD)
    give(client, GRACE)
    visit(client, "/cart").submit("Check out", follow=False, email="work@example.org")
    session.execute(update(Order).values(status=OrderStatus.CANCELLED, gift_message="Love"))
    session.commit()

    page = visit(client, "/account/data").submit("Erase for good", erase="y")

    assert page.heading == "You are forgotten"
    session.expire_all()
    order = session.scalars(select(Order)).one()
    assert (order.email, order.gift_message) == (None, "")
    assert session.scalars(select(OrderLine.gifts)).one() == []
    assert session.scalar(select(func.count()).select_from(Cart)) == 0


def test_a_draft_takes_no_gift_card(client, session, gift):
    sign_in(client, session)
    line = {"line-0-sku": gift.sku, "line-0-quantity": "1", "email": "ann@example.com"}

    page = visit(client, "/staff/drafts/new").submit("Save", **line)

    assert page.status == 422
    assert page.html.find(id="line-0-sku")["value"] == gift.sku
    assert "No product has this SKU" in page.text
    assert session.scalars(select(Order)).all() == []
