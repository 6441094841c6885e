"""Gift cards with their ledger, gift messages, and what a product page says of whom it is for."""

import sqlalchemy as sa
from alembic import op

revision = "20261205"
down_revision = "20261204"

TEXTS = ("serves", "not_for", "fit")


def words(name: str) -> sa.Column[str]:
    """Return a column of text that is empty until something is written."""
    return sa.Column(name, sa.Text(), nullable=False, server_default="")


def rows(name: str) -> sa.Column[object]:
    """Return a column of lists that are empty until something is written."""
    return sa.Column(name, sa.JSON(), nullable=False, server_default="[]")


def upgrade() -> None:
    """Apply."""
    _create_cards()
    _create_movements()
    with op.batch_alter_table("products") as table:
        table.add_column(
            sa.Column("kind", sa.String(32), nullable=False, server_default="goods"),
        )
        table.create_check_constraint(
            op.f("ck_products_productkind"), "kind IN ('goods', 'gift card')"
        )
        for name in TEXTS:
            table.add_column(words(f"{name}_markdown"))
            table.add_column(words(f"{name}_html"))
    with op.batch_alter_table("carts") as table:
        table.add_column(sa.Column("gift_code_digest", sa.String(64)))
        table.add_column(words("gift_message"))
        table.add_column(rows("removed_gifts"))
    for name in ("cart_lines", "saved_lines"):
        with op.batch_alter_table(name) as table:
            table.add_column(rows("gifts"))
    with op.batch_alter_table("order_lines") as table:
        table.add_column(rows("gifts"))
        table.add_column(
            sa.Column("is_gift_card", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    with op.batch_alter_table("orders") as table:
        table.add_column(
            sa.Column("gift_minor", sa.BigInteger(), nullable=False, server_default="0")
        )
        table.add_column(words("gift_message"))
        table.create_check_constraint(
            op.f("ck_orders_gift_in_range"), "gift_minor BETWEEN 0 AND total_minor"
        )
    with op.batch_alter_table("payments") as table:
        table.add_column(sa.Column("gift_card_id", sa.Integer()))
        table.create_index(op.f("ix_payments_gift_card_id"), ["gift_card_id"])
        table.create_foreign_key(
            op.f("fk_payments_gift_card_id_gift_cards"), "gift_cards", ["gift_card_id"], ["id"]
        )
    _index_money("gift_card_id")


def _index_money(*more: str) -> None:
    op.drop_index("ix_payments_paid_at", "payments")
    columns = ["paid_at", "captured_currency", "captured_minor", *more]
    op.create_index("ix_payments_paid_at", "payments", columns)


def _create_cards() -> None:
    op.create_table(
        "gift_cards",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code_digest", sa.String(64), nullable=False),
        sa.Column("code_sealed", sa.Text(), nullable=True),
        sa.Column("last4", sa.String(4), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("balance_minor", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("order_line_id", sa.Integer(), nullable=True),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("recipient_name", sa.String(200), nullable=False),
        sa.Column("recipient_email", sa.String(254), nullable=False),
        sa.Column("sender_name", sa.String(200), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("send_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mail_key", sa.String(200), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("disabled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_gift_cards_amount_positive")),
        sa.CheckConstraint(
            "balance_minor BETWEEN 0 AND amount_minor", name=op.f("ck_gift_cards_balance_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_gift_cards_order_id_orders")
        ),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_gift_cards_order_line_id_order_lines"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_cards")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_gift_cards_code_digest")),
        sa.UniqueConstraint("mail_key", name=op.f("uq_gift_cards_mail_key")),
        sa.UniqueConstraint(
            "order_line_id", "serial", name=op.f("uq_gift_cards_order_line_id_serial")
        ),
    )
    for column in ("last4", "order_id", "recipient_email"):
        op.create_index(op.f(f"ix_gift_cards_{column}"), "gift_cards", [column])


def _create_movements() -> None:
    op.create_table(
        "gift_card_movements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("gift_card_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                *("issued", "spent", "given back", "disabled", "enabled"),
                name="giftcardmovementkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("actor", sa.String(254), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["gift_card_id"],
            ["gift_cards.id"],
            name=op.f("fk_gift_card_movements_gift_card_id_gift_cards"),
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_gift_card_movements_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gift_card_movements")),
    )
    for column in ("gift_card_id", "order_id"):
        op.create_index(op.f(f"ix_gift_card_movements_{column}"), "gift_card_movements", [column])


def downgrade() -> None:
    """Undo; gift cards are lost, and what was paid by them with them."""
    _index_money()
    with op.batch_alter_table("payments") as table:
        table.drop_constraint(op.f("fk_payments_gift_card_id_gift_cards"), type_="foreignkey")
        table.drop_index(op.f("ix_payments_gift_card_id"))
        table.drop_column("gift_card_id")
    with op.batch_alter_table("orders") as table:
        table.drop_constraint(op.f("ck_orders_gift_in_range"), type_="check")
        table.drop_column("gift_message")
        table.drop_column("gift_minor")
    with op.batch_alter_table("order_lines") as table:
        table.drop_column("is_gift_card")
        table.drop_column("gifts")
    for name in ("saved_lines", "cart_lines"):
        with op.batch_alter_table(name) as table:
            table.drop_column("gifts")
    with op.batch_alter_table("carts") as table:
        table.drop_column("removed_gifts")
        table.drop_column("gift_message")
        table.drop_column("gift_code_digest")
    with op.batch_alter_table("products") as table:
        table.drop_constraint(op.f("ck_products_productkind"), type_="check")
        table.drop_column("kind")
        for name in TEXTS:
            table.drop_column(f"{name}_markdown")
            table.drop_column(f"{name}_html")
    op.drop_table("gift_card_movements")
    op.drop_table("gift_cards")
