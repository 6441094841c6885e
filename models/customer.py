"""Customers: people with an account."""

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt
from models.language import Speaks


class Customer(Speaks, CreatedAt, Base):
    """A person with an account, named by an email address.

    email: lower case. password_hash: None where she has chosen none: she signs in by mailed links
    or passkeys. verified_at: when she proved that the address is hers; until then nobody signs in
    with it. reminders_since: when she agreed to be reminded of a cart that she left behind; None
    where she has not, or not any more.
    """

    __tablename__ = "customers"
    __table_args__ = (Index("ix_customers_created_at", "created_at", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    verified_at: Mapped[datetime | None]
    reminders_since: Mapped[datetime | None]
