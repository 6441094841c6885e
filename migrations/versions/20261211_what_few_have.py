"""An index of products for show, of which each page of the back office asks whether there are."""

from alembic import op

revision = "20261211"
down_revision = "20261210"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_products_is_demonstration", "products", ["is_demonstration"])


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_products_is_demonstration", "products")
