"""Orders that staff write: reckoned by the shop, paid by a link, holding nothing before."""

import pytest
from sqlalchemy import select

from models import Mail, Order, OrderEvent, OrderLine, OrderStatus, Payment, Role, Stock, TaxRate
from tests.browser import Page, visit
from tests.factories import make_paid_order, make_product, make_rate, make_variant, make_zone
from tests.features.test_checkout import come_back
from tests.staff import rows, sign_in
from tests.stripe import PAYS, pay

pytestmark = pytest.mark.usefixtures("adds_up")


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=10, price_minor=8900, sku="TOOL-RED")


@pytest.fixture(autouse=True)
def role(client, session, variant):
    return sign_in(client, session, Role.SUPPORT)


def newest(session):
    found = select(Order).order_by(Order.id.desc()).limit(1)
    return session.scalars(found.execution_options(populate_existing=True)).one()


def stock(session, variant):
    found = session.get_one(Stock, variant.id, populate_existing=True)
    return found.on_hand, found.reserved


def written(client, **typed):
    """Write a draft of two tools for somebody, and return its page."""
    line = {"line-0-sku": "TOOL-RED", "line-0-quantity": "2", "email": "ann@example.com"}
    return visit(client, "/staff/drafts/new").submit("Save", **{**line, **typed})


def go_to_pay(client, order, follow=False):
    page = visit(client, f"/orders/{order.number}?token={order.token}")
    return page.submit("Pay now", follow=follow)


def events(session, order):
    found = select(OrderEvent.kind).where(OrderEvent.order_id == order.id).order_by(OrderEvent.id)
    return session.scalars(found).all()


def test_a_draft_costs_what_the_shop_reckons_and_holds_nothing(client, session, variant):
    make_zone(session, "US", rates=(make_rate(690),))
    session.add(TaxRate(country="US", title="Sales tax", rate_ppm=100_000))
    session.commit()

    page = written(client, discount="17.80", reason="Came late", name="Ann", country="US")

    order = newest(session)
    assert (page.status, page.heading) == (200, f"Draft {order.number}")
    assert order.status is OrderStatus.DRAFT
    figures = (order.subtotal_minor, order.discount_minor, order.shipping_minor, order.tax_minor)
    assert figures == (17800, 1780, 690, 1671)
    assert order.total.minor == 18381
    assert stock(session, variant) == (10, 0)
    assert session.scalars(select(Payment)).all() == []
    assert rows(visit(client, "/staff/drafts"))[0][0] == order.number
    assert "Came late" in visit(client, f"/orders/{order.number}?token={order.token}").text


def test_lines_are_added_found_and_worked_out_without_a_script(client, session, variant):
    make_variant(session, product=make_product(session, title="Mat"), sku="MAT", price_minor=1000)
    page = visit(client, "/staff/drafts/new")

    found = page.submit("Find", q="mat")
    added = found.submit("Add MAT").submit("Add line", **{"line-0-quantity": "3"})
    worked = added.submit("Work out", **{"line-1-sku": "TOOL-RED"})

    assert added.main.find(id="line-0-sku")["value"] == "MAT"
    assert added.main.find(id="line-0-quantity")["value"] == "3"
    assert "Total $119.00" in worked.text
    assert session.scalars(select(Order)).all() == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"line-0-sku": "NO"}, "No product has this SKU. Find it below."),
        ({"line-0-quantity": "0"}, "Enter a whole number from 1 to 999."),
        ({"line-0-quantity": "9" * 20}, "Enter a whole number from 1 to 999."),
        ({"line-0-price": "-1"}, "Enter a price in figures, such as 89.00."),
        ({"line-0-price": "80"}, "Say why the price is another one."),
        ({"discount": "5"}, "Say why: the buyer sees it beside the discount."),
        ({"discount": "=cmd()", "reason": "x"}, "Enter a price in figures, such as 89.00."),
        ({"email": "nobody"}, "Enter an email address such as name@example.com."),
        ({"name": "a\0b"}, "Remove the characters that cannot be read."),
        ({"line-0-sku": "a\0b"}, "Remove the characters that cannot be read."),
        ({"city": "a" * 100_000}, "Enter at most 200 characters."),
        ({"shipping": "own", "shipping_amount": "x"}, "Enter a price in figures, such as 89.00."),
        ({"country": "XX"}, "Not a valid choice."),
    ],
)
def test_what_cannot_be_is_said_beside_the_field_and_nothing_is_saved(
    client, session, typed, message
):
    page = written(client, **typed)

    assert page.status == 422
    assert message in page.errors()
    assert page.main.find(id="email")["value"] == typed.get("email", "ann@example.com")
    assert session.scalars(select(Order)).all() == []


