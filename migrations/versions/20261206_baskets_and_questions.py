"""Carts of customers, lines saved for later; questions of visitors, answers of buyers."""

import sqlalchemy as sa
from alembic import op

revision = "20261206"
down_revision = "20261203"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("carts") as batch:
        batch.add_column(sa.Column("customer_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(
            op.f("fk_carts_customer_id_customers"),
            "customers",
            ["customer_id"],
            ["id"],
            ondelete="CASCADE",
        )
        batch.create_unique_constraint(op.f("uq_carts_customer_id"), ["customer_id"])
    _create_saved_lines()
    _alter_questions()
    _create_answers()


def _create_saved_lines() -> None:
    op.create_table(
        "saved_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cart_id", sa.Integer(), nullable=False),
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "quantity BETWEEN 1 AND 99", name=op.f("ck_saved_lines_quantity_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["cart_id"],
            ["carts.id"],
            name=op.f("fk_saved_lines_cart_id_carts"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_saved_lines_variant_id_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_lines")),
        sa.UniqueConstraint(
            "cart_id", "variant_id", name=op.f("uq_saved_lines_cart_id_variant_id")
        ),
    )
    op.create_index(op.f("ix_saved_lines_variant_id"), "saved_lines", ["variant_id"])


def _alter_questions() -> None:
    """Tell a question's status by more than whether it is shown; a hidden one was rejected."""
    status = _status("questionstatus", "waiting", "published", "rejected", "spam")
    with op.batch_alter_table("questions") as batch:
        batch.add_column(sa.Column("status", status, nullable=False, server_default="published"))
        batch.add_column(_text("email", 254))
        batch.add_column(sa.Column("key", sa.String(length=64), nullable=True))
        batch.add_column(_text("origin", 64))
        batch.add_column(sa.Column("spam_score", sa.Integer(), nullable=False, server_default="0"))
        batch.add_column(sa.Column("spam_reasons", sa.JSON(), nullable=False, server_default="[]"))
        batch.create_unique_constraint(op.f("uq_questions_key"), ["key"])
        batch.create_check_constraint(
            op.f("ck_questions_spam_score_in_range"), "spam_score BETWEEN 0 AND 100"
        )
    op.execute("UPDATE questions SET status = 'rejected' WHERE NOT is_published")
    with op.batch_alter_table("questions") as batch:
        for name in ("status", "email", "origin", "spam_score", "spam_reasons"):
            batch.alter_column(name, server_default=None)
        batch.drop_column("is_published")
        batch.drop_index(op.f("ix_questions_product_id"))
    op.create_index(op.f("ix_questions_email"), "questions", ["email"])
    op.create_index("ix_questions_status_created_at", "questions", ["status", "created_at"])
    op.create_index(
        "ix_questions_product_id_status", "questions", ["product_id", "status", "position"]
    )


def _create_answers() -> None:
    op.create_table(
        "answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("question_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column(
            "status", _status("answerstatus", "waiting", "published", "rejected"), nullable=False
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_answers_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["question_id"],
            ["questions.id"],
            name=op.f("fk_answers_question_id_questions"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
        sa.UniqueConstraint(
            "question_id", "order_id", name=op.f("uq_answers_question_id_order_id")
        ),
    )
    op.create_index(op.f("ix_answers_order_id"), "answers", ["order_id"])
    op.create_index("ix_answers_status_created_at", "answers", ["status", "created_at"])


def _status(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)


def _text(name: str, length: int) -> sa.Column[str]:
    return sa.Column(name, sa.String(length=length), nullable=False, server_default="")


def downgrade() -> None:
    """Undo."""
    op.drop_table("answers")
    shown = sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.true())
    with op.batch_alter_table("questions") as batch:
        batch.add_column(shown)
    op.execute("UPDATE questions SET is_published = (status = 'published')")
    with op.batch_alter_table("questions") as batch:
        batch.alter_column("is_published", server_default=None)
        batch.drop_index("ix_questions_product_id_status")
        batch.drop_index("ix_questions_status_created_at")
        batch.drop_index(op.f("ix_questions_email"))
        batch.drop_constraint(op.f("ck_questions_spam_score_in_range"), type_="check")
        batch.drop_constraint(op.f("ck_questions_questionstatus"), type_="check")
        batch.drop_constraint(op.f("uq_questions_key"), type_="unique")
        for name in ("status", "email", "key", "origin", "spam_score", "spam_reasons"):
            batch.drop_column(name)
    op.create_index(op.f("ix_questions_product_id"), "questions", ["product_id"])
    op.drop_table("saved_lines")
    with op.batch_alter_table("carts") as batch:
        batch.drop_constraint(op.f("uq_carts_customer_id"), type_="unique")
        batch.drop_constraint(op.f("fk_carts_customer_id_customers"), type_="foreignkey")
        batch.drop_column("customer_id")
