"""What a customer keeps in her account: orders to order again, addresses, wishes, agreements."""

import pytest
from sqlalchemy import func, select, update

from models import (
    Address,
    Cart,
    CartLine,
    Consent,
    ConsentAct,
    Customer,
    Order,
    OrderStatus,
    Product,
    ProductStatus,
    ShippingZone,
    Subscriber,
    SubscriberStatus,
    Wish,
    ZoneCountry,
)
from models.address import MOST_ADDRESSES
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_paid_order, make_variant
from tests.features.account import signed_in
from tests.staff import counted_statements

PLACE = {"name": "Ada", "line1": "1 Main Street", "city": "Springfield", "state": "IL"}
PLACE |= {"postal_code": "62701"}


def in_cart(session):
    session.expire_all()
    return dict(session.execute(select(CartLine.variant_id, CartLine.quantity)).all())


def test_an_order_is_ordered_again_as_far_as_it_can_be_had(client, session):
    customer = signed_in(client, session)
    plenty, few = make_variant(session, on_hand=10), make_variant(session, on_hand=5)
    gone = make_variant(session, on_hand=5)
    for variant, quantity in ((plenty, 2), (few, 4), (gone, 1)):
        make_paid_order(session, variant=variant, quantity=quantity, customer=customer)
    session.execute(
        update(Product).where(Product.id == gone.product_id).values(status=ProductStatus.ARCHIVED)
    )
    session.commit()

    orders = visit(client, "/account/orders")
    said = [orders.submit("Order again", nth=place).text for place in range(3)]

    assert "is no longer sold." in said[0]
    assert "Go to your cart" not in said[0]
    assert "only 1 of 4 can be had now." in said[1]
    assert ": 2 put into your cart." in said[2]
    assert in_cart(session) == {plenty.id: 2, few.id: 1}
    again = visit(client, "/account/orders").submit("Order again", nth=1)
    assert "Your cart holds all of" in again.text
    assert in_cart(session) == {plenty.id: 2, few.id: 1}
    assert visit(client, "/cart").status == 200


def test_anothers_order_is_not_ordered_again(client, session):
    order = make_paid_order(session, customer=make_customer(session))
    signed_in(client, session)

    assert client.post(f"/account/orders/{order.number}/again").status_code == 404
    assert in_cart(session) == {}


def test_a_long_history_comes_in_pages_with_as_many_queries_as_a_short_one(client, app, session):
    customer = signed_in(client, session)
    make_paid_order(session, customer=customer)
    visit(client, "/account/orders")
    with counted_statements(app) as short:
        visit(client, "/account/orders")
    variant = make_variant(session, on_hand=30)
    for _ in range(24):
        make_paid_order(session, variant=variant, customer=customer)
    session.execute(
        update(Order)
        .where(Order.id == session.scalar(select(func.max(Order.id))))
        .values(status=OrderStatus.DRAFT)
    )
    session.commit()
    with counted_statements(app) as long:
        page = visit(client, "/account/orders")

    assert len(page.main.select(".result")) == 20
    assert len(page.follow("Next page").main.select(".result")) == 4
    assert len(long) == len(short)


def new_address(client, country="US", **typed):
    page = visit(client, "/account/addresses/new")
    page = page.submit("Show the form of this country", country=country)
    return page.submit("Save", nth=1, **{**PLACE, **typed})


def test_an_address_is_added_changed_made_the_first_and_removed(client, session):
    customer = signed_in(client, session)
    first = new_address(client)
    assert "1 Main Street" in first.text
    assert "SPRINGFIELD, IL 62701" in first.text
    new_address(client, line1="2 Side Street")
    kept = session.scalars(select(Address).order_by(Address.id)).all()
    assert [(it.customer_id, it.is_default) for it in kept] == [
        (customer.id, True),
        (customer.id, False),
    ]

    visit(client, "/account/addresses").submit("Use first")
    edited = visit(client, f"/account/addresses/{kept[1].id}")
    assert edited.main.find("input", {"name": "line1"})["value"] == "2 Side Street"
    edited.submit("Save", nth=1, line1="3 Back Street", name="=cmd() مرحبا 🦴")
    session.expire_all()
    assert [it.is_default for it in kept] == [False, True]
    assert (kept[1].line1, kept[1].name) == ("3 Back Street", "=cmd() مرحبا 🦴")

    visit(client, "/account/addresses").submit("Remove", nth=0)

    session.expire_all()
    (left,) = session.scalars(select(Address)).all()
    assert (left.line1, left.is_default) == ("1 Main Street", True)


