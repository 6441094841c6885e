"""What texts say in other languages, and in which language everybody is written to."""

import sqlalchemy as sa
from alembic import op

revision = "20261207"
down_revision = "20261205"

SPEAK = (
    *("answers", "cart_reminders", "comments", "customers", "gift_cards", "orders", "questions"),
    *("reviews", "search_entries", "stock_alerts", "subscribers"),
)


def code() -> sa.Column[str]:
    """Return the column for a language."""
    return sa.Column("language", sa.String(8), nullable=False, server_default="en")


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "translations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("place", sa.String(120), nullable=False),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_translations")),
        sa.UniqueConstraint("language", "digest", name=op.f("uq_translations_language_digest")),
    )
    op.create_index(op.f("ix_translations_place"), "translations", ["place"])
    op.create_index(op.f("ix_translations_updated_at"), "translations", ["updated_at"])
    for name in SPEAK:
        op.add_column(name, code())
    with op.batch_alter_table("mail_templates") as table:
        table.add_column(code())
        table.drop_constraint(op.f("pk_mail_templates"), type_="primary")
        table.create_primary_key(op.f("pk_mail_templates"), ["name", "language"])


def downgrade() -> None:
    """Take back: the letters of other languages are lost."""
    op.execute("DELETE FROM mail_templates WHERE language <> 'en'")
    with op.batch_alter_table("mail_templates") as table:
        table.drop_constraint(op.f("pk_mail_templates"), type_="primary")
        table.create_primary_key(op.f("pk_mail_templates"), ["name"])
        table.drop_column("language")
    for name in SPEAK:
        op.drop_column(name, "language")
    op.drop_table("translations")
