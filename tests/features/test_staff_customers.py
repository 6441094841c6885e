"""People who bought or signed up: found, narrowed, noted, and forgotten when they ask."""

import csv
import io
import json

import pytest
from sqlalchemy import func, select, update

from models import (
    Comment,
    CommentStatus,
    Consent,
    ConsentAct,
    Customer,
    CustomerNote,
    Erasure,
    Mail,
    Money,
    Order,
    OrderStatus,
    Payment,
    Practice,
    Role,
    Segment,
    Subscriber,
    now,
)
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_article, make_blog, make_customer, make_paid_order, make_variant
from tests.features.newsletter import ADA, make_subscriber
from tests.staff import counted_statements, rows, sign_in

INDEX = "/staff/customers"


@pytest.fixture
def _owner(client, session):
    sign_in(client, session)


def ship(session):
    """Let every order be over."""
    session.execute(update(Order).values(status=OrderStatus.SHIPPED, shipped_at=now()))
    session.commit()


def emails(page):
    return [row[0] for row in rows(page)]


def full_life(session):
    """Ada: an account with a log, an order, the newsletter, a comment, a note and a mail."""
    customer = make_customer(session)
    customer.email = ADA
    order = make_paid_order(session, email=ADA, customer=customer)
    subscriber = make_subscriber(session)
    session.add_all(
        [
            Consent(subscriber_id=subscriber.id, act=ConsentAct.GIVEN, page="/", words="Mails?"),
            Practice(customer_id=customer.id, key="1", done_at=now(), title="QL", note="Better."),
            Comment(
                article_id=make_article(session, blog=make_blog(session)).id,
                name="Ada",
                email=ADA,
                text="My back.",
                status=CommentStatus.PUBLISHED,
            ),
            CustomerNote(email=ADA, text="Likes mornings.", actor="staff@example.org"),
            Mail(key="m", recipient=ADA, subject="Hello", text="Dear Ada", html="<p>Dear Ada"),
        ]
    )
    session.commit()
    return order


@pytest.mark.usefixtures("_owner")
def test_everybody_with_an_account_an_order_or_a_subscription_stands_in_the_list_once(
    client, session
):
    full_life(session)
    make_paid_order(session, email="guest@example.org", quantity=2)
    make_subscriber(session, "reader@example.org")
    session.commit()

    page = visit(client, f"{INDEX}?sort=email")

    found = [row[:6] for row in rows(page)]
    assert found == [
        [ADA, "Customer", "Yes", "Confirmed", "1", "$89.00"],
        ["guest@example.org", "Demo Buyer", "No", "No", "1", "$178.00"],
        ["reader@example.org", "Not known", "No", "Confirmed", "0", "$0.00"],
    ]
    assert "3 people." in page.text


@pytest.mark.usefixtures("_owner")
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=GUEST", ["guest@example.org"]),
        ("account=yes", [ADA]),
        ("account=no&newsletter=no", ["guest@example.org"]),
        ("orders_from=1&spent_from=100", ["guest@example.org"]),
        ("spent_to=0", ["reader@example.org"]),
        ("spent_from=89&spent_to=89.00", [ADA]),
        ("last_from=2020-01-01&last_to=2020-12-31", []),
        ("last_from=2026-01-01", [ADA, "guest@example.org"]),
        ("sku=BIG", ["guest@example.org"]),
        ("country=us", []),
        ("q=%25_", []),
    ],
)
def test_the_list_is_narrowed_by_what_people_did(client, session, query, found):
    full_life(session)
    order = make_paid_order(
        session, email="guest@example.org", quantity=2, variant=make_variant(session, sku="BIG")
    )
    make_subscriber(session, "reader@example.org")
    order.country = "CA"
    session.commit()

    assert emails(visit(client, f"{INDEX}?sort=email&{query}")) == found


@pytest.mark.usefixtures("_owner")
@pytest.mark.parametrize(
    "query",
    [
        "orders_from=-1",
        "orders_to=٣",
        "spent_from=1.234",
        "last_from=2026-02-30",
        "last_to=9999-12-31",
        "country=USA",
        "account=maybe",
        f"sku={'x' * 65}",
    ],
)
def test_a_filter_that_cannot_be_is_said_beside_its_field(client, session, query):
    full_life(session)

    page = visit(client, f"{INDEX}?{query}")

    assert page.status == 422
    assert "Correct what is marked above" in page.text
    assert rows(page) == []


