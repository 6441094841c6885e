"""Closing an account: what only it needs goes, what was bought stays as with a guest."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from models import Customer, MailedLink, Practice
from storefront.languages import lazy_gettext
from storefront.mail.letters import Letters

CLOSED = lazy_gettext(
    "Your account was closed. The pages of your orders still open by the links in their mails, and"
    " what you agreed to get still comes until you leave it."
)


def close(session: Session, customer: Customer, letters: Letters) -> None:
    """Delete an account with what hangs on it: log, addresses, wishes, passkeys, sign-ins.

    Her orders, reviews and newsletter stay, known by her address as those of a guest.
    """
    letters.account_changed(session, customer.email, CLOSED)
    session.execute(delete(Practice).where(Practice.customer_id == customer.id))
    session.execute(delete(MailedLink).where(MailedLink.email == customer.email))
    session.execute(
        delete(Customer)
        .where(Customer.id == customer.id)
        .execution_options(synchronize_session=False)
    )
