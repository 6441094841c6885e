"""Email me when it is back: asked for, confirmed, called by the ledger itself, stopped."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import (
    Job,
    Mail,
    MailStop,
    Reservation,
    Stock,
    StockAlert,
    StockMovement,
    Supplier,
    SupplierItem,
    now,
)
from models.inventory import MovementKind, adjust, adjust_all, default_location
from models.reservation import release, reserve
from storefront.alerts import stock as service
from storefront.jobs import queue
from storefront.staff.customers.service import forget
from storefront.staff.customers.takeout import everything
from storefront.staff.purchases.suggestion import suggestions
from tests.browser import visit
from tests.factories import PASSWORD, make_bundle, make_customer, make_paid_order, make_variant
from tests.features.newsletter import fresh
from tests.payments.steps import at_once
from tests.staff import sign_in

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def waits(session, variant, email, **over):
    alert = StockAlert(variant_id=variant.id, email=email, confirmed_at=now(), **over)
    session.add(alert)
    session.flush()
    return alert


def receive(app, variant, units):
    """A delivery comes in, through the ledger."""
    with app.extensions["sessions"].write.begin() as session:
        adjust(session, variant.id, units, reason="test", actor="test")


def told(session):
    """Who got the mail, in the order in which it was written."""
    mails = [it for it in fresh(session, Mail) if it.template == "back_in_stock"]
    return [it.recipient for it in mails]


def path_in(session, template, purpose):
    mail = [it for it in fresh(session, Mail) if it.template == template][-1]
    (path,) = re.findall(rf"http://localhost(/{purpose}/\S+)", mail.text)
    return path


def ask(client, variant, email="ada@example.org"):
    page = visit(client, f"/products/{variant.product.handle}?variant={variant.id}")
    return page.follow("Email me when it is back").submit("Email me when it is back", email=email)


@pytest.fixture
def variant(session):
    found = make_variant(session, on_hand=0)
    session.refresh(found, ["product"])
    return found


def test_a_guest_asks_confirms_once_and_is_mailed_once_when_it_is_back(
    app, client, session, worker, variant
):
    page = ask(client, variant, " Ada@Example.org ")
    assert (page.status, page.heading) == (200, "Check your mail")
    assert "Set-Cookie" not in page.response.headers
    (alert,) = fresh(session, StockAlert)
    assert (alert.email, alert.confirmed_at) == ("ada@example.org", None)
    receive(app, variant, 1)
    worker.work_off()
    assert told(session) == []  # she has not confirmed
    receive(app, variant, -1)

    path = path_in(session, "stock_alert_confirm", "back-in-stock/confirm")
    button = visit(client, path)
    assert fresh(session, StockAlert)[0].confirmed_at is None
    done = button.submit("Confirm")
    assert (done.status, done.heading) == (200, "You are on the list")
    again = button.submit("Confirm")
    assert (again.status, again.heading) == (410, "This link no longer works")

    receive(app, variant, 5)
    worker.work_off()
    receive(app, variant, 5)
    worker.work_off()
    assert told(session) == ["ada@example.org"]
    (mail,) = [it for it in fresh(session, Mail) if it.template == "back_in_stock"]
    assert f"/products/{variant.product.handle}?variant={variant.id}" in mail.text
    assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert mail.sent_at is not None


def test_whoever_asked_first_is_told_first_and_no_more_people_than_units(
    app, session, worker, variant
):
    names = ["c@example.org", "a@example.org", "b@example.org", "d@example.org"]
    for name in names:
        waits(session, variant, name)
    waits(session, make_variant(session, on_hand=0), "other@example.org")

    receive(app, variant, 2)
    assert session.scalar(select(Stock.called).filter_by(variant_id=variant.id)) == 2
    worker.work_off()
    assert told(session) == names[:2]
    with app.extensions["sessions"].write.begin() as writer:  # nothing new is free
        adjust(writer, variant.id, -1, reason="test", actor="test")
        adjust(writer, variant.id, 1, reason="test", actor="test")
    worker.work_off()
    assert told(session) == names[:2]
    receive(app, variant, 1)
    worker.work_off()
    assert told(session) == names[:3]
    make_paid_order(session, variant=variant, quantity=3)
    receive(app, variant, 1)
    worker.work_off()
    assert told(session) == names


def test_a_reservation_that_ends_calls_and_a_rollback_calls_nobody(app, session, worker):
    variant = make_variant(session, on_hand=1)
    order = make_paid_order(session)
    with app.extensions["sessions"].write.begin() as writer:
        held = Reservation(order_id=order.id, variant_id=variant.id, quantity=1)
        reserve(writer, held, actor="test")
    waits(session, variant, "ada@example.org")

    with app.extensions["sessions"].write() as writer:
        release(writer, order.id, actor="test")
        writer.rollback()
    worker.work_off()
    assert told(session) == []
    assert [it for it in fresh(session, Job) if it.kind == "tell-back-in-stock"] == []
    with app.extensions["sessions"].write.begin() as writer:
        release(writer, order.id, actor="test")
    worker.work_off()
    assert told(session) == ["ada@example.org"]


def test_many_adjustments_at_once_and_the_parts_of_a_bundle_call_as_well(
    app, session, worker, variant
):
    part = make_variant(session, on_hand=0)
    bundle = make_bundle(session, {variant: 2, part: 1})
    for email in ("a@example.org", "b@example.org"):
        waits(session, bundle, email)

    with app.extensions["sessions"].write.begin() as writer:
        at = default_location(writer)
        adjust_all(writer, [movement(variant, at, 3), movement(part, at, 2)])
    worker.work_off()
    assert told(session) == ["a@example.org"]
    receive(app, variant, 1)
    worker.work_off()
    assert told(session) == ["a@example.org", "b@example.org"]


def movement(variant, at, units):
    return StockMovement(
        variant_id=variant.id,
        location_id=at,
        kind=MovementKind.ADJUSTED,
        on_hand=units,
        reason="test",
        actor="test",
    )


def test_who_was_called_for_what_is_gone_again_waits_on(app, session, worker, variant):
    waits(session, variant, "ada@example.org")
    receive(app, variant, 1)
    receive(app, variant, -1)
    worker.work_off()
    assert told(session) == []
    receive(app, variant, 1)
    worker.work_off()
    assert told(session) == ["ada@example.org"]


def test_a_customer_waits_at_once_and_one_click_stops_it(app, client, session, worker, variant):
    customer = make_customer(session)
    visit(client, "/account/login").submit("Sign in", email=customer.email, password=PASSWORD)
    page = visit(client, f"/back-in-stock/{variant.id}").submit("Email me when it is back")
    assert (page.status, page.heading) == (200, "You are on the list")
    assert (
        visit(client, f"/back-in-stock/{variant.id}").submit("Email me when it is back").status
        == 200
    )
    (alert,) = fresh(session, StockAlert)
    assert (alert.email, alert.confirmed_at is None) == (customer.email, False)
    receive(app, variant, 1)
    worker.work_off()
    path = path_in(session, "back_in_stock", "back-in-stock/stop")
    assert visit(client, path).heading == "Stop this mail"
    assert len(fresh(session, StockAlert)) == 1
    for _ in range(2):
        assert app.test_client().post(path, data=ONE_CLICK).status_code == 200
    assert fresh(session, StockAlert) == []


def test_the_answer_does_not_tell_who_waits(client, session, variant):
    waits(session, variant, "ada@example.org")
    known, new = ask(client, variant), ask(client, variant, "new@example.org")
    assert (known.status, known.text) == (new.status, new.text)
    assert len([it for it in fresh(session, Mail) if it.template == "stock_alert_confirm"]) == 2


@pytest.mark.parametrize(
    "typed", ["", "no address", "a@" + "x" * 100_000, "ada@example.org\x00", "=cmd()"]
)
def test_what_is_no_address_is_refused_at_its_field(client, session, variant, typed):
    page = visit(client, f"/back-in-stock/{variant.id}").submit(
        "Email me when it is back", email=typed
    )
    assert page.status == 422
    assert len(page.errors()) == 1
    assert fresh(session, StockAlert) == fresh(session, Mail) == []


def test_links_that_are_altered_of_another_purpose_or_late_do_nothing(
    app, client, session, variant
):
    ask(client, variant)
    path = path_in(session, "stock_alert_confirm", "back-in-stock/confirm")
    # The last sign of a signature has bits that stand for nothing.
    altered = path[:-4] + ("x" if path[-4] != "x" else "y") + path[-3:]
    for wrong in (altered, path.replace("confirm/", "stop/"), "/back-in-stock/confirm/x"):
        assert client.post(wrong, headers={"Origin": "http://localhost"}).status_code == 404
    assert fresh(session, StockAlert)[0].confirmed_at is None
    ask(client, variant)  # an older link is void
    assert client.post(path, headers={"Origin": "http://localhost"}).status_code == 410
    assert fresh(session, StockAlert)[0].confirmed_at is None


def test_what_can_be_had_is_not_waited_for_and_too_many_askings_wait(client, session, variant):
    here = make_variant(session)
    page = visit(client, f"/back-in-stock/{here.id}")
    assert "It can be had now" in page.text
    post = client.post(f"/back-in-stock/{here.id}", data={"email": "ada@example.org"})
    assert post.status_code == 409
    assert visit(client, "/back-in-stock/999999").status == 404
    statuses = [ask(client, variant).status for _ in range(6)]
    assert statuses == [200, 200, 200, 200, 429, 429]
    assert len(fresh(session, StockAlert)) == 1


def test_staff_see_how_many_wait_on_the_stock_page_and_when_they_buy(client, session, variant):
    supplier = Supplier(name="Maker", email="maker@example.org", currency="USD")
    session.add(supplier)
    session.flush()
    item = SupplierItem(supplier_id=supplier.id, variant_id=variant.id, cost_minor=100)
    session.add(item)
    for email in ("a@example.org", "b@example.org"):
        waits(session, variant, email)
    session.add(StockAlert(variant_id=variant.id, email="unconfirmed@example.org"))
    session.flush()
    sign_in(client, session)

    page = visit(client, f"/staff/inventory/{variant.sku}")
    assert "2 people wait for a mail that says it is back." in page.text
    (found,) = suggestions(session, supplier, 30)
    assert found.words == "2 wait for a mail. Sold 0 in 28 days, 0 in 90: nothing sells."


def test_what_a_person_waits_for_leaves_with_her(app, session, variant):
    waits(session, variant, "ada@example.org")
    session.add(MailStop(email="ada@example.org", kind="cart reminder"))
    session.flush()
    told_of = everything(session, "ada@example.org")
    assert [it["variant_id"] for it in told_of["waits for"]] == [variant.id]
    assert "key" not in told_of["waits for"][0]
    assert len(told_of["mails stopped"]) == 1
    with app.extensions["sessions"].write.begin() as writer:
        forgotten = forget(writer, "ada@example.org", "staff")
    assert (forgotten.erased["things waited for"], forgotten.erased["mails stopped"]) == (1, 1)
    assert fresh(session, StockAlert) == []


def test_who_never_confirmed_or_was_told_long_ago_is_forgotten(app, session, worker, variant):
    old, lately = now() - timedelta(days=100), now() - timedelta(days=20)
    for email, moments in {
        "never@example.org": {"asked_at": old},
        "told@example.org": {"asked_at": old, "confirmed_at": old, "told_at": old},
        "waits@example.org": {"asked_at": old, "confirmed_at": old},
        "new@example.org": {"asked_at": lately},
        "told lately@example.org": {"asked_at": old, "confirmed_at": old, "told_at": lately},
    }.items():
        session.add(StockAlert(variant_id=variant.id, email=email, **moments))
    session.flush()
    with app.extensions["sessions"].write.begin() as writer:
        queue.enqueue(writer, "forget-alerts", "forget-alerts:test", {})
    worker.work_off()

    left = [it.email.partition("@")[0] for it in fresh(session, StockAlert)]
    assert left == ["waits", "new", "told lately"]


def test_deliveries_confirmations_and_stops_at_once_lose_nobody_and_mail_no_more_than_units(
    app, session, worker, variant
):
    names = [f"{n}@example.org" for n in range(12)]
    for name in names:
        session.add(StockAlert(variant_id=variant.id, email=name, asked_key=f"key of {name}"))
    session.flush()
    keys = [it.asked_key for it in fresh(session, StockAlert)]

    def confirmed(key):
        with app.extensions["sessions"].write.begin() as writer:
            return service.confirm(writer, key) is not None

    acts = [lambda key=key: confirmed(key) for key in keys]
    acts += [lambda: receive(app, variant, 2) for _ in range(4)]
    at_once(*acts)
    worker.work_off()

    assert session.scalar(select(Stock.on_hand).filter_by(variant_id=variant.id)) == 8
    assert len(told(session)) == len(set(told(session))) == 8
    assert session.scalar(select(Stock.called).filter_by(variant_id=variant.id)) == 8
