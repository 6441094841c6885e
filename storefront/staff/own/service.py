"""Changing one's own account: password, devices, sign-ins; what matters is mailed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Staff
from models.factor import Passkey
from storefront.browsers import end_sign_ins
from storefront.mail.letters import Letters
from storefront.staff.own import factors, recovery, totp


class OwnAccount:
    """Changes one person's account."""

    def __init__(self, session: Session, person: Staff, letters: Letters) -> None:
        """Bind to a person; who mails tells her."""
        self._session, self._letters = session, letters
        self.person = session.get_one(Staff, person.id)

    def change_password(self, password_hash: str, this_id: int | None) -> None:
        """Keep a new password; all other browsers must sign in with it."""
        self.person.password_hash = password_hash
        end_sign_ins(self._session, self.person, but=this_id)
        self._tell("Your password was changed. Every other browser has been signed out.")

    def confirm_app(self, typed: str, secret_key: str) -> bool:
        """Count an app from its first code on; False where that is wrong."""
        if not totp.take(self._session, self.person.id, typed, secret_key, is_first=True):
            return False
        self._tell("An app that makes codes was added.")
        return True

    def note_passkey(self, passkey: Passkey) -> None:
        """Tell of a passkey that was added."""
        self._tell(f"The passkey {passkey.name} was added.")

    def remove_app(self) -> bool:
        """Forget the app; False where there is none."""
        if not totp.remove(self._session, self.person.id):
            return False
        self._removed("The app that makes codes was removed.")
        return True

    def remove_passkey(self, passkey_id: int) -> bool:
        """Forget a passkey; False where there is none such."""
        found = self._session.scalars(
            select(Passkey).where(Passkey.id == passkey_id, Passkey.staff_id == self.person.id)
        ).one_or_none()
        if found is None:
            return False
        self._session.delete(found)
        self._session.flush()
        self._removed(f"The passkey {found.name} was removed.")
        return True

    def first_codes(self, secret_key: str) -> list[str]:
        """Return recovery codes where there are none yet."""
        if recovery.left(self._session, self.person.id):
            return []
        return recovery.renew(self._session, self.person.id, secret_key)

    def _removed(self, what: str) -> None:
        if not factors.of(self._session, self.person.id).is_any:
            recovery.forget(self._session, self.person.id)
            what += " It was the last: your password alone opens the back office now."
        self._tell(what)

    def _tell(self, what: str) -> None:
        self._letters.staff_account(self._session, self.person.email, what)
