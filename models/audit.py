"""What the shop found when it held its books against themselves and against Stripe."""

import enum
from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, Currency, Minor
from models.money import Money


class Verification(CreatedAt, Base):
    """One run of ``verify``: a line for each thing that did not add up.

    asked_stripe: Stripe answered and was compared.
    """

    __tablename__ = "verifications"

    id: Mapped[int] = mapped_column(primary_key=True)
    problems: Mapped[list[str]]
    asked_stripe: Mapped[bool] = mapped_column(default=False)


class DiscrepancyKind(enum.StrEnum):
    """On which side something is missing."""

    MONEY_WITHOUT_ORDER = "money without order"
    ORDER_WITHOUT_MONEY = "order without money"


class Discrepancy(CreatedAt, Base):
    """Stripe and the shop disagree about a payment or a refund.

    reference: Stripe's name of the session or refund, or ours of the order. resolved_at: when it
    was no longer so, or staff said that it is settled; resolution says how.
    """

    __tablename__ = "discrepancies"
    __table_args__ = (UniqueConstraint("kind", "reference"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DiscrepancyKind]
    reference: Mapped[str] = mapped_column(String(255))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    amount_minor: Mapped[int] = mapped_column(Minor, default=0)
    currency: Mapped[str] = mapped_column(Currency, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str] = mapped_column(String(254), default="")
    resolution: Mapped[str] = mapped_column(Text, default="")

    @property
    def amount(self) -> Money:
        """How much the two sides differ by."""
        return Money(self.amount_minor, self.currency)
