"""Mails that look after customers: back in stock, a cart left behind, delivered, and their ends."""

import sqlalchemy as sa
from alembic import op

revision = "20261204"
down_revision = "20261206"

BEFORE = ("newsletter confirmed", "order paid", "order shipped", "account opened")
AFTER = (*BEFORE[:3], "order delivered", BEFORE[3])


def upgrade() -> None:
    """Apply."""
    _add_alerts()
    _add_reminders()
    op.create_table(
        "mail_stops",
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("review invitation", "cart reminder"),
                name="stoppable",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("email", "kind", name=op.f("pk_mail_stops")),
    )
    with op.batch_alter_table("stock") as table:
        table.add_column(sa.Column("called", sa.Integer(), nullable=False, server_default="0"))
        table.create_check_constraint(op.f("ck_stock_called_not_negative"), "called >= 0")
    with op.batch_alter_table("fulfilments") as table:
        table.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True)))
        table.create_index(op.f("ix_fulfilments_delivered_at"), ["delivered_at"])
    _reword(AFTER)


def downgrade() -> None:
    """Undo; who waits, who wants no more mails and what was delivered is forgotten."""
    op.execute("DELETE FROM sequences WHERE trigger = 'order delivered'")
    _reword(BEFORE)
    with op.batch_alter_table("fulfilments") as table:
        table.drop_index(op.f("ix_fulfilments_delivered_at"))
        table.drop_column("delivered_at")
    with op.batch_alter_table("stock") as table:
        table.drop_constraint(op.f("ck_stock_called_not_negative"), type_="check")
        table.drop_column("called")
    for name in ("mail_stops", "cart_reminders", "stock_alerts"):
        op.drop_table(name)


def _add_alerts() -> None:
    op.create_table(
        "stock_alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asked_key", sa.String(length=64), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_stock_alerts_variant_id_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stock_alerts")),
        sa.UniqueConstraint("asked_key", name=op.f("uq_stock_alerts_asked_key")),
        sa.UniqueConstraint("key", name=op.f("uq_stock_alerts_key")),
        sa.UniqueConstraint("variant_id", "email", name=op.f("uq_stock_alerts_variant_id_email")),
    )
    op.create_index(op.f("ix_stock_alerts_email"), "stock_alerts", ["email"])
    op.create_index(
        "ix_stock_alerts_variant_id_told_at_asked_at",
        "stock_alerts",
        ["variant_id", "told_at", "asked_at"],
    )


def _add_reminders() -> None:
    op.create_table(
        "cart_reminders",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("asked_key", sa.String(length=64), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sent BETWEEN 0 AND 2", name=op.f("ck_cart_reminders_sent_in_range")),
        sa.ForeignKeyConstraint(
            ["cart_id"],
            ["carts.id"],
            name=op.f("fk_cart_reminders_cart_id_carts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cart_reminders")),
        sa.UniqueConstraint("asked_key", name=op.f("uq_cart_reminders_asked_key")),
        sa.UniqueConstraint("cart_id", name=op.f("uq_cart_reminders_cart_id")),
        sa.UniqueConstraint("key", name=op.f("uq_cart_reminders_key")),
    )
    op.create_index(op.f("ix_cart_reminders_email"), "cart_reminders", ["email"])
    op.create_index(
        "ix_cart_reminders_stopped_at_confirmed_at",
        "cart_reminders",
        ["stopped_at", "confirmed_at"],
    )


def _reword(words: tuple[str, ...]) -> None:
    """Let a sequence be triggered by these events and no others."""
    name = op.f("ck_sequences_sequencetrigger")
    with op.batch_alter_table("sequences") as table:
        table.drop_constraint(name, type_="check")
        listed = ", ".join(repr(it) for it in words)
        table.create_check_constraint(name, f"trigger IN ({listed})")
