"""Rules of purchases: what is on its way of each is what the ledger expects under its number."""

from collections.abc import Iterator

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from models import MovementKind, Purchase, PurchaseLine, PurchaseStatus, StockMovement, Variant
from storefront.verify.columns import or_zero

_OPEN = (PurchaseStatus.ORDERED, PurchaseStatus.PARTLY_RECEIVED)


def receipts_are_in_the_ledger(session: Session) -> Iterator[str]:
    """Hold what came of each purchase, and was ordered, against the ledger's lines of its number.

    Fewer may be expected than are still to come, where staff took that down by hand; never more.
    """
    line, moved = PurchaseLine, StockMovement
    ledger = (
        select(
            moved.reference,
            moved.variant_id,
            func.sum(case((moved.kind == MovementKind.RECEIVED, moved.on_hand), else_=0)).label(
                "received"
            ),
            func.sum(moved.incoming).label("incoming"),
        )
        .where(moved.reference.like("PO-%"))
        .group_by(moved.reference, moved.variant_id)
        .subquery()
    )
    left = line.quantity - line.received - line.rejected
    should = case((Purchase.status.in_(_OPEN) & (left > 0), left), else_=0)
    came, incoming = or_zero(ledger.c.received), or_zero(ledger.c.incoming)
    wrong = (
        select(Purchase.number, Variant.sku, line.received, came, should, incoming)
        .join(Purchase, Purchase.id == line.purchase_id)
        .join(Variant, Variant.id == line.variant_id)
        .outerjoin(
            ledger,
            (ledger.c.reference == Purchase.number) & (ledger.c.variant_id == line.variant_id),
        )
        .where(or_(line.received != came, incoming < should))
        .order_by(Purchase.id, Variant.sku)
    )
    for number, sku, received, has, waits, expected in session.execute(wrong):
        yield (
            f"{number}: {received} of {sku} received and {waits} to come,"
            f" {has} and {expected} in the ledger"
        )


RULES = (receipts_are_in_the_ledger,)
