"""Every kind of import, by its name."""

from collections.abc import Mapping, Sequence

from models.task import ImportKind
from storefront.staff.imports.kinds.kind import Kind
from storefront.staff.imports.kinds.prices import Prices
from storefront.staff.imports.kinds.products import Products
from storefront.staff.imports.kinds.redirects import Redirects
from storefront.staff.imports.kinds.stock import StockCounts


def every_kind(currencies: Sequence[str]) -> Mapping[ImportKind, Kind]:
    """Return them for a shop that sells in these currencies, the main one first."""
    return {
        ImportKind.STOCK: StockCounts(),
        ImportKind.PRODUCTS: Products(currencies),
        ImportKind.PRICES: Prices(currencies),
        ImportKind.REDIRECTS: Redirects(),
    }
