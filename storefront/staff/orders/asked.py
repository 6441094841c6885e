"""What an address asks of the list of orders: filters, words, sorting."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import TypeVar
from zoneinfo import ZoneInfo

from flask import abort
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields import Field

from models import Money, OrderStatus
from models.balance import GoodsStatus, MoneyStatus
from storefront.forms import Form
from storefront.staff.listing import BROKEN, LONGEST_SEARCH
from storefront.staff.orders.wanted import MONEY, Wanted
from storefront.staff.typed import amount_from, checked

WRONG_DAY = "Enter a day, such as 2026-12-24."
Status = TypeVar("Status", bound=StrEnum)


class FilterForm(Form):
    """What the list of orders can be narrowed to."""

    status = SelectField("Order", validate_choice=False)
    money = SelectField("Money", validate_choice=False)
    goods = SelectField("Goods", validate_choice=False)
    tag = StringField("Tag", render_kw={"maxlength": "40", "autocapitalize": "none"})
    country = StringField("Country", render_kw={"maxlength": "2", "size": "4"})
    product = StringField("Product", render_kw={"maxlength": "120"})
    placed_from = StringField("Placed from", render_kw={"type": "date"})
    placed_to = StringField("Placed to", render_kw={"type": "date"})
    total_from = StringField("Total from", render_kw={"inputmode": "decimal"})
    total_to = StringField("Total to", render_kw={"inputmode": "decimal"})
    attention = BooleanField("Needs attention", render_kw={"value": "1"})
    backorder = BooleanField("Waits for a backorder", render_kw={"value": "1"})
    failed = BooleanField("A payment failed in the last 7 days", render_kw={"value": "1"})

    def validate_placed_from(self, field: Field) -> None:
        """Refuse what is no day."""
        checked(day_from, field.data)

    def validate_placed_to(self, field: Field) -> None:
        """Refuse what is no day."""
        checked(day_from, field.data)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked. is_right: whether all of it could be read; what could not narrows nothing."""

    form: FilterForm
    wanted: Wanted
    is_right: bool


def asked(sent: Mapping[str, str], zone: str, currency: str) -> Asked:
    """Return what an address asks for; 404 for a status that there is not."""
    clean = {name: BROKEN.sub("", text)[:LONGEST_SEARCH] for name, text in sent.items()}
    form = FilterForm(MultiDict(clean))
    for menu, choices in (
        (form.status, OrderStatus),
        (form.money, MONEY),
        (form.goods, GoodsStatus),
    ):
        menu.choices = [("", "Any"), *((it.value, it.value.capitalize()) for it in choices)]
    is_right = form.validate()
    totals = {}
    for field in (form.total_from, form.total_to):
        try:
            totals[field.name] = amount_from(field.data, currency) if field.data else None
        except ValueError as wrong:
            field.errors, is_right = [str(wrong)], False
    return Asked(form, _wanted(form, clean, zone, totals if is_right else {}), is_right)


def _wanted(
    form: FilterForm, sent: Mapping[str, str], zone: str, totals: Mapping[str, Money | None]
) -> Wanted:
    since = None if form.placed_from.errors else day_from(form.placed_from.data)
    until = None if form.placed_to.errors else day_from(form.placed_to.data)
    return Wanted(
        status=_one_of(OrderStatus, form.status.data),
        needs_attention=sent.get("attention") == "1",
        words=sent.get("q", "").strip(),
        money=_one_of(MoneyStatus, form.money.data),
        goods=_one_of(GoodsStatus, form.goods.data),
        has_backorder=sent.get("backorder") == "1",
        has_failed=sent.get("failed") == "1",
        tag=form.tag.data or "",
        country=form.country.data or "",
        product=form.product.data or "",
        placed_from=begin(since, zone),
        placed_until=begin(until + timedelta(days=1), zone) if until else None,
        total_from=totals.get("total_from"),
        total_to=totals.get("total_to"),
    )


def day_from(text: str | None) -> date | None:
    """Return a day of this age, None of nothing, or raise ValueError with a message for people."""
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        raise ValueError(WRONG_DAY) from None
    if not 2000 <= found.year <= 2100:  # noqa: PLR2004 (no order is of another year)
        raise ValueError(WRONG_DAY)
    return found


def begin(day: date | None, zone: str) -> datetime | None:
    """Return the moment, in UTC, at which a day begins in a zone; None of none."""
    return datetime.combine(day, time(0), ZoneInfo(zone)).astimezone(UTC) if day else None


def _one_of(kind: type[Status], typed: str | None) -> Status | None:
    if not typed:
        return None
    if typed not in set(kind) or (kind is MoneyStatus and typed not in MONEY):
        abort(404)
    return kind(typed)
