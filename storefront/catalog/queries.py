"""Looking at the catalogue; the same number of queries however many products there are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session, selectinload

from models import (
    Article,
    Collection,
    Money,
    Product,
    ProductImage,
    ProductStatus,
    Stock,
    Tutorial,
    Variant,
)
from models.catalog import collection_products
from models.content import article_products, tutorial_products
from storefront.paging import Slice, slice_of

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as lists show it. price: of its cheapest variant; varies: others cost more."""

    handle: str
    title: str
    summary: str
    image: ProductImage | None
    price: Money
    compare_at: Money | None
    varies: bool
    is_available: bool

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/products/{self.handle}"


@dataclass(frozen=True, slots=True)
class VariantView:
    """A variant as the product page shows it. available: units that can be sold now."""

    id: int
    title: str
    sku: str
    price: Money
    compare_at: Money | None
    available: int
    url: str
    is_selected: bool
    image_key: str | None


def active(handle: str) -> Select[Product]:
    """Return the statement for one product that visitors see, with variants and pictures."""
    return (
        select(Product)
        .where(Product.handle == handle, Product.status == ProductStatus.ACTIVE)
        .options(selectinload(Product.variants), selectinload(Product.images))
    )


def product_of_variant(session: Session, variant_id: int) -> Product | None:
    """Return the product that a variant belongs to, where visitors see it."""
    handle = session.scalar(select(Product.handle).join(Variant).where(Variant.id == variant_id))
    return session.scalars(active(handle)).one_or_none() if handle else None


def variant_views(
    session: Session, product: Product, selected_id: int | None
) -> tuple[list[VariantView], VariantView]:
    """Return a product's variants and the chosen one: the asked, else the first in stock."""
    ids = [variant.id for variant in product.variants]
    rows = session.scalars(select(Stock).where(Stock.variant_id.in_(ids)))
    available = {stock.variant_id: stock.available for stock in rows}
    in_stock = (variant_id for variant_id in ids if available.get(variant_id, 0) > 0)
    chosen = selected_id if selected_id in ids else next(in_stock, ids[0])
    views = [
        VariantView(
            id=variant.id,
            title=variant.title,
            sku=variant.sku,
            price=variant.price,
            compare_at=variant.compare_at,
            available=available.get(variant.id, 0),
            url=f"/products/{product.handle}?variant={variant.id}",
            is_selected=variant.id == chosen,
            image_key=variant.image_key,
        )
        for variant in product.variants
    ]
    return views, next(view for view in views if view.is_selected)


def cards(
    session: Session, *, collection: Collection | None = None, page: int = 1, size: int = PER_PAGE
) -> Slice[ProductCard]:
    """Return a page of products, of one collection or of all, in five queries."""
    wanted = select(Product).where(Product.status == ProductStatus.ACTIVE)
    if collection is not None:
        wanted = wanted.join(collection_products).where(
            collection_products.c.collection_id == collection.id
        )
        wanted = wanted.order_by(collection_products.c.position, Product.id)
    else:
        wanted = wanted.order_by(Product.id)
    return _cards(session, wanted, page, size)


def cards_for_article(session: Session, article: Article) -> list[ProductCard]:
    """Return the products that an article leads to."""
    return _linked_cards(session, article_products, article_products.c.article_id == article.id)


def cards_for_tutorial(session: Session, tutorial: Tutorial) -> list[ProductCard]:
    """Return the products that a tutorial uses."""
    return _linked_cards(session, tutorial_products, tutorial_products.c.tutorial_id == tutorial.id)


def collections(session: Session) -> list[Collection]:
    """Return every collection by its title."""
    return list(session.scalars(select(Collection).order_by(Collection.title)))


def _linked_cards(
    session: Session, link: Table, condition: ColumnElement[bool]
) -> list[ProductCard]:
    wanted = (
        select(Product)
        .join(link)
        .where(condition, Product.status == ProductStatus.ACTIVE)
        .order_by(link.c.position)
    )
    return _shown(session, wanted.limit(PER_PAGE))


def _cards(session: Session, wanted: Select[Product], page: int, size: int) -> Slice[ProductCard]:
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    sliced: Slice[ProductCard] = slice_of(total, page, size)
    sliced.items.extend(_shown(session, wanted.limit(size).offset(sliced.offset)))
    return sliced


def _shown(session: Session, wanted: Select[Product]) -> list[ProductCard]:
    loaded = wanted.options(selectinload(Product.variants), selectinload(Product.images))
    products = session.scalars(loaded).all()
    ids = [variant.id for product in products for variant in product.variants]
    stocked = set(
        session.scalars(
            select(Stock.variant_id).where(
                Stock.variant_id.in_(ids), Stock.on_hand > Stock.reserved
            )
        )
    )
    return [_card(product, stocked) for product in products if product.variants]


def _card(product: Product, stocked: set[int]) -> ProductCard:
    cheapest = min(product.variants, key=lambda variant: variant.price.minor)
    return ProductCard(
        handle=product.handle,
        title=product.title,
        summary=product.summary,
        image=product.cover,
        price=cheapest.price,
        compare_at=cheapest.compare_at,
        varies=len({variant.price for variant in product.variants}) > 1,
        is_available=any(variant.id in stocked for variant in product.variants),
    )
