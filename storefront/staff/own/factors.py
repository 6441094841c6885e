"""What a member of staff proves herself by beside her password."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Staff
from models.factor import Passkey, Totp
from storefront.mail.letters import Letters
from storefront.passkeys import BadPasskeyError, Passkeys
from storefront.staff.own import recovery, totp

CODE_USED = "One of your recovery codes was used to prove that it is you."


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has. has_app: one that makes codes; codes_left: for recovery."""

    has_app: bool
    passkeys: Sequence[Passkey]
    codes_left: int

    @property
    def is_any(self) -> bool:
        """Whether her password alone is not enough."""
        return self.has_app or bool(self.passkeys)


@dataclass(frozen=True, slots=True)
class Answer:
    """What somebody gave as proof: a code, or a passkey's answer to a challenge."""

    code: str
    passkey: str
    challenge: str


def of(session: Session, staff_id: int) -> Factors:
    """Return what a person has, in three queries."""
    app = select(Totp.staff_id).where(Totp.staff_id == staff_id, Totp.confirmed_at.is_not(None))
    keys = select(Passkey).where(Passkey.staff_id == staff_id).order_by(Passkey.id)
    return Factors(
        session.scalar(app) is not None,
        session.scalars(keys).all(),
        recovery.left(session, staff_id),
    )


class Check:
    """Takes what proves a person."""

    def __init__(self, passkeys: Passkeys, secret_key: str, letters: Letters) -> None:
        """Bind to the shop's passkeys and keys, and to who mails."""
        self.passkeys, self._secret_key, self._letters = passkeys, secret_key, letters

    def take(self, session: Session, person: Staff, answer: Answer) -> bool:
        """Use up an answer; say whether it proves the person. A recovery code is mailed of."""
        if answer.passkey:
            try:
                found = self.passkeys.prove(session, answer.passkey, answer.challenge, Staff)
            except BadPasskeyError:
                return False
            return found.staff_id == person.id
        if totp.digits(answer.code):
            return totp.take(session, person.id, answer.code, self._secret_key)
        if not recovery.take(session, person.id, answer.code, self._secret_key):
            return False
        self._letters.staff_account(session, person.email, CODE_USED)
        return True


def remove_all(session: Session, staff_id: int) -> None:
    """Forget every device and code of a person."""
    totp.remove(session, staff_id)
    session.execute(delete(Passkey).where(Passkey.staff_id == staff_id))
    recovery.forget(session, staff_id)
