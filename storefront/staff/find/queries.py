"""Finding anything by a part of its name; one query for each kind of thing, however many."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from sqlalchemy import Select, String, cast, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models import Article, Blog, Customer, Order, OrderStatus, Page, PageKind, Product, Variant
from storefront.staff.listing import has_words

MOST = 8  # of each kind
AMONG = 100  # orders that guests are looked for in
Three = Select[str, str, str]  # key, title, note


@dataclass(frozen=True, slots=True)
class Found:
    """A thing that was found. kind: of which; key: names it in its address; note: what it is."""

    kind: str
    key: str
    title: str
    note: str


def _orders(words: str) -> Three:
    found = select(Order.number, Order.number, func.coalesce(Order.email, ""))
    return found.where(has_words(words, Order.number, Order.email, Order.name)).order_by(
        Order.id.desc()
    )


def _variants(words: str) -> Three:
    found = select(Variant.sku, Variant.sku, Product.title).join(
        Product, Product.id == Variant.product_id
    )
    return found.where(has_words(words, Variant.sku, Variant.barcode)).order_by(Variant.sku)


def _products(words: str) -> Three:
    found = select(Product.handle, Product.title, Product.handle)
    return found.where(has_words(words, Product.title, Product.handle)).order_by(Product.title)


def _customers(words: str) -> Three:
    """Return accounts, and who ordered without one: each address once, by its newest orders."""
    key = literal("C-") + cast(Customer.id, String)
    account = select(key.label("key"), Customer.email, Customer.name)
    account = account.where(has_words(words, Customer.email, Customer.name))
    guest = select(Order.number, Order.email, Order.name).where(
        Order.status != OrderStatus.DRAFT,
        has_words(words, Order.email, Order.name),
        Order.email.not_in(select(Customer.email)),
    )
    guest = guest.order_by(Order.id.desc()).limit(AMONG)
    a, b = account.order_by(Customer.email).limit(MOST).subquery(), guest.subquery()
    guests = select(func.max(b.c.number), b.c.email, func.max(b.c.name)).group_by(b.c.email)
    both = union_all(select(a.c.key, a.c.email, a.c.name), guests).subquery()
    return select(both.c.key, both.c.email, both.c.name).order_by(both.c.email)


def _articles(words: str) -> Three:
    found = select(Article.handle, Article.title, Blog.title).join(Blog, Blog.id == Article.blog_id)
    return found.where(has_words(words, Article.title, Article.handle)).order_by(Article.title)


def _pages(words: str, *kinds: PageKind) -> Three:
    found = select(Page.handle, Page.title, Page.handle).where(Page.kind.in_(kinds))
    return found.where(has_words(words, Page.title, Page.handle)).order_by(Page.title)


KINDS: Mapping[str, Callable[[str], Three]] = MappingProxyType(
    {
        "Orders": _orders,
        "Stock": _variants,
        "Products": _products,
        "Customers": _customers,
        "Articles": _articles,
        "Tutorials": lambda words: _pages(words, PageKind.TUTORIAL),
        "Pages": lambda words: _pages(words, PageKind.PAGE, PageKind.POLICY),
    }
)


def find(session: Session, words: str, kinds: Iterable[str]) -> list[Found]:
    """Return what holds the words, a few of each kind, in one query for each."""
    return [
        Found(kind, *row)
        for kind in kinds
        for row in session.execute(KINDS[kind](words).limit(MOST))
    ]


def exact(session: Session, words: str, kinds: Iterable[str]) -> Found | None:
    """Return the order of this number, or the variant of this SKU or barcode, where there is one.

    At most two queries, each by an index.
    """
    if "Orders" in kinds:
        number = session.scalar(select(Order.number).where(Order.number == words.upper()))
        if number:
            return Found("Orders", number, number, "")
    if "Stock" in kinds:
        is_it = or_(Variant.sku == words, Variant.sku == words.upper(), Variant.barcode == words)
        skus = session.scalars(select(Variant.sku).where(is_it).limit(2)).all()
        if len(skus) == 1:  # two may have the same barcode
            return Found("Stock", skus[0], skus[0], "")
    return None
