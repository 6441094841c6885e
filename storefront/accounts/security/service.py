"""Changing how a customer signs in; what matters is mailed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Customer
from models.factor import Passkey
from storefront.accounts.links.service import void
from storefront.browsers import end_sign_ins
from storefront.languages import lazy_gettext
from storefront.mail.letters import Letters

CHANGED = lazy_gettext("Your password was changed. Every other browser has been signed out.")
REMOVED = lazy_gettext(
    "Your password was removed. Mailed links and passkeys sign you in from now on."
)


class Security:
    """Changes one customer's ways to sign in."""

    def __init__(self, session: Session, customer: Customer, letters: Letters) -> None:
        """Bind to a customer; who mails tells her."""
        self._session, self._letters = session, letters
        self.customer = session.get_one(Customer, customer.id)

    def change_password(self, password_hash: str | None, this_id: int | None) -> None:
        """Keep a new password, or none; other browsers and mailed links are of no use any more."""
        self.customer.password_hash = password_hash
        end_sign_ins(self._session, self.customer, but=this_id)
        void(self._session, self.customer.email)
        self._tell(CHANGED if password_hash else REMOVED)

    def note_passkey(self, passkey: Passkey) -> None:
        """Tell of a passkey that was added."""
        self._tell(lazy_gettext("The passkey %(name)s was added.", name=passkey.name))

    def remove_passkey(self, passkey_id: int) -> bool:
        """Forget a passkey; False where she has none such."""
        found = self._session.scalars(
            select(Passkey).where(Passkey.id == passkey_id, Passkey.customer_id == self.customer.id)
        ).one_or_none()
        if found is None:
            return False
        self._session.delete(found)
        self._tell(lazy_gettext("The passkey %(name)s was removed.", name=found.name))
        return True

    def _tell(self, what: str) -> None:
        self._letters.account_changed(self._session, self.customer.email, what)
