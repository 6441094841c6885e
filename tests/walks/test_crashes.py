"""Web server and worker die at random while 200 buyers check out and Stripe misbehaves."""

import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import psutil
import pytest
import requests
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from app import create_app
from models import (
    Job,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentStatus,
    Refund,
    Reservation,
    ReservationState,
    Stock,
    Variant,
    now,
)
from models.inventory import set_on_hand
from models.refund import COUNTED
from storefront.config import from_env
from storefront.database import Sessions
from storefront.dev.launcher import processes
from storefront.jobs import queue
from storefront.jobs.worker import Worker
from storefront.payments import audit
from storefront.payments.stand_in import StandInSettings
from storefront.payments.stand_in.thread import StandInServer
from storefront.verify import problems
from tests.conftest import WEBHOOK_SECRET
from tests.stripe import DECLINES, PAYS, pay, session_id_of
from tests.walks.conftest import LiveShop, answers, free_port, wait_for

CHECKOUTS, CLIENTS, UNITS, SEED = 200, 6, 60, 20261126
KILLS = 5  # of each
GIVE_UP_S = 120
FAULTS = {
    "webhooks": ["late", "twice", "reordered", "never"],
    "webhook_probability": 0.3,
    "late_s": 2,
    "seed": SEED,
    "api": [
        {"path": "/v1/*", "kind": "500", "probability": 0.04},
        {"path": "/v1/*", "kind": "429", "probability": 0.04},
        {"path": "/v1/*", "kind": "drop", "probability": 0.04},
        {"path": "/v1/*", "kind": "lost", "probability": 0.04},
        {"path": "/v1/*", "kind": "slow", "seconds": 0.3, "probability": 0.04},
    ],
}
PAID = (OrderStatus.PAID, OrderStatus.SHIPPED)


class DyingShop(LiveShop):
    """Web server and worker alone: Stripe's stand-in outlives them."""

    def start(self) -> None:
        self.processes = processes(self.settings)[:2]
        for process in self.processes:
            process.environment |= self.environment
            process.keep_alive()
        wait_for(lambda: answers(f"{self.base}/healthz"))

    def kill(self, which: int) -> None:
        """Kill a process and those that it has started, and start it again."""
        dying = psutil.Process(self.processes[which].running.pid)
        for process in (*dying.children(recursive=True), dying):
            process.kill()
        self.processes[which].running.wait()
        self.processes[which].keep_alive()


@dataclass
class Seen:
    """What happened to the buyers."""

    outcomes: Counter = field(default_factory=Counter)
    confirmed: set[str] = field(default_factory=set)  # sessions that the shop called paid
    kills: Counter = field(default_factory=Counter)
    begun: int = 0


@pytest.fixture
def stand_in(tmp_path) -> Iterator[StandInServer]:
    books = StandInSettings(
        database=tmp_path / "stand-in.sqlite3",
        webhook_secret=WEBHOOK_SECRET,
        retry_delays_s=(0.5, 1, 2, 4),
        webhook_timeout_s=3,
    )
    with StandInServer(books) as server:
        yield server


@pytest.fixture
def dying_shop(databases, engine_name, stand_in, tmp_path) -> Iterator[DyingShop]:
    with databases[engine_name].fresh(seeded=True) as url:
        given = {
            "DATABASE_URL": url,
            "INSTANCE_PATH": str(tmp_path),
            "PORT": str(free_port()),
            "SECRET_KEY": "a key for the crash tests alone",
            "STRIPE_SECRET_KEY": "sk_test_shop",
            "STRIPE_API_BASE": stand_in.base,
            "STRIPE_WEBHOOK_SECRET": WEBHOOK_SECRET,
            "CHECKOUT_LIMITS": "off",
        }
        shop = DyingShop(from_env(given), os.environ | given)
        stand_in.webhook_url = f"{shop.base}/webhooks/stripe"
        shop.start()
        try:
            yield shop
        finally:
            shop.stop()


def test_every_paid_session_has_one_paid_order_or_one_refund(dying_shop, stand_in):
    app = create_app(dying_shop.settings)
    sessions = app.extensions["sessions"]
    with sessions.write.begin() as session:
        variants = session.scalars(select(Variant.id).order_by(Variant.id).limit(3)).all()
        for variant_id in variants:
            set_on_hand(session, variant_id, UNITS, reason="for the crash test", actor="test")
    seen = Seen()
    stand_in.faults.set(**FAULTS)

    while_dying(dying_shop, seen, lambda: buy_all(dying_shop.base, variants, seen))
    stand_in.faults.clear()
    dying_shop.stop()
    settle_everything(app)

    print(dict(seen.outcomes), dict(seen.kills))
    assert seen.outcomes["paid"] > CHECKOUTS // 4
    assert seen.kills == {"web": KILLS, "worker": KILLS}
    with sessions.read() as session:
        assert problems(session) == []
        books = audit.books(app.extensions["gateway"], now() - timedelta(days=1))
        assert audit.findings(session, books, settling=timedelta(0)) == []
        assert_each_page_has_its_order(session, books, seen)
        assert_nothing_is_oversold(session, variants)
    sessions.engine.dispose()


