"""What proves a person beside a password: passkeys, codes of an app, recovery codes."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt


class Passkey(CreatedAt, Base):
    """A public key of a device, as WebAuthn has it; of a customer or of staff, never both.

    credential_id and public_key: base64url. sign_count: that of its last use. name: what the
    person calls the device.
    """

    __tablename__ = "passkeys"
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) <> (staff_id IS NULL)", name="one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    credential_id: Mapped[str] = mapped_column(String(1400), unique=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int] = mapped_column(default=0)
    transports: Mapped[list[str]] = mapped_column(default=list)
    name: Mapped[str] = mapped_column(String(80))
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    used_at: Mapped[datetime | None]


class Totp(CreatedAt, Base):
    """The secret that a member of staff's app makes six-digit codes of (RFC 6238).

    secret: encrypted with a key made of SECRET_KEY. last_step: the 30 seconds of the last code
    that was taken; none of them or of before is taken again. confirmed_at: when a first code proved
    that the app has it; until then it counts for nothing.
    """

    __tablename__ = "totps"

    staff_id: Mapped[int] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True
    )
    secret: Mapped[str] = mapped_column(String(300))
    last_step: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[datetime | None]


class RecoveryCode(CreatedAt, Base):
    """A code to use once in place of a device. code_sha256: keyed digest, hex."""

    __tablename__ = "recovery_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"), index=True)
    code_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[datetime | None]
