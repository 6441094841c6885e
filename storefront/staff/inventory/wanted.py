"""Which variants the list of stock shows: each filter is a condition of one statement."""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement

from models import Product, ProductStatus, Stock, StockLevel, Variant
from models.inventory import AVAILABLE
from storefront.forms import id_from
from storefront.staff.listing import has_words, words_of

# Of a joined Stock; what can be sold of a variant in all, wherever it lies.
IS_OUT = AVAILABLE <= 0
IS_LOW = (AVAILABLE > 0) & (Variant.low_at >= AVAILABLE)


class Show(enum.StrEnum):
    """What of a variant's stock is asked for."""

    LOW = "low"  # some are left, no more than the mark
    OUT = "out"
    SHORT = "short"  # either of these
    OWED = "owed"  # more are backordered than are on their way


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which variants a list shows; what is None or empty narrows nothing.

    words: part of a SKU, a barcode or a product's title. location_id: where some of it lies or is
    expected.
    """

    words: str = ""
    location_id: int | None = None
    status: ProductStatus | None = None
    show: Show | None = None

    def conditions(self) -> Iterator[ColumnElement[bool]]:
        """Yield what a variant must meet, joined to its product, stock and level there."""
        if self.words:
            yield has_words(self.words, Variant.sku, Variant.barcode, Product.title)
        if self.location_id is not None:
            yield (StockLevel.on_hand > 0) | (StockLevel.incoming > 0)
        if self.status is not None:
            yield Product.status == self.status
        if self.show is not None:
            yield {
                Show.LOW: IS_LOW,
                Show.OUT: IS_OUT,
                Show.SHORT: IS_LOW | IS_OUT,
                Show.OWED: Stock.backordered > Stock.incoming,
            }[self.show]


def wanted_of(sent: Mapping[str, str]) -> Wanted | None:
    """Return what the arguments of an address ask for, or None where there is no such choice."""
    status, show = sent.get("status"), sent.get("show")
    try:
        return Wanted(
            words=words_of(sent),
            location_id=id_from(sent.get("location")),
            status=ProductStatus(status) if status else None,
            show=Show(show) if show else None,
        )
    except ValueError:
        return None