def while_dying(shop: DyingShop, seen: Seen, work) -> None:
    """Kill web server and worker at random points of the work."""
    done, chance = threading.Event(), random.Random(SEED)
    points = sorted(
        (number, which) for which in (0, 1) for number in chance.sample(range(CHECKOUTS), KILLS)
    )

    def kill() -> None:
        for number, which in points:
            while seen.begun <= number and not done.wait(0.01):
                pass
            time.sleep(chance.uniform(0, 0.3))
            shop.kill(which)
            seen.kills[("web", "worker")[which]] += 1
            wait_for(lambda: answers(f"{shop.base}/healthz"))

    killer = threading.Thread(target=kill)
    killer.start()
    try:
        work()
    finally:
        done.set()
        killer.join()


def buy_all(base: str, variants, seen: Seen) -> None:
    lock = threading.Lock()

    def one(number: int) -> None:
        with lock:
            seen.begun += 1
        outcome, confirmed = buy(base, variants, random.Random(f"{SEED} {number}"))
        with lock:
            seen.outcomes[outcome] += 1
            if confirmed:
                seen.confirmed.add(confirmed)

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(one, range(CHECKOUTS)))


def buy(base: str, variants, chance: random.Random) -> tuple[str, str | None]:
    """Be one buyer, who tries again when the shop is away; return what came of it."""
    buyer = requests.Session()
    data = {"id": chance.choice(variants), "quantity": chance.choice([1, 1, 2])}
    if persist(buyer, f"{base}/cart/add", data) != 303:
        return "sold out", None
    answer = persist(buyer, f"{base}/checkout", {"email": "buyer@example.com"}, whole=True)
    if answer.status_code != 303:
        return f"checkout {answer.status_code}", None
    url = answer.headers["Location"]
    does = chance.choice(["pays", "pays", "pays", "pays", "declines", "leaves"])
    if does == "leaves":
        return does, None
    paid = pay(url, DECLINES if does == "declines" else PAYS)
    if paid.status_code != 303:
        return does, None
    return "paid", come_back(
        buyer, url, paid.headers["Location"]
    ) if chance.random() < 0.6 else None


def persist(buyer: requests.Session, url: str, data: dict, *, whole: bool = False):
    """Post until there is an answer that is not "later"; as a person does, but faster."""
    end = time.monotonic() + GIVE_UP_S
    while True:
        try:
            answer = buyer.post(url, data=data, timeout=20, allow_redirects=False)
            if answer.status_code < 500:
                return answer if whole else answer.status_code
            assert answer.status_code == 503, answer.text
        except requests.RequestException:
            pass
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.2)


def come_back(buyer: requests.Session, url: str, address: str) -> str | None:
    """Return the session's id where the shop says that it is paid."""
    try:
        page = buyer.get(address, timeout=20)
    except requests.RequestException:
        return None
    return session_id_of(url) if "Your payment has arrived" in page.text else None


def settle_everything(app) -> None:
    """Do what the worker does in the next hour, at once."""
    sessions: Sessions = app.extensions["sessions"]
    worker = Worker(sessions, app.extensions["handlers"])
    for round_ in range(6):
        with sessions.write.begin() as session:
            earlier = {"created_at": now() - timedelta(minutes=3)}
            session.execute(update(Payment).values(**earlier))
            session.execute(update(Refund).values(**earlier))
            queue.enqueue(session, "reconcile", f"reconcile:crash-{round_}", {})
            due = {"run_at": now(), "lease_until": None}
            session.execute(update(Job).where(Job.done_at.is_(None)).values(**due))
        worker.work_off()
    with sessions.read() as session:
        assert session.scalars(select(Job.error).where(Job.done_at.is_(None))).all() == []
        waits = [OrderStatus.PENDING, OrderStatus.PROCESSING]
        assert session.scalar(select(func.count()).where(Order.status.in_(waits))) == 0
        held = Reservation.state == ReservationState.HELD
        assert session.scalar(select(func.count()).where(held)) == 0


def assert_each_page_has_its_order(session: Session, books: audit.Books, seen: Seen) -> None:
    paid = {page.id: page for page in books.sessions if page.payment_status == "paid"}
    assert seen.confirmed <= set(paid)
    kept = Counter()
    for session_id, page in paid.items():
        payment = session.scalars(select(Payment).filter_by(session_id=session_id)).one()
        order = session.get_one(Order, payment.order_id)
        refunds = session.scalars(select(Refund).filter_by(payment_id=payment.id)).all()
        back = sum(it.amount.minor for it in refunds if it.status in COUNTED)
        assert payment.status is PaymentStatus.PAID
        assert payment.captured_minor == page.amount.minor
        assert (order.status in PAID, back) in {(True, 0), (False, page.amount.minor)}
        kept[order.id] += 1
    assert set(kept.values()) == {1}
    names = session.scalars(
        select(Payment.session_id).join(Order).where(Order.status.in_(PAID))
    ).all()
    assert set(names) <= set(paid)


def assert_nothing_is_oversold(session: Session, variants) -> None:
    for variant_id in variants:
        sold = session.scalar(
            select(func.coalesce(func.sum(OrderLine.quantity), 0))
            .join(Order)
            .where(Order.status.in_(PAID), OrderLine.variant_id == variant_id)
        )
        stock = session.get_one(Stock, variant_id)
        assert sold <= UNITS
        assert (stock.on_hand, stock.reserved) == (UNITS - sold, 0)
