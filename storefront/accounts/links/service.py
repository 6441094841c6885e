"""Mailed links: asked for by anybody, used by who reads the mail, once."""

import hashlib
import secrets
from datetime import timedelta
from urllib.parse import quote

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from models import LinkPurpose, MailedLink, now
from storefront.mail.letters import Letters

LASTS = timedelta(minutes=15)
LONGEST_TOKEN = 100
LETTERS = {
    LinkPurpose.SIGN_IN: "account_link",
    LinkPurpose.RESET: "account_password",
    LinkPurpose.ADDRESS: "account_address",
}


class Links:
    """Mails links."""

    def __init__(self, letters: Letters) -> None:
        """Remember who mails."""
        self._letters = letters

    def ask(
        self,
        session: Session,
        purpose: LinkPurpose,
        email: str,
        *,
        onward: str = "",
        customer_id: int | None = None,
    ) -> None:
        """Mail a link to an address, whether it has an account or not: the rows are the same.

        onward: where it leads then, within the shop. customer_id: whose address this shall be.
        """
        token = secrets.token_urlsafe(32)
        link = MailedLink(
            purpose=purpose,
            email=email,
            token_sha256=digest(token),
            customer_id=customer_id,
            expires_at=now() + LASTS,
        )
        session.add(link)
        path = f"/account/link/{token}"
        if onward:
            path += f"?next={quote(onward)}"
        self._letters.account_link(session, LETTERS[purpose], email, path, digest(token)[:16])


def find(session: Session, token: str) -> MailedLink | None:
    """Return a link that can be used now, or None: used, over, altered or never mailed."""
    if len(token) > LONGEST_TOKEN:
        return None
    return session.scalars(select(MailedLink).where(*_usable(token))).one_or_none()


def use(session: Session, token: str, purpose: LinkPurpose) -> MailedLink | None:
    """Use a link up; None where it cannot be used, or another request was quicker.

    The other links to the same address for this purpose are void from then on.
    """
    if len(token) > LONGEST_TOKEN:
        return None
    found = session.scalars(
        update(MailedLink)
        .where(*_usable(token), MailedLink.purpose == purpose)
        .values(used_at=now())
        .returning(MailedLink)
        .execution_options(synchronize_session=False, populate_existing=True)
    ).one_or_none()
    if found is not None:
        void(session, found.email, purpose)
    return found


def void(session: Session, email: str, *purposes: LinkPurpose) -> None:
    """Let links that were mailed to an address work no more; of all purposes if none is named."""
    which = [MailedLink.email == email, MailedLink.used_at.is_(None)]
    if purposes:
        which.append(MailedLink.purpose.in_(purposes))
    session.execute(
        update(MailedLink)
        .where(*which)
        .values(used_at=now())
        .execution_options(synchronize_session=False)
    )


def digest(token: str) -> str:
    """Return what is kept of a link's secret."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _usable(token: str) -> tuple[ColumnElement[bool], ...]:
    return (
        MailedLink.token_sha256 == digest(token),
        MailedLink.used_at.is_(None),
        MailedLink.expires_at > now(),
    )
