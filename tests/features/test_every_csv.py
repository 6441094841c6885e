"""Every table that the shop gives as a file: whatever stands in the shop, no cell computes."""

import csv
import io
import re
from decimal import Decimal, InvalidOperation

import pytest
from sqlalchemy import Enum, String, Text, update
from sqlalchemy.exc import DatabaseError

from models import Base, Import, Practice, now
from storefront.spreadsheet import ACTING
from storefront.staff.exports.every import every_table
from storefront.staff.exports.shown import SHOWN
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_paid_order
from tests.staff import sign_in

ORIGIN = {"Origin": "http://localhost"}
ASKS_NOBODY_AGAIN = {"staff.imports.template", "staff.imports.problems"}  # of one's own file
EVIL = '=HYPERLINK("https://evil.example","'
KEPT = re.compile(r"token|hash|kind|status|currency|password|country|key$|role|zone|locale")
WIDE = 40


@pytest.fixture
def evil(session):
    """Let each free text of the demonstration begin as a formula, where the database lets it."""
    make_paid_order(session)
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, String | Text) and not isinstance(column.type, Enum)
            is_wide = (column.type.length or 1000) > WIDE if is_text else False
            if not is_wide or KEPT.search(column.name):
                continue
            try:
                session.execute(update(table).values({column: EVIL + column}))
            except DatabaseError:  # it refers to something, or the database guards it
                session.rollback()


def cells_of(response):
    """Return the cells of a file, which must be one that spreadsheets read aright."""
    assert (response.status_code, response.mimetype) == (200, "text/csv"), response.text[:300]
    assert re.fullmatch(
        r'attachment; filename="[a-z0-9-]+\.csv"', response.headers["Content-Disposition"]
    )
    assert response.headers["Cache-Control"] == "private, no-store"
    assert response.data.startswith(b"\xef\xbb\xbf")
    text = response.data.decode("utf-8-sig")
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def is_number(cell):
    try:
        return Decimal(cell).is_finite()
    except InvalidOperation:
        return False


def acting(cells):
    return [it for it in cells if it.lstrip(" ").startswith(ACTING) and not is_number(it)]


@pytest.mark.seeded
def test_no_cell_of_any_file_computes_and_each_file_of_a_list_asks_again(
    app, client, session, evil
):
    sign_in(client, session)
    sent = Import(kind="prices", content="sku\n", row_count=1, actor=EVIL, filename=EVIL)
    sent.problems = [{"row": 2, "column": f"{EVIL}a", "message": "\t=1"}]
    session.add(sent)
    session.commit()
    names = {"<kind>": "products", "<import_id>": str(sent.id)}
    rules = [it for it in app.url_map.iter_rules() if it.rule.endswith(".csv")]
    assert len(rules) >= 8
    found = []
    for rule in rules:
        assert rule.methods == {"GET", "HEAD", "OPTIONS"}
        if not rule.rule.startswith("/staff"):
            continue
        view = app.view_functions[rule.endpoint]
        assert view.proof or rule.endpoint in ASKS_NOBODY_AGAIN, rule.rule
        for name in ("sales", "products", "texts") if "<name>" in rule.rule else ("",):
            if "<task_id>" in rule.rule:
                continue  # what the worker writes is the same table
            address = re.sub("<[^>]+>", lambda it: names.get(it[0], name), rule.rule)  # noqa: B023
            found += cells_of(client.get(address))
    for table in every_table(app.config["SETTINGS"].currencies):
        answer = client.post("/staff/exports", data={"table": table}, headers=ORIGIN)
        found += cells_of(answer)
    for screen in SHOWN:
        found += cells_of(client.post(f"/staff/exports/shown/{screen}", headers=ORIGIN))

    assert acting(found) == []
    assert sum(it.startswith("'=") for it in found) > 100


def test_what_a_customer_logged_computes_nowhere(client, session):
    person = make_customer(session)
    at = now()
    session.add(
        Practice(
            customer_id=person.id, key="k", title=EVIL, url="/", note="\r=1", seconds=5, done_at=at
        )
    )
    session.commit()
    visit(client, "/account/login").submit("Sign in", email=person.email, password=PASSWORD)

    found = cells_of(client.get("/account/log/export.csv"))

    assert acting(found) == []
    assert f"'{EVIL}" in found