@pytest.mark.parametrize(
    ("country", "typed", "field", "message"),
    [
        ("US", {"postal_code": "SW1A 1AA"}, "postal_code", "This is no ZIP code of United States."),
        ("US", {"state": ""}, "state", "This is needed for an address in United States."),
        ("US", {"state": "Bavaria"}, "state", "Not a valid choice."),
        ("CA", {"postal_code": "62701"}, "postal_code", "This is no Postcode of Canada."),
        ("US", {"city": ""}, "city", "This is needed for an address in United States."),
        ("US", {"line1": "x" * 500}, "line1", "At most 200 characters."),
        ("US", {"name": "x" * 500}, "name", "At most 200 characters."),
        ("US", {"name": ""}, "name", "Enter who lives there."),
    ],
)
def test_a_mistake_in_an_address_is_told_beside_its_field_and_the_rest_is_kept(
    client, app, session, country, typed, field, message
):
    signed_in(client, session)
    state = {"state": "ON", "postal_code": "K1A 0B1"} if country == "CA" else {}

    page = new_address(client, country, **{**state, **typed})

    assert page.status == 422
    (said,) = page.errors()
    assert said.startswith(message)
    assert page.main.find(id=field)["aria-invalid"] == "true"
    shown = page.main.find("input", {"name": "line1"})["value"]
    assert shown == typed.get("line1", PLACE["line1"])
    assert session.scalar(select(func.count(Address.id))) == 0


def test_a_country_that_is_not_shipped_to_is_refused(client, session):
    signed_in(client, session)
    page = visit(client, "/account/addresses/new").submit("Save", nth=1, **PLACE, country="KP")

    assert page.status == 422
    assert page.errors() == ["We do not ship there. Choose a country from the list."]
    assert session.scalar(select(func.count(Address.id))) == 0


def test_anothers_address_is_not_there(client, app, session):
    owner = app.test_client()
    signed_in(owner, session)
    new_address(owner)
    signed_in(client, session)
    key = session.scalars(select(Address.id)).one()

    assert client.get(f"/account/addresses/{key}").status_code == 404
    for act in ("", "/default", "/removal"):
        assert client.post(f"/account/addresses/{key}{act}", data=PLACE).status_code == 404
    assert session.scalar(select(func.count(Address.id))) == 1


def test_the_twenty_first_address_is_refused(client, session):
    customer = signed_in(client, session)
    rows = [
        Address(customer_id=customer.id, country="US", name="Ada", line1=f"{n} Street")
        for n in range(MOST_ADDRESSES)
    ]
    session.add_all(rows)
    session.commit()

    page = new_address(client)

    assert page.status == 409
    assert "You keep 20 addresses already: remove one first." in page.text
    assert session.scalar(select(func.count(Address.id))) == MOST_ADDRESSES


def test_a_wish_is_kept_from_the_product_page_after_signing_in(client, session):
    variant = make_variant(session)
    product = session.get(Product, variant.product_id)
    customer = make_customer(session)

    page = visit(client, f"/products/{product.handle}").submit("Add to wish list")
    assert page.heading == "Sign in"
    assert session.scalar(select(func.count(Wish.id))) == 0
    back = page.submit("Sign in", email=customer.email, password=PASSWORD)
    assert back.heading == "Your wish list"
    done = back.submit(f"Add {product.title} to it")
    visit(client, f"/products/{product.handle}").submit("Add to wish list")

    assert f"{product.title} is on your wish list." in done.text
    kept = session.execute(select(Wish.customer_id, Wish.product_id)).all()
    assert [tuple(it) for it in kept] == [(customer.id, product.id)]
    product.status = ProductStatus.ARCHIVED
    session.commit()
    assert f"{product.title} is no longer sold." in visit(client, "/account/wishes").text
    visit(client, "/account/wishes").submit("Remove")
    assert session.scalar(select(func.count(Wish.id))) == 0


