"""What buyers do themselves: returns with pictures and exchanges, questions, changes in time."""

import sqlalchemy as sa
from alembic import op

revision = "20261203"
down_revision = "20261202"

BEFORE = ("requested", "accepted", "declined", "received", "closed")
AFTER = (*BEFORE, "withdrawn")


def _allow(statuses: tuple[str, ...]) -> None:
    words = ", ".join(repr(it) for it in statuses)
    with op.batch_alter_table("returns") as table:
        table.create_check_constraint(op.f("ck_returns_returnstatus"), f"status IN ({words})")


def _forbid() -> None:
    with op.batch_alter_table("returns") as table:
        table.drop_constraint(op.f("ck_returns_returnstatus"), type_="check")


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("picked_at", sa.DateTime(timezone=True)))
    _extend_returns()
    op.create_table(
        "order_questions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by", sa.String(length=254), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(answer = '') = (answered_at IS NULL)",
            name=op.f("ck_order_questions_answer_has_a_moment"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_order_questions_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_questions")),
        sa.UniqueConstraint("key", name=op.f("uq_order_questions_key")),
    )
    op.create_index(op.f("ix_order_questions_order_id"), "order_questions", ["order_id"])
    op.create_index(
        "ix_order_questions_answered_at", "order_questions", ["answered_at", "created_at"]
    )
    _create_pictures()


def _extend_returns() -> None:
    _forbid()
    _allow(AFTER)
    with op.batch_alter_table("returns") as table:
        table.add_column(sa.Column("words", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("answer", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("key", sa.String(length=80)))
        table.add_column(sa.Column("label_key", sa.String(length=64)))
        table.add_column(
            sa.Column("label_type", sa.String(length=40), nullable=False, server_default="")
        )
        table.add_column(sa.Column("exchange_id", sa.Integer()))
        table.create_unique_constraint(op.f("uq_returns_key"), ["key"])
        table.create_unique_constraint(op.f("uq_returns_label_key"), ["label_key"])
        table.create_unique_constraint(op.f("uq_returns_exchange_id"), ["exchange_id"])
        table.create_foreign_key(
            op.f("fk_returns_exchange_id_orders"), "orders", ["exchange_id"], ["id"]
        )
    with op.batch_alter_table("return_lines") as table:
        table.add_column(sa.Column("exchange_variant_id", sa.Integer()))
        table.create_index(op.f("ix_return_lines_exchange_variant_id"), ["exchange_variant_id"])
        table.create_foreign_key(
            op.f("fk_return_lines_exchange_variant_id_variants"),
            "variants",
            ["exchange_variant_id"],
            ["id"],
        )


def _create_pictures() -> None:
    op.create_table(
        "sent_pictures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("return_id", sa.Integer()),
        sa.Column("review_id", sa.Integer()),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "return_id IS NULL OR review_id IS NULL", name=op.f("ck_sent_pictures_one_cause")
        ),
        sa.CheckConstraint(
            "published_at IS NULL OR review_id IS NOT NULL",
            name=op.f("ck_sent_pictures_published_in_review"),
        ),
        sa.CheckConstraint("width > 0 AND height > 0", name=op.f("ck_sent_pictures_size_positive")),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_sent_pictures_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["return_id"],
            ["returns.id"],
            name=op.f("fk_sent_pictures_return_id_returns"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["review_id"],
            ["reviews.id"],
            name=op.f("fk_sent_pictures_review_id_reviews"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_pictures")),
        sa.UniqueConstraint("key", name=op.f("uq_sent_pictures_key")),
    )
    for column in ("order_id", "return_id", "review_id"):
        op.create_index(op.f(f"ix_sent_pictures_{column}"), "sent_pictures", [column])


def downgrade() -> None:
    """Undo; a return that was withdrawn becomes one that was declined."""
    op.drop_table("sent_pictures")
    op.drop_table("order_questions")
    with op.batch_alter_table("return_lines") as table:
        table.drop_constraint(
            op.f("fk_return_lines_exchange_variant_id_variants"), type_="foreignkey"
        )
        table.drop_index(op.f("ix_return_lines_exchange_variant_id"))
        table.drop_column("exchange_variant_id")
    with op.batch_alter_table("returns") as table:
        table.drop_constraint(op.f("fk_returns_exchange_id_orders"), type_="foreignkey")
        table.drop_constraint(op.f("uq_returns_exchange_id"), type_="unique")
        table.drop_constraint(op.f("uq_returns_label_key"), type_="unique")
        table.drop_constraint(op.f("uq_returns_key"), type_="unique")
        for column in ("exchange_id", "label_type", "label_key", "key", "answer", "words"):
            table.drop_column(column)
    op.execute("UPDATE returns SET status = 'declined' WHERE status = 'withdrawn'")
    _forbid()
    _allow(BEFORE)
    with op.batch_alter_table("orders") as table:
        table.drop_column("picked_at")
