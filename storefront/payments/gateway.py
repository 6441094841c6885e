"""What the shop asks of whoever takes the money; Stripe is one that answers."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from models.money import Money


class GatewayUnavailableError(Exception):
    """The gateway did not answer in time, or answered that it cannot now; ask again later."""


class GatewayRefusedError(Exception):
    """The gateway will not do it, however often it is asked; the message is for people."""


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
    return_url holds ``{CHECKOUT_SESSION_ID}``. countries: ISO codes that may be shipped to.
    taxes_by_gateway: it reckons the tax, and adds it to what is asked for here.
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


@dataclass(frozen=True, slots=True)
class PaidSession:
    """A payment page as the gateway now knows it.

    status: open, complete or expired. payment_status: paid, unpaid or no_payment_required.
    has_failed: the buyer is done, and the money that was to come later will not.
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


@dataclass(frozen=True, slots=True)
class GatewayEvent:
    """Something the gateway told: of which session, if of one."""

    id: str
    type: str
    object_id: str
    is_live: bool
    session_id: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)


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

    def read_event(self, body: bytes, signature: str) -> GatewayEvent:
        """Return a signed event, or raise BadEventError."""
