"""What the shop asks of whoever takes the money; Stripe is one that answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from models.language import OWN, speaking
from models.money import Money


class GatewayUnavailableError(Exception):
    """The gateway did not answer in time, or answered that it cannot now; ask again later."""


class GatewayRefusedError(Exception):
    """The gateway will not do it, however often it is asked; the message is for people.

    code: why, in the gateway's own word; empty where it has none.
    """

    def __init__(self, message: str, code: str = "") -> None:
        """Remember why."""
        super().__init__(message)
        self.code = code

    @property
    def in_own_words(self) -> str:
        """The message in the shop's own language, for who works here."""
        with speaking(OWN):
            return str(self)


class BadEventError(Exception):
    """An event that is not from the gateway, or not of now; nothing of it is believed."""


@dataclass(frozen=True, slots=True)
class WantedLine:
    """A line of what is to be paid."""

    title: str
    unit_price: Money
    quantity: int


@dataclass(frozen=True, slots=True)
class WantedSession:
    """A payment page to open.

    key: the same key asks for the same page. discount: an amount that is taken off the lines.
    return_url holds ``{CHECKOUT_SESSION_ID}``. countries: ISO codes that may be shipped
    to; none where nothing is shipped.
    taxes_by_gateway: it reckons the tax, and adds it to what is asked for here. language: the
    code of that in which the page speaks.
    """

    key: str
    order_number: str
    lines: tuple[WantedLine, ...]
    return_url: str
    cancel_url: str
    expires_at: datetime
    email: str | None
    countries: tuple[str, ...]
    discount: WantedLine | None = None
    shipping: WantedLine | None = None
    taxes_by_gateway: bool = False
    language: str = OWN


@dataclass(frozen=True, slots=True)
class PaidSession:
    """A payment page as the gateway now knows it.

    status: open, complete or expired. payment_status: paid, unpaid or no_payment_required.
    has_failed: the buyer is done, and the money that was to come later will not. tax_minor: what
    the gateway added to what it was asked for; it is part of the amount. created_at, paid_at: by
    its clock; paid_at is known only of ``sessions_since``.
    address: name, line1, line2, city, state, postal_code, country; None until the buyer gave one.
    """

    id: str
    status: str
    payment_status: str
    amount: Money
    url: str | None = None
    payment_intent_id: str | None = None
    order_number: str | None = None
    email: str | None = None
    name: str = ""
    address: dict[str, str] | None = None
    has_failed: bool = False
    is_live: bool = False
    tax_minor: int = 0
    created_at: datetime | None = None
    paid_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToldRefund:
    """A refund as the gateway now knows it.

    status: pending, requires_action, succeeded, failed or canceled. refund_id: None where it was
    refused. key: ours, where we asked for it. failure: why it failed, in the gateway's words.
    """

    refund_id: str | None
    status: str
    amount: Money
    payment_intent_id: str | None
    key: str | None = None
    reason: str = ""
    failure: str = ""
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ToldDispute:
    """A dispute as the gateway now knows it. taken_minor: what it holds of our money for it."""

    dispute_id: str
    status: str
    amount: Money
    payment_intent_id: str | None
    taken_minor: int
    reason: str = ""
    due_at: datetime | None = None
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """Something the gateway told, and of what: one of the ids says where to look.

    email: what the buyer typed whose card was declined.
    """

    id: str
    type: str
    object_id: str
    is_live: bool
    session_id: str | None = None
    payment_intent_id: str | None = None
    dispute_id: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    email: str | None = None


class Gateway(Protocol):
    """Whoever takes the money. No method is called inside a database transaction."""

    is_live: bool

    def open_session(self, wanted: WantedSession) -> PaidSession:
        """Open a payment page, or return the one opened before with the same key.

        Raises GatewayUnavailableError or GatewayRefusedError.
        """

    def fetch_session(self, session_id: str) -> PaidSession:
        """Return a payment page's present state. Raises as open_session does."""

    def expire_session(self, session_id: str) -> PaidSession:
        """Make a page unpayable and return its state: ``complete`` if it was paid before."""

    def refund(self, payment_intent_id: str, amount: Money, key: str, reason: str) -> ToldRefund:
        """Give money back, once for each key. Raises as open_session does."""

    def refunds_of(self, payment_intent_id: str) -> list[ToldRefund]:
        """Return all refunds of a payment, whoever asked for them."""

    def fetch_dispute(self, dispute_id: str) -> ToldDispute:
        """Return a dispute's present state."""

    def sessions_since(self, moment: datetime) -> list[PaidSession]:
        """Return the payment pages opened since a moment, newest first."""

    def refunds_since(self, moment: datetime) -> list[ToldRefund]:
        """Return the refunds made since a moment, newest first."""

    def disputes_since(self, moment: datetime) -> list[ToldDispute]:
        """Return the disputes opened since a moment, newest first."""

    def read_event(self, body: bytes, signature: str) -> GatewayEvent:
        """Return a signed event, or raise BadEventError."""
