"""What orders, payments, stock and carts must know so that money and stock add up.

Orders that exist consist of their lines alone; payments that were made are captured in full.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261125"
down_revision = "20261124"

KINDS = ("received", "adjusted", "reserved", "released", "sold")
NEW_KINDS = (
    *("expected", "received", "adjusted", "reserved", "backordered", "released", "sold"),
    *("returned", "damaged", "quality hold", "put back", "written off"),
)
STATUSES = ("open", "processing", "paid", "failed", "expired")
NEW_STATUSES = ("open", "processing", "paid", "held", "failed", "expired")
PARTS_IN_RANGE = (
    "subtotal_minor >= 0 AND discount_minor BETWEEN 0 AND subtotal_minor"
    " AND shipping_minor >= 0 AND shipping_tax_minor BETWEEN 0 AND tax_minor"
)
TOTAL_IS_SUM = (
    "total_minor = subtotal_minor - discount_minor + shipping_minor"
    " + CASE WHEN tax_is_included THEN 0 ELSE tax_minor END"
)
SHARES_IN_RANGE = "discount_minor BETWEEN 0 AND quantity * unit_price_minor AND tax_minor >= 0"


def amount(name: str) -> sa.Column[int]:
    """Return a column of minor units that is 0 until something is written."""
    return sa.Column(name, sa.BigInteger(), nullable=False, server_default="0")


def units(name: str) -> sa.Column[int]:
    """Return a column of units that is 0 until something is written."""
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def words(name: str, length: int) -> sa.Column[str]:
    """Return a column of text that is empty until something is written."""
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def flag(name: str, default: sa.TextClause) -> sa.Column[bool]:
    """Return a column that is yes or no."""
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=default)


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of some words."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("carts") as table:
        table.add_column(sa.Column("currency", sa.String(3)))
        table.add_column(sa.Column("country", sa.String(2)))
        table.add_column(sa.Column("region", sa.String(10)))
        table.add_column(sa.Column("shipping_rate_id", sa.Integer()))
        table.add_column(sa.Column("discount_code", sa.String(40)))
        table.create_foreign_key(
            op.f("fk_carts_shipping_rate_id_shipping_rates"),
            "shipping_rates",
            ["shipping_rate_id"],
            ["id"],
            ondelete="SET NULL",
        )
    with op.batch_alter_table("variants") as table:
        table.add_column(
            sa.Column("selling", sa.String(32), nullable=False, server_default="in stock")
        )
        table.add_column(words("promise", 200))
        table.create_check_constraint(
            op.f("ck_variants_selling"), one_of("selling", ("in stock", "backorder", "preorder"))
        )
    for name in ("discounts", "shipping_zones"):
        with op.batch_alter_table(name) as table:
            table.add_column(flag("is_demonstration", sa.false()))
    _alter_orders()
    _alter_stock()


def _alter_orders() -> None:
    with op.batch_alter_table("orders") as table:
        for name in ("subtotal", "discount", "shipping", "tax", "shipping_tax"):
            table.add_column(amount(f"{name}_minor"))
        table.add_column(flag("tax_is_included", sa.true()))
        table.add_column(words("shipping_title", 120))
        table.add_column(words("tax_title", 80))
        table.add_column(words("country", 2))
        table.add_column(words("region", 10))
        table.add_column(sa.Column("ships_to", sa.JSON(), nullable=False, server_default="[]"))
    op.execute("UPDATE orders SET subtotal_minor = total_minor")
    with op.batch_alter_table("orders") as table:
        table.create_check_constraint(op.f("ck_orders_parts_in_range"), PARTS_IN_RANGE)
        table.create_check_constraint(op.f("ck_orders_total_is_sum"), TOTAL_IS_SUM)
    with op.batch_alter_table("order_lines") as table:
        table.add_column(amount("discount_minor"))
        table.add_column(amount("tax_minor"))
        table.add_column(sa.Column("parts", sa.JSON(), nullable=False, server_default="{}"))
        table.add_column(words("promise", 200))
        table.add_column(units("refunded_quantity"))
        table.create_check_constraint(op.f("ck_order_lines_shares_in_range"), SHARES_IN_RANGE)
        table.create_check_constraint(
            op.f("ck_order_lines_refunded_quantity_in_range"),
            "refunded_quantity BETWEEN 0 AND quantity",
        )
    with op.batch_alter_table("payments") as table:
        table.add_column(amount("captured_minor"))
        table.add_column(sa.Column("captured_currency", sa.String(3)))
        table.add_column(amount("refunded_minor"))
        table.add_column(words("origin", 64))
        table.drop_constraint(op.f("ck_payments_paymentstatus"), type_="check")
    op.execute(
        "UPDATE payments SET captured_minor = amount_minor, captured_currency = currency"
        " WHERE status = 'paid'"
    )
    with op.batch_alter_table("payments") as table:
        table.create_check_constraint(
            op.f("ck_payments_paymentstatus"), one_of("status", NEW_STATUSES)
        )
        table.create_check_constraint(
            op.f("ck_payments_refunded_in_range"), "refunded_minor BETWEEN 0 AND captured_minor"
        )


def _alter_stock() -> None:
    with op.batch_alter_table("reservations") as table:
        table.add_column(flag("is_backorder", sa.false()))
    with op.batch_alter_table("stock") as table:
        table.add_column(units("unavailable"))
        table.add_column(units("backordered"))
        table.drop_constraint(op.f("ck_stock_on_hand_covers_reserved"), type_="check")
        table.create_check_constraint(
            op.f("ck_stock_on_hand_covers_promises"), "on_hand >= reserved + unavailable"
        )
        table.create_check_constraint(op.f("ck_stock_unavailable_not_negative"), "unavailable >= 0")
        table.create_check_constraint(op.f("ck_stock_backordered_not_negative"), "backordered >= 0")
    with op.batch_alter_table("stock_movements") as table:
        for name in ("unavailable", "backordered", "incoming"):
            table.add_column(units(name))
        table.add_column(words("reference", 120))
        table.drop_constraint(op.f("ck_stock_movements_movementkind"), type_="check")
        table.create_check_constraint(
            op.f("ck_stock_movements_movementkind"), one_of("kind", NEW_KINDS)
        )


def downgrade() -> None:
    """Undo; what only the new columns could say is lost."""
    with op.batch_alter_table("stock_movements") as table:
        table.drop_constraint(op.f("ck_stock_movements_movementkind"), type_="check")
    movements = sa.table("stock_movements", sa.column("kind"))
    newer = movements.c.kind.not_in(KINDS)
    op.execute(movements.update().where(newer).values(kind="adjusted"))
    with op.batch_alter_table("stock_movements") as table:
        table.create_check_constraint(
            op.f("ck_stock_movements_movementkind"), one_of("kind", KINDS)
        )
        for name in ("unavailable", "backordered", "incoming", "reference"):
            table.drop_column(name)
    with op.batch_alter_table("stock") as table:
        for name in ("covers_promises", "unavailable", "backordered"):
            suffix = f"on_hand_{name}" if name == "covers_promises" else f"{name}_not_negative"
            table.drop_constraint(op.f(f"ck_stock_{suffix}"), type_="check")
        table.create_check_constraint(
            op.f("ck_stock_on_hand_covers_reserved"), "on_hand >= reserved"
        )
        table.drop_column("backordered")
        table.drop_column("unavailable")
    with op.batch_alter_table("reservations") as table:
        table.drop_column("is_backorder")
    _restore_orders()
    for name in ("shipping_zones", "discounts"):
        with op.batch_alter_table(name) as table:
            table.drop_column("is_demonstration")
    with op.batch_alter_table("variants") as table:
        table.drop_constraint(op.f("ck_variants_selling"), type_="check")
        table.drop_column("promise")
        table.drop_column("selling")
    with op.batch_alter_table("carts") as table:
        table.drop_constraint(op.f("fk_carts_shipping_rate_id_shipping_rates"), type_="foreignkey")
        for name in ("discount_code", "shipping_rate_id", "region", "country", "currency"):
            table.drop_column(name)


def _restore_orders() -> None:
    op.execute("UPDATE payments SET status = 'open' WHERE status = 'held'")
    with op.batch_alter_table("payments") as table:
        table.drop_constraint(op.f("ck_payments_paymentstatus"), type_="check")
        table.drop_constraint(op.f("ck_payments_refunded_in_range"), type_="check")
        table.create_check_constraint(op.f("ck_payments_paymentstatus"), one_of("status", STATUSES))
        for name in ("captured_minor", "captured_currency", "refunded_minor", "origin"):
            table.drop_column(name)
    with op.batch_alter_table("order_lines") as table:
        table.drop_constraint(op.f("ck_order_lines_shares_in_range"), type_="check")
        table.drop_constraint(op.f("ck_order_lines_refunded_quantity_in_range"), type_="check")
        for name in ("discount_minor", "tax_minor", "parts", "promise", "refunded_quantity"):
            table.drop_column(name)
    with op.batch_alter_table("orders") as table:
        table.drop_constraint(op.f("ck_orders_parts_in_range"), type_="check")
        table.drop_constraint(op.f("ck_orders_total_is_sum"), type_="check")
        for name in ("subtotal", "discount", "shipping", "tax", "shipping_tax"):
            table.drop_column(f"{name}_minor")
        for name in (
            "tax_is_included",
            "shipping_title",
            "tax_title",
            "country",
            "region",
            "ships_to",
        ):
            table.drop_column(name)
