"""The statements of the catalogue, made once: to make one takes longer than to run it.

``of``, ``size`` and ``skipped`` are given whenever one is run.
"""

from typing import Any

from sqlalchemy import Select, Table, bindparam, or_, select
from sqlalchemy.orm import aliased, joinedload, load_only

from models import (
    NOW,
    Article,
    Muscle,
    Picture,
    PictureStatus,
    Product,
    ProductImage,
    ProductStatus,
    Tutorial,
)
from models.catalog import collection_products
from models.content import article_products, tutorial_products
from storefront.paging import counting

PER_PAGE = 24
_IDS: Any = bindparam("of", expanding=True)
_OF: Any = bindparam("of")
_IN_COLLECTION = collection_products.c.collection_id == _OF
_EARLIER, _BROUGHT = aliased(ProductImage), aliased(Picture)
_COVER = (
    select(_EARLIER.id)
    .outerjoin(_BROUGHT, _BROUGHT.id == _EARLIER.picture_id)
    .where(_EARLIER.product_id == ProductImage.product_id)
    .where(or_(_BROUGHT.id.is_(None), _BROUGHT.status == PictureStatus.READY))
    .order_by(_EARLIER.position, _EARLIER.id)
    .limit(1)
    .correlate(ProductImage)
    .scalar_subquery()
)
_IS_SOLD = Product.status == ProductStatus.ACTIVE
# What lists show of a product: its page alone shows the long texts and the other pictures. To be
# made unique.
_SOLD = (
    select(Product)
    .where(_IS_SOLD)
    .options(
        load_only(Product.handle, Product.title, Product.summary, raiseload=True),
        joinedload(Product.images.and_(ProductImage.id == _COVER)),
    )
)
# The same of texts.
CARD_OF_ARTICLE = (
    load_only(
        *(Article.handle, Article.title, Article.summary, Article.figure, Article.published_at),
        raiseload=True,
    ),
    joinedload(Article.blog),
)
CARD_OF_TUTORIAL = (
    load_only(
        *(Tutorial.handle, Tutorial.title, Tutorial.summary, Tutorial.minutes), raiseload=True
    ),
    joinedload(Tutorial.muscle).load_only(Muscle.handle, Muscle.name, raiseload=True),
)


def _paged(wanted: Select[Any]) -> Select[Any]:
    return wanted.limit(bindparam("size")).offset(bindparam("skipped"))


def _linked(link: Table, by: Any) -> Select[Any]:
    """Return the statement for the products that a text leads to, in its order."""
    wanted = _SOLD.join(link, link.c.product_id == Product.id).where(by == _OF)
    return wanted.order_by(link.c.position).limit(PER_PAGE)


SEEN = (
    select(Product)
    .where(
        Product.handle == bindparam("handle"),
        Product.status.in_(ProductStatus.shown()),
        Product.variants.any(),
    )
    .options(joinedload(Product.images))
)
_COUNTED = select(Product.id).where(_IS_SOLD)
COUNT = counting(_COUNTED)
COUNT_OF_COLLECTION = counting(_COUNTED.join(collection_products).where(_IN_COLLECTION))
FIRST = _paged(_SOLD.order_by(Product.id))
OF_COLLECTION = _paged(
    _SOLD.join(collection_products)
    .where(_IN_COLLECTION)
    .order_by(collection_products.c.position, Product.id)
)
OF_HANDLES = _SOLD.where(Product.handle.in_(_IDS))
OF_ARTICLE = _linked(article_products, article_products.c.article_id)
OF_TUTORIAL = _linked(tutorial_products, tutorial_products.c.tutorial_id)
OF_MUSCLES = (
    _SOLD.where(
        Product.id.in_(
            select(tutorial_products.c.product_id)
            .join(Tutorial, Tutorial.id == tutorial_products.c.tutorial_id)
            .where(Tutorial.muscle_id.in_(_IDS), Tutorial.published_at <= NOW)
        )
    )
    .order_by(Product.id)
    .limit(PER_PAGE)
)
