"""Invoices and credit notes: numbered without gaps, and never changed."""

import enum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, CreatedAt, partial_index


class DocumentKind(enum.StrEnum):
    """What a document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit note"


_PREFIX = {DocumentKind.INVOICE: "INV", DocumentKind.CREDIT_NOTE: "CN"}


class Document(CreatedAt, Base):
    """A document as it was issued. number: of its kind, 1 and on, without gaps.

    content: everything that is printed on it, as it was that day. An order has one invoice, a
    refund one credit note.
    """

    __tablename__ = "documents"
    __table_args__ = (
        UniqueConstraint("kind", "number"),
        partial_index("uq_documents_invoice", "order_id", "kind = 'invoice'", unique=True),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("(kind = 'invoice') = (refund_id IS NULL)", name="refund_of_credit_note"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[DocumentKind]
    number: Mapped[int]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    refund_id: Mapped[int | None] = mapped_column(ForeignKey("refunds.id"), unique=True)
    content: Mapped[dict[str, Any]]
    actor: Mapped[str] = mapped_column(String(254))

    @property
    def label(self) -> str:
        """Its number as it is printed."""
        return f"{_PREFIX[self.kind]}-{self.number:05}"


class DocumentCounter(Base):
    """The last number of a kind; counted up in the transaction that issues."""

    __tablename__ = "document_counters"

    kind: Mapped[DocumentKind] = mapped_column(primary_key=True)
    last: Mapped[int] = mapped_column(default=0)
