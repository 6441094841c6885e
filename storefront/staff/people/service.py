"""Who works here: invite, give a role, switch off. Each change locks the owners, one after another.

Only an owner changes others, and nobody changes herself: so the last owner always stays.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models import Invitation, Role, Staff, now
from models.once import claim
from storefront.browsers import end_sign_ins
from storefront.mail.letters import Letters
from storefront.staff.own import factors

VALID = timedelta(days=7)


class OwnSelfError(Exception):
    """Somebody would change herself."""


class NoOwnerError(Exception):
    """Who asks is no owner any more."""


class IsStaffError(Exception):
    """The address belongs to somebody who works here, or worked here."""


class BadInvitationError(Exception):
    """A link that was never given, was used, or was replaced by a newer one."""


class ExpiredError(Exception):
    """A link that is older than seven days."""


@dataclass(frozen=True, slots=True)
class Team:
    """Changes others on behalf of an owner, and mails them of it."""

    session: Session
    actor: Staff
    letters: Letters

    def invite(self, email: str, role: Role) -> None:
        """Mail a link by which this address becomes staff; an older link works no more."""
        self._refuse_unless_owner()
        if self.session.scalar(select(Staff.id).where(Staff.email == email)) is not None:
            raise IsStaffError
        token = secrets.token_urlsafe(32)
        given = {"role": role, "token_sha256": _digest(token), "actor": self.actor.email}
        found = self._invitation(email)
        fresh = Invitation(email=email, expires_at=now() + VALID, **given)
        if found is None and not claim(self.session, fresh):
            found = self._invitation(email)
        if found is not None:
            for name, value in given.items():
                setattr(found, name, value)
            found.expires_at = now() + VALID
        self.letters.staff_invitation(self.session, email, role.value, token)

    def withdraw(self, invitation_id: int) -> bool:
        """Let an invitation's link work no more; False where there is none such."""
        found = self.session.get(Invitation, invitation_id)
        if found is None:
            return False
        self.session.delete(found)
        return True

    def give_role(self, person_id: int, role: Role) -> Staff | None:
        """Give somebody else another role; she signs in anew. None where there is nobody such."""
        person = self._other(person_id)
        if person is not None and person.role is not role:
            person.role = role
            self._withdraw_hers(person)
            self._changed(person, f"Your role is {role.value} now. Sign in again.")
        return person

    def switch(self, person_id: int, *, is_active: bool) -> Staff | None:
        """Let somebody else in, or no more; None where there is nobody such."""
        person = self._other(person_id)
        if person is not None and person.is_active is not is_active:
            person.is_active = is_active
            self._withdraw_hers(person)
            self._changed(person, f"Your account was switched {'on' if is_active else 'off'}.")
        return person

    def reset_factors(self, person_id: int) -> Staff | None:
        """Forget somebody's devices and codes, as when she lost them all; she signs in anew."""
        person = self._other(person_id)
        if person is not None:
            factors.remove_all(self.session, person.id)
            self._changed(person, "Your passkeys, app and recovery codes were removed by an owner.")
        return person

    def _withdraw_hers(self, person: Staff) -> None:
        """Let the links that she gave as an owner work no more: one may be to herself."""
        self.session.execute(delete(Invitation).where(Invitation.actor == person.email))

    def _changed(self, person: Staff, what: str) -> None:
        end_sign_ins(self.session, person)
        self.letters.staff_account(self.session, person.email, what)

    def _other(self, person_id: int) -> Staff | None:
        if person_id == self.actor.id:
            raise OwnSelfError
        self._refuse_unless_owner()
        wanted = select(Staff).where(Staff.id == person_id).with_for_update()
        return self.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()

    def _refuse_unless_owner(self) -> None:
        owners = select(Staff.id).where(Staff.role == Role.OWNER, Staff.is_active)
        if (
            self.actor.id
            not in self.session.scalars(owners.order_by(Staff.id).with_for_update()).all()
        ):
            raise NoOwnerError

    def _invitation(self, email: str) -> Invitation | None:
        wanted = select(Invitation).where(Invitation.email == email).with_for_update()
        return self.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()


def invitation(session: Session, token: str) -> Invitation:
    """Return what a link invites to; raise BadInvitationError or ExpiredError."""
    found = session.scalars(
        select(Invitation).where(Invitation.token_sha256 == _digest(token))
    ).one_or_none()
    if found is None:
        raise BadInvitationError
    if found.expires_at <= now():
        raise ExpiredError
    return found


def accept(session: Session, token: str, name: str, password_hash: str) -> Staff:
    """Use up a link and write the account; of two at once, the second raises."""
    found = invitation(session, token)
    used = delete(Invitation).where(Invitation.token_sha256 == _digest(token))
    if session.scalar(used.returning(Invitation.id)) is None:
        raise BadInvitationError
    person = Staff(email=found.email, name=name, password_hash=password_hash, role=found.role)
    if not claim(session, person):
        raise BadInvitationError
    return person


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
