"""Indexes of what few rows have, such as payments by gift card; products by title."""

import sqlalchemy as sa
from alembic import op

revision = "20261211"
down_revision = "20261210"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_products_is_demonstration", "products", ["is_demonstration"])
    op.create_index("ix_products_title", "products", ["title"])
    op.create_index("ix_comments_email", "comments", ["email"])
    op.drop_index("ix_payments_gift_card_id", "payments")
    by_card = sa.text("gift_card_id IS NOT NULL")
    op.create_index(
        "ix_payments_gift_card_id",
        "payments",
        ["gift_card_id"],
        sqlite_where=by_card,
        postgresql_where=by_card,
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_payments_gift_card_id", "payments")
    op.create_index("ix_payments_gift_card_id", "payments", ["gift_card_id"])
    op.drop_index("ix_comments_email", "comments")
    op.drop_index("ix_products_title", "products")
    op.drop_index("ix_products_is_demonstration", "products")
