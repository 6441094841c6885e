"""The addresses that customers keep."""

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, partial_index

MOST_ADDRESSES = 20  # of one customer


class Address(CreatedAt, Base):
    """Where something may be sent to, by the names of parts that the payment page uses too.

    country: two capitals of ISO 3166. state: the code or name of a part of it, where its addresses
    have one. is_default: what comes first; one of a customer's at most.
    """

    __tablename__ = "addresses"
    __table_args__ = (
        partial_index("uq_addresses_default", "customer_id", "is_default", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    country: Mapped[str] = mapped_column(String(2))
    name: Mapped[str] = mapped_column(String(200))
    line1: Mapped[str] = mapped_column(String(200))
    line2: Mapped[str] = mapped_column(String(200), default="")
    postal_code: Mapped[str] = mapped_column(String(20), default="")
    city: Mapped[str] = mapped_column(String(120), default="")
    state: Mapped[str] = mapped_column(String(120), default="")
    phone: Mapped[str] = mapped_column(String(40), default="")
    is_default: Mapped[bool] = mapped_column(default=False)
