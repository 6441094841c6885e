"""Looking at orders and shipping them."""

from unittest.mock import ANY

from sqlalchemy import func, select

from models import Fulfilment, Mail, Order, OrderEvent, OrderStatus, Role, now
from tests.browser import visit
from tests.factories import make_paid_order, make_variant
from tests.staff import counted_statements, rows, sign_in

REASON = "Paid twice: one payment must be refunded."


def state_of(session, order):
    """Return what shipping would change."""
    session.rollback()
    kinds = session.scalars(select(OrderEvent.kind).filter_by(order_id=order.id)).all()
    parcels = session.scalar(select(func.count(Fulfilment.id)))
    mails = session.scalars(select(Mail.key)).all()
    found = session.get_one(Order, order.id, populate_existing=True)
    session.rollback()
    return found.status, kinds, parcels, mails


def hold(session, order, why=REASON):
    order.attention = why
    session.commit()


def test_the_newest_order_stands_first(client, session):
    sign_in(client, session)
    first = make_paid_order(session, quantity=2, email="first@example.com")
    second = make_paid_order(session, email="second@example.com")
    hold(session, second)

    found = rows(visit(client, "/staff/orders"))

    assert [line[0] for line in found] == [second.number, first.number]
    assert found[0][2:7] == ["second@example.com", "1", "$89.00", "Paid", "Check"]
    assert found[1][2:7] == ["first@example.com", "2", "$178.00", "Paid", "None"]


def test_orders_are_found_by_status_attention_and_words(client, session):
    sign_in(client, session)
    paid = make_paid_order(session, email="ada@example.com")
    held = make_paid_order(session, email="bob_1@example.com")
    hold(session, held)
    pending = Order(total=paid.total)
    session.add(pending)
    session.commit()

    def numbers(query):
        return [line[0] for line in rows(visit(client, f"/staff/orders?{query}"))]

    assert numbers("status=paid") == [held.number, paid.number]
    assert numbers("status=pending") == [pending.number]
    assert numbers("status=shipped") == []
    assert numbers("attention=1") == [held.number]
    assert numbers("q=ADA@") == [paid.number]
    assert numbers(f"q={paid.number.lower()}") == [paid.number]
    assert numbers("q=b_1") == [held.number]
    assert numbers("q=%25") == []
    assert numbers("q=_d") == []
    assert numbers("q=a%00da") == [paid.number]
    assert numbers("status=paid&sort=email") == [paid.number, held.number]


def test_a_long_list_has_pages_that_keep_the_filter(client, session):
    sign_in(client, session)
    variant = make_variant(session, on_hand=60)
    for _ in range(51):
        make_paid_order(session, variant=variant)

    first = visit(client, "/staff/orders?status=paid")
    second = first.follow("Next page")

    assert (len(rows(first)), len(rows(second))) == (50, 1)
    assert "Page 2 of 2" in second.text
    assert second.link("Previous page") == "/staff/orders?status=paid"


def test_a_list_costs_the_same_however_long_it_is(app, client, session):
    sign_in(client, session)
    variant = make_variant(session, on_hand=30)
    make_paid_order(session, variant=variant)
    visit(client, "/staff/orders")

    with counted_statements(app) as with_one:
        visit(client, "/staff/orders")
    for _ in range(20):
        make_paid_order(session, variant=variant)
    with counted_statements(app) as with_many:
        visit(client, "/staff/orders")

    assert len(with_many) == len(with_one)


def test_an_order_shows_all_that_is_known_of_it(client, session):
    sign_in(client, session)
    variant = make_variant(session, sku="CLAW-RED", options=("Red",))
    order = make_paid_order(session, variant=variant, quantity=2)

    page = visit(client, f"/staff/orders/{order.number}")

    assert page.heading == f"Order {order.number}"
    assert rows(page) == [["CLAW-RED", "Test tool, Red", "2", "$89.00", "$178.00"]]
    for words in ("1 Example Street", "buyer@example.com", "Paid by Stripe", f"pi_{order.number}"):
        assert words in page.text
    assert page.link("CLAW-RED") == "/staff/inventory/CLAW-RED"


