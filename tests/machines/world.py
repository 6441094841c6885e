"""A small shop with several buyers, and what a plain reckoning says of its stock and money."""

import itertools
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import requests
import stripe
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from models import (
    BundlePart,
    Discount,
    DiscountKind,
    Location,
    Order,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    Reservation,
    Selling,
    ShippingRate,
    ShippingZone,
    Stock,
    StockMovement,
    TaxRate,
    ZoneCountry,
    now,
)
from models.inventory import OutOfStockError, move, transfer
from models.money import Money
from models.refund import COUNTED
from storefront.database import Sessions
from storefront.jobs import queue
from storefront.jobs.worker import Worker
from storefront.payments.stand_in.thread import StandInServer
from storefront.verify import problems
from tests.factories import make_product, make_variant
from tests.stripe import deliver, pay, session_id_of

BUYERS = 3
PAID = (OrderStatus.PAID, OrderStatus.SHIPPED)


@dataclass
class World:
    """The shop over HTTP, its worker, and Stripe; ``check`` holds all of it together."""

    app: Flask
    stand_in: StandInServer
    pages: list[str] = field(default_factory=list)
    put_in: Counter = field(default_factory=Counter)  # on hand by staff and suppliers
    came_back: Counter = field(default_factory=Counter)  # restocked by refunds
    _number: itertools.count = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        self.sessions: Sessions = self.app.extensions["sessions"]
        self.letters = self.app.extensions["letters"]
        self.worker = Worker(self.sessions, self.app.extensions["handlers"])
        self.buyers = [self.app.test_client() for _ in range(BUYERS)]
        self.stripe = stripe.StripeClient(
            "sk_test_shop", base_addresses={"api": self.stand_in.base}
        )
        with self.sessions.write() as session:
            self._stock_the_shelves(session)

    def _stock_the_shelves(self, session: Session) -> None:
        tool, mat = (make_variant(session, on_hand=6) for _ in range(2))
        kit = make_variant(session, on_hand=0, price_minor=15001)
        session.get_one(type(mat), mat.id).selling = Selling.BACKORDER
        session.add_all(
            [
                BundlePart(bundle_id=kit.id, part_id=tool.id, quantity=2),
                BundlePart(bundle_id=kit.id, part_id=mat.id, quantity=1),
                _discount(),
                TaxRate(country="US", title="Tax", rate_ppm=88_750),
                ShippingZone(
                    title="Home",
                    countries=[ZoneCountry(country="US")],
                    rates=[ShippingRate(title="Post", price=Money(595, "USD"))],
                ),
            ]
        )
        make_product(session)  # one that has nothing to sell
        cellar = Location(title="Cellar", position=1)
        session.add(cellar)
        session.commit()
        self.locations = [1, cellar.id]
        self.stocked = [tool.id, mat.id]
        self.for_sale = [*self.stocked, kit.id]
        self.parts = {tool.id: {tool.id: 1}, mat.id: {mat.id: 1}, kit.id: {tool.id: 2, mat.id: 1}}
        self.put_in.update({tool.id: 6, mat.id: 6})

    def key(self) -> str:
        """A word that was not used yet."""
        return f"machine:{next(self._number)}"

    def move(self, movement: StockMovement) -> None:
        """Change stock as staff do; what cannot be is refused and changes nothing."""
        try:
            with self.sessions.write.begin() as session:
                move(session, movement)
        except OutOfStockError:
            return
        self.put_in[movement.variant_id] += movement.on_hand or 0

    def transfer(self, movement: StockMovement, quantity: int, to: int) -> None:
        """Bring units to another location, where that many are free."""
        try:
            with self.sessions.write.begin() as session:
                transfer(session, movement, quantity, to)
        except OutOfStockError:
            return

    def open_page(self, url: str) -> None:
        """Remember a payment page; a buyer who has paid already is sent to her order instead."""
        if url.startswith(self.stand_in.base) and url not in self.pages:
            self.pages.append(url)

    def pay(self, url: str, card: str, **typed: str) -> None:
        """Fill the payment page, where it still shows a form."""
        if "<form" in requests.get(url, timeout=10).text:
            pay(url, card, **typed)

    def come_back(self, buyer: int, url: str) -> None:
        address = f"/checkout/return?session_id={session_id_of(url)}"
        assert self.buyers[buyer].get(address).status_code == 303

    def events(self) -> list[dict]:
        """What Stripe has to tell, the newest first."""
        return [it.to_dict() for it in self.stripe.v1.events.list({"limit": 100}).data]

    def deliver(self, event: dict) -> None:
        assert deliver(self.buyers[0], event).status_code == 200

    def run_job(self, kind: str, payload: dict) -> None:
        """Do a job now, and whatever else is due."""
        with self.sessions.write.begin() as session:
            queue.enqueue(session, kind, self.key(), payload)
        self.worker.work_off()

    def reconcile(self) -> None:
        """Let the worker ask Stripe for what was waited for in the last minutes."""
        with self.sessions.write.begin() as session:
            earlier = {"created_at": now() - timedelta(minutes=3)}
            session.execute(update(Payment).values(**earlier))
            session.execute(update(Refund).values(**earlier))
        self.run_job("reconcile", {})

    def orders(self, *statuses: OrderStatus) -> list[Order]:
        with self.sessions.read() as session:
            return list(
                session.scalars(
                    select(Order)
                    .where(Order.status.in_(statuses))
                    .order_by(Order.id)
                    .options(selectinload(Order.lines))
                )
            )

    def waiting(self, session: Session) -> set[tuple[int, int]]:
        """Order and variant of each backorder."""
        found = select(Reservation.order_id, Reservation.variant_id)
        return {(a, b) for a, b in session.execute(found.where(Reservation.is_backorder))}

    def needs(self, order: Order) -> Counter:
        """What an order takes off the shelf."""
        units: Counter = Counter()
        for line in order.lines:
            for part, of_one in self.parts[line.variant_id].items():
                units[part] += of_one * line.quantity
        return units

    def on_hand(self, session: Session) -> dict[int, int]:
        """What must be on hand: put in, less what was sold, and what came back."""
        waiting = self.waiting(session)
        left = Counter(self.put_in)
        left.update(self.came_back)
        sold = select(Order).where(Order.paid_at.is_not(None)).options(selectinload(Order.lines))
        for order in session.scalars(sold):
            for part, units in self.needs(order).items():
                left[part] -= 0 if (order.id, part) in waiting else units
        return {part: left[part] for part in self.stocked}

    def check(self) -> None:
        """Hold everything that must be so at any moment."""
        with self.sessions.read() as session:
            found = problems(session)
            assert not found, found
            stock = session.scalars(select(Stock).where(Stock.variant_id.in_(self.stocked))).all()
            assert {it.variant_id: it.on_hand for it in stock} == self.on_hand(session)
            assert all(it.available >= 0 or it.backordered for it in stock)

    def check_at_the_end(self) -> None:
        """Let everything settle; then each payment has one paid order, or went back whole."""
        self.stand_in.advance(11)
        self.reconcile()
        self.reconcile()
        self.check()
        with self.sessions.read() as session:
            for url in self.pages:
                self._check_page(session, session_id_of(url))

    def _check_page(self, session: Session, session_id: str) -> None:
        page = self.stripe.v1.checkout.sessions.retrieve(session_id)
        payment = session.scalars(select(Payment).filter_by(session_id=session_id)).one()
        assert (payment.status is PaymentStatus.PAID) == (page.payment_status == "paid")
        if page.payment_status != "paid":
            return
        order = session.get_one(Order, payment.order_id)
        refunds = session.scalars(select(Refund).filter_by(payment_id=payment.id)).all()
        back = sum(it.amount.minor for it in refunds if it.status in COUNTED)
        told = self.stripe.v1.refunds.list({"payment_intent": payment.payment_intent_id}).data
        assert payment.captured_minor == page.amount_total
        assert back == sum(it.amount for it in told if it.status in {"succeeded", "pending"})
        is_the_one = order.status in PAID and not any(it.is_automatic for it in refunds)
        assert is_the_one or back == payment.captured_minor or order.attention


def _discount() -> Discount:
    return Discount(
        title="Ten off",
        code="TEN",
        kind=DiscountKind.PERCENTAGE,
        percent_ppm=100_000,
        max_uses=3,
        max_uses_each=2,
    )
