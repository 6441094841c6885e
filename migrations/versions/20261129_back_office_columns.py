"""What products, texts, orders and stock must know so that staff can run the shop.

All stock that is there lies at one first location from now on. Whoever was ``staff`` becomes a
``manager``, the least of the new roles that may do all that ``staff`` could.
"""

import sqlalchemy as sa
from alembic import op

revision = "20261129"
down_revision = "20261128"

# Each column that holds one of some words: table, column, constraint, before, after.
WORDS = (
    (
        "staff",
        "role",
        "role",
        ("owner", "staff"),
        ("owner", "manager", "fulfilment", "editor", "support"),
    ),
    (
        "orders",
        "status",
        "orderstatus",
        ("pending", "processing", "paid", "shipped", "cancelled"),
        ("draft", "pending", "processing", "paid", "shipped", "cancelled"),
    ),
    (
        "products",
        "status",
        "productstatus",
        ("draft", "active"),
        ("draft", "scheduled", "active", "archived"),
    ),
    (
        "stock_movements",
        "kind",
        "movementkind",
        (
            *("expected", "received", "adjusted", "reserved", "backordered", "released", "sold"),
            *("returned", "damaged", "quality hold", "put back", "written off"),
        ),
        (
            *("expected", "received", "adjusted", "reserved", "backordered", "released", "sold"),
            *("returned", "damaged", "quality hold", "put back", "written off", "transferred"),
        ),
    ),
)
# By what staff find orders.
# What the words that are new become where they are taken back.
FORWARD = {"role": {"staff": "manager"}}
BACK = {
    "role": dict.fromkeys(("manager", "fulfilment", "editor", "support"), "staff"),
    "orderstatus": {"draft": "cancelled"},
    "productstatus": {"scheduled": "draft", "archived": "draft"},
    "movementkind": {"transferred": "adjusted"},
}

# What is in the audit log stays as it is.
GUARDS = {
    "sqlite": [
        f"CREATE TRIGGER audit_entries_no_{word.lower()} BEFORE {word} ON audit_entries"
        " BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END"
        for word in ("UPDATE", "DELETE")
    ],
    "postgresql": [
        (
            "CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS"
            " $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$"
        ),
        (
            "CREATE TRIGGER audit_entries_stay BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries"
            " FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change()"
        ),
    ],
}
UNGUARDED = {
    "sqlite": [f"DROP TRIGGER audit_entries_no_{word}" for word in ("update", "delete")],
    "postgresql": [
        "DROP TRIGGER audit_entries_stay ON audit_entries",
        "DROP FUNCTION refuse_audit_change()",
    ],
}


def words(name: str, length: int) -> sa.Column[str]:
    """Return a column of text that is empty until something is written."""
    return sa.Column(name, sa.String(length), nullable=False, server_default="")


def units(name: str) -> sa.Column[int]:
    """Return a column that counts units, of which there are none yet."""
    return sa.Column(name, sa.Integer(), nullable=False, server_default="0")


def one_of(column: str, values: tuple[str, ...]) -> str:
    """Return the condition that a column holds one of some words."""
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


# What the back office's lists, Today and its reports look for among very many rows.
INDEXES = (
    ("ix_carts_created_at", "carts", ["created_at"]),
    ("ix_mails_bounced_at", "mails", ["bounced_at"]),
    ("ix_mails_template", "mails", ["template"]),
    ("ix_order_lines_product_handle", "order_lines", ["product_handle"]),
    ("ix_order_lines_sku", "order_lines", ["sku"]),
    ("ix_orders_cart_id", "orders", ["cart_id"]),
    ("ix_orders_country_created_at", "orders", ["country", "created_at"]),
    ("ix_orders_created_at", "orders", ["created_at"]),
    ("ix_orders_follows_id", "orders", ["follows_id"]),
    ("ix_orders_paid_at", "orders", ["paid_at", "currency"]),
    ("ix_orders_total_minor", "orders", ["total_minor"]),
    ("ix_payments_paid_at", "payments", ["paid_at", "captured_currency", "captured_minor"]),
    ("ix_payments_status_created_at", "payments", ["status", "created_at"]),
    ("ix_refunds_created_at", "refunds", ["created_at"]),
    ("ix_stock_movements_kind_created_at", "stock_movements", ["kind", "created_at"]),
    ("ix_variants_barcode", "variants", ["barcode"]),
)


