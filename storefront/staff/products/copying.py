"""Duplicating a product: a draft that says and costs the same, with other SKUs and no stock."""

from sqlalchemy.orm import Session

from models import BundlePart, Product, ProductImage, ProductStatus, Stock, Variant, VariantPrice
from models.once import claim

MOST_COPIES = 50
LONGEST_SKU = 64
LONGEST_HANDLE = 120


class ManyCopiesError(Exception):
    """No free handle or SKU was found: there are very many copies."""


def duplicate(session: Session, product: Product) -> Product:
    """Write a copy as a draft; what is shown with it and its collections are not copied.

    The product's variants, with prices and parts, and its images must be loaded. Barcodes stay with
    the original, and so do the words for search engines. Raises ManyCopiesError.
    """
    copy, number = _claimed(session, product)
    for old in product.variants:
        _add_variant(session, copy, old, number)
    session.add_all(
        ProductImage(
            product_id=copy.id,
            position=it.position,
            key=it.key,
            alt=it.alt,
            width=it.width,
            height=it.height,
            widths=list(it.widths),
            picture_id=it.picture_id,
        )
        for it in product.images
    )
    session.flush()
    return copy


def _claimed(session: Session, product: Product) -> tuple[Product, int]:
    """Return a copy of the words under the first handle that is free, and its number."""
    for number in range(1, MOST_COPIES + 1):
        ending = "-copy" if number == 1 else f"-copy-{number}"
        copy = Product(
            handle=product.handle[: LONGEST_HANDLE - len(ending)].rstrip("-") + ending,
            title=f"Copy of {product.title}"[:200],
            summary=product.summary,
            description_markdown=product.description_markdown,
            description_html=product.description_html,
            renderer=product.renderer,
            status=ProductStatus.DRAFT,
            option_names=list(product.option_names),
        )
        if claim(session, copy):
            return copy, number
    raise ManyCopiesError


def _add_variant(session: Session, product: Product, old: Variant, number: int) -> None:
    for attempt in range(number, number + MOST_COPIES):
        ending = "-COPY" if attempt == 1 else f"-COPY-{attempt}"
        new = Variant(
            product_id=product.id,
            position=old.position,
            sku=old.sku[: LONGEST_SKU - len(ending)] + ending,
            options=list(old.options),
            price=old.price,
            compare_at_minor=old.compare_at_minor,
            weight_g=old.weight_g,
            image_key=old.image_key,
            selling=old.selling,
            promise=old.promise,
            low_at=old.low_at,
        )
        if claim(session, new):
            break
    else:
        raise ManyCopiesError
    session.add(Stock(variant_id=new.id))
    session.add_all(
        VariantPrice(
            variant_id=new.id,
            currency=it.currency,
            price_minor=it.price_minor,
            compare_at_minor=it.compare_at_minor,
        )
        for it in old.prices
    )
    session.add_all(
        BundlePart(bundle_id=new.id, part_id=it.part_id, quantity=it.quantity) for it in old.parts
    )
