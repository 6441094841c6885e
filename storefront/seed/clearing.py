"""Takes the demonstration out of the shop again."""

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from models import BundlePart, CartLine, OrderLine, Product, ProductStatus, StockMovement, Variant
from storefront.search import index
from storefront.seed.terms import clear_terms


def clear(session: Session) -> int:
    """Take the demonstration products off the shelves; return how many there were.

    Sample shipping and discounts go too. A product that was ever ordered stays as a draft, for the
    sake of its orders, and so does one that a bundle still holds; the others are deleted with
    their stock and its ledger. Texts stay: they are true of any shop.
    """
    clear_terms(session)
    products = session.scalars(
        select(Product)
        .where(Product.is_demonstration)
        .options(selectinload(Product.variants).selectinload(Variant.parts))
    ).all()
    bundles_first = sorted(products, key=lambda it: not any(row.parts for row in it.variants))
    for product in bundles_first:
        variants = [variant.id for variant in product.variants]
        index.forget(session, f"/products/{product.handle}")
        session.execute(delete(CartLine).where(CartLine.variant_id.in_(variants)))
        if _is_needed(session, variants):
            hide = update(Product).where(Product.id == product.id)
            session.execute(hide.values(status=ProductStatus.DRAFT))
        else:
            session.execute(delete(StockMovement).where(StockMovement.variant_id.in_(variants)))
            session.execute(delete(Product).where(Product.id == product.id))
    return len(products)


def _is_needed(session: Session, variants: list[int]) -> bool:
    """Say whether an order or a bundle refers to one of these variants."""
    ordered = select(OrderLine.id).where(OrderLine.variant_id.in_(variants)).limit(1)
    held = select(BundlePart.bundle_id).where(BundlePart.part_id.in_(variants)).limit(1)
    return any(session.scalar(found) is not None for found in (ordered, held))
