"""One cart for each customer: in every browser where she is signed in, and in none where not."""

import threading

import pytest
from sqlalchemy import select, text

from models import Cart, CartLine, Customer, Order, OrderStatus, SavedLine
from models.cart import MAX_LINES
from storefront.cart import joining
from storefront.cart.service import new_cart
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_product, make_variant


@pytest.fixture
def customer(session):
    return make_customer(session)


@pytest.fixture
def claw(session):
    return make_variant(session, product=make_product(session, title="The claw"), on_hand=500)


def put(browser, variant, quantity):
    data = {"id": variant.id, "quantity": quantity}
    assert browser.post("/cart/add", data=data).status_code == 303


def signs_in(browser, customer):
    page = visit(browser, "/account/login")
    page = page.submit("Sign in", email=customer.email, password=PASSWORD)
    assert page.status == 200
    return page.text


def held(browser):
    return {it["variant_id"]: it["quantity"] for it in browser.get("/cart.js").json["items"]}


def test_a_cart_is_one_in_every_browser_of_a_customer_and_none_after_signing_out(
    app, session, customer, claw
):
    phone, desk = app.test_client(), app.test_client()
    mat = make_variant(session, on_hand=50)
    put(phone, claw, 2)
    put(desk, claw, 3)
    put(desk, mat, 1)

    signs_in(phone, customer)
    assert held(phone) == {claw.id: 2}
    told = signs_in(desk, customer)

    assert held(phone) == held(desk) == {claw.id: 5, mat.id: 1}
    assert "What this browser held is in your cart now." in told
    put(phone, mat, 1)
    assert "Cart (7 items)" in desk.get("/").text

    visit(desk, "/account/orders").submit("Sign out")
    assert held(desk) == {}
    assert "Cart (0 items)" in desk.get("/").text
    put(desk, claw, 4)  # somebody else at the desk
    assert held(phone) == {claw.id: 5, mat.id: 2}
    assert held(desk) == {claw.id: 4}
    assert session.scalar(text("SELECT count(*) FROM carts WHERE customer_id IS NOT NULL")) == 1


def test_quantities_add_up_to_what_a_line_takes_and_the_rest_is_told(app, session, customer, claw):
    phone, desk = app.test_client(), app.test_client()
    signs_in(phone, customer)
    put(phone, claw, 60)
    put(desk, claw, 70)

    told = signs_in(desk, customer)

    assert held(desk) == {claw.id: 99}
    assert (
        "The claw · Red: your cart holds 99 now, the most that one cart takes. 31 more were left"
        " out." in told
    )
    assert "left out" not in visit(desk, "/cart").text  # told once


def test_what_a_full_cart_has_no_room_for_is_saved_for_later(app, session, customer, claw):
    phone, desk = app.test_client(), app.test_client()
    signs_in(phone, customer)
    product = make_product(session)
    for at in range(MAX_LINES):
        put(phone, make_variant(session, product=product, sku=f"MANY-{at}"), 1)
    put(desk, claw, 2)

    told = signs_in(desk, customer)

    assert len(held(desk)) == MAX_LINES
    saved = session.scalars(select(SavedLine)).one()
    assert (saved.variant_id, saved.quantity) == (claw.id, 2)
    assert "The claw · Red is saved for later" in told


def test_an_order_that_waits_for_its_payment_is_not_in_her_own_way(app, session, customer):
    last = make_variant(session, on_hand=1)
    phone, desk = app.test_client(), app.test_client()
    signs_in(phone, customer)
    put(phone, make_variant(session), 1)
    put(desk, last, 1)
    visit(desk, "/cart").submit("Check out", follow=False)
    assert session.scalars(select(Order)).one().status is OrderStatus.PENDING

    signs_in(desk, customer)

    order = session.scalars(select(Order).execution_options(populate_existing=True)).one()
    hers = session.scalars(select(Cart).where(Cart.customer_id == customer.id)).one()
    assert order.cart_id == hers.id
    assert held(desk)[last.id] == 1


def test_a_cookie_of_a_cart_that_became_a_customers_opens_nothing(app, session, customer, claw):
    browser = app.test_client()
    put(browser, claw, 2)
    stolen = browser.get_cookie("cart").value
    signs_in(browser, customer)

    thief = app.test_client()
    thief.set_cookie("cart", stolen)
    assert held(thief) == {}
    assert held(browser) == {claw.id: 2}


def test_closing_an_account_forgets_its_cart(app, session, customer, claw):
    browser = app.test_client()
    signs_in(browser, customer)
    put(browser, claw, 2)

    with app.extensions["sessions"].write.begin() as own:
        own.delete(own.get_one(Customer, customer.id))

    assert session.scalars(select(Cart.id)).all() == []
    assert session.scalars(select(CartLine.id)).all() == []


def test_two_browsers_that_sign_in_at_once_end_in_one_cart(app, session, customer, claw):
    ids = []
    for quantity in (2, 3):
        cart, _ = new_cart(session)
        session.add(CartLine(cart_id=cart.id, variant_id=claw.id, quantity=quantity))
        ids.append(cart.id)
    session.commit()
    gate, wrong = threading.Barrier(2), []

    def sign_in(cart_id):
        try:
            with app.extensions["sessions"].write.begin() as own:
                gate.wait(timeout=20) if own.get_bind().dialect.name == "postgresql" else None
                joining.join(own, own.get_one(Cart, cart_id), customer.id)
        except Exception as error:  # noqa: BLE001 (told by the test)
            wrong.append(error)

    threads = [threading.Thread(target=sign_in, args=(it,)) for it in ids]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert wrong == []
    hers = session.scalars(select(Cart).where(Cart.customer_id == customer.id)).one()
    lines = session.execute(select(CartLine.cart_id, CartLine.quantity)).all()
    assert [tuple(it) for it in lines] == [(hers.id, 5)]
