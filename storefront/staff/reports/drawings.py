"""The charts of what was sold: one of money for each currency, one of orders."""

from collections.abc import Callable
from datetime import date

from babel.dates import format_date

from models import Money
from storefront.formatting import locale, money
from storefront.staff.reports.charts import Chart, chart
from storefront.staff.reports.periods import Days
from storefront.staff.reports.queries import Figures, Sales


def name_of(part: Days) -> str:
    """Return a day, or the first and the last of several: ``Nov 20`` to ``Nov 26``."""
    return _day(part.first) if part.first == part.last else _several(part)


def words_of(days: Days) -> str:
    """Return a period with its year: ``Nov 20, 2026``."""
    return f"{name_of(days)}, {days.last.year}"


def money_chart(sales: Sales, currency: str) -> Chart:
    """Return the drawing of what was kept in one currency."""
    names, now, before = _of(sales, lambda it: it.net(currency).minor)
    total, earlier = sales.total.net(currency), sales.total_before.net(currency)
    description = (
        f"{money(total)} in {words_of(sales.days)}; {money(earlier)} in the period before."
        " The table below has each number."
    )
    title = f"Sales in {currency}, less what went back"
    return chart(
        title, description, names, now, before, words=lambda it: money(Money(it, currency))
    )


def order_chart(sales: Sales) -> Chart:
    """Return the drawing of how many orders were paid."""
    names, now, before = _of(sales, lambda it: it.order_count)
    description = (
        f"{sum(now)} in {words_of(sales.days)}; {sum(before)} in the period before."
        " The table below has each number."
    )
    return chart("Orders paid", description, names, now, before, words="{:,}".format)


def _of(sales: Sales, figure: Callable[[Figures], int]) -> tuple[list[str], list[int], list[int]]:
    return (
        [name_of(part) for part, _ in sales.parts],
        [figure(it) for _, it in sales.parts],
        [figure(it) for _, it in sales.before],
    )


def _several(part: Days) -> str:
    return f"{_day(part.first)} – {_day(part.last)}"  # noqa: RUF001 (from one day to another)


def _day(day: date) -> str:
    return format_date(day, "MMM d", locale=locale())
