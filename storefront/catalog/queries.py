"""Looking at the catalogue; the same number of queries however many products there are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.sql.base import ExecutableOption

from models import (
    Article,
    Collection,
    Money,
    Product,
    ProductImage,
    ProductStatus,
    Tutorial,
    Variant,
    VariantPrice,
    now,
)
from models.catalog import collection_products
from models.content import article_products, tutorial_products
from storefront.catalog.hindrance import SOLD_OUT, aside, hindrance, least, note
from storefront.catalog.shelf import Shelf, shelf
from storefront.languages import gettext
from storefront.paging import Slice, slice_of
from storefront.visitor import ANYBODY, Visitor

PER_PAGE = 24


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as lists show it.

    price: of its cheapest variant, None where none is sold in the visitor's currency; varies:
    others cost more. note: what keeps it from being had at once; is_available: it can be ordered.
    """

    handle: str
    title: str
    summary: str
    image: ProductImage | None
    price: Money | None
    compare_at: Money | None
    varies: bool
    is_available: bool
    note: str

    @property
    def url(self) -> str:
        """The address of its page."""
        return f"/products/{self.handle}"


@dataclass(frozen=True, slots=True)
class VariantView:
    """A variant as the product page shows it.

    price: None where it is not sold in the visitor's currency. in_stock: units that ship at once;
    orderable: units that can be ordered, those that must be waited for among them. promise: when
    more than ``in_stock`` ship, where they can be ordered.
    """

    id: int
    title: str
    sku: str
    price: Money | None
    compare_at: Money | None
    in_stock: int
    orderable: int
    promise: str
    is_preorder: bool
    is_bundle: bool
    url: str
    image_key: str | None
    is_selected: bool = False

    @property
    def note(self) -> str:
        """What keeps it from being had at once, in two words; empty where nothing does."""
        return note(self.hindrance)

    @property
    def aside(self) -> str:
        """The same as it stands within a sentence."""
        return aside(self.hindrance)

    @property
    def hindrance(self) -> str:
        """The same as a key: ``later``, ``pre-order``, ``sold out`` or empty."""
        return hindrance(self.in_stock, self.orderable, is_preorder=self.is_preorder)


def seen(handle: str, currency: str | None = None) -> Select[Product]:
    """Return the statement for one product whose page answers, with variants and pictures.

    One that is no longer sold keeps its page. Its result is to be made unique. currency: whose
    prices are read too, beside the main one.
    """
    return (
        select(Product)
        .where(Product.handle == handle, Product.status.in_(ProductStatus.shown()))
        .options(*_variants_with(currency), joinedload(Product.images))
    )


def product_of_variant(
    session: Session, variant_id: int, currency: str | None = None
) -> Product | None:
    """Return the product that a variant belongs to, where visitors see it."""
    handle = session.scalar(select(Product.handle).join(Variant).where(Variant.id == variant_id))
    if handle is None:
        return None
    return session.scalars(seen(handle, currency)).unique().one_or_none()


def variant_views(
    session: Session, product: Product, selected_id: int | None, visitor: Visitor = ANYBODY
) -> tuple[list[VariantView], VariantView]:
    """Return a product's variants and the chosen one: the asked, else the first that can be had.

    The product was read with the prices of the visitor's currency.
    """
    ids = [variant.id for variant in product.variants]
    found = shelf(session, ids, visitor.holds)
    views = [_view(it, found, visitor.currency, product.handle) for it in product.variants]
    if not product.is_sold:
        views = [replace(it, in_stock=0, orderable=0, promise="") for it in views]
    best = max(views, key=lambda it: (it.price is not None, it.in_stock > 0, it.orderable > 0))
    chosen = replace(next((it for it in views if it.id == selected_id), best), is_selected=True)
    return [chosen if it.id == chosen.id else it for it in views], chosen


def _view(variant: Variant, found: Shelf, currency: str | None, handle: str) -> VariantView:
    in_stock, orderable = found.in_stock(variant.id), found.orderable(variant.id)
    price, compare_at = _prices(variant, currency)
    return VariantView(
        id=variant.id,
        title=variant.title,
        sku=variant.sku,
        price=price,
        compare_at=compare_at,
        in_stock=in_stock,
        orderable=orderable,
        promise=found.promise(variant.id, in_stock + 1) if orderable > in_stock else "",
        is_preorder=found.is_preorder(variant.id, in_stock + 1),
        is_bundle=found.is_bundle(variant.id),
        url=f"/products/{handle}?variant={variant.id}",
        image_key=variant.image_key,
    )


def _prices(variant: Variant, currency: str | None) -> tuple[Money | None, Money | None]:
    """Return the price and what it was before."""
    if currency is None:
        return variant.price, variant.compare_at
    return variant.price_in(currency), variant.compare_at_in(currency)


