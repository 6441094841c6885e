"""Looking at the catalogue; the same number of queries however many products there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

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
)
from storefront.catalog.hindrance import SOLD_OUT, aside, hindrance, least, note
from storefront.catalog.on_pages import Priced, priced, stocked
from storefront.catalog.shelf import Shelf
from storefront.catalog.statements import (
    COUNT,
    COUNT_OF_COLLECTION,
    FIRST,
    OF_ARTICLE,
    OF_COLLECTION,
    OF_HANDLES,
    OF_MUSCLES,
    OF_TUTORIAL,
    PER_PAGE,
    SEEN,
)
from storefront.languages import gettext
from storefront.paging import Slice, counted
from storefront.visitor import ANYBODY, Visitor


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
    orderable: units that can be ordered, those that must be waited for among them; many of both are
    PLENTY. promise: when more than ``in_stock`` ship, where they can be ordered.
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


def seen(session: Session, handle: str) -> Product | None:
    """Return a product whose page answers, with its pictures; it has a variant.

    One that is no longer sold keeps its page. ``variant_views`` reads its variants.
    """
    return session.scalars(SEEN, {"handle": handle}).unique().one_or_none()


def product_of_variant(session: Session, variant_id: int) -> Product | None:
    """Return the product that a variant belongs to, where visitors see it; as above."""
    handle = handle_of_variant(session, variant_id)
    return None if handle is None else seen(session, handle)


def handle_of_variant(session: Session, variant_id: int) -> str | None:
    """Return the handle of the product that a variant belongs to, where visitors see it."""
    wanted = select(Product.handle).join(Variant).where(Variant.id == variant_id)
    return session.scalar(wanted.where(Product.status.in_(ProductStatus.shown())))


def variant_views(
    session: Session, product: Product, selected_id: int | None, visitor: Visitor = ANYBODY
) -> tuple[list[VariantView], VariantView]:
    """Return a product's variants and the chosen one: the asked, else the first that can be had.

    The variants are read into the product.
    """
    found = put_variants(session, [product], visitor)
    views = [_view(it, found, visitor.currency, product.handle) for it in product.variants]
    if not product.is_sold:
        views = [replace(it, in_stock=0, orderable=0, promise="") for it in views]
    best = max(views, key=lambda it: (it.price is not None, it.in_stock > 0, it.orderable > 0))
    chosen = replace(next((it for it in views if it.id == selected_id), best), is_selected=True)
    return [chosen if it.id == chosen.id else it for it in views], chosen


def _view(variant: Variant, found: Shelf, currency: str | None, handle: str) -> VariantView:
    in_stock, orderable = found.counted(variant.id)
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


def put_variants(session: Session, products: Sequence[Product], visitor: Visitor) -> Shelf:
    """Read the variants of products into them, and return what can be had of them.

    One query; one more for the prices in a currency that the visitor chose.
    """
    prices: tuple[ORMOption, ...] = ()
    if visitor.currency is not None:
        chosen = VariantPrice.currency == visitor.currency
        prices = (selectinload(Variant.prices.and_(chosen)),)
    variants, found = stocked(session, [it.id for it in products], visitor.holds, *prices)
    for product in products:
        own = [it for it in variants if it.product_id == product.id]
        set_committed_value(product, "variants", own)
    return found


def cards(
    session: Session,
    *,
    collection: Collection | None = None,
    page: int = 1,
    size: int = PER_PAGE,
    visitor: Visitor = ANYBODY,
) -> Slice[ProductCard]:
    """Return a page of products, of one collection or of all, in three queries."""
    count, wanted, asked = COUNT, FIRST, {}
    if collection is not None:
        count, wanted, asked = COUNT_OF_COLLECTION, OF_COLLECTION, {"of": collection.id}
    sliced: Slice[ProductCard] = counted(session, count, page, size, **asked)
    which = asked | {"size": size, "skipped": sliced.offset}
    sliced.items.extend(_shown(session, wanted, which, visitor))
    return sliced


def first_cards(session: Session, size: int, visitor: Visitor = ANYBODY) -> list[ProductCard]:
    """Return the shop's first products, in two queries, as the following do."""
    return _shown(session, FIRST, {"size": size, "skipped": 0}, visitor)


def cards_by_url(
    session: Session, urls: Sequence[str], visitor: Visitor = ANYBODY
) -> dict[str, ProductCard]:
    """Return the products that have these addresses, by them; no query where there are none."""
    handles = [url.removeprefix("/products/") for url in urls]
    found = _shown(session, OF_HANDLES, {"of": handles}, visitor) if handles else []
    return {card.url: card for card in found}


def cards_for_article(
    session: Session, article: Article, visitor: Visitor = ANYBODY
) -> list[ProductCard]:
    """Return the products that an article leads to."""
    return _shown(session, OF_ARTICLE, {"of": article.id}, visitor)


def cards_for_tutorial(
    session: Session, tutorial: Tutorial, visitor: Visitor = ANYBODY
) -> list[ProductCard]:
    """Return the products that a tutorial uses."""
    return _shown(session, OF_TUTORIAL, {"of": tutorial.id}, visitor)


def cards_for_muscles(
    session: Session, muscle_ids: Sequence[int], visitor: Visitor = ANYBODY
) -> list[ProductCard]:
    """Return the products that the tutorials of these muscles use."""
    return _shown(session, OF_MUSCLES, {"of": muscle_ids}, visitor)


def collections(session: Session) -> list[Collection]:
    """Return every collection that visitors see, by its title."""
    shown = select(Collection).where(Collection.is_published)
    return list(session.scalars(shown.order_by(Collection.title)))


def _shown(
    session: Session, wanted: Select[Any], asked: Mapping[str, Any], visitor: Visitor
) -> list[ProductCard]:
    """Return the products that a statement finds with what is asked, as lists show them."""
    products = session.scalars(wanted, asked).unique().all()
    if not products:
        return []
    ids = [product.id for product in products]
    variants, found = priced(session, ids, visitor.holds, visitor.currency)
    return [
        _card(product, variants[product.id], found, visitor.currency)
        for product in products
        if product.id in variants
    ]


def _card(
    product: Product, variants: Sequence[Priced], found: Shelf, currency: str | None
) -> ProductCard:
    sold = [(it.price, it.was) for it in variants if it.price is not None]
    why = _least_hindrance([it.id for it in variants if it.price], found) if sold else SOLD_OUT
    unsold = gettext("Not sold in %(currency)s", currency=currency)
    price, was = min(sold, key=lambda it: it[0].minor, default=(None, None))
    return ProductCard(
        handle=product.handle,
        title=product.title,
        summary=product.summary,
        image=product.cover,
        price=price,
        compare_at=was,
        varies=len({price for price, _ in sold}) > 1,
        is_available=why != SOLD_OUT,
        note=note(why) if sold else unsold,
    )


def _least_hindrance(variant_ids: Sequence[int], found: Shelf) -> str:
    """Return what keeps the one that can be had soonest from being had at once."""
    return least(
        hindrance(
            found.in_stock(variant_id),
            found.orderable(variant_id),
            is_preorder=found.is_preorder(variant_id, 1),
        )
        for variant_id in variant_ids
    )
