"""Opening an account and proving its address, without telling strangers who has one."""

import secrets
from dataclasses import dataclass

from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Customer, LinkPurpose, Order, SequenceTrigger, Staff, now
from models.language import language
from models.once import claim
from storefront.accounts.links.service import Links
from storefront.limits import TooManyError, count_attempt, forgive, network
from storefront.mail.letters import Letters
from storefront.newsletter.events import happened

CONFIRM_WITHIN_S = 3 * 24 * 3600
WINDOW_S = 15 * 60
BY_BOTH, BY_EMAIL, BY_ADDRESS = 5, 30, 30  # tries in a window


@dataclass(frozen=True, slots=True)
class Try:
    """Somebody who tries to sign in or up. scope: what at; address: of the network.

    by_email: how often for one email address from anywhere, in a window.
    """

    scope: str
    email: str
    address: str
    by_email: int = BY_EMAIL

    @property
    def limits(self) -> tuple[tuple[str, int], ...]:
        """Who is counted, and how many tries each has in a window.

        The person at one network address has few; the person from anywhere has more, so that a
        stranger who guesses does not lock her out at once.
        """
        home = network(self.address)
        return (
            (f"both:{self.email} {home}", BY_BOTH),
            (f"email:{self.email}", self.by_email),
            (f"address:{home}", BY_ADDRESS),
        )


def note_try(session: Session, tried: Try, secret: str) -> None:
    """Count a try before it is checked; raise TooManyError over the limit.

    The caller commits also when this raises: a refused try counts.
    """
    waits = []
    for subject, most in tried.limits:
        count, left_s = count_attempt(
            session, tried.scope, subject, window_s=WINDOW_S, secret=secret
        )
        if count > most:
            waits.append(left_s)
    if waits:
        raise TooManyError(max(waits))


def forgive_tries(session: Session, tried: Try, secret: str) -> None:
    """Forget the tries of a person who has signed in; those of the network address stay."""
    for subject, _ in tried.limits[:2]:
        forgive(session, tried.scope, subject, secret=secret)


def customer_by_email(session: Session, email: str) -> Customer | None:
    """Return the customer with this address, proven or not."""
    return session.scalars(select(Customer).filter_by(email=email)).one_or_none()


def staff_by_email(session: Session, email: str) -> Staff | None:
    """Return the active member of staff with this address."""
    return session.scalars(select(Staff).filter_by(email=email, is_active=True)).one_or_none()


def register(session: Session, customer: Customer, confirmation: "Confirmation") -> None:
    """Write an unproven account and mail its link; whatever the address, the page says the same.

    An account that was proven is left as it is, and its owner told. One that never was gets the
    new name and password: only who reads the mail *and* knows the password can use it. Without a
    password the link that is mailed signs in.
    """
    key = secrets.token_hex(8)
    if not claim(session, customer):
        existing = session.scalars(select(Customer).filter_by(email=customer.email)).one()
        if existing.verified_at is not None:
            path = login_path()
            confirmation.letters.account_exists(session, existing.email, path, key)
            return
        existing.name, existing.password_hash = customer.name, customer.password_hash
        existing.language = language()
    if customer.password_hash is None:
        confirmation.links.ask(session, LinkPurpose.SIGN_IN, customer.email)
        return
    path = login_path(confirmation.token(customer.email))
    confirmation.letters.confirm_account(session, customer.email, path, key)


def prove(session: Session, customer: Customer) -> bool:
    """Note that an account's address is proven, on the strength of its password beside the link.

    False, and nothing is noted, where the password was replaced since it was read: that needs a
    new proof. The first time counts.
    """
    unproven = Customer.verified_at.is_(None) & (Customer.password_hash == customer.password_hash)
    proven = session.scalar(
        update(Customer)
        .where(Customer.id == customer.id, unproven)
        .values(verified_at=now())
        .returning(Customer.id)
    )
    if proven is not None:
        happened(session, SequenceTrigger.ACCOUNT, customer.email)
    moment = select(Customer.verified_at).where(Customer.id == customer.id)
    return session.scalar(moment) is not None


def enter(session: Session, email: str) -> Customer:
    """Return the account of an address that a mailed link has just proven; opened if there is none.

    A password that was chosen before the address was proven is forgotten: a stranger may have
    chosen it.
    """
    claim(session, Customer(email=email))
    proven = session.scalar(
        update(Customer)
        .where(Customer.email == email, Customer.verified_at.is_(None))
        .values(verified_at=now(), password_hash=None)
        .returning(Customer.id)
        .execution_options(synchronize_session=False)
    )
    if proven is not None:
        happened(session, SequenceTrigger.ACCOUNT, email)
    found = select(Customer).filter_by(email=email).execution_options(populate_existing=True)
    return session.scalars(found).one()


def join_orders(session: Session, customer_id: int) -> None:
    """Let orders that were placed as a guest with a customer's address be hers, once it is proven.

    Nobody else's are touched: an order that belongs to an account stays there.
    """
    proven = (
        select(Customer.email)
        .where(Customer.id == customer_id, Customer.verified_at.is_not(None))
        .scalar_subquery()
    )
    session.execute(
        update(Order)
        .where(Order.email == proven, Order.customer_id.is_(None))
        .values(customer_id=customer_id)
        .execution_options(synchronize_session=False)
    )


class Confirmation:
    """Makes and reads the links that prove an address together with a password."""

    def __init__(self, secret: str, letters: Letters) -> None:
        """Remember what signs the links, and who mails them."""
        self._serializer = URLSafeTimedSerializer(secret, salt="account-confirm")
        self.letters, self.links = letters, Links(letters)

    def token(self, email: str) -> str:
        """Return a token that proves who reads this address's mail."""
        return self._serializer.dumps(email)

    def email(self, token: str) -> str | None:
        """Return the address that a token proves, or None: forged or older than three days."""
        try:
            email = self._serializer.loads(token, max_age=CONFIRM_WITHIN_S)
        except BadData:
            return None
        return email if isinstance(email, str) else None


def login_path(token: str = "") -> str:
    """Return where one signs in, with a token where there is one."""
    return "/account/login" + (f"?confirm={token}" if token else "")
