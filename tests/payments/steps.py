"""What buyer, shop and Stripe do in these tests, and what must be true in the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import requests
import stripe
from sqlalchemy import func, select, update

from models import (
    Job,
    Mail,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    RefundStatus,
    Reservation,
    ReservationState,
    Stock,
    StockMovement,
    now,
)
from models.refund import COUNTED
from storefront.jobs import queue
from tests.features.test_checkout import check_out, fill_cart, the_order
from tests.stripe import PAYS, deliver, pay, session_id_of


def api(stand_in):
    """Stripe's own client, as somebody at Stripe's dashboard."""
    return stripe.StripeClient("sk_test_shop", base_addresses={"api": stand_in.base})


def order(client, quantity=1, **typed):
    """Fill the cart and check out; returns the address of the payment page."""
    fill_cart(client, quantity)
    return check_out(client, **typed)


def buy(client, card=PAYS, quantity=1):
    """Pay, and close the tab; returns the payment page's address."""
    url = order(client, quantity)
    pay(url, card)
    return url


def sold(client, stand_in, card=PAYS, quantity=1):
    """Pay, and let the webhook tell the shop; returns the payment page's address."""
    url = buy(client, card, quantity)
    assert told(client, stand_in, url, "checkout.session.completed") == [200]
    return url


def return_to(client, url):
    """Open the address that Stripe sends the buyer back to."""
    return client.get("/checkout/return", query_string={"session_id": session_id_of(url)})


def intent_of(stand_in, url):
    """The id of the payment made on a payment page."""
    found = api(stand_in).v1.checkout.sessions.retrieve(session_id_of(url))
    return found.payment_intent


def refund_at_stripe(stand_in, url, amount=None):
    """Give money back in Stripe's dashboard."""
    params = {"payment_intent": intent_of(stand_in, url)}
    return api(stand_in).v1.refunds.create(params | ({"amount": amount} if amount else {}))


def dispute_of(stand_in, url):
    """The dispute of a payment, as Stripe lists it."""
    params = {"payment_intent": intent_of(stand_in, url)}
    return api(stand_in).v1.disputes.list(params).data[0]


def events_about(stand_in, url, *types):
    """What Stripe has to tell of a payment page and its payment, the oldest first."""
    about = {session_id_of(url), intent_of(stand_in, url)} - {None}
    found = []
    for kind in types:
        for event in api(stand_in).v1.events.list({"type": kind, "limit": 100}).data:
            thing = event.data.object.to_dict()
            if thing["id"] in about or thing.get("payment_intent") in about:
                found.append(event.to_dict())
    return sorted(found, key=lambda event: types.index(event["type"]))


def told(client, stand_in, url, *types):
    """Deliver all events of these types about a payment; returns the statuses of the answers."""
    events = events_about(stand_in, url, *types)
    assert events, f"Stripe has nothing of {types} to tell"
    return [deliver(client, event).status_code for event in events]


def at_once(*acts):
    """Do several things at the same moment, each in a thread; returns what each returned."""
    start = Barrier(len(acts))

    def act_on_it(act):
        start.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return [each.result() for each in [pool.submit(act_on_it, act) for act in acts]]


def hurry(session, kind):
    """Let the jobs of a kind be due."""
    session.execute(update(Job).where(Job.kind == kind).values(run_at=now() - timedelta(seconds=1)))


def reconcile(app, session, worker):
    """One round in which the worker asks Stripe for what is waited for; returns its job."""
    earlier = now() - timedelta(minutes=3)
    session.execute(update(Payment).where(Payment.created_at > earlier).values(created_at=earlier))
    session.execute(update(Refund).values(created_at=earlier))
    with app.extensions["sessions"].write.begin() as writer:
        key = f"reconcile:{writer.scalar(select(func.count(Job.id)))}"
        queue.enqueue(writer, "reconcile", key, {})
    worker.work_off()
    return session.scalars(
        select(Job).where(Job.key == key).execution_options(populate_existing=True)
    ).one()


def mails(session):
    """What was mailed about orders: the template of each mail, in order."""
    keys = session.scalars(select(Mail.key).where(Mail.order_id.is_not(None)).order_by(Mail.id))
    return [key.split(":")[0] for key in keys]


def refunds(session):
    """Amount and status of each refund, in order."""
    found = select(Refund).order_by(Refund.id).execution_options(populate_existing=True)
    return [(it.amount.minor, it.status.value) for it in session.scalars(found)]


def payment(session):
    return session.scalars(select(Payment).execution_options(populate_existing=True)).one()


def movements(session, kind):
    """How many lines of this kind the ledger has."""
    return session.scalar(select(func.count(StockMovement.id)).where(StockMovement.kind == kind))


def order_page(client, session):
    found = the_order(session)
    return client.get(f"/orders/{found.number}?token={found.token}").text


def can_be_paid(url):
    """Whether a payment page still takes a card."""
    return "Card number" in requests.get(url, timeout=10).text


def adds_up(session, stand_in):
    """Hold stock, orders and refunds of a test against each other and against Stripe."""
    held = select(func.coalesce(func.sum(Reservation.quantity), 0)).where(
        Reservation.state == ReservationState.HELD
    )
    assert session.scalar(select(func.sum(Stock.reserved))) == session.scalar(held)
    ended = {OrderStatus.CANCELLED, OrderStatus.PAID, OrderStatus.SHIPPED}
    orders = select(Order).join(Reservation).where(Reservation.state == ReservationState.HELD)
    assert not [it for it in session.scalars(orders) if it.status in ended]
    for each in session.scalars(select(Payment).execution_options(populate_existing=True)):
        _agrees(session, stand_in, each)


def _agrees(session, stand_in, each):
    ours = session.scalars(
        select(Refund).where(Refund.payment_id == each.id).execution_options(populate_existing=True)
    ).all()
    assert each.refunded_minor == sum(it.amount.minor for it in ours if it.status in COUNTED)
    assert not [it for it in ours if it.status is RefundStatus.REQUESTED]
    if each.payment_intent_id and each.status in {PaymentStatus.PAID, PaymentStatus.HELD}:
        charge = api(stand_in).v1.charges.list({"payment_intent": each.payment_intent_id}).data[0]
        assert (charge.amount, charge.amount_refunded) == (each.captured_minor, each.refunded_minor)
