"""Links in mails that prove whose an address is: each once, and not for long."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt


class LinkPurpose(enum.StrEnum):
    """What a mailed link is good for."""

    SIGN_IN = "sign in"
    RESET = "choose a password"
    ADDRESS = "change the address"


class MailedLink(CreatedAt, Base):
    """A link that was mailed to an address, in lower case.

    token_sha256: hex digest of the secret in the link. customer_id: whose address it would become,
    where that is its purpose. used_at: when it was used, or made void by a newer act.
    """

    __tablename__ = "mailed_links"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[LinkPurpose]
    email: Mapped[str] = mapped_column(String(254), index=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
