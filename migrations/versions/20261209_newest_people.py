"""Indexes for long lists: the newest people, mails that came back, orders that left in part."""

import sqlalchemy as sa
from alembic import op

revision = "20261209"
down_revision = "20261208"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_customers_created_at", "customers", ["created_at", "email"])
    op.create_index("ix_subscribers_created_at", "subscribers", ["created_at", "email"])
    op.drop_index("ix_mails_bounced_at", "mails")
    came_back = sa.text("bounced_at IS NOT NULL")
    op.create_index(
        "ix_mails_bounced_at",
        "mails",
        ["bounced_at"],
        sqlite_where=came_back,
        postgresql_where=came_back,
    )
    op.drop_index("ix_order_lines_order_id", "order_lines")
    columns = ["order_id", "quantity", "shipped_quantity"]
    op.create_index("ix_order_lines_order_id", "order_lines", columns)


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_order_lines_order_id", "order_lines")
    op.create_index("ix_order_lines_order_id", "order_lines", ["order_id", "quantity"])
    op.drop_index("ix_mails_bounced_at", "mails")
    op.create_index("ix_mails_bounced_at", "mails", ["bounced_at"])
    op.drop_index("ix_subscribers_created_at", "subscribers")
    op.drop_index("ix_customers_created_at", "customers")