@pytest.mark.usefixtures("_owner")
def test_refunds_are_off_what_somebody_spent_and_currencies_are_never_added(client, session):
    make_paid_order(session, email=ADA)
    yen = make_paid_order(session, email=ADA, variant=make_variant(session, currency="JPY"))
    payment = session.scalars(select(Payment).where(Payment.order_id != yen.id)).one()
    payment.refunded_minor = 900
    session.commit()

    page = visit(client, INDEX)
    assert rows(page)[0][4:6] == ["2", "$80.00"]

    assert "¥8,900, $80.00" in page.follow(ADA).text


@pytest.mark.usefixtures("_owner")
def test_a_list_is_kept_as_a_segment_that_newcomers_join_by_themselves(client, session):
    make_paid_order(session, email="first@example.org")

    kept = visit(client, f"{INDEX}?orders_from=1").submit("Keep as segment", title="Buyers")
    assert "The segment Buyers is kept." in kept.text
    make_paid_order(session, email="second@example.org")

    assert emails(visit(client, INDEX).follow("Buyers")) == [
        "second@example.org",
        "first@example.org",
    ]
    again = visit(client, f"{INDEX}?orders_from=2").submit("Keep as segment", title="Buyers")
    assert (again.status, again.errors()) == (
        422,
        ["Another segment has this name. Choose another one."],
    )
    gone = visit(client, f"{INDEX}?orders_from=1").submit("Forget the segment Buyers")
    assert "Nobody in it was touched." in gone.text
    assert session.scalar(select(func.count(Segment.id))) == 0


@pytest.mark.usefixtures("_owner")
def test_a_persons_page_shows_orders_consent_and_notes_and_every_key_leads_to_it(client, session):
    order = full_life(session)
    customer = session.scalars(select(Customer)).one()
    subscriber = session.scalars(select(Subscriber)).one()

    for key in (order.number, f"S-{subscriber.id}", f"C-{customer.id}"):
        page = visit(client, f"{INDEX}/{key}")
        assert page.heading == "Customer"
    assert ADA not in f"{INDEX}/C-{customer.id}"
    for words in (order.number, "Given", "Likes mornings.", "My back.", "since"):
        assert words in page.text
    assert "Better." not in page.text  # her log is hers
    for strange in ("C-0", "C-99999999999", "S-x", "QL-00000000", "%00", "C-1'"):
        assert visit(client, f"{INDEX}/{strange}").status == 404


@pytest.mark.usefixtures("_owner")
def test_a_note_is_kept_as_typed_and_taken_away(client, session):
    order = make_paid_order(session, email=ADA)
    page = visit(client, f"{INDEX}/{order.number}")

    assert page.submit("Save", text="").status == 422
    assert page.submit("Save", text="x" * 2001).status == 422
    assert session.scalar(select(func.count(CustomerNote.id))) == 0
    noted = page.submit("Save", text="=cmd() <b>مرحبا</b> 🙂")

    assert "=cmd() <b>مرحبا</b> 🙂" in noted.text
    gone = noted.submit("Remove this note")
    assert "The note is gone." in gone.text
    assert session.scalar(select(func.count(CustomerNote.id))) == 0


@pytest.mark.usefixtures("_owner")
def test_the_file_for_her_has_all_that_is_known_and_no_secret(client, session):
    order = full_life(session)
    make_paid_order(session, email="other@example.org")

    response = client.post(f"{INDEX}/{order.number}/file", headers={"Origin": "http://localhost"})

    assert response.headers["Content-Type"] == "application/json"
    found = json.loads(response.text)
    assert [it["number"] for it in found["orders"]] == [order.number]
    assert found["orders"][0]["shipping_address"]["city"] == "Denver"
    assert found["log"][0]["note"] == "Better."
    assert found["consents"][0]["words"] == "Mails?"
    assert found["notes of staff"][0]["text"] == "Likes mornings."
    assert found["payments"][0]["captured_minor"] == 8900
    for secret in (order.token, session.scalars(select(Customer.password_hash)).one()):
        assert secret not in response.text
    assert "other@example.org" not in response.text


