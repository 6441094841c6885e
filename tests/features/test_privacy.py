"""What a customer does with her data: has it as a file, closes the account, is forgotten."""

import json

from sqlalchemy import func, select

from models import (
    Address,
    Customer,
    Erasure,
    Mail,
    MailedLink,
    Order,
    OrderStatus,
    SignIn,
    Subscriber,
    SubscriberStatus,
    Wish,
)
from tests.browser import visit
from tests.factories import PASSWORD, make_paid_order, make_variant
from tests.features.account import let_proof_grow_old, mails, signed_in
from tests.features.test_accounts import sign_in


def furnished(client, session):
    """A customer with something of everything, and an order whose mails went elsewhere."""
    customer = signed_in(client, session)
    variant = make_variant(session, on_hand=10)
    mine = make_paid_order(session, variant=variant, customer=customer, email=customer.email)
    gift = make_paid_order(session, variant=variant, customer=customer, email="work@example.org")
    session.add_all(
        [
            Address(customer_id=customer.id, country="US", name="Ada", line1="1 Main Street"),
            Wish(customer_id=customer.id, product_id=variant.product_id),
            Subscriber(email=customer.email, status=SubscriberStatus.CONFIRMED),
        ]
    )
    session.commit()
    visit(client, "/account/link").submit("Mail me a link", email=customer.email)
    return customer, mine, gift


def shipped(session, *orders):
    for order in orders:
        order.status = OrderStatus.SHIPPED
    session.commit()


def test_the_file_has_all_of_it_and_no_secret(client, session):
    customer, mine, gift = furnished(client, session)

    page = visit(client, "/account/data").submit("Download the file")

    assert page.response.headers["Content-Disposition"] == 'attachment; filename="my-data.json"'
    assert page.response.headers["Cache-Control"] == "private, no-store"
    known = json.loads(page.response.data)
    assert [it["number"] for it in known["orders"]] == [mine.number, gift.number]
    assert [it["line1"] for it in known["addresses"]] == ["1 Main Street"]
    assert len(known["wish list"]) == len(known["mailed links"]) == len(known["newsletter"]) == 1
    text = page.response.get_data(as_text=True)
    assert customer.password_hash not in text
    assert session.scalars(select(MailedLink.token_sha256)).one() not in text


def test_the_file_closing_and_erasing_need_proof_and_a_tick(client, session):
    customer, _, _ = furnished(client, session)
    let_proof_grow_old(session)

    for button, typed in (
        ("Download the file", {}),
        ("Close the account", {"close": "y"}),
        ("Erase for good", {"erase": "y"}),
    ):
        page = visit(client, "/account/data").submit(button, **typed)
        assert (page.status, page.heading) == (403, "Is it you?")
    assert page.submit("Go on", **{"proof-password": "wrong"}).status == 422
    assert session.scalar(select(func.count(Customer.id))) == 1
    asked = visit(client, "/account/data").submit("Close the account")
    page = asked.submit("Go on", **{"proof-password": PASSWORD})
    assert (page.status, page.errors()) == (422, ["Check this box first: it cannot be undone."])
    session.expire_all()
    assert session.get(Customer, customer.id) is not None


def test_closing_the_account_keeps_the_orders_as_those_of_a_guest(client, app, session):
    customer, mine, _ = furnished(client, session)
    other, email = app.test_client(), customer.email
    sign_in(other, email)

    page = visit(client, "/account/data").submit("Close the account", close="y")

    assert page.heading == "Your account is closed"
    for table in (Customer, Address, Wish, SignIn, MailedLink):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    session.expire_all()
    assert session.get(Order, mine.id).customer_id is None
    assert client.get(f"/orders/{mine.number}?token={mine.token}").status_code == 200
    assert session.scalars(select(Subscriber.status)).one() is SubscriberStatus.CONFIRMED
    assert "Your account was closed." in mails(session, "account_changed")[0].text
    assert visit(other, "/account/orders").heading == "Sign in"
    assert sign_in(other, email).status == 422


def test_who_has_something_under_way_cannot_be_forgotten_yet(client, session):
    customer, mine, gift = furnished(client, session)
    shipped(session, mine)

    page = visit(client, "/account/data").submit("Erase for good", erase="y")

    assert page.status == 409
    assert "You cannot be forgotten yet" in page.text
    assert "Orders that are not over: 1" in page.text
    session.expire_all()
    assert session.get(Customer, customer.id) is not None
    assert session.get(Order, gift.id).email == "work@example.org"


def test_who_asks_for_it_is_forgotten_but_for_what_the_law_keeps(client, session):
    customer, mine, gift = furnished(client, session)
    shipped(session, mine, gift)
    email, token = customer.email, mine.token

    page = visit(client, "/account/data").submit("Erase for good", erase="y")

    assert page.heading == "You are forgotten"
    for table in (Customer, Address, Wish, SignIn, MailedLink, Subscriber):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    session.expire_all()
    for order in (mine, gift):
        assert (order.email, order.customer_id) == (None, None)
    assert client.get(f"/orders/{mine.number}?token={token}").status_code == 404
    assert email not in {it.recipient for it in session.scalars(select(Mail))}
    record = session.scalars(select(Erasure)).one()
    assert (record.actor, record.kept) == ("the customer", {"paid orders": 2})
    assert visit(client, "/account/orders").heading == "Sign in"
