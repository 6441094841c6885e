"""The addresses of what texts lead to."""

from decimal import Decimal
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import Money
from models.staff import Permission
from storefront.downloads import csv_file
from storefront.extensions import db, settings
from storefront.paging import Slice, page_number, slice_of
from storefront.spreadsheet import Cell, as_csv
from storefront.staff.access import needs
from storefront.staff.leads import queries
from storefront.staff.leads.forms import PeriodForm, last_days
from storefront.staff.leads.queries import Lead
from storefront.staff.listing import PER_PAGE, Sorting, sorting_asked

bp = Blueprint("leads", __name__)


@bp.get("/leads")
@needs(Permission.SEE_SALES)
def index() -> ResponseReturnValue:
    """Show what each text led to; ``?since=`` and ``?until=`` choose the days."""
    form, sorting = _form(), _sorting()
    if not form.validate():
        return _page(form, sorting, []), 422
    return _page(form, sorting, _sorted(form, sorting))


@bp.get("/leads.csv")
@needs(Permission.SEE_SALES, proof=True)
def export() -> ResponseReturnValue:
    """Give the same table, whole, as a file for spreadsheets."""
    form, sorting = _form(), _sorting()
    if not form.validate():
        return _page(form, sorting, []), 422
    found = _sorted(form, sorting)
    currencies = sorted({code for it in found for code in (it.first.money | it.last.money)})
    head = ["content", "title"]
    for place in ("first", "last"):
        head += [f"{place} {name}" for name in ("carts", "orders", "units", *currencies)]
    text = as_csv(head, [_cells(lead, currencies) for lead in found])
    name = f"leads-{form.since.data}-{form.until.data}.csv"
    return csv_file(text, name)


def _form() -> PeriodForm:
    typed = {name: request.args[name] for name in ("since", "until") if name in request.args}
    return PeriodForm(MultiDict(typed or last_days(settings().timezone)))


def _sorting() -> Sorting:
    return sorting_asked(queries.columns(settings().currency), "-last_orders")


def _sorted(form: PeriodForm, sorting: Sorting) -> list[Lead]:
    found = queries.leads(db.session, form.period(settings().timezone))
    found.sort(key=lambda it: it.content)
    found.sort(key=sorting.columns[sorting.name], reverse=sorting.is_descending)
    return found


def _page(form: PeriodForm, sorting: Sorting, found: list[Lead]) -> str:
    sliced: Slice[Lead] = slice_of(len(found), page_number(), PER_PAGE)
    sliced.items.extend(found[sliced.offset : sliced.offset + PER_PAGE])
    args = {name: value for name, value in request.args.items() if name != "page"}
    return render_template(
        "staff/leads/index.html",
        form=form,
        page=sliced,
        sorting=sorting,
        export=f"{url_for('staff.leads.export')}?{urlencode(args)}",
    )


def _cells(lead: Lead, currencies: list[str]) -> list[Cell]:
    cells: list[Cell] = [lead.content, lead.title]
    for figures in (lead.first, lead.last):
        cells += [figures.carts, figures.orders, figures.units]
        cells += [_amount(figures.money.get(code, 0), code) for code in currencies]
    return cells


def _amount(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).amount