def test_the_buyer_gets_a_link_pays_by_it_and_the_price_stays(client, session, variant):
    page = written(client, **{"line-0-price": "70.00", "reason": "For a friend"})
    order = newest(session)
    variant.price = variant.price * 2
    session.commit()

    sent = page.submit("Send pay link")
    page.submit("Send pay link")
    mails = session.scalars(select(Mail).where(Mail.order_id == order.id)).all()
    to_pay = go_to_pay(client, order)
    held = stock(session, variant)
    come_back(client, pay(to_pay.location, PAYS))

    assert "is on its way to ann@example.com" in sent.text
    assert [mail.subject for mail in mails] == [f"Order {order.number}: ready for you to pay"]
    assert order.token in mails[0].text
    assert to_pay.status == 303
    assert held == (10, 2)
    assert stock(session, variant) == (8, 0)
    paid = newest(session)
    assert (paid.status, paid.total.minor) == (OrderStatus.PAID, 14000)
    assert events(session, order) == [
        *("draft", "own price", "pay link", "pay link", "pending", "paid"),
    ]


def test_two_clicks_on_pay_are_one_payment(client, session, variant):
    written(client)
    order = newest(session)
    page = visit(client, f"/orders/{order.number}?token={order.token}")

    first, second = page.submit("Pay now"), page.submit("Pay now")

    assert first.location == second.location
    assert len(session.scalars(select(Payment)).all()) == 1
    assert stock(session, variant) == (10, 2)


def test_what_is_sold_out_meanwhile_cannot_be_paid_and_staff_see_it_short(client, session, variant):
    written(client, **{"line-0-quantity": "8"})
    order = newest(session)
    make_paid_order(session, variant=variant, quantity=5)

    page = go_to_pay(client, order)

    assert page.status == 409
    assert "Somebody was faster: not everything in this order is still there." in page.text
    assert newest(session).status is not OrderStatus.PENDING
    assert stock(session, variant) == (5, 0)
    shown = visit(client, f"/staff/drafts/{order.number}")
    assert "TOOL-RED: 8 in this draft, 5 can be ordered now." in shown.text


def test_who_does_not_pay_in_time_may_come_back(app, client, session, variant):
    written(client)
    order = newest(session)
    go_to_pay(client, order)
    effect = app.extensions["handlers"]["expire-order"]
    with app.extensions["sessions"].write.begin() as own:
        effect(app.extensions["sessions"], {"order_id": order.id})(own)
    between = (newest(session).status, stock(session, variant))

    again = go_to_pay(client, order)
    come_back(client, pay(again.location, PAYS))

    assert between == (OrderStatus.DRAFT, (10, 0))
    assert newest(session).status is OrderStatus.PAID
    assert stock(session, variant) == (8, 0)
    attempts = session.scalars(select(Payment.status).order_by(Payment.attempt)).all()
    assert [it.value for it in attempts] == ["expired", "paid"]


def test_a_draft_is_edited_until_its_buyer_goes_to_pay(client, session, variant):
    page = written(client)
    order = newest(session)

    saved = page.submit("Save", **{"line-0-quantity": "3", "name": "Ann Other"})
    stale = page.submit("Save", **{"line-0-quantity": "9"})
    go_to_pay(client, order)
    late = saved.submit("Save", **{"line-0-quantity": "1"})

    assert saved.status == 200
    assert (stale.status, late.status) == (409, 409)
    assert "3 of TOOL-RED, 89.00 USD each" in stale.text
    assert stale.main.find(id="line-0-quantity")["value"] == "9"
    assert session.scalars(select(OrderLine.quantity)).all() == [3]
    assert newest(session).total.minor == 26700


def test_a_draft_is_cancelled_and_its_link_pays_no_more(client, session, variant):
    page = written(client)
    order = newest(session)
    address = f"/orders/{order.number}?token={order.token}"
    still_open = visit(client, address)

    done = page.submit("Mark as cancelled")
    again = page.submit("Mark as cancelled")

    assert f"{order.number} is cancelled." in done.text
    assert again.status in {303, 409}
    assert newest(session).status is OrderStatus.CANCELLED
    assert "Pay now" not in visit(client, address).text
    late = still_open.submit("Pay now", follow=False)
    assert (late.status, late.location) == (303, address)
    assert session.scalars(select(Payment)).all() == []


def test_any_order_is_duplicated_into_a_draft_at_the_prices_of_now(client, session, variant):
    order = make_paid_order(session, variant=variant, quantity=2)
    variant.price = variant.price * 2
    session.commit()

    page: Page = visit(client, f"/staff/orders/{order.number}").submit("Duplicate")

    draft = newest(session)
    assert page.heading == f"Draft {draft.number}"
    assert (draft.status, draft.total.minor, draft.email) == (OrderStatus.DRAFT, 35600, order.email)
    assert draft.shipping_address["city"] == "Denver"
    assert stock(session, variant) == (8, 0)


def test_the_link_is_not_sent_without_an_address(client, session, variant):
    page = written(client, email="").submit("Send pay link")

    assert page.status == 422
    assert "Enter the buyer's email address first" in page.text
    assert session.scalars(select(Mail)).all() == []
