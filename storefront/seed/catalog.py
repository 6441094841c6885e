"""The starting catalog: collections, products with their variants, and demonstration stock."""

from collections.abc import Mapping

from sqlalchemy import insert

from models import (
    BundlePart,
    Collection,
    Money,
    Product,
    ProductImage,
    ProductKind,
    Selling,
    Stock,
    StockMovement,
    Variant,
)
from models.catalog import collection_products
from models.inventory import MovementKind, move
from storefront.search import index
from storefront.seed.rows import Rows, Table
from storefront.text import RENDERER

ACTOR = "seed"
WIDTHS = [480, 800, 1200, 1600]  # of the product pictures under static/img/products


def add_catalog(rows: Rows, catalog: Table) -> None:
    """Write the collections, and the products in them."""
    collections = {
        row["handle"]: rows.added(
            Collection(handle=row["handle"], title=row["title"], description=row["description"])
        )
        for row in catalog["collection"]
    }
    for position, row in enumerate(catalog["product"]):
        product = _add_product(rows, row, catalog["shop"]["currency"])
        for handle in row["collections"]:
            link = {"collection_id": collections[handle].id, "product_id": product.id}
            rows.session.execute(insert(collection_products), [link | {"position": position}])


def _add_product(rows: Rows, row: Table, currency: str) -> Product:
    product = Product(
        handle=row["handle"],
        title=row["title"],
        summary=row["summary"].strip().replace("\n", " "),
        description_markdown=row["description"],
        description_html=rows.html(row["description"]),
        **_suits(rows, row),
        renderer=RENDERER,
        kind=ProductKind(row.get("kind", ProductKind.GOODS)),
        option_names=row["option_names"],
        is_demonstration=row.get("demonstration", False),
    )
    product.images = [
        ProductImage(position=position, key=image["key"], alt=image["alt"], widths=WIDTHS)
        for position, image in enumerate(row.get("image", ()))
    ]
    product.variants = [
        _variant(variant, position, currency) for position, variant in enumerate(row["variant"])
    ]
    rows.products[row["handle"]] = rows.added(product)
    for variant, given in zip(product.variants, row["variant"], strict=True):
        rows.variants[variant.sku] = variant
        if "parts" in given:
            _add_parts(rows, variant, given["parts"])
        elif product.kind is ProductKind.GOODS:
            _add_stock(rows, variant, given["stock"])
    index.index_product(rows.session, product)
    return product


def _suits(rows: Rows, row: Table) -> dict[str, str]:
    """Return the texts that say whom a product is for, where it has them."""
    texts = {name: row.get(name, "").strip() for name in ("serves", "fit", "not_for")}
    words = {f"{name}_markdown": text for name, text in texts.items()}
    return words | {f"{name}_html": rows.html(it, notes=name) for name, it in texts.items() if it}


def _add_parts(rows: Rows, bundle: Variant, parts: Mapping[str, int]) -> None:
    for sku, quantity in parts.items():
        part_id = rows.variants[sku].id
        rows.added(BundlePart(bundle_id=bundle.id, part_id=part_id, quantity=quantity))


def _add_stock(rows: Rows, variant: Variant, units: int) -> None:
    rows.added(Stock(variant_id=variant.id))
    if units:
        received = StockMovement(
            variant_id=variant.id,
            kind=MovementKind.RECEIVED,
            on_hand=units,
            reason="Demonstration stock",
            actor=ACTOR,
        )
        move(rows.session, received)


def _variant(row: Table, position: int, currency: str) -> Variant:
    return Variant(
        position=position,
        sku=row["sku"],
        options=row["options"],
        price=Money(row["price_minor"], currency),
        compare_at_minor=row.get("compare_at_minor"),
        weight_g=row.get("weight_g", 0),
        image_key=row.get("image"),
        selling=Selling(row.get("selling", Selling.IN_STOCK)),
        promise=row.get("promise", ""),
    )
