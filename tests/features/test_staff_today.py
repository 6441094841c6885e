"""The page on which staff land: what needs doing, and whether everything adds up."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from models import (
    Answer,
    AttemptCount,
    Discrepancy,
    DiscrepancyKind,
    Dispute,
    Location,
    Money,
    Order,
    OrderQuestion,
    OrderStatus,
    Payment,
    PaymentStatus,
    ProductStatus,
    Purchase,
    PurchaseStatus,
    Question,
    Return,
    Role,
    StockMovement,
    Supplier,
    Variant,
    Verification,
    now,
)
from storefront.limits import digest
from storefront.staff.today.queries import to_do
from tests.browser import visit
from tests.factories import make_paid_order, make_product, make_variant
from tests.staff import counted_statements, rows, sign_in


def tiles(page):
    """Return what each tile says, and where it leads."""
    found = page.main.find_all("li", class_="staff-tile")
    return [(" ".join(it.get_text(" ").split()), it.find("a")["href"]) for it in found]


def dispute(session, order, **over):
    payment = session.query(Payment).filter_by(order_id=order.id).one()
    row = Dispute(
        dispute_id=f"dp_{order.number}",
        payment_id=payment.id,
        status="needs_response",
        amount=payment.amount,
        reason="fraudulent",
        **over,
    )
    session.add(row)
    session.commit()
    return row


def differ(session, reference="cs_1", order=None, **over):
    row = Discrepancy(
        kind=DiscrepancyKind.MONEY_WITHOUT_ORDER,
        reference=reference,
        order_id=order.id if order else None,
        amount_minor=8900,
        currency="USD",
        note="Stripe was paid 89.00 USD for QL-1; no order has it.",
        **over,
    )
    session.add(row)
    session.commit()
    return row


def fill_limit(app, session, scope, count, subject="everybody"):
    """Count attempts as the checkout does, in the window that is open now."""
    settings = app.config["SETTINGS"]
    window_s = settings.checkout_limits[scope][1]
    start = datetime.fromtimestamp(now().timestamp() // window_s * window_s, UTC)
    subject = digest(subject, settings.secret_key)
    row = AttemptCount(scope=scope, subject=subject, window_start=start, count=count)
    session.add(row)
    session.commit()
    return row


def verified(session, problems=(), **over):
    session.add(Verification(problems=list(problems), **over))
    session.commit()


def test_a_new_shop_has_nothing_to_do_and_was_not_checked_yet(client, session):
    sign_in(client, session)

    page = visit(client, "/staff")

    assert page.heading == "Today"
    assert tiles(page) == [
        ("0 orders to ship", "/staff/orders?status=paid"),
        ("0 orders need attention", "/staff/orders?attention=1"),
        ("0 variants are sold out", "/staff/inventory?show=out&status=active"),
        ("0 comments wait to be read", "/staff/comments"),
        ("0 payments do not agree with their orders", "/staff/money"),
        ("0 open disputes", "/staff/money#disputes"),
        ("0 limits of the checkout are reached", "/staff/limits"),
        (
            "Not checked yet The worker checks by itself that money and stock add up.",
            "/staff/money",
        ),
    ]


def test_what_needs_doing_is_counted(app, client, session):
    variant = make_variant(session)
    orders = [make_paid_order(session, variant=variant) for _ in range(4)]
    session.execute(
        update(Order).where(Order.id == orders[0].id).values(status=OrderStatus.SHIPPED)
    )
    session.execute(update(Order).where(Order.id == orders[1].id).values(attention="Look."))
    dispute(session, orders[0], due_at=datetime(2030, 5, 2, 12, tzinfo=UTC))
    dispute(session, orders[1], due_at=datetime(2030, 5, 1, 12, tzinfo=UTC))
    dispute(session, orders[2], due_at=datetime(2029, 1, 1, tzinfo=UTC), closed_at=now())
    differ(session, "cs_1")
    differ(session, "cs_2", resolved_at=now())
    fill_limit(app, session, "overall", 3000)
    fill_limit(app, session, "address", 119)
    sign_in(client, session)

    assert [text for text, _ in tiles(visit(client, "/staff"))][:7] == [
        "2 orders to ship",
        "1 order needs attention",
        "0 variants are sold out",
        "0 comments wait to be read",
        "1 payment does not agree with its order",
        "2 open disputes To be answered by May 1, 2030.",
        "1 limit of the checkout is reached",
    ]


def test_the_newest_check_says_that_everything_adds_up(client, session):
    moment = datetime(2026, 11, 26, 18, 5, tzinfo=UTC)
    verified(session, ["An old problem"], created_at=moment - timedelta(hours=1))
    verified(session, asked_stripe=True, created_at=moment)
    sign_in(client, session)

    assert tiles(visit(client, "/staff"))[-1] == (
        "Everything adds up Checked Nov 26, 2026, 6:05 PM, with Stripe.",
        "/staff/money",
    )


def test_what_does_not_add_up_leads_to_the_list_of_it(client, session):
    moment = datetime(2026, 11, 26, 18, 5, tzinfo=UTC)
    verified(session, ["TOOL: 3 on hand, 4 in the ledger", "<b>QL-1</b>"], created_at=moment)
    sign_in(client, session)

    tile = tiles(visit(client, "/staff"))[-1]
    page = visit(client, "/staff/money")

    assert tile == (
        "2 things do not add up Checked Nov 26, 2026, 6:05 PM. Stripe was not asked.",
        "/staff/money#verification",
    )
    found = page.main.find(id="verification").find_parent("section")
    problems = [it.get_text() for it in found.find_all("li")]
    assert problems == ["TOOL: 3 on hand, 4 in the ledger", "<b>QL-1</b>"]


def test_the_page_costs_the_same_however_much_there_is_to_do(app, client, session):
    sign_in(client, session)
    visit(client, "/staff")
    with counted_statements(app) as with_nothing:
        visit(client, "/staff")
    variant = make_variant(session)
    for place in range(5):
        order = make_paid_order(session, variant=variant)
        dispute(session, order, due_at=now())
        differ(session, f"cs_{place}", order)
        fill_limit(app, session, "cart", 30, f"cart {place}")
    verified(session, ["Something"] * 3)

    with counted_statements(app) as with_much:
        visit(client, "/staff")

    assert len(with_much) == len(with_nothing)
    assert len(with_nothing) <= 12, with_nothing


@pytest.mark.parametrize("role", [Role.OWNER, Role.FULFILMENT, Role.SUPPORT])
def test_who_ships_or_answers_sees_it_and_the_header_says_where_one_is(client, session, role):
    sign_in(client, session, role)

    page = visit(client, "/staff")
    orders = visit(client, "/staff/orders")

    for shown, name in ((page, "Today"), (orders, "Orders")):
        current = shown.html.header.find_all(attrs={"aria-current": True})
        assert [it.get_text() for it in current] == [name]


def test_money_of_another_currency_is_shown_as_such(client, session):
    sign_in(client, session)
    order = make_paid_order(session, variant=make_variant(session, currency="JPY"))
    differ(session, order=order)
    dispute(session, order, due_at=None)

    page = visit(client, "/staff/money")

    assert "Money without order: $89.00" in page.text
    assert "¥8,900" in page.text
    assert "No answer needed" in page.text
    assert Money(8900, "JPY") == order.total


def test_what_is_late_runs_out_or_went_wrong_is_told(client, session):
    blue = make_variant(session, sku="BLUE", on_hand=30)
    make_variant(session, sku="GONE", on_hand=0)
    make_variant(session, sku="NEVER-LOW", on_hand=1)
    hidden = make_product(session, status=ProductStatus.DRAFT)
    make_variant(session, product=hidden, sku="HIDDEN", on_hand=0)
    session.execute(update(Variant).where(Variant.sku == "BLUE").values(low_at=2))
    orders = [make_paid_order(session, variant=blue, quantity=14) for _ in range(2)]
    session.execute(
        update(Order)
        .where(Order.id == orders[0].id)
        .values(paid_at=now() - timedelta(days=2, minutes=1))
    )
    session.execute(
        update(StockMovement)
        .where(StockMovement.order_id == orders[1].id)
        .values(created_at=now() - timedelta(days=29))
    )
    session.add(Return(order_id=orders[0].id, actor="x"))
    session.add(Question(product_id=blue.product_id, question="How long is it?"))
    failed = {"key": "a", "status": PaymentStatus.FAILED, "attempt": 2, "expires_at": now()}
    session.add(Payment(order_id=orders[0].id, amount=orders[0].total, **failed))
    session.commit()
    sign_in(client, session)

    page = visit(client, "/staff")

    found = dict(tiles(page))
    assert found["2 orders to ship 1 paid more than 2 days ago."] == "/staff/orders?status=paid"
    assert found["1 variant is sold out"] == "/staff/inventory?show=out&status=active"
    assert found["1 variant runs low"] == "/staff/inventory?show=low&status=active"
    assert found["1 question without an answer"] == "/staff/questions"
    assert found["1 payment failed In the last 7 days."] == "/staff/orders?failed=1"
    assert rows(page) == [
        ["BLUE", "Test tool, Red", "2", "14", "4 days"],
        ["GONE", "Test tool, Red", "0", "0", "No sale"],
    ]


def test_what_buyers_asked_and_answered_is_told_to_who_may_answer(client, session):
    order, variant = make_paid_order(session), make_variant(session)
    asked = Question(product_id=variant.product_id, question="How long?", answer="A foot.")
    session.add_all([asked, OrderQuestion(order_id=order.id, text="When?", key="when")])
    session.flush()
    session.add(Answer(question_id=asked.id, order_id=order.id, name="Ada", text="A foot."))
    session.commit()
    sign_in(client, session)

    found = dict(tiles(visit(client, "/staff")))
    assert found["1 answer waits to be read"] == "/staff/messages?kind=answer"
    assert found["1 question on an order"] == "/staff/messages?kind=order"

    client.delete_cookie("staff", path="/staff")
    sign_in(client, session, Role.FULFILMENT)
    told = " ".join(dict(tiles(visit(client, "/staff"))))
    assert "answer waits" not in told
    assert "question on" not in told


def test_a_purchase_that_is_late_is_told(session):
    place = Location(title="Shed")
    supplier = Supplier(name="Maker", currency="USD")
    session.add_all([place, supplier])
    session.flush()
    for number, (status, days) in enumerate(
        [
            (PurchaseStatus.ORDERED, -1),
            (PurchaseStatus.PARTLY_RECEIVED, -9),
            (PurchaseStatus.ORDERED, 2),
            (PurchaseStatus.RECEIVED, -9),
        ]
    ):
        session.add(
            Purchase(
                number=f"PO-{number}",
                supplier_id=supplier.id,
                location_id=place.id,
                status=status,
                currency="USD",
                actor="x",
                expected_on=now().date() + timedelta(days=days),
            )
        )
    session.commit()

    todo = to_do(session, {}, now().date())

    assert todo.purchases == 2


@pytest.mark.parametrize(
    ("role", "first", "sees_sales"),
    [
        (Role.FULFILMENT, "0 orders to ship", False),
        (Role.EDITOR, "0 comments wait to be read", False),
        (Role.MANAGER, "0 orders to ship", True),
    ],
)
def test_each_sees_only_what_her_role_opens(client, session, role, first, sees_sales):
    sign_in(client, session, role)

    page = visit(client, "/staff")

    assert tiles(page)[0][0] == first
    assert (page.main.find(id="sales-title") is not None) == sees_sales
    for _, address in tiles(page):
        assert client.get(address).status_code == 200, address
