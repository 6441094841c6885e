"""The end of orders that nobody paid."""

from sqlalchemy.orm import Session

from models import OrderStatus, Payment
from models.order_lock import lock
from storefront.checkout.service import can_be_paid, latest_payment
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.mail.letters import Letters
from storefront.payments import service as payments
from storefront.payments.gateway import Gateway, GatewayRefusedError, PaidSession
from storefront.payments.outcome import give_up, hold

UNKNOWN_PAGE = (
    "Stripe does not know this order's payment page, as after a change of the account. Look for"
    " the payment in the old account."
)


class Expiry:
    """Does the job ``expire-order``: gives the units of an unpaid order back."""

    def __init__(self, gateway: Gateway, letters: Letters) -> None:
        """Remember whom to ask, and who tells the buyer."""
        self._gateway = gateway
        self._letters = letters

    def expire(self, sessions: Sessions, payload: Payload) -> Effect:
        """Close the payment page first, so that no unit is given back that is being paid for.

        Raises GatewayUnavailableError where Stripe does not answer: the job comes again, and the
        units stay held until it is known that nobody paid.
        """
        with sessions.read() as session:
            payment = latest_payment(session, payload["order_id"])
        if payment.order.status is not OrderStatus.PENDING:
            return _nothing
        if payment.session_id is None:
            return lambda session: _give_up(session, payment)
        try:
            found = self._gateway.expire_session(payment.session_id)
        except GatewayRefusedError:
            return lambda session: _ask_staff(session, payment)
        return lambda session: self._settle(session, found)

    def _settle(self, session: Session, found: PaidSession) -> None:
        payments.settle(session, found, self._letters)


class TellDeclined:
    """Does the job ``tell-declined``: says that a card was declined, and how to pay still."""

    def __init__(self, letters: Letters) -> None:
        """Remember who tells the buyer."""
        self._letters = letters

    def tell(self, sessions: Sessions, payload: Payload) -> Effect:
        """Tell the buyer, where the order still waits for its payment and its page can be used."""
        del sessions
        return lambda session: self._write(session, payload["order_id"])

    def _write(self, session: Session, order_id: int) -> None:
        lock(session, order_id)
        payment = latest_payment(session, order_id)
        if can_be_paid(payment) and not payment.order.attention:
            self._letters.declined(session, payment.order, payment.expires_at)


def _nothing(session: Session) -> None:
    del session


def _give_up(session: Session, payment: Payment) -> None:
    give_up(session, payment, actor="worker", note="It was not paid in time.")


def _ask_staff(session: Session, payment: Payment) -> None:
    """Keep the units where nobody can say whether they were paid for."""
    hold(session, lock(session, payment.order_id), UNKNOWN_PAGE)