def _index() -> None:
    for name, table, columns in INDEXES:
        op.create_index(op.f(name), table, columns)
    flagged = sa.text("attention IS NOT NULL")
    op.create_index(
        "ix_orders_attention",
        "orders",
        ["created_at"],
        sqlite_where=flagged,
        postgresql_where=flagged,
    )


def _drop_indexes() -> None:
    op.drop_index("ix_orders_attention", "orders")
    for name, table, _ in INDEXES:
        op.drop_index(op.f(name), table)


def upgrade() -> None:
    """Apply."""
    _reword(FORWARD, is_forward=True)
    for name in ("articles", "collections", "pages", "products"):
        with op.batch_alter_table(name) as table:
            table.add_column(words("seo_title", 200))
            table.add_column(words("seo_description", 320))
    with op.batch_alter_table("collections") as table:
        table.add_column(sa.Column("rule", sa.JSON()))
        table.add_column(
            sa.Column("is_published", sa.Boolean(), nullable=False, server_default=sa.true())
        )
    with op.batch_alter_table("fulfilments") as table:
        table.add_column(words("tracking_url", 500))
    with op.batch_alter_table("orders") as table:
        table.add_column(sa.Column("follows_id", sa.Integer()))
        table.create_foreign_key(
            op.f("fk_orders_follows_id_orders"), "orders", ["follows_id"], ["id"]
        )
    with op.batch_alter_table("order_lines") as table:
        table.add_column(units("shipped_quantity"))
        table.add_column(units("cancelled_quantity"))
    with op.batch_alter_table("refund_lines") as table:
        table.add_column(units("cancelled"))
    with op.batch_alter_table("reservations") as table:
        table.add_column(units("delivered"))
    _say_what_shipped()
    _restock_by_line()
    with op.batch_alter_table("pages") as table:
        table.add_column(sa.Column("published_at", sa.DateTime(timezone=True)))
        table.create_index(op.f("ix_pages_published_at"), ["published_at"])
    op.execute("UPDATE pages SET published_at = created_at")
    with op.batch_alter_table("products") as table:
        table.add_column(sa.Column("publish_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("product_images") as table:
        table.add_column(sa.Column("picture_id", sa.Integer()))
        table.create_index(op.f("ix_product_images_picture_id"), ["picture_id"])
        table.create_foreign_key(
            op.f("fk_product_images_picture_id_pictures"), "pictures", ["picture_id"], ["id"]
        )
    with op.batch_alter_table("sign_ins") as table:
        table.add_column(sa.Column("proved_at", sa.DateTime(timezone=True)))
    with op.batch_alter_table("variants") as table:
        table.add_column(sa.Column("low_at", sa.Integer()))
        table.add_column(sa.Column("low_told_at", sa.DateTime(timezone=True)))
    _name_mails()
    _place_stock()
    _index()
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


# How the keys of mails begin, where it is not with the name of their letter.
KEYS = {
    "account-confirm": "account_confirm",
    "account-exists": "account_exists",
    "limit": "staff_limit",
    "newsletter-test": "newsletter_sequence",
    "sequence": "newsletter_sequence",
    "staff-account": "staff_account",
    "staff-invitation": "staff_invitation",
    "verify": "staff_verify",
}
LETTERS = (
    *("comment_answered", "comment_published", "newsletter_already", "newsletter_confirm"),
    *("order_failed", "order_paid", "order_processing", "order_refunded", "order_shipped"),
)


def _name_mails() -> None:
    """Say of each mail as which letter it was written."""
    with op.batch_alter_table("mails") as table:
        table.add_column(words("template", 60))
    mails = sa.table("mails", sa.column("key", sa.String), sa.column("template", sa.String))
    for begin, name in (KEYS | {it: it for it in LETTERS}).items():
        named = mails.update().where(mails.c.key.startswith(f"{begin}:", autoescape=True))
        op.execute(named.values(template=name))


def _restock_by_line() -> None:
    with op.batch_alter_table("refund_lines") as table:
        table.add_column(
            sa.Column("is_restocked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(
        "UPDATE refund_lines SET is_restocked = true"
        " WHERE refund_id IN (SELECT id FROM refunds WHERE is_restocked)"
    )
    with op.batch_alter_table("refunds") as table:
        table.drop_column("is_restocked")
    with op.batch_alter_table("discount_uses") as table:
        table.alter_column("discount_id", existing_type=sa.Integer(), nullable=True)


def _restock_by_refund() -> None:
    op.execute("DELETE FROM discount_uses WHERE discount_id IS NULL")
    with op.batch_alter_table("discount_uses") as table:
        table.alter_column("discount_id", existing_type=sa.Integer(), nullable=False)
    with op.batch_alter_table("refunds") as table:
        table.add_column(
            sa.Column("is_restocked", sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.execute(
        "UPDATE refunds SET is_restocked = true"
        " WHERE id IN (SELECT refund_id FROM refund_lines WHERE is_restocked)"
    )
    with op.batch_alter_table("refund_lines") as table:
        table.drop_column("is_restocked")


def _say_what_shipped() -> None:
    """Say of each line what left and what never will, and of each parcel what was in it.

    Orders shipped whole: a unit left, unless its money went back before that.
    """
    op.execute(
        "UPDATE refund_lines SET cancelled = quantity WHERE id IN ("
        "SELECT l.id FROM refund_lines l JOIN refunds r ON r.id = l.refund_id"
        " JOIN payments p ON p.id = r.payment_id JOIN orders o ON o.id = p.order_id"
        " WHERE r.status IN ('requested', 'pending', 'succeeded')"
        " AND (o.shipped_at IS NULL OR r.created_at < o.shipped_at))"
    )
    op.execute(
        "UPDATE order_lines SET cancelled_quantity = (SELECT COALESCE(SUM(cancelled), 0)"
        " FROM refund_lines WHERE order_line_id = order_lines.id)"
    )
    op.execute(
        "UPDATE order_lines SET shipped_quantity = quantity - cancelled_quantity"
        " WHERE order_id IN (SELECT order_id FROM fulfilments)"
    )
    op.execute(
        "INSERT INTO fulfilment_lines (fulfilment_id, order_line_id, quantity)"
        " SELECT f.id, l.id, l.shipped_quantity FROM order_lines l"
        " JOIN (SELECT order_id, MIN(id) AS id FROM fulfilments GROUP BY order_id) f"
        " ON f.order_id = l.order_id WHERE l.shipped_quantity > 0"
    )
    with op.batch_alter_table("order_lines") as table:
        table.create_check_constraint(
            op.f("ck_order_lines_shipped_quantity_in_range"),
            "shipped_quantity >= 0 AND cancelled_quantity >= 0"
            " AND shipped_quantity + cancelled_quantity <= quantity",
        )
    with op.batch_alter_table("refund_lines") as table:
        table.create_check_constraint(
            op.f("ck_refund_lines_cancelled_in_range"), "cancelled BETWEEN 0 AND quantity"
        )


def _place_stock() -> None:
    with op.batch_alter_table("stock_movements") as table:
        table.add_column(sa.Column("location_id", sa.Integer()))
        table.create_index(op.f("ix_stock_movements_location_id"), ["location_id"])
        table.create_foreign_key(
            op.f("fk_stock_movements_location_id_locations"), "locations", ["location_id"], ["id"]
        )
    op.execute(
        "INSERT INTO locations (id, title, address, position, is_active, created_at)"
        " VALUES (1, 'Main', '', 0, true, CURRENT_TIMESTAMP)"
    )
    if op.get_bind().dialect.name == "postgresql":
        op.execute("SELECT setval(pg_get_serial_sequence('locations', 'id'), 1)")
    op.execute(
        "INSERT INTO stock_levels"
        " (variant_id, location_id, on_hand, reserved, unavailable, incoming)"
        " SELECT variant_id, 1, on_hand, reserved, unavailable, incoming FROM stock"
    )
    op.execute("UPDATE stock_movements SET location_id = 1 WHERE kind <> 'backordered'")
    op.execute("INSERT INTO audit_heads (id, number, digest) VALUES (1, 0, '" + "0" * 64 + "')")


def _reword(changes: dict[str, dict[str, str]], *, is_forward: bool) -> None:
    """Let columns hold other words than before."""
    for name, column, constraint, before, after in WORDS:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f"ck_{name}_{constraint}"), type_="check")
        cells = sa.table(name, sa.column(column))
        for old, new in changes.get(constraint, {}).items():
            renamed = cells.update().where(cells.c[column] == old)
            op.execute(renamed.values({column: new}))
        with op.batch_alter_table(name) as table:
            table.create_check_constraint(
                op.f(f"ck_{name}_{constraint}"), one_of(column, after if is_forward else before)
            )


def downgrade() -> None:
    """Undo; where stock lay and what only the new columns could say is lost."""
    _drop_indexes()
    for statement in UNGUARDED[op.get_bind().dialect.name]:
        op.execute(statement)
    _restock_by_refund()
    op.execute("DELETE FROM stock_levels")
    op.execute("DELETE FROM audit_heads")
    with op.batch_alter_table("stock_movements") as table:
        table.drop_constraint(op.f("fk_stock_movements_location_id_locations"), type_="foreignkey")
        table.drop_index(op.f("ix_stock_movements_location_id"))
        table.drop_column("location_id")
    op.execute("DELETE FROM locations")
    with op.batch_alter_table("order_lines") as table:
        table.drop_constraint(op.f("ck_order_lines_shipped_quantity_in_range"), type_="check")
        table.drop_column("shipped_quantity")
        table.drop_column("cancelled_quantity")
    with op.batch_alter_table("orders") as table:
        table.drop_constraint(op.f("fk_orders_follows_id_orders"), type_="foreignkey")
        table.drop_column("follows_id")
    with op.batch_alter_table("refund_lines") as table:
        table.drop_constraint(op.f("ck_refund_lines_cancelled_in_range"), type_="check")
        table.drop_column("cancelled")
    with op.batch_alter_table("reservations") as table:
        table.drop_column("delivered")
    op.execute("DELETE FROM fulfilment_lines")
    with op.batch_alter_table("product_images") as table:
        table.drop_constraint(op.f("fk_product_images_picture_id_pictures"), type_="foreignkey")
        table.drop_index(op.f("ix_product_images_picture_id"))
        table.drop_column("picture_id")
    with op.batch_alter_table("pages") as table:
        table.drop_index(op.f("ix_pages_published_at"))
    for name, added in (
        ("variants", ("low_told_at", "low_at")),
        ("sign_ins", ("proved_at",)),
        ("products", ("publish_at", "seo_description", "seo_title")),
        ("pages", ("published_at", "seo_description", "seo_title")),
        ("fulfilments", ("tracking_url",)),
        ("collections", ("is_published", "rule", "seo_description", "seo_title")),
        ("mails", ("template",)),
        ("articles", ("seo_description", "seo_title")),
    ):
        with op.batch_alter_table(name) as table:
            for column in added:
                table.drop_column(column)
    _reword(BACK, is_forward=False)