def test_shipping_an_order_tells_the_customer_once(client, session):
    person = sign_in(client, session, Role.MANAGER)
    order = make_paid_order(session)

    page = visit(client, f"/staff/orders/{order.number}").submit(
        "Mark as shipped", carrier="UPS", tracking_number=" 1Z999 "
    )

    assert page.status == 200
    assert f"{order.number} is marked as shipped" in page.text
    assert "UPS, tracking number 1Z999" in page.text
    assert state_of(session, order) == (
        OrderStatus.SHIPPED,
        ["paid", "shipped"],
        1,
        ANY,
    )
    (key,) = state_of(session, order)[3]
    assert key.startswith(f"order_shipped:{order.number}:")
    parcel = session.scalars(select(Fulfilment)).one()
    assert (parcel.carrier, parcel.tracking_number, parcel.actor) == ("UPS", "1Z999", person.email)
    event = session.scalars(select(OrderEvent).filter_by(kind="shipped")).one()
    assert (event.actor, event.note) == (person.email, "UPS 1Z999")
    mail = session.scalars(select(Mail)).one()
    assert mail.recipient == "buyer@example.com"
    assert "1Z999" in mail.text
    assert session.get_one(Order, order.id).shipped_at <= now()


def test_of_two_who_ship_at_once_the_second_is_told(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    address = f"/staff/orders/{order.number}"
    first, second = visit(client, address), visit(client, address)

    first.submit("Mark as shipped", tracking_number="FIRST")
    before = state_of(session, order)
    page = second.submit("Mark as shipped", tracking_number="SECOND")

    assert page.status == 409
    assert "This order is shipped by now, so it cannot ship. Nothing was changed." in page.text
    assert "SECOND" not in page.main.find(id="fulfilments").parent.get_text()
    assert state_of(session, order) == before


def test_a_parcel_without_a_tracking_number_is_refused(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    before = state_of(session, order)

    page = visit(client, f"/staff/orders/{order.number}").submit(
        "Mark as shipped", carrier="UPS", tracking_number="  "
    )

    assert page.status == 422
    assert page.errors() == ["Enter the tracking number."]
    assert page.main.find(id="carrier")["value"] == "UPS"
    assert state_of(session, order) == before


def test_a_tracking_number_has_at_most_80_characters(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    form = visit(client, f"/staff/orders/{order.number}")

    refused = form.submit("Mark as shipped", tracking_number="x" * 81)
    broken = form.submit("Mark as shipped", tracking_number="a\0b")
    taken = form.submit("Mark as shipped", tracking_number="x" * 80)

    assert (refused.status, refused.errors()) == (422, ["Enter at most 80 characters."])
    assert broken.status == 422
    assert taken.status == 200
    assert state_of(session, order)[0] is OrderStatus.SHIPPED


def test_only_a_paid_order_can_ship(client, session):
    sign_in(client, session)
    variant = make_variant(session)
    for status in set(OrderStatus) - {OrderStatus.PAID}:
        order = Order(status=status, total=variant.price, email="buyer@example.com")
        session.add(order)
        session.commit()
        before = state_of(session, order)

        page = visit(client, f"/staff/orders/{order.number}")
        forced = client.post(
            f"/staff/orders/{order.number}/fulfilments", data={"tracking_number": "1Z"}
        )

        assert "Mark as shipped" not in page.text
        assert forced.status_code == 409
        assert state_of(session, order) == before


def test_an_order_that_is_held_is_checked_before_it_ships(client, session):
    person = sign_in(client, session)
    order = make_paid_order(session)
    hold(session, order)
    address = f"/staff/orders/{order.number}"

    held = visit(client, address)
    forced = client.post(f"{address}/fulfilments", data={"tracking_number": "1Z"})
    checked = held.submit("Mark as checked", note="Refunded one of them.")

    assert "Mark as shipped" not in held.text
    assert forced.status_code == 409
    assert f"{order.number} is marked as checked." in checked.text
    assert checked.main.find("button", string="Mark as shipped") is not None
    session.rollback()
    event = session.scalars(select(OrderEvent).order_by(OrderEvent.id.desc())).first()
    assert (event.kind, event.actor) == ("checked", person.email)
    assert event.note == f"Refunded one of them. (It said: {REASON})"
    assert session.get_one(Order, order.id, populate_existing=True).attention is None


def test_checking_an_order_needs_a_note(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    hold(session, order)

    page = visit(client, f"/staff/orders/{order.number}").submit("Mark as checked", note=" ")

    assert (page.status, page.errors()) == (422, ["Write what you found."])
    session.rollback()
    assert session.get_one(Order, order.id, populate_existing=True).attention == REASON


def test_a_new_problem_is_not_waved_through_with_the_old_one(client, session):
    sign_in(client, session)
    order = make_paid_order(session)
    hold(session, order)
    form = visit(client, f"/staff/orders/{order.number}")

    hold(session, order, "Something worse.")
    before = state_of(session, order)
    page = form.submit("Mark as checked", note="All is well.")

    assert page.status == 409
    assert "Something worse." in page.text
    assert page.main.find(id="note")["value"] == "All is well."
    assert state_of(session, order) == before
    assert session.get_one(Order, order.id, populate_existing=True).attention == "Something worse."
