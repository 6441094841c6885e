"""The addresses of reports."""

from decimal import Decimal
from operator import attrgetter
from urllib.parse import urlencode

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from models import Money
from models.staff import Permission
from storefront.downloads import csv_file
from storefront.extensions import db, settings
from storefront.spreadsheet import Cell, as_csv
from storefront.staff.access import needs
from storefront.staff.leads import queries as leads
from storefront.staff.reports import drawings, queries
from storefront.staff.reports.forms import DEFAULT, NAMES, PeriodForm, named
from storefront.staff.reports.periods import Days

bp = Blueprint("reports", __name__, url_prefix="/reports")

MOST = 10  # of what sold best, on the page; the files have all


@bp.get("")
@needs(Permission.SEE_SALES)
def index() -> ResponseReturnValue:
    """Show what was sold; ``?period=``, or ``?since=`` and ``?until=``, choose the days."""
    form = _form()
    if not form.validate():
        return render_template("staff/reports/index.html", form=form, names=NAMES, sales=None), 422
    days, zone = form.days, settings().timezone
    sales = queries.sales(db.session, days, zone)
    return render_template(
        "staff/reports/index.html",
        form=form,
        names=NAMES,
        period=_period(),
        sales=sales,
        conversions=[queries.conversion(db.session, it, zone) for it in (days, days.before)],
        charts=[drawings.money_chart(sales, code) for code in sales.currencies],
        order_chart=drawings.order_chart(sales),
        products=queries.products(db.session, days, zone)[:MOST],
        texts=_texts(days)[:MOST],
        words_of=drawings.words_of,
        name_of=drawings.name_of,
        query=urlencode({"since": days.first.isoformat(), "until": days.last.isoformat()}),
    )


@bp.get("/<name>.csv")
@needs(Permission.SEE_SALES, proof=True)
def export(name: str) -> ResponseReturnValue:
    """Give one of the report's tables, whole, as a file for spreadsheets."""
    form = _form()
    make = {"sales": _sales_table, "products": _products_table, "texts": _texts_table}.get(name)
    if make is None:
        abort(404)
    if not form.validate():
        return render_template("staff/reports/index.html", form=form, names=NAMES, sales=None), 422
    days = form.days
    head, rows = make(days)
    return csv_file(as_csv(head, rows), f"{name}-{days.first}-{days.last}.csv")


def _period() -> str:
    own = "since" in request.args or "until" in request.args
    return "" if own else request.args.get("period", DEFAULT)


def _form() -> PeriodForm:
    if not _period():
        typed = {key: request.args[key] for key in ("since", "until") if key in request.args}
        return PeriodForm(MultiDict(typed))
    days = named(_period(), settings().timezone) or abort(404)
    return PeriodForm(MultiDict({"since": days.first.isoformat(), "until": days.last.isoformat()}))


def _texts(days: Days) -> list[leads.Lead]:
    period = leads.Period(*days.moments(settings().timezone))
    found = [it for it in leads.leads(db.session, period) if it.first.orders or it.last.orders]
    found.sort(key=attrgetter("content"))
    found.sort(key=lambda it: (it.last.orders, it.first.orders), reverse=True)
    return found


Table = tuple[list[str], list[list[Cell]]]


def _sales_table(days: Days) -> Table:
    sales = queries.sales(db.session, days, settings().timezone)
    head = ["period", "first day", "last day"]
    for code in sales.currencies:
        head += [f"came {code}", f"went back {code}", f"sales {code}", f"orders {code}"]
    rows: list[list[Cell]] = []
    for name, parts in (("before", sales.before), ("chosen", sales.parts)):
        for part, it in parts:
            row: list[Cell] = [name, part.first.isoformat(), part.last.isoformat()]
            for code in sales.currencies:
                row += [_amount(it.taken[code], code), _amount(it.returned[code], code)]
                row += [it.net(code).amount, it.orders[code]]
            rows.append([*row, it.units])
    return [*head, "units"], rows


def _products_table(days: Days) -> Table:
    found = queries.products(db.session, days, settings().timezone)
    codes = sorted({code for it in found for code in it.money})
    rows: list[list[Cell]] = [
        [it.handle, it.title, it.units, *(_amount(it.money[code], code) for code in codes)]
        for it in found
    ]
    return ["handle", "title", "units", *codes], rows


def _texts_table(days: Days) -> Table:
    found = _texts(days)
    codes = sorted({code for it in found for code in (it.first.money | it.last.money)})
    head = ["content", "title"]
    for place in ("first", "last"):
        head += [f"{place} {name}" for name in ("orders", "units", *codes)]
    rows: list[list[Cell]] = []
    for it in found:
        row: list[Cell] = [it.content, it.title]
        for figures in (it.first, it.last):
            row += [figures.orders, figures.units]
            row += [_amount(figures.money.get(code, 0), code) for code in codes]
        rows.append(row)
    return head, rows


def _amount(minor: int, currency: str) -> Decimal:
    return Money(minor, currency).amount
