"""Indexes from which the back office reads sums over all orders, without a look at the orders."""

from alembic import op

revision = "20261130"
down_revision = "20261129"

# Index, table, columns before and after; none before: it is new.
INDEXES: tuple[tuple[str, str, list[str], list[str]], ...] = (
    ("ix_orders_email", "orders", ["email"], ["email", "status", "created_at", "paid_at"]),
    ("ix_order_lines_order_id", "order_lines", [], ["order_id", "quantity"]),
    (
        *("ix_payments_order_id", "payments", []),
        ["order_id", "captured_currency", "captured_minor", "refunded_minor"],
    ),
    (
        *("ix_refunds_status", "refunds", ["status"]),
        ["status", "created_at", "currency", "amount_minor"],
    ),
)


def upgrade() -> None:
    for name, table, before, after in INDEXES:
        if before:
            op.drop_index(op.f(name), table)
        op.create_index(op.f(name), table, after)


def downgrade() -> None:
    for name, table, before, _ in INDEXES:
        op.drop_index(op.f(name), table)
        if before:
            op.create_index(op.f(name), table, before)
