"""Spreadsheets of stock: sent in, checked row by row, applied, and undone."""

import io
import zipfile

import pytest
from sqlalchemy import func, select, update

from models import Import, ImportChange, Job, Role, Stock, StockMovement
from models.inventory import MovementKind, adjust, move
from storefront.verify.stock import ledger_is_stock
from tests.browser import visit
from tests.factories import make_bundle, make_variant
from tests.features.imports import checked, done, send, workbook
from tests.staff import rows, sign_in

SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'


@pytest.fixture
def variant(session):
    return make_variant(session, sku="TOOL-RED", on_hand=10)


def on_hand(session, variant):
    session.rollback()
    return session.get_one(Stock, variant.id, populate_existing=True).on_hand


def movements(session):
    return session.scalar(select(func.count()).select_from(StockMovement))


def test_a_count_is_checked_then_applied_then_undone(client, session, worker, variant):
    person = sign_in(client, session, Role.FULFILMENT)
    other = make_variant(session, sku="MAT", on_hand=3)

    page = checked(client, worker, "stock", "sku,quantity,reason\nTOOL-RED,12,Counted\nMAT,3,\n")

    assert "Every row was checked and nothing is wrong. Nothing was changed yet." in page.text
    assert (on_hand(session, variant), movements(session)) == (10, 2)

    applied = done(client, worker, page, "Apply")

    assert "Applied: 1 row changed something." in applied.text
    assert (on_hand(session, variant), on_hand(session, other)) == (12, 3)
    line = session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
    assert (line.kind, line.on_hand, line.reason) == (MovementKind.ADJUSTED, 2, "Counted")
    assert (line.reference, line.actor) == ("Import 1", person.email)

    undone = done(client, worker, applied, "Undo")

    assert "Undone. Everything is as it was before." in undone.text
    assert (on_hand(session, variant), movements(session)) == (10, 4)
    assert list(ledger_is_stock(session)) == []
    assert undone.html.main.find("button") is None


def test_each_problem_is_named_by_row_and_column(client, session, worker, variant):
    sign_in(client, session)
    make_bundle(session, {variant: 2}, sku="SET")
    reserved = StockMovement(
        variant_id=variant.id, kind=MovementKind.RESERVED, reserved=4, actor="test"
    )
    move(session, reserved)
    sheet = (
        "Count; SKU ;Colour;Change\n"
        "7;NO-SUCH;red;\n"
        "\n"
        "two;TOOL-RED;;\n"
        "3;SET;;\n"
        "3;TOOL-RED;;\n"
        ";;;\n"
        "2;;;5\n"
    )

    page = checked(client, worker, "stock", sheet)

    assert "These columns mean nothing here and are left out: Colour." in page.text
    assert rows(page) == [
        ["2", "SKU", "No variant has this SKU."],
        ["4", "Count", "Enter a whole number from 0 to 1000000."],
        ["5", "SKU", "This is a bundle: count its parts instead."],
        ["6", "SKU", "Row 4 says this already. Each may stand once."],
        ["6", "Count", "4 of 10 are reserved or unavailable: so many must stay."],
        ["8", "SKU", "Enter the SKU."],
        ["8", "Change", "Enter a quantity or a change, not both."],
    ]
    assert "7 problems, so nothing was changed." in page.text
    assert page.html.main.find("button") is None
    assert on_hand(session, variant) == 10
    text = client.get(page.link("All problems as CSV")).get_data(as_text=True)
    assert text.splitlines()[1] == "2,SKU,No variant has this SKU."
    refused = client.post("/staff/imports/1/apply", headers={"Origin": "http://localhost"})
    assert refused.status_code == 409


@pytest.mark.parametrize(
    ("content", "name"),
    [
        ("\ufeffsku,change,reason\r\nTOOL-RED,+2,Große Übung\r\n".encode(), "a.csv"),
        ("SKU;Change;Reason\nTOOL-RED;2;Große Übung\n".encode("cp1252"), "a.pdf"),
        ("sku\tchange\treason\nTOOL-RED\t2\tGroße Übung\n".encode("utf-16"), "a.txt"),
        (workbook([["Sku", "change", "reason"], ["TOOL-RED", 2.0, "Große Übung"]]), "a.csv"),
    ],
)
def test_what_spreadsheets_write_is_read(client, session, worker, variant, content, name):
    sign_in(client, session)

    page = checked(client, worker, "stock", content, name)
    done(client, worker, page, "Apply")

    assert on_hand(session, variant) == 12
    newest = select(StockMovement.reason).order_by(StockMovement.id.desc())
    assert session.scalars(newest).first() == "Große Übung"


def bomb():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 80_000_000)
    return kept.getvalue()