@pytest.mark.parametrize("handle", ["", "nothing-such", "x" * 500, "\x00", "\U0001f9ff"])
def test_what_is_not_in_the_shop_is_wished_by_nobody(client, session, handle):
    signed_in(client, session)

    assert client.post("/account/wishes", data={"product": handle}).status_code == 404
    assert session.scalar(select(func.count(Wish.id))) == 0


def test_agreements_are_kept_with_their_moment_and_withdrawn(client, session):
    customer = signed_in(client, session)
    page = visit(client, "/account/mails")
    assert page.main.select("input[checked]") == []

    page.submit("Save", newsletter="y", reminders="y")

    session.expire_all()
    since = session.get(Customer, customer.id).reminders_since
    subscriber = session.scalars(select(Subscriber)).one()
    assert since is not None
    assert (subscriber.email, subscriber.status) == (customer.email, SubscriberStatus.CONFIRMED)
    visit(client, "/account/mails").submit("Save")
    session.expire_all()
    assert session.get(Customer, customer.id).reminders_since == since
    client.post("/account/mails", data={})
    session.expire_all()
    assert session.get(Customer, customer.id).reminders_since is None
    assert subscriber.status is SubscriberStatus.UNSUBSCRIBED
    acts = session.scalars(select(Consent.act).order_by(Consent.id)).all()
    assert acts == [ConsentAct.GIVEN, ConsentAct.WITHDRAWN]
    assert set(session.scalars(select(Consent.page))) == {"/account/mails"}


def test_the_newsletter_does_not_go_again_to_where_it_came_back_from(client, session):
    customer = signed_in(client, session)
    session.add(Subscriber(email=customer.email, status=SubscriberStatus.BOUNCED))
    session.commit()

    page = visit(client, "/account/mails").submit("Save", newsletter="y", reminders="y")

    assert page.status == 409
    assert "Our mails to your address came back" in page.errors()[0]
    session.expire_all()
    assert session.scalars(select(Subscriber.status)).one() is SubscriberStatus.BOUNCED
    assert session.get(Customer, customer.id).reminders_since is None


@pytest.mark.parametrize(
    ("country", "fields"),
    [
        ("US", ["City", "State", "ZIP code"]),
        ("DE", ["Postcode", "City"]),
        ("GB", ["Town", "Postcode"]),
        ("IE", ["City", "County (optional)", "Eircode (optional)"]),
        ("CR", ["Province", "City", "Postcode (optional)"]),
    ],
)
def test_the_form_of_an_address_has_what_its_country_has(client, session, country, fields):
    signed_in(client, session)
    session.add(ShippingZone(title="All", countries=[ZoneCountry(country="*")]))
    session.commit()
    page = visit(client, "/account/addresses/new").submit(
        "Show the form of this country", country=country, line1="1 Main Street"
    )

    shown = [it.get_text() for it in page.main.select(".form .field__label")]
    assert shown == [
        *("Country", "Name", "Street and number", "Apartment, floor, company (optional)"),
        *(*fields, "Phone (optional)"),
    ]
    assert page.main.find("input", {"name": "line1"})["value"] == "1 Main Street"
    assert session.scalar(select(func.count(Address.id))) == 0


def test_a_part_of_a_country_without_a_list_is_typed(client, session):
    signed_in(client, session)
    session.add(ShippingZone(title="All", countries=[ZoneCountry(country="*")]))
    session.commit()

    page = new_address(client, "CR", area="Heredia", postal_code="40101", city="Heredia")

    assert "The address is kept." in page.text
    address = session.scalars(select(Address)).one()
    assert (address.state, address.country) == ("Heredia", "CR")
    edited = visit(client, f"/account/addresses/{address.id}")
    assert edited.main.find("input", {"name": "area"})["value"] == "Heredia"


def test_a_cart_that_goes_nowhere_yet_goes_to_the_first_address_after_signing_in(client, session):
    customer = make_customer(session)
    place = {"name": "Ada", "line1": "1 Main Street", "is_default": True}
    session.add(Address(customer_id=customer.id, country="CA", state="ON", **place))
    session.commit()
    variant = make_variant(session)
    client.post("/cart/add", data={"id": variant.id, "quantity": 1})

    visit(client, "/account/login").submit("Sign in", email=customer.email, password=PASSWORD)

    cart = session.scalars(select(Cart)).one()
    assert (cart.country, cart.region) == ("CA", "ON")
