"""Since when a part of an order has left, so that the list of orders need not look at each."""

import sqlalchemy as sa
from alembic import op

revision = "20261210"
down_revision = "20261209"

IS_PART = sa.text("partly_shipped_at IS NOT NULL")
PARTIAL = {
    "ix_orders_partly_shipped_at": "partly_shipped_at",
    "ix_orders_partly_shipped": "created_at",
}


def upgrade() -> None:
    """Apply."""
    op.add_column("orders", sa.Column("partly_shipped_at", sa.DateTime(timezone=True)))
    op.execute(
        "UPDATE orders SET partly_shipped_at = coalesce("
        "(SELECT min(created_at) FROM fulfilments WHERE order_id = orders.id), created_at)"
        " WHERE status <> 'shipped' AND EXISTS"
        " (SELECT 1 FROM order_lines WHERE order_id = orders.id AND shipped_quantity > 0)"
    )
    op.drop_index("ix_orders_status_created_at", "orders")
    columns = ["status", "created_at", "partly_shipped_at"]
    op.create_index("ix_orders_status_created_at", "orders", columns)
    for name, column in PARTIAL.items():
        where = {"sqlite_where": IS_PART, "postgresql_where": IS_PART}
        op.create_index(name, "orders", [column], **where)


def downgrade() -> None:
    """Take back."""
    for name in PARTIAL:
        op.drop_index(name, "orders")
    op.drop_index("ix_orders_status_created_at", "orders")
    op.create_index("ix_orders_status_created_at", "orders", ["status", "created_at"])
    op.drop_column("orders", "partly_shipped_at")
