"""Limits of the checkout: reached by a flood, told once, seen by staff, and lifted."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import func, select

from models import AttemptCount, Mail, Order, OrderStatus, Role
from storefront.payments.attempts import Guard
from tests.browser import visit
from tests.factories import make_product, make_staff, make_variant
from tests.features.test_checkout import check_out, come_back, fill_cart, stock_of
from tests.features.test_staff_today import fill_limit
from tests.staff import rows, sign_in
from tests.stripe import pay

WINDOW_S = 86_400  # a day, so that no test runs over the end of its window


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=50)


@pytest.fixture
def limits(app, monkeypatch):
    """Let checkouts be few."""

    def few(**limits):
        found = {name.replace("_", "-"): (most, WINDOW_S) for name, most in limits.items()}
        chosen = replace(app.config["SETTINGS"], checkout_limits=found)
        monkeypatch.setitem(app.config, "SETTINGS", chosen)
        monkeypatch.setitem(app.extensions, "guard", Guard(found, chosen.secret_key))

    return few


def try_to_pay(app):
    """Somebody with an empty cart fills it and checks out; returns the answer."""
    visitor = app.test_client()
    fill_cart(visitor)
    return visitor, visit(visitor, "/cart").submit("Check out", follow=False)


def test_a_flood_is_refused_seen_and_lifted_and_the_honest_customer_pays(
    app, client, session, variant, limits
):
    limits(overall=3)
    owner = make_staff(session)
    answers = [try_to_pay(app)[1] for _ in range(3)]
    assert [answer.status for answer in answers] == [303, 303, 303]

    honest, refused = try_to_pay(app)
    _, also_refused = try_to_pay(app)

    assert (refused.status, also_refused.status) == (429, 429)
    assert refused.heading == "Wait a moment"
    assert "Nothing was charged, and your cart is as it was." in refused.text
    assert 0 < int(refused.response.headers["Retry-After"]) <= WINDOW_S
    assert stock_of(session, variant) == (50, 3)
    mails = session.scalars(select(Mail).where(Mail.key.startswith("limit:"))).all()
    assert [it.recipient for it in mails] == [owner.email]
    assert "/staff/limits" in mails[0].text

    sign_in(client, session)
    page = visit(client, "/staff/limits")
    (line,) = rows(page)
    assert line[:2] == ["Steps to payment, all together Everybody", "3 of 3 Reached"]
    lifted = page.submit("Lift")

    assert "Lifted: Steps to payment, all together. The checkout works again." in lifted.text
    assert "No limit is half full. Everybody can check out." in lifted.text
    order = come_back(honest, pay(check_out(honest)))
    assert order.heading.startswith("Order QL-")
    assert "Your payment has arrived" in order.text
    assert stock_of(session, variant) == (49, 3)


def test_each_owner_gets_one_mail_for_each_limit_and_window(app, client, session, variant, limits):
    limits(overall=1, address=1)
    owners = [make_staff(session), make_staff(session)]
    make_staff(session, role=Role.MANAGER)
    try_to_pay(app)

    for _ in range(4):
        assert try_to_pay(app)[1].status == 429

    ends = int((datetime.now(UTC).timestamp() // WINDOW_S + 1) * WINDOW_S)
    keys = session.scalars(select(Mail.key).order_by(Mail.id)).all()
    assert keys == [f"limit:address:{ends}:{owner.email}" for owner in owners]


def test_one_address_is_lifted_and_another_stays_refused(app, client, session, limits):
    limits(address=2)
    first = fill_limit(app, session, "address", 2, "10.0.0.1")
    second = fill_limit(app, session, "address", 2, "10.0.0.2")
    sign_in(client, session, Role.MANAGER)

    page = visit(client, "/staff/limits")
    page.submit("Lift", subject=first.subject)

    assert {line[0] for line in rows(page)} == {
        f"Steps to payment, one address {it.subject[:8]}" for it in (first, second)
    }
    assert "10.0.0" not in page.text
    assert session.scalars(select(AttemptCount.subject).where(AttemptCount.count == 2)).all() == [
        second.subject
    ]


def test_only_what_is_half_full_is_listed_the_fullest_first(app, client, session, limits):
    limits(cart=10, failed_cart=4, overall=100)
    half = fill_limit(app, session, "cart", 5, "half")
    fill_limit(app, session, "cart", 4, "less")
    full = fill_limit(app, session, "failed-cart", 4, "all")
    fill_limit(app, session, "overall", 49)
    sign_in(client, session)

    found = [line[:2] for line in rows(visit(client, "/staff/limits"))]

    assert found == [
        [f"Declined cards, one cart {full.subject[:8]}", "4 of 4 Reached"],
        [f"Steps to payment, one cart {half.subject[:8]}", "5 of 10 Filling up"],
    ]


def test_what_has_ended_by_itself_is_not_listed_and_cannot_be_lifted(app, client, session, limits):
    limits(overall=3)
    row = fill_limit(app, session, "overall", 3)
    sign_in(client, session)
    page = visit(client, "/staff/limits")
    session.delete(row)
    session.commit()

    late = page.submit("Lift")

    assert late.status == 409
    assert "This limit has ended by itself, or somebody lifted it." in late.text


@pytest.mark.parametrize(
    "typed", [{"scope": "staff"}, {"subject": "everybody"}, {"subject": "F" * 64}, {"scope": ""}]
)
def test_what_is_no_limit_of_the_checkout_is_not_lifted(app, client, session, limits, typed):
    limits(overall=3)
    fill_limit(app, session, "overall", 3)
    sign_in(client, session)
    before = session.scalar(select(func.count()).select_from(AttemptCount))

    page = visit(client, "/staff/limits").submit("Lift", **typed)

    assert page.status == 422
    assert session.scalar(select(func.count()).select_from(AttemptCount)) == before


def test_a_shop_without_limits_says_so(client, session, limits):
    limits()
    sign_in(client, session)

    assert "There are no limits" in visit(client, "/staff/limits").text


def test_an_order_that_is_open_is_still_paid_while_others_are_refused(
    app, client, session, variant, limits
):
    limits(overall=1)
    fill_cart(client)
    url = check_out(client)
    assert try_to_pay(app)[1].status == 429

    page = come_back(client, pay(url))

    assert "Your payment has arrived" in page.text
    statuses = session.scalars(select(Order.status).order_by(Order.id)).all()
    assert statuses == [OrderStatus.PAID]