def _variants_with(currency: str | None) -> list[ExecutableOption]:
    variants = selectinload(Product.variants)
    if currency is not None:
        variants = variants.selectinload(Variant.prices.and_(VariantPrice.currency == currency))
    return [variants]


def cards(
    session: Session,
    *,
    collection: Collection | None = None,
    page: int = 1,
    size: int = PER_PAGE,
    visitor: Visitor = ANYBODY,
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
    total = session.scalar(select(func.count()).select_from(wanted.order_by(None).subquery())) or 0
    sliced: Slice[ProductCard] = slice_of(total, page, size)
    sliced.items.extend(_shown(session, wanted.limit(size).offset(sliced.offset), visitor))
    return sliced


def first_cards(session: Session, size: int, visitor: Visitor = ANYBODY) -> list[ProductCard]:
    """Return the shop's first products."""
    wanted = select(Product).where(Product.status == ProductStatus.ACTIVE).order_by(Product.id)
    return _shown(session, wanted.limit(size), visitor)


def cards_by_url(
    session: Session, urls: Sequence[str], visitor: Visitor = ANYBODY
) -> dict[str, ProductCard]:
    """Return the products that have these addresses, by them; no query where there are none."""
    handles = [url.removeprefix("/products/") for url in urls]
    wanted = select(Product).where(
        Product.handle.in_(handles), Product.status == ProductStatus.ACTIVE
    )
    return {card.url: card for card in _shown(session, wanted, visitor)} if handles else {}


def cards_for_article(
    session: Session, article: Article, visitor: Visitor = ANYBODY
) -> list[ProductCard]:
    """Return the products that an article leads to."""
    of_it = article_products.c.article_id == article.id
    return _shown(session, _linked(article_products, of_it), visitor)


def cards_for_tutorial(
    session: Session, tutorial: Tutorial, visitor: Visitor = ANYBODY
) -> list[ProductCard]:
    """Return the products that a tutorial uses."""
    of_it = tutorial_products.c.tutorial_id == tutorial.id
    return _shown(session, _linked(tutorial_products, of_it), visitor)


def cards_for_muscles(
    session: Session, muscle_ids: Sequence[int], visitor: Visitor = ANYBODY
) -> list[ProductCard]:
    """Return the products that the tutorials of these muscles use."""
    used = (
        select(tutorial_products.c.product_id)
        .join(Tutorial, Tutorial.id == tutorial_products.c.tutorial_id)
        .where(Tutorial.muscle_id.in_(muscle_ids), Tutorial.published_at <= now())
    )
    wanted = select(Product).where(Product.id.in_(used), Product.status == ProductStatus.ACTIVE)
    return _shown(session, wanted.order_by(Product.id).limit(PER_PAGE), visitor)


def collections(session: Session) -> list[Collection]:
    """Return every collection that visitors see, by its title."""
    shown = select(Collection).where(Collection.is_published)
    return list(session.scalars(shown.order_by(Collection.title)))


def _linked(link: Table, condition: ColumnElement[bool]) -> Select[Product]:
    return (
        select(Product)
        .join(link)
        .where(condition, Product.status == ProductStatus.ACTIVE)
        .order_by(link.c.position)
        .limit(PER_PAGE)
    )


def _shown(session: Session, wanted: Select[Product], visitor: Visitor) -> list[ProductCard]:
    loaded = wanted.options(*_variants_with(visitor.currency), selectinload(Product.images))
    products = session.scalars(loaded).all()
    ids = [variant.id for product in products for variant in product.variants]
    found = shelf(session, ids, visitor.holds)
    return [_card(product, found, visitor.currency) for product in products if product.variants]


def _card(product: Product, found: Shelf, currency: str | None) -> ProductCard:
    priced = [(variant, *_prices(variant, currency)) for variant in product.variants]
    sold = [(variant, price, was) for variant, price, was in priced if price is not None]
    why = _least_hindrance([variant for variant, _, _ in sold], found) if sold else SOLD_OUT
    unsold = gettext("Not sold in %(currency)s", currency=currency)
    _, price, was = min(sold, key=lambda it: it[1].minor, default=(None, None, None))
    return ProductCard(
        handle=product.handle,
        title=product.title,
        summary=product.summary,
        image=product.cover,
        price=price,
        compare_at=was,
        varies=len({price for _, price, _ in sold}) > 1,
        is_available=why != SOLD_OUT,
        note=note(why) if sold else unsold,
    )


def _least_hindrance(variants: Sequence[Variant], found: Shelf) -> str:
    """Return what keeps the one that can be had soonest from being had at once."""
    return least(
        hindrance(
            found.in_stock(variant.id),
            found.orderable(variant.id),
            is_preorder=found.is_preorder(variant.id, 1),
        )
        for variant in variants
    )
