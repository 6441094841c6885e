"""Invoices and credit notes: one for each payment and refund, numbered without gaps, frozen."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from sqlalchemy import select, update

from models import (
    Document,
    DocumentKind,
    Order,
    OrderLine,
    Role,
    ShopSetting,
    TaxRate,
)
from models.order_lock import lock
from storefront.database import Sessions, make_engine
from storefront.documents import drawing
from storefront.documents.issuing import issue_invoice, next_number
from tests.browser import visit
from tests.factories import (
    make_discount,
    make_paid_order,
    make_product,
    make_rate,
    make_variant,
    make_zone,
)
from tests.features.refunding import buy, newest_order, order_page, refund, units_field
from tests.features.test_checkout import check_out, come_back, fill_cart
from tests.staff import sign_in
from tests.stripe import pay

pytestmark = pytest.mark.usefixtures("adds_up")

NASTY = "محمد 😀 #let x = 1 \\ *b* $a$ <script> =cmd() @x `y` " + "W" * 120


@pytest.fixture
def variant(session):
    product = make_product(session, handle="tool", title="The tool")
    return make_variant(session, product=product, on_hand=50, price_minor=8900, sku="TOOL-RED")


def documents(session, order=None):
    found = select(Document).order_by(Document.kind.desc(), Document.number)
    found = found.where(Document.order_id == order.id) if order else found
    return session.scalars(found.execution_options(populate_existing=True)).all()


def own_page(client, order):
    return visit(client, f"/orders/{order.number}?token={order.token}")


def issue(session, order):
    locked = lock(session, order.id)
    return issue_invoice(session, locked, zone="UTC", actor="test")


def test_a_paid_order_has_its_invoice_which_its_buyer_finds_on_her_page(client, session, variant):
    order = buy(client, session, 2)

    [invoice] = documents(session, order)
    response = client.get(own_page(client, order).link("Invoice INV-00001 (PDF)"))

    assert (invoice.kind, invoice.number, invoice.label) == ("invoice", 1, "INV-00001")
    assert invoice.content["total_minor"] == 17800
    page = invoice.content["page"]
    assert page["total"] == "$178.00"
    assert page["note"] == "Paid in full."
    assert page["seller"] == {"name": "QL Claw", "address": [], "tax_number": ""}
    assert page["facts"][0] == ["Order", order.number]
    assert [(it["sku"], it["quantity"], it["each"], it["amount"]) for it in page["lines"]] == [
        ("TOOL-RED", 2, "$89.00", "$178.00")
    ]
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.data.startswith(b"%PDF-")
    assert response.data == drawing.document(invoice)
    assert response.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("token", ["", "wrong", "%00", "a" * 5000])
def test_without_the_secret_there_is_no_invoice(client, session, variant, token):
    order = buy(client, session)

    for address in ("invoice.pdf", "credit-notes/CN-00001.pdf"):
        response = client.get(f"/orders/{order.number}/{address}?token={token}")
        assert response.status_code == 404


def test_an_unpaid_order_has_no_invoice(client, session, variant):
    client.post("/cart/add", data={"id": variant.id})
    client.post("/checkout")
    order = session.scalars(select(Order)).one()

    assert documents(session) == []
    address = f"/orders/{order.number}/invoice.pdf?token={order.token}"
    assert client.get(address).status_code == 404


def test_the_invoice_has_discount_shipping_tax_and_the_seller_as_they_were(
    client, session, variant
):
    make_discount(session)
    make_zone(session, "US", rates=(make_rate(690),))
    session.add(TaxRate(country="US", title="Sales tax", rate_ppm=82_500))
    for name, value in {
        "legal_name": "Claw & Sons <Ltd>",
        "address": "1 Mill Lane\nDenver CO",
        "tax_number": "US-123",
    }.items():
        session.add(ShopSetting(name=name, value={"is": value}, actor="test"))
    session.commit()
    order = buy(client, session, 3)

    [invoice] = documents(session, order)
    session.execute(update(ShopSetting).values(value={"is": "Another"}))
    session.execute(update(Order).values(name="Renamed"))
    session.commit()
    [again] = documents(session, order)

    page = invoice.content["page"]
    assert page["seller"] == {
        "name": "Claw & Sons <Ltd>",
        "address": ["1 Mill Lane", "Denver CO"],
        "tax_number": "US-123",
    }
    assert page["sums"] == [
        ["Items", "$267.00"],
        ["Ten off", "-$26.70"],
        ["Shipping, Standard", "$6.90"],
        ["Sales tax", "$20.39"],
    ]
    assert page["lines"][0]["about"] == ["Discount −$26.70", "Plus Sales tax $19.82"]
    assert invoice.content["total_minor"] == order.total.minor
    assert again.content == invoice.content
    assert drawing.document(again) == drawing.document(invoice)


@pytest.mark.parametrize(
    ("currency", "price", "each", "total"),
    [("JPY", 9800, "¥9,800", "¥19,600"), ("KWD", 27500, "KWD 27.500", "KWD 55.000")],
)
def test_currencies_of_no_and_of_three_decimals_stand_rightly(
    app, client, session, monkeypatch, currency, price, each, total
):
    chosen = replace(app.config["SETTINGS"], currencies=(currency,))
    monkeypatch.setitem(app.config, "SETTINGS", chosen)
    product = make_product(session, handle="tool", title="The tool")
    make_variant(session, product=product, price_minor=price, currency=currency)

    [invoice] = documents(session, buy(client, session, 2))

    page = invoice.content["page"]
    assert page["lines"][0]["each"].replace("\xa0", " ") == each
    assert page["total"].replace("\xa0", " ") == total
    assert drawing.document(invoice).startswith(b"%PDF-")


def test_each_refund_has_its_credit_note_once_and_both_sum_up(client, session, variant):
    order = buy(client, session, 3)
    sign_in(client, session)
    field = units_field(session, order)

    refund(client, order, "0.01")
    refund(client, order, "89.00", restock="y", **{field: "1"})
    page = order_page(client, order)

    invoice, first, second = documents(session, order)
    assert [it.label for it in (invoice, first, second)] == ["INV-00001", "CN-00001", "CN-00002"]
    assert [it.content["total_minor"] for it in (first, second)] == [1, 8900]
    assert second.content["page"]["facts"][0][1].startswith("INV-00001 of ")
    assert [(it["sku"], it["quantity"]) for it in second.content["page"]["lines"]] == [
        ("TOOL-RED", 1)
    ]
    assert "She asked for it" not in str(second.content)
    for name in ("Invoice INV-00001", "Credit note CN-00001", "Credit note CN-00002"):
        assert client.get(page.link(f"{name} (PDF)")).data.startswith(b"%PDF-")
        assert client.get(own_page(client, order).link(f"{name} (PDF)")).status_code == 200


def test_an_order_paid_before_there_were_invoices_gets_one_from_staff(client, session):
    order = make_paid_order(session)
    sign_in(client, session, Role.SUPPORT)
    page = order_page(client, order)

    done = page.submit("Issue the invoice")
    again = page.submit("Issue the invoice")

    assert "INV-00001 is issued." in done.text
    assert "INV-00001 is issued." in again.text
    assert [it.label for it in documents(session)] == ["INV-00001"]
    assert "Issue the invoice" not in done.text
    assert client.get(f"/staff/orders/{order.number}/documents/INV-00002.pdf").status_code == 404


def test_what_was_not_paid_cannot_be_invoiced(client, session, variant):
    client.post("/cart/add", data={"id": variant.id})
    client.post("/checkout")
    order = session.scalars(select(Order)).one()
    sign_in(client, session)

    response = client.post(
        f"/staff/orders/{order.number}/documents", headers={"Origin": "http://localhost"}
    )

    assert response.status_code == 409
    assert "This order was not paid" in response.text
    assert documents(session) == []


def test_any_name_is_drawn_and_breaks_no_page(session):
    order = make_paid_order(session)
    session.execute(update(OrderLine).values(title=NASTY, sku="S" * 64, quantity=1))
    session.execute(
        update(Order).values(name=NASTY, shipping_address={"name": NASTY, "line1": NASTY})
    )
    issue(session, order)

    [invoice] = documents(session)

    assert invoice.content["page"]["buyer"][0] == NASTY
    assert drawing.document(invoice).startswith(b"%PDF-")


def test_eight_who_issue_at_once_get_one_to_eight_and_who_gives_up_leaves_no_hole(
    database_url, session
):
    orders = [make_paid_order(session) for _ in range(9)]
    sessions = Sessions(make_engine(database_url))
    start = Barrier(9)

    def issued(which):
        start.wait()
        with sessions.write() as own:
            document = issue(own, orders[which])
            number = document.number
            if which == 8:
                own.rollback()
                return None
            own.commit()
        return number

    with ThreadPoolExecutor(9) as pool:
        numbers = list(pool.map(issued, range(9)))
    sessions.engine.dispose()

    assert sorted(it for it in numbers if it) == [1, 2, 3, 4, 5, 6, 7, 8]
    assert len(documents(session)) == 8


def test_a_number_that_is_rolled_back_is_given_again(database_url, session):
    sessions = Sessions(make_engine(database_url))

    with sessions.write() as own:
        first = next_number(own, DocumentKind.CREDIT_NOTE)
        own.rollback()
    with sessions.write() as own:
        second = next_number(own, DocumentKind.CREDIT_NOTE)
        own.rollback()
    sessions.engine.dispose()

    assert (first, second) == (1, 1)


def test_papers_of_a_german_order_are_german_whoever_issues_them(client, session, variant):
    fill_cart(client, 2)
    there = check_out(client)
    session.execute(update(Order).values(language="de"))
    come_back(client, pay(there))
    order = newest_order(session)
    sign_in(client, session, Role.OWNER)
    refund(client, order, "178.00")

    invoice, note = documents(session, order)
    page, taken = invoice.content["page"], note.content["page"]
    assert (page["title"], page["total"], page["language"]) == ("Rechnung", "178,00\xa0$", "de")
    assert page["note"] == "Vollständig bezahlt."
    assert [it[0] for it in page["facts"]] == ["Bestellung", "Bestellt am", "Bezahlt"]
    assert page["issued"].startswith("Ausgestellt am ")
    assert page["words"] == {
        "tax_number": "Steuernummer",
        "to": "An",
        "columns": ["Was", "Stück", "Einzeln", "Betrag"],
        "total": "Summe",
    }
    assert taken["title"] == "Gutschrift"
    assert taken["facts"][0][1].startswith("INV-00001 vom ")
    assert taken["note"] == "Dieser Betrag ging den Weg zurück, auf dem er bezahlt wurde."
    for issued in (invoice, note):
        assert drawing.document(issued).startswith(b"%PDF-")


def test_a_paper_that_was_issued_without_words_of_its_own_is_drawn_as_it_was(session, variant):
    [invoice] = [issue(session, make_paid_order(session, variant=variant))]
    drawn = drawing.document(invoice)
    page = dict(invoice.content["page"])
    del page["words"], page["language"]
    page["issued"] = page["issued"].removeprefix("Issued ")
    invoice.content = {**invoice.content, "page": page}

    assert drawing.document(invoice) == drawn