def rewritten(rows: str) -> bytes:
    """Return a workbook whose sheet was written by hand."""
    kept, sheet = io.BytesIO(), f"{SHEET}<sheetData>{rows}</sheetData></worksheet>"
    with (
        zipfile.ZipFile(io.BytesIO(workbook([["sku"]]))) as old,
        zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") else old.read(name))
    return kept.getvalue()


def archive():
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as made:
        made.writestr("virus.exe", b"MZ")
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Choose a file that is not empty."),
        (b"\n\n", "The file is empty."),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "This is no spreadsheet. Send a CSV or an XLSX file."),
        (b"\xd0\xcf\x11\xe0old", "This is an old Excel file. Save it as .xlsx or as CSV."),
        (b"PK\x03\x04broken", "This file is damaged."),
        (archive(), "This is an archive, but no spreadsheet."),
        (bomb(), "This XLSX file unpacks to far more than a list needs."),
        (b"sku,quantity\n" + b"A,1\n" * 20_001, "There are more than 20000 rows."),
        (b"sku" + b",x" * 101, "Row 1 has more than 100 columns."),
        (b'sku,quantity\n"A,1\n', "is no CSV"),
        (b"x" * 200_000, "Line 1 is no CSV"),
        (b"a," * 100_000, "Row 1 has more than 100 columns."),
        (b"sku,quantity\n" + b"x" * 40_000, "Row 2 has a cell of more than 32767 characters."),
        (
            rewritten(f'<row><c t="inlineStr"><is><t>{"x" * 200_000}</t></is></c></row>'),
            "Row 1 has",
        ),
        (rewritten('<row><c r="XFD1"><v>1</v></c></row>'), "Row 1 has more than 100 columns."),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(client, session, content, said):
    sign_in(client, session)

    page = send(client, "stock", content)

    assert page.status == 422
    assert said in page.errors()[0]
    assert session.scalar(select(func.count()).select_from(Import)) == 0


def test_a_file_that_is_too_large_is_refused(client, session, monkeypatch):
    sign_in(client, session)
    monkeypatch.setattr("storefront.staff.imports.sheets.MOST_BYTES", 100_000)

    for size, status in ((300_000, 413), (120_000, 422)):
        page = send(client, "stock", b"sku,quantity\n" + b"x" * size)

        assert page.status == status
        assert "The file is larger than" in page.errors()[0]


def test_what_moved_since_the_count_is_left_and_named(client, session, worker, variant):
    sign_in(client, session)
    other = make_variant(session, sku="MAT", on_hand=3)
    page = checked(client, worker, "stock", "sku,quantity\nTOOL-RED,12\nMAT,5\n")
    adjust(session, variant.id, -1, reason="Broken", actor="test")
    session.commit()

    applied = done(client, worker, page, "Apply")

    assert rows(applied) == [
        ["2", "quantity", "Units came or went since this file was sent in. Count again."]
    ]
    assert (on_hand(session, variant), on_hand(session, other)) == (9, 5)


def test_an_undo_leaves_what_was_counted_since(client, session, worker, variant):
    sign_in(client, session)
    page = checked(client, worker, "stock", "sku,change\nTOOL-RED,5\n")
    applied = done(client, worker, page, "Apply")
    adjust(session, variant.id, 1, reason="Counted again", actor="test")
    session.commit()

    undone = done(client, worker, applied, "Undo")

    assert rows(undone) == [["2", "quantity", "It was counted or adjusted since, and stays."]]
    assert on_hand(session, variant) == 16


def test_a_row_that_cannot_go_back_holds_no_other_up(client, session, worker, variant):
    sign_in(client, session)
    other = make_variant(session, sku="MAT", on_hand=3)
    page = checked(client, worker, "stock", "sku,change\nTOOL-RED,5\nMAT,4\n")
    applied = done(client, worker, page, "Apply")
    promised = StockMovement(variant_id=other.id, kind=MovementKind.RESERVED, reserved=6, actor="x")
    move(session, promised)
    session.commit()

    undone = done(client, worker, applied, "Undo")

    assert rows(undone) == [
        ["3", "quantity", "Too few units are free by now, and it stays as it is."]
    ]
    assert (on_hand(session, variant), on_hand(session, other)) == (10, 7)
    assert list(ledger_is_stock(session)) == []


def test_a_worker_that_died_goes_on_where_it_was(app, client, session, worker, monkeypatch):
    sign_in(client, session)
    variants = [make_variant(session, sku=f"S-{number}", on_hand=1) for number in range(6)]
    lines = "".join(f"{it.sku},1\n" for it in variants)
    page = checked(client, worker, "stock", "sku,change\n" + lines)
    monkeypatch.setattr("storefront.staff.imports.jobs.BATCH", 2)
    task = page.submit("Apply")
    steps = iter(range(1))  # so many are told, then the machine goes out

    def dies(*_):
        if next(steps, None) is None:
            raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr("storefront.tasks.step", dies)
        with pytest.raises(SystemExit):
            worker.work_off()
    assert [on_hand(session, it) for it in variants] == [2, 2, 2, 2, 1, 1]
    session.execute(update(Job).values(lease_until=None))
    worker.work_off()

    assert "Done." in visit(client, task.url).text
    assert [on_hand(session, it) for it in variants] == [2] * 6
    assert session.scalar(select(func.count()).where(ImportChange.subject != "")) == 6


def test_nobody_imports_what_the_role_does_not_allow(client, session, worker, variant):
    sign_in(client, session, Role.FULFILMENT)

    page = send(client, "prices", "sku,price_usd\nTOOL-RED,1\n")

    assert page.status == 422
    assert page.errors() == ["Choose what the file holds."]
    assert client.get("/staff/imports/templates/prices.csv").status_code == 404


@pytest.mark.parametrize("kind", ["stock", "products", "prices", "redirects"])
def test_each_kind_has_a_template_that_its_own_check_understands(client, session, worker, kind):
    sign_in(client, session)
    response = client.get(f"/staff/imports/templates/{kind}.csv")

    page = checked(client, worker, kind, response.data, response.headers["Content-Disposition"])

    assert "mean nothing" not in page.text
    assert not [row for row in rows(page) if row[0] == "1"]
