"""A currency without cents and one with three digits, through all of the back office."""

import csv
import io
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import select

from models import Document, Mail, VariantPrice
from storefront.documents import drawing
from storefront.jobs.worker import Worker
from storefront.staff.imports.jobs import Importing
from storefront.verify import problems
from tests.browser import visit
from tests.factories import make_product, make_variant
from tests.features.imports import checked, done
from tests.features.refunding import order_page, refund
from tests.features.test_checkout import come_back
from tests.features.test_staff_drafts import go_to_pay, newest
from tests.staff import rows, sign_in
from tests.stripe import pay

ORIGIN = {"Origin": "http://localhost"}


@dataclass(frozen=True)
class Texts:
    """What is typed and shown of two tools with a discount and own shipping, partly given back.

    minor: what a tool costs; the others are as a person types or reads them, cells as a file has
    them.
    """

    code: str
    minor: int
    price: str
    discount: str
    shipping: str
    too_fine: str
    refused: str
    example: str
    total: str
    cell: str
    back: str
    back_shown: str
    left: str
    new_price: str


YEN = Texts(
    code="JPY",
    minor=12000,
    price="12000",
    discount="500",
    shipping="250",
    too_fine="1.5",
    refused="JPY has 0 decimals: enter no more.",
    example="8900",
    total="¥23,750",
    cell="23750",
    back="750",
    back_shown="¥750",
    left="23000",
    new_price="13000",
)
DINAR = Texts(
    code="KWD",
    minor=27500,
    price="27.500",
    discount="0.500",
    shipping="0.250",
    too_fine="1.2345",
    refused="KWD has 3 decimals: enter no more.",
    example="8.900",
    total="KWD 54.750",
    cell="54.750",
    back="0.750",
    back_shown="KWD 0.750",
    left="54.000",
    new_price="28.000",
)


@pytest.fixture(autouse=True)
def currencies(app, monkeypatch):
    chosen = replace(app.config["SETTINGS"], currencies=("USD", "JPY", "KWD"))
    monkeypatch.setitem(app.config, "SETTINGS", chosen)


@pytest.fixture
def worker(app):
    handlers = {**app.extensions["handlers"], **Importing(("USD", "JPY", "KWD")).handlers}
    return Worker(app.extensions["sessions"], handlers)


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    prices = {"JPY": 12000, "KWD": 27500}
    return make_variant(session, product=product, sku="TOOL", price_minor=8900, prices=prices)


def plain(text):
    return text.replace("\xa0", " ")


def table(response):
    text = response.data.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def exported(client, name):
    return table(client.post("/staff/exports", data={"table": name}, headers=ORIGIN))


@pytest.mark.parametrize("it", [YEN, DINAR], ids=lambda it: it.code)
def test_an_order_is_written_paid_given_back_and_counted_exactly(  # noqa: PLR0915
    client, session, worker, variant, it
):
    sign_in(client, session)
    line = {"line-0-sku": "TOOL", "line-0-quantity": "2", "email": "ann@example.com"}
    own = {"shipping": "own", "shipping_title": "By hand", "shipping_amount": it.shipping}
    typed = {**line, **own, "discount": it.discount, "reason": "Late", "currency": it.code}

    wrong = visit(client, "/staff/drafts/new").submit("Save", **{**typed, "discount": it.too_fine})
    words = visit(client, "/staff/drafts/new").submit("Save", **{**typed, "discount": "x"})
    page = visit(client, "/staff/drafts/new").submit("Save", **typed)

    assert wrong.errors() == [it.refused]
    assert words.errors() == [f"Enter a price in figures, such as {it.example}."]
    assert f"Total {it.total}" in plain(page.text)
    assert page.main.find(id="discount")["value"] == it.discount
    assert page.main.find(id="shipping_amount")["value"] == it.shipping
    page.submit("Send pay link")
    order = newest(session)
    come_back(client, pay(go_to_pay(client, order).location))
    given = refund(client, order, it.back)
    worker.work_off()
    assert f"{it.back_shown} went back to the buyer." in plain(given.main.get_text())
    assert order_page(client, order).main.find(id="amount")["value"] == it.left

    papers = session.scalars(select(Document).order_by(Document.id)).all()
    totals = [plain(paper.content["page"]["total"]) for paper in papers]
    assert totals == [it.total, it.back_shown]
    assert all(drawing.document(paper).startswith(b"%PDF-") for paper in papers)
    mails = session.scalars(select(Mail.text).order_by(Mail.id)).all()
    assert [it.total in plain(text) for text in mails[:2]] == [True, True]
    assert it.back_shown in plain(mails[-1])
    (row,) = exported(client, "orders")
    assert (row["total"], row["refunded"], row["currency"]) == (it.cell, it.back, it.code)
    (row,) = exported(client, "order-lines")
    assert row["unit price"] == it.price
    (row,) = [row for row in exported(client, "prices") if row["sku"] == "TOOL"]
    assert row[f"price_{it.code.lower()}"] == it.price
    sales = visit(client, "/staff/reports")
    assert it.total in plain(sales.main.get_text())
    found = table(client.get("/staff/reports/sales.csv"))
    assert {row[f"came {it.code}"] for row in found} >= {it.cell}
    assert {row[f"went back {it.code}"] for row in found} >= {it.back}
    assert problems(session) == []


@pytest.mark.parametrize("it", [YEN, DINAR], ids=lambda it: it.code)
def test_prices_are_sent_in_and_put_back_exactly(client, session, worker, variant, it):
    sign_in(client, session)
    column = f"price_{it.code.lower()}"
    wrong = checked(client, worker, "prices", f"sku,{column}\nTOOL,{it.too_fine}\n")
    page = checked(client, worker, "prices", f"sku,{column}\nTOOL,{it.new_price}\n")

    applied = done(client, worker, page, "Apply")
    minor = select(VariantPrice.price_minor).filter_by(variant_id=variant.id, currency=it.code)
    new = session.scalar(minor)
    done(client, worker, applied, "Undo")

    assert rows(wrong) == [["2", column, it.refused]]
    template = client.get("/staff/imports/templates/prices.csv").data.decode("utf-8-sig")
    assert it.example in template.splitlines()[1].split(",")
    assert str(new) == it.new_price.replace(".", "")
    assert session.scalar(minor) == it.minor
