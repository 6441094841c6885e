"""Every list that can be exported, by its name."""

from collections.abc import Mapping, Sequence

from storefront.staff.exports.goods import goods
from storefront.staff.exports.sales import SALES
from storefront.staff.exports.table import Table


def every_table(currencies: Sequence[str]) -> Mapping[str, Table]:
    """Return them for a shop that sells in these currencies, the main one first."""
    return {table.name: table for table in (*SALES, *goods(currencies))}
