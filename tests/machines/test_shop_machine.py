"""Buyers, staff, Stripe and the worker in any order: after each step everything adds up.

HYPOTHESIS_PROFILE=long looks much longer, and elsewhere each time.
"""

import itertools
import os
from collections import Counter
from contextlib import ExitStack
from dataclasses import replace
from typing import ClassVar

import pytest
import stripe
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app import create_app
from models import (
    Fulfilment,
    Money,
    MovementKind,
    Order,
    OrderStatus,
    Payment,
    RefundLine,
    StockMovement,
)
from models.inventory import OutOfStockError, set_on_hand
from models.order import IllegalTransitionError
from storefront.database import Sessions, make_engine
from storefront.payments.outcome import cancel
from storefront.payments.refunded_units import UnitsError, WantedRefund
from storefront.payments.refunds import TooMuchError, request
from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer
from storefront.staff.orders.parcels import (
    OnHoldError,
    ParcelStaysError,
    UnitsGoneError,
    ship,
    take_back,
)
from tests.conftest import WEBHOOK_SECRET
from tests.machines.world import BUYERS, World
from tests.stripe import DECLINES, PAYS
from tests.walks.conftest import free_port

DISPUTED = "4000000000000259"
IS_LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
HOW_LONG = hypothesis_settings(
    max_examples=200 if IS_LONG else 8,
    stateful_step_count=60 if IS_LONG else 24,
    derandomize=not IS_LONG,
    # A failure is found again at once: shrinking it, which takes minutes, is for who looks longer.
    phases=list(Phase) if IS_LONG else [Phase.generate],
    report_multiple_bugs=False,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
buyers = st.integers(0, BUYERS - 1)
places = st.none() | st.integers(0, 1)  # one of the two locations, or where the shop finds them
picks = st.integers(0, 9)  # which of those that there are, counted round


class ShopMachine(RuleBasedStateMachine):
    """Every step is one that somebody could take; what is refused must have changed nothing."""

    begin: ClassVar  # opens a World of its own in an ExitStack

    def __init__(self) -> None:
        super().__init__()
        self.ending = ExitStack()
        self.world: World = type(self).begin(self.ending)

    def teardown(self) -> None:
        with self.ending:
            self.world.check_at_the_end()

    @invariant()
    def everything_adds_up(self) -> None:
        self.world.check()

    # What buyers do

    @initialize(first=picks, quantity=st.integers(1, 3))
    def each_has_a_page_to_pay(self, first: int, quantity: int) -> None:
        for buyer in range(BUYERS):
            self.buy(buyer, first + buyer, quantity)
        self.pay(0, PAYS)
        self.pay(1, PAYS)
        self.come_back(1, 1)

    @rule(buyer=buyers, which=picks, quantity=st.integers(1, 3))
    def buy(self, buyer: int, which: int, quantity: int) -> None:
        self.add(buyer, which, quantity)
        self.check_out(buyer, other=False)

    @rule(buyer=buyers, which=picks, quantity=st.integers(1, 4))
    def add(self, buyer: int, which: int, quantity: int) -> None:
        data = {"id": self.pick(self.world.for_sale, which), "quantity": quantity}
        assert self.post(buyer, "/cart/add", data).status_code in {303, 409}

    @rule(buyer=buyers, which=picks, quantity=st.integers(0, 5))
    def change(self, buyer: int, which: int, quantity: int) -> None:
        data = {"id": self.pick(self.world.for_sale, which), "quantity": quantity}
        assert self.post(buyer, "/cart/change", data).status_code in {303, 404, 409}

    @rule(buyer=buyers)
    def use_a_code(self, buyer: int) -> None:
        assert self.post(buyer, "/cart/discount", {"code": "TEN"}).status_code in {303, 422}

    @rule(buyer=buyers, other=st.booleans())
    def check_out(self, buyer: int, other: bool) -> None:
        email = f"buyer-{buyer}-{other}@example.com"
        answer = self.post(buyer, "/checkout", {"email": email})
        assert answer.status_code in {303, 409, 422}
        if answer.status_code == 303:
            self.world.open_page(answer.headers["Location"])

    @precondition(lambda self: self.world.pages)
    @rule(page=picks, card=st.sampled_from([PAYS, PAYS, PAYS, DECLINES, DISPUTED]))
    def pay(self, page: int, card: str) -> None:
        self.world.pay(self.page(page), card)

    @precondition(lambda self: self.world.pages)
    @rule(page=picks, outcome=st.sampled_from(["succeeds", "fails"]))
    def pay_by_bank(self, page: int, outcome: str) -> None:
        self.world.pay(self.page(page), PAYS, method="bank", bank_outcome=outcome)

    @precondition(lambda self: self.world.pages)
    @rule(buyer=buyers, page=picks)
    def come_back(self, buyer: int, page: int) -> None:
        self.world.come_back(buyer, self.page(page))

    # What Stripe and the worker do

    @precondition(lambda self: self.world.pages)
    @rule(which=st.integers(0, 40), times=st.integers(1, 2))
    def tell(self, which: int, times: int) -> None:
        """Deliver any event of all that ever were: late, twice, in any order, or never."""
        if events := self.world.events():
            for _ in range(times):
                self.world.deliver(self.pick(events, which))

    @rule()
    def let_debits_settle(self) -> None:
        self.world.stand_in.advance(11)

    @rule()
    def reconcile(self) -> None:
        self.world.reconcile()

    @rule()
    def work(self) -> None:
        self.world.worker.work_off()

    @rule(which=picks)
    def expire(self, which: int) -> None:
        if found := self.world.orders(OrderStatus.PENDING):
            self.world.run_job("expire-order", {"order_id": self.pick(found, which).id})

    # What staff do

    @rule(which=picks)
    def cancel_unpaid(self, which: int) -> None:
        if found := self.world.orders(OrderStatus.PENDING, OrderStatus.PROCESSING):
            with self.world.sessions.write.begin() as session:
                order = session.get_one(Order, self.pick(found, which).id)
                cancel(session, order, actor="staff", note="Asked for.")

    @rule(which=picks, part=st.integers(1, 4), units=st.booleans(), how=st.integers(0, 2))
    def refund(self, which: int, part: int, units: bool, how: int) -> None:
        """Give a part of a payment back: with units or without, restocked or not; or cancel."""
        if not (found := self.world.orders(OrderStatus.PAID, OrderStatus.SHIPPED)):
            return
        order = self.pick(found, which)
        try:
            with self.world.sessions.write.begin() as session:
                restocked = self._refund(session, order.id, part, units, how)
        except (TooMuchError, UnitsError, IllegalTransitionError):
            return
        self.world.came_back.update(restocked)

    def _refund(self, session, order_id: int, part: int, units: bool, how: int):
        order = session.get_one(Order, order_id, options=[selectinload(Order.lines)])
        payment = session.scalars(
            select(Payment).where(Payment.order_id == order_id).order_by(Payment.id).limit(1)
        ).one()
        lines = {line.id: 1 for line in order.lines} if units else {}
        restock, ends = how > 0, how > 1
        amount = Money(payment.captured_minor * part // 4, payment.captured_currency or "USD")
        waiting = self.world.delivered(session)
        refund = request(
            session,
            order,
            WantedRefund(
                payment.id,
                payment.refundable if ends else amount,
                self.world.key(),
                actor="staff",
                lines=lines,
                restock=restock,
                cancel=ends,
            ),
        )
        back = Counter()
        variants = {line.id: line.variant_id for line in order.lines}
        for it in session.scalars(select(RefundLine).filter_by(refund_id=refund.id)):
            for stocked, of_one in self.world.parts[variants[it.order_line_id]].items():
                units = it.quantity - (it.cancelled if (order_id, stocked) in waiting else 0)
                back[stocked] += of_one * units if restock else 0
        return back

    @rule(which=picks, part=st.integers(1, 4))
    def refund_in_the_dashboard(self, which: int, part: int) -> None:
        found = self.world.orders(*OrderStatus)
        with self.world.sessions.read() as session:
            ids = [order.id for order in found]
            paid = select(Payment).where(Payment.order_id.in_(ids), Payment.captured_minor > 0)
            payments = session.scalars(paid.order_by(Payment.id)).all()
        if payments:
            payment = self.pick(payments, which)
            amount = payment.captured_minor * part // 4
            wanted = {"payment_intent": payment.payment_intent_id, "amount": amount}
            try:
                self.world.stripe.v1.refunds.create(wanted)
            except stripe.InvalidRequestError:  # more than is left, or disputed
                return

    @rule(which=picks, most=st.integers(1, 4))
    def ship(self, which: int, most: int) -> None:
        """Ship all that is left of an order, or of each line a unit, or two, or three."""
        if not (found := self.world.orders(OrderStatus.PAID)):
            return
        loaded = [selectinload(Order.lines), selectinload(Order.discounts)]
        try:
            with self.world.sessions.write.begin() as session:
                order = session.get_one(Order, self.pick(found, which).id, options=loaded)
                units = {line.id: min(line.to_ship, most) for line in order.lines}
                chosen = units if most < 4 else None
                ship(session, order, Fulfilment(actor="staff"), self.world.letters, chosen)
        except (OnHoldError, OutOfStockError, UnitsGoneError):
            return

    @rule(which=picks)
    def take_a_parcel_back(self, which: int) -> None:
        if not (found := self.world.orders(OrderStatus.PAID, OrderStatus.SHIPPED)):
            return
        try:
            with self.world.sessions.write.begin() as session:
                loaded = [selectinload(Order.lines), selectinload(Order.fulfilments)]
                order = session.get_one(Order, self.pick(found, which).id, options=loaded)
                for parcel in order.fulfilments[-1:]:
                    take_back(session, order, parcel.id, actor="staff")
        except ParcelStaysError:
            return

    @rule(which=picks, quantity=st.integers(1, 5), at=places)
    def receive(self, which: int, quantity: int, at: int | None) -> None:
        self.move(which, MovementKind.RECEIVED, at, on_hand=quantity)

    @rule(which=picks, change=st.integers(-3, 3).filter(bool), at=places)
    def adjust(self, which: int, change: int, at: int | None) -> None:
        self.move(which, MovementKind.ADJUSTED, at, on_hand=change)

    @rule(which=picks, change=st.integers(-2, 2).filter(bool), at=places)
    def set_aside(self, which: int, change: int, at: int | None) -> None:
        self.move(which, MovementKind.DAMAGED, at, unavailable=change)

    @rule(which=picks, quantity=st.integers(1, 3), way=st.sampled_from([1, -1]))
    def transfer(self, which: int, quantity: int, way: int) -> None:
        away, to = self.world.locations[::way]
        variant_id = self.pick(self.world.stocked, which)
        movement = StockMovement(variant_id=variant_id, location_id=away, actor="staff")
        self.world.transfer(movement, quantity, to)

    @rule(which=picks, quantity=st.integers(0, 8))
    def count(self, which: int, quantity: int) -> None:
        variant_id = self.pick(self.world.stocked, which)
        try:
            with self.world.sessions.write.begin() as session:
                change = set_on_hand(session, variant_id, quantity, reason="counted", actor="staff")
        except OutOfStockError:
            return
        self.world.put_in[variant_id] += change

    def move(self, which: int, kind: MovementKind, at: int | None, **figures: int) -> None:
        variant_id = self.pick(self.world.stocked, which)
        words = {"location_id": None if at is None else self.world.locations[at], "actor": "staff"}
        self.world.move(StockMovement(variant_id=variant_id, kind=kind, **words, **figures))

    def post(self, buyer: int, address: str, data: dict):
        return self.world.buyers[buyer].post(address, data=data)

    def page(self, which: int) -> str:
        return self.pick(self.world.pages, which)

    @staticmethod
    def pick(things, which: int):
        return things[which % len(things)]


@pytest.mark.timeout(0 if IS_LONG else 900)
def test_whatever_happens_in_whatever_order_everything_adds_up(
    databases, engine_name, settings, tmp_path
):
    port, number = free_port(), itertools.count()
    app = create_app(replace(settings, stripe_api_base=f"http://127.0.0.1:{port}"))
    app.extensions["sessions"].engine.dispose()

    def begin(ending: ExitStack) -> World:
        url = ending.enter_context(databases[engine_name].fresh(seeded=False))
        sessions = app.extensions["sessions"] = Sessions(make_engine(url))
        ending.callback(sessions.engine.dispose)
        books = StandInSettings(
            database=tmp_path / f"{next(number)}.sqlite3",
            webhook_secret=WEBHOOK_SECRET,
            webhook_url=None,
        )
        server = ending.enter_context(StandInServer(books, background=False, port=port))
        return World(app, server)

    machine = type("Machine", (ShopMachine,), {"begin": staticmethod(begin)})
    run_state_machine_as_test(machine, settings=HOW_LONG)
