"""Tables for discounts, shipping, taxes, bundles, prices, refunds, disputes and audits."""

import sqlalchemy as sa
from alembic import op

revision = "20261124"
down_revision = "20261123"


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "shipping_zones",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_zones")),
    )
    op.create_table(
        "tax_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("region", sa.String(length=10), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("rate_ppm", sa.Integer(), nullable=False),
        sa.Column("is_included", sa.Boolean(), nullable=False),
        sa.Column("taxes_shipping", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "rate_ppm BETWEEN 0 AND 1000000", name=op.f("ck_tax_rates_rate_in_range")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tax_rates")),
        sa.UniqueConstraint("country", "region", name=op.f("uq_tax_rates_country_region")),
    )
    op.create_table(
        "verifications",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("asked_stripe", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_verifications")),
    )
    op.create_table(
        "discounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "percentage",
                "amount",
                "free shipping",
                "buy x get y",
                name="discountkind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("percent_ppm", sa.Integer(), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("buy_quantity", sa.Integer(), nullable=False),
        sa.Column("get_quantity", sa.Integer(), nullable=False),
        sa.Column("minimum_minor", sa.BigInteger(), nullable=False),
        sa.Column("minimum_quantity", sa.Integer(), nullable=False),
        sa.Column("collection_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("max_uses", sa.Integer(), nullable=True),
        sa.Column("max_uses_each", sa.Integer(), nullable=True),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(amount_minor = 0 AND minimum_minor = 0) OR currency IS NOT NULL",
            name=op.f("ck_discounts_amounts_have_a_currency"),
        ),
        sa.CheckConstraint("amount_minor >= 0", name=op.f("ck_discounts_amount_not_negative")),
        sa.CheckConstraint(
            "buy_quantity >= 0 AND get_quantity >= 0", name=op.f("ck_discounts_quantities_in_range")
        ),
        sa.CheckConstraint(
            "minimum_minor >= 0 AND minimum_quantity >= 0",
            name=op.f("ck_discounts_minimum_in_range"),
        ),
        sa.CheckConstraint(
            "percent_ppm BETWEEN 0 AND 1000000", name=op.f("ck_discounts_percent_in_range")
        ),
        sa.CheckConstraint(
            "used >= 0 AND (max_uses IS NULL OR used <= max_uses)",
            name=op.f("ck_discounts_used_in_range"),
        ),
        sa.ForeignKeyConstraint(
            ["collection_id"],
            ["collections.id"],
            name=op.f("fk_discounts_collection_id_collections"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discounts")),
        sa.UniqueConstraint("code", name=op.f("uq_discounts_code")),
    )
    op.create_table(
        "shipping_rates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("delivery", sa.String(length=120), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("free_from_minor", sa.BigInteger(), nullable=True),
        sa.Column("least_weight_g", sa.Integer(), nullable=False),
        sa.Column("most_weight_g", sa.Integer(), nullable=True),
        sa.Column("least_minor", sa.BigInteger(), nullable=False),
        sa.Column("most_minor", sa.BigInteger(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "least_weight_g >= 0 AND least_minor >= 0",
            name=op.f("ck_shipping_rates_least_not_negative"),
        ),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_shipping_rates_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["zone_id"],
            ["shipping_zones.id"],
            name=op.f("fk_shipping_rates_zone_id_shipping_zones"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shipping_rates")),
    )
    op.create_index(op.f("ix_shipping_rates_zone_id"), "shipping_rates", ["zone_id"])

    op.create_table(
        "zone_countries",
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("zone_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["zone_id"],
            ["shipping_zones.id"],
            name=op.f("fk_zone_countries_zone_id_shipping_zones"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("country", name=op.f("pk_zone_countries")),
    )
    op.create_index(op.f("ix_zone_countries_zone_id"), "zone_countries", ["zone_id"])

    op.create_table(
        "bundle_parts",
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("bundle_id <> part_id", name=op.f("ck_bundle_parts_not_of_itself")),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_bundle_parts_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["bundle_id"],
            ["variants.id"],
            name=op.f("fk_bundle_parts_bundle_id_variants"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["part_id"], ["variants.id"], name=op.f("fk_bundle_parts_part_id_variants")
        ),
        sa.PrimaryKeyConstraint("bundle_id", "part_id", name=op.f("pk_bundle_parts")),
    )
    op.create_index(op.f("ix_bundle_parts_part_id"), "bundle_parts", ["part_id"])

    op.create_table(
        "discount_customers",
        sa.Column("discount_id", sa.Integer(), nullable=False),
        sa.Column("customer", sa.String(length=254), nullable=False),
        sa.Column("used", sa.Integer(), nullable=False),
        sa.CheckConstraint("used >= 0", name=op.f("ck_discount_customers_used_not_negative")),
        sa.ForeignKeyConstraint(
            ["discount_id"],
            ["discounts.id"],
            name=op.f("fk_discount_customers_discount_id_discounts"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("discount_id", "customer", name=op.f("pk_discount_customers")),
    )
    op.create_table(
        "variant_prices",
        sa.Column("variant_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price_minor", sa.BigInteger(), nullable=False),
        sa.Column("compare_at_minor", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("price_minor >= 0", name=op.f("ck_variant_prices_price_not_negative")),
        sa.ForeignKeyConstraint(
            ["variant_id"],
            ["variants.id"],
            name=op.f("fk_variant_prices_variant_id_variants"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("variant_id", "currency", name=op.f("pk_variant_prices")),
    )
    op.create_table(
        "discount_uses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("discount_id", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=True),
        sa.Column("goods_minor", sa.BigInteger(), nullable=False),
        sa.Column("shipping_minor", sa.BigInteger(), nullable=False),
        sa.Column("customer", sa.String(length=254), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "used",
                "released",
                name="discountusestate",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "goods_minor >= 0 AND shipping_minor >= 0",
            name=op.f("ck_discount_uses_amounts_not_negative"),
        ),
        sa.ForeignKeyConstraint(
            ["discount_id"], ["discounts.id"], name=op.f("fk_discount_uses_discount_id_discounts")
        ),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_discount_uses_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discount_uses")),
        sa.UniqueConstraint(
            "order_id", "discount_id", name=op.f("uq_discount_uses_order_id_discount_id")
        ),
    )
    op.create_index(op.f("ix_discount_uses_discount_id"), "discount_uses", ["discount_id"])

    op.create_table(
        "discrepancies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "money without order",
                "order without money",
                name="discrepancykind",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(length=255), nullable=False),
        sa.Column("order_id", sa.Integer(), nullable=True),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=254), nullable=False),
        sa.Column("resolution", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_discrepancies_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discrepancies")),
        sa.UniqueConstraint("kind", "reference", name=op.f("uq_discrepancies_kind_reference")),
    )
    op.create_index(op.f("ix_discrepancies_order_id"), "discrepancies", ["order_id"])

    op.create_table(
        "disputes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("dispute_id", sa.String(length=255), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("status", sa.String(length=40), nullable=False),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("taken_minor", sa.BigInteger(), nullable=False),
        sa.Column("reason", sa.String(length=60), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("taken_minor >= 0", name=op.f("ck_disputes_taken_not_negative")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_disputes_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disputes")),
        sa.UniqueConstraint("dispute_id", name=op.f("uq_disputes_dispute_id")),
    )
    op.create_index(op.f("ix_disputes_payment_id"), "disputes", ["payment_id"])

    op.create_table(
        "refunds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("payment_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("refund_id", sa.String(length=255), nullable=True),
        sa.Column(
            "status",
            sa.Enum(
                "requested",
                "pending",
                "succeeded",
                "failed",
                "canceled",
                name="refundstatus",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("amount_minor", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("reason", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("failure", sa.String(length=200), nullable=False),
        sa.Column("actor", sa.String(length=254), nullable=False),
        sa.Column("is_restocked", sa.Boolean(), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_minor > 0", name=op.f("ck_refunds_amount_positive")),
        sa.ForeignKeyConstraint(
            ["payment_id"], ["payments.id"], name=op.f("fk_refunds_payment_id_payments")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refunds")),
        sa.UniqueConstraint("key", name=op.f("uq_refunds_key")),
        sa.UniqueConstraint("refund_id", name=op.f("uq_refunds_refund_id")),
    )
    op.create_index(op.f("ix_refunds_payment_id"), "refunds", ["payment_id"])
    op.create_index(op.f("ix_refunds_status"), "refunds", ["status"])

    op.create_table(
        "refund_lines",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refund_id", sa.Integer(), nullable=False),
        sa.Column("order_line_id", sa.Integer(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.CheckConstraint("quantity > 0", name=op.f("ck_refund_lines_quantity_positive")),
        sa.ForeignKeyConstraint(
            ["order_line_id"],
            ["order_lines.id"],
            name=op.f("fk_refund_lines_order_line_id_order_lines"),
        ),
        sa.ForeignKeyConstraint(
            ["refund_id"], ["refunds.id"], name=op.f("fk_refund_lines_refund_id_refunds")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refund_lines")),
    )
    op.create_index(op.f("ix_refund_lines_order_line_id"), "refund_lines", ["order_line_id"])
    op.create_index(op.f("ix_refund_lines_refund_id"), "refund_lines", ["refund_id"])


def downgrade() -> None:
    """Undo."""
    op.drop_table("refund_lines")
    op.drop_table("refunds")
    op.drop_table("disputes")
    op.drop_table("discrepancies")
    op.drop_table("discount_uses")
    op.drop_table("variant_prices")
    op.drop_table("discount_customers")
    op.drop_table("bundle_parts")
    op.drop_table("zone_countries")
    op.drop_table("shipping_rates")
    op.drop_table("discounts")
    op.drop_table("verifications")
    op.drop_table("tax_rates")
    op.drop_table("shipping_zones")
