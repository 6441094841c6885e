"""Attempts to pay, counted so that stolen cards cannot be tested here.

Counted by cart, by address (a digest of it) and overall, in windows of fixed length.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, false, or_, select
from sqlalchemy.orm import Session

from models import AttemptCount, Order, OrderStatus, Payment, now
from storefront.jobs import queue
from storefront.limits import count_attempt, digest, network, seen, window_end
from storefront.payments.gateway import GatewayEvent
from storefront.payments.outcome import note_event

CHECKOUTS = ("cart", "address", "overall")
FAILURES = ("failed-cart", "failed-address", "failed-overall")
SCOPES = (*CHECKOUTS, *FAILURES)
EVERYBODY = "everybody"
TELL_DECLINED = "tell-declined"  # the job
TELL_AFTER = timedelta(minutes=5)  # most try another card at once
MOST_SHOWN = 200  # counters; who has many addresses fills many


class TooManyAttemptsError(Exception):
    """A limit is exceeded; scope says which, ends_at and retry_after_s when it ends."""

    def __init__(self, scope: str, retry_after_s: int, ends_at: datetime) -> None:
        """Remember which limit, and when to come again."""
        super().__init__(scope)
        self.scope = scope
        self.retry_after_s = retry_after_s
        self.ends_at = ends_at


def paying(order: Order) -> int:
    """Return by what the attempts to pay an order are counted: its cart, or itself, negative."""
    return -order.id if order.cart_id is None else order.cart_id


@dataclass(frozen=True, slots=True)
class Guard:
    """The limits: of each scope how often in how many seconds; one that is missing has none."""

    limits: Mapping[str, tuple[int, int]]
    secret: str

    def count_checkout(self, session: Session, cart_id: int | None, origin: str) -> None:
        """Count a step to payment, in the transaction that places the order.

        origin: as ``origin_of`` returns it. Raises TooManyAttemptsError; the caller rolls back, so
        that what is refused is not counted.
        """
        subjects = (f"cart {cart_id}", origin, EVERYBODY)
        for scope, subject in zip(CHECKOUTS, subjects, strict=True):
            if scope in self.limits:
                most, window_s = self.limits[scope]
                self._refuse(scope, most, self._count(session, scope, subject, window_s))
        for scope, subject in zip(FAILURES, subjects, strict=True):
            if scope in self.limits:
                most, window_s = self.limits[scope]
                count = seen(session, scope, subject, window_s=window_s, secret=self.secret)
                self._refuse(scope, most - 1, count)

    def note_failure(self, session: Session, event: GatewayEvent) -> str:
        """Count a card that was declined; a cart with too many gets no further try.

        Returns what was done, in a word. A failure never takes back what was paid.
        """
        number = event.metadata.get("order", "")
        order = session.scalars(select(Order).where(Order.number == number)).one_or_none()
        if order is None:
            return "another's"
        origin = session.scalars(
            select(Payment.origin).where(Payment.order_id == order.id).limit(1)
        ).one_or_none()
        note_event(session, order, "payment failed", "")
        _tell_later(session, order, event)
        subjects = (f"cart {paying(order)}", origin or "", EVERYBODY)
        over = []
        for scope, subject in zip(FAILURES, subjects, strict=True):
            if scope in self.limits:
                most, window_s = self.limits[scope]
                if self._count(session, scope, subject, window_s)[0] >= most:
                    over.append(scope)
        if over and order.status is OrderStatus.PENDING:
            key = f"expire-order:{order.number}:declined"
            queue.enqueue(session, "expire-order", key, {"order_id": order.id})
        return over[0] if over else "counted"

    def origin_of(self, address: str | None) -> str:
        """Return a keyed digest of an address; of IPv6, of the network that one customer has."""
        return digest(network(address or ""), self.secret)

    def _count(self, session: Session, scope: str, subject: str, window_s: int) -> tuple[int, int]:
        return count_attempt(session, scope, subject, window_s=window_s, secret=self.secret)

    def _refuse(self, scope: str, most: int, counted: tuple[int, int]) -> None:
        count, left_s = counted
        if count > most:
            raise TooManyAttemptsError(scope, left_s, window_end(self.limits[scope][1]))


def _tell_later(session: Session, order: Order, event: GatewayEvent) -> None:
    """Let the buyer be told, once for each order, unless another card pays it meanwhile."""
    if order.status is not OrderStatus.PENDING:
        return
    order.email = order.email or event.email
    if order.email:
        run_at, key = now() + TELL_AFTER, f"{TELL_DECLINED}:{order.number}"
        queue.enqueue(session, TELL_DECLINED, key, {"order_id": order.id}, run_at=run_at)


@dataclass(frozen=True, slots=True)
class Counted:
    """A counter of a window that has not ended, beside its limit. subject: a digest."""

    scope: str
    subject: str
    count: int
    most: int
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        """Whether further attempts are refused."""
        return self.count >= self.most

    @property
    def who(self) -> str:
        """Whose attempts they are, as far as it is known."""
        return EVERYBODY if self.scope.endswith("overall") else self.subject[:8]


def counted(session: Session, limits: Mapping[str, tuple[int, int]]) -> list[Counted]:
    """Return the counters that have come half way to their limit, the fullest first."""
    moment = now()
    half_full = [
        and_(
            AttemptCount.scope == scope,
            AttemptCount.window_start > moment - timedelta(seconds=window_s),
            2 * AttemptCount.count >= most,
        )
        for scope, (most, window_s) in limits.items()
    ]
    rows = session.scalars(
        select(AttemptCount)
        .where(or_(false(), *half_full))
        .order_by(AttemptCount.count.desc(), AttemptCount.subject)
        .limit(MOST_SHOWN)
    )
    found = []
    for row in rows:
        most, window_s = limits[row.scope]
        ends_at = row.window_start + timedelta(seconds=window_s)
        found.append(Counted(row.scope, row.subject, row.count, most, ends_at))
    return sorted(found, key=lambda it: it.count / it.most, reverse=True)