@pytest.mark.usefixtures("_owner")
def test_the_list_as_a_spreadsheet_runs_nothing(client, session):
    order = make_paid_order(session, email=ADA)
    order.name = "=cmd()"
    session.commit()

    response = client.post("/staff/exports/shown/customers", data={"query": "account=no"})

    table = list(csv.reader(io.StringIO(response.data.decode("utf-8-sig"))))
    assert table[1][:7] == [ADA, "'=cmd()", "no", "", "1", "89.00", "USD"]


@pytest.mark.usefixtures("_owner")
def test_who_asks_is_forgotten_but_for_what_the_law_keeps(client, session):
    order = full_life(session)
    ship(session)
    old_token = order.token
    unpaid = Order(email=ADA, name="Ada", total=Money(0, "USD"), status=OrderStatus.CANCELLED)
    session.add(unpaid)
    session.commit()

    done = visit(client, f"{INDEX}/{order.number}").submit("Erase for good", typed=ADA.upper())

    assert done.heading == "Erased"
    assert "Paid orders: 1" in done.text
    session.expire_all()
    kept = session.get_one(Order, order.id)
    assert (kept.email, kept.customer_id, kept.name) == (None, None, "Demo Buyer")
    assert kept.shipping_address["city"] == "Denver"
    assert kept.token != old_token
    assert session.get_one(Order, unpaid.id).name == ""
    for table in (Customer, Subscriber, Consent, Practice, CustomerNote):
        assert session.scalar(select(func.count()).select_from(table)) == 0, table
    erasure = session.scalars(select(Erasure)).one()
    assert erasure.kept == {"paid orders": 1}
    assert ADA not in str(erasure.erased)
    assert emails(visit(client, INDEX)) == []
    assert list(problems(session)) == []


@pytest.mark.usefixtures("_owner")
def test_what_she_wrote_and_what_was_written_to_her_is_emptied(client, session):
    order = full_life(session)
    ship(session)

    visit(client, f"{INDEX}/{order.number}").submit("Erase for good", typed=ADA)

    session.expire_all()
    comment = session.scalars(select(Comment)).one()
    assert (comment.status, comment.name, comment.email, comment.text) == ("withdrawn", "", "", "")
    mail = session.scalars(select(Mail)).one()
    assert (mail.recipient, mail.text, mail.html) == ("", "", "")
    assert mail.sent_at is not None


@pytest.mark.usefixtures("_owner")
def test_nobody_is_forgotten_while_an_order_is_under_way_or_by_a_slip(client, session):
    order = full_life(session)
    page = visit(client, f"{INDEX}/{order.number}")

    open_ = page.submit("Erase for good", typed=ADA)
    assert open_.status == 409
    assert "Not over are: orders: 1." in open_.text
    ship(session)
    slip = page.submit("Erase for good", typed="other@example.org")

    assert (slip.status, slip.errors()) == (422, ["This is not the address of this person."])
    session.expire_all()
    assert session.get_one(Order, order.id).email == ADA
    assert session.scalar(select(func.count(Customer.id))) == 1
    assert session.scalar(select(func.count(Erasure.id))) == 0


def test_support_sees_people_but_neither_exports_nor_erases(client, session):
    order = full_life(session)
    sign_in(client, session, Role.SUPPORT)

    page = visit(client, f"{INDEX}/{order.number}")

    assert page.status == 200
    assert "Erase for good" not in page.text
    for act in ("file", "erasure"):
        refused = client.post(
            f"{INDEX}/{order.number}/{act}", headers={"Origin": "http://localhost"}
        )
        assert refused.status_code == 403
    assert session.scalar(select(func.count(Erasure.id))) == 0


@pytest.mark.usefixtures("_owner")
def test_as_many_queries_for_many_people_as_for_one(app, client, session):
    order = make_paid_order(session, email=ADA)
    with counted_statements(app) as few:
        visit(client, INDEX)
        visit(client, f"{INDEX}/{order.number}")
    for number in range(12):
        make_paid_order(session, email=f"b{number}@example.org")
        make_paid_order(session, email=ADA)
    newest = session.scalars(
        select(Order.number).where(Order.email == ADA).order_by(Order.id.desc())
    )

    number = newest.first()
    with counted_statements(app) as many:
        visit(client, INDEX)
        visit(client, f"{INDEX}/{number}")

    assert len(many) == len(few)
