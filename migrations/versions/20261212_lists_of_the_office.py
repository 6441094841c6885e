"""Indexes by which lists of the back office find their page, and count what is in each state."""

from alembic import op

revision = "20261212"
down_revision = "20261211"


def upgrade() -> None:
    """Apply."""
    op.create_index("ix_audit_entries_created_at", "audit_entries", ["created_at", "number"])
    for name in ("actor", "act"):
        op.drop_index(f"ix_audit_entries_{name}", "audit_entries")
        op.create_index(f"ix_audit_entries_{name}", "audit_entries", [name, "created_at", "number"])
    op.create_index("ix_subscribers_status", "subscribers", ["status", "created_at"])
    for table in ("comments", "questions", "reviews"):
        op.create_index(f"ix_{table}_created_at", table, ["created_at"])
    op.drop_index("ix_comments_status_created_at", "comments")
    op.create_index(
        "ix_comments_status_created_at", "comments", ["status", "created_at", "is_staff"]
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_comments_status_created_at", "comments")
    op.create_index("ix_comments_status_created_at", "comments", ["status", "created_at"])
    for table in ("comments", "questions", "reviews"):
        op.drop_index(f"ix_{table}_created_at", table)
    op.drop_index("ix_subscribers_status", "subscribers")
    for name in ("actor", "act"):
        op.drop_index(f"ix_audit_entries_{name}", "audit_entries")
        op.create_index(f"ix_audit_entries_{name}", "audit_entries", [name])
    op.drop_index("ix_audit_entries_created_at", "audit_entries")
