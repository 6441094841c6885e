"""Signed-in browsers of customers and staff."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, CreatedAt, now
from models.customer import Customer
from models.staff import Staff


class SignIn(CreatedAt, Base):
    """One browser that is signed in, as a customer or as staff, never both.

    token_sha256: hex digest of the secret in the browser's cookie; the secret itself is not kept.
    proved_at: when the person last proved that it is she, by a second factor where she has one.
    """

    __tablename__ = "sign_ins"
    __table_args__ = (
        CheckConstraint("(customer_id IS NULL) <> (staff_id IS NULL)", name="one_person"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    customer_id: Mapped[int | None] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[int | None] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    agent: Mapped[str] = mapped_column(String(200), default="")
    proved_at: Mapped[datetime | None]

    customer: Mapped[Customer | None] = relationship(lazy="raise_on_sql")
    staff: Mapped[Staff | None] = relationship(lazy="raise_on_sql")
