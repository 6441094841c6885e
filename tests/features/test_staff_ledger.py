"""The ledger of a variant: narrowed, with running numbers, and paged by its lines."""

import pytest
from sqlalchemy import select, update

from models import Location, StockMovement
from models.inventory import MovementKind, adjust, move, shift
from tests.browser import visit
from tests.factories import make_paid_order, make_variant
from tests.staff import counted_statements, sign_in

PAGE = "/staff/inventory/TOOL"


@pytest.fixture
def variant(session):
    """10 received, one sold, 60 times one more by hand, two broken in the cellar."""
    variant = make_variant(session, sku="TOOL", on_hand=10)
    make_paid_order(session, variant=variant)
    for _ in range(60):
        adjust(session, variant.id, 1, reason="One more", actor="a@example.org")
    session.add(cellar := Location(title="Cellar", position=1))
    session.flush()
    for kind, quantity in ((MovementKind.RECEIVED, 5), (MovementKind.DAMAGED, 2)):
        line = StockMovement(variant_id=variant.id, location_id=cellar.id, actor="b@example.org")
        shift(session, line, kind, quantity)
    session.commit()
    return variant


def cells(page):
    """The cells of the ledger, which is the page's last table."""
    caption = page.main.find("caption", id="ledger")
    found = caption.find_parent("table").find("tbody").find_all("tr") if caption else []
    return [
        [" ".join(cell.get_text(" ").split()) for cell in line.find_all(["th", "td"])]
        for line in found
    ]


def lines(page):
    """Kind, on hand, unavailable."""
    return [[line[1], line[2], line[4]] for line in cells(page)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("kind=received", [["Received", "+5 makes 74", "0"], ["Received", "+10 makes 10", "0"]]),
        ("kind=sold", [["Sold", "-1 makes 9", "0"]]),
        ("actor=B@example.org&kind=damaged", [["Damaged", "74", "+2 makes 2"]]),
        ("at=2", [["Damaged", "74", "+2 makes 2"], ["Received", "+5 makes 74", "0"]]),
        ("since=2001-01-01&until=2001-12-31", []),
        ("order=QL-NONE", []),
    ],
)
def test_the_ledger_is_narrowed_and_its_numbers_run_on(client, session, variant, query, found):
    sign_in(client, session)

    assert lines(visit(client, f"{PAGE}?{query}")) == found


def test_the_ledger_of_an_order_and_of_a_day(client, session, variant):
    sign_in(client, session)
    sold = select(StockMovement).where(StockMovement.kind == MovementKind.SOLD)
    line = session.scalars(sold).one()
    day = line.created_at.replace(year=2020, month=2, day=29)
    session.execute(update(StockMovement).filter_by(id=line.id).values(created_at=day))
    session.commit()
    number = cells(visit(client, f"{PAGE}?kind=sold"))[0][-1]

    of_order = visit(client, f"{PAGE}?order={number.lower()}")
    of_day = visit(client, f"{PAGE}?since=2020-02-28&until=2020-03-01")

    assert [line[1] for line in cells(of_order)] == ["Sold"]
    assert lines(of_day) == [["Sold", "-1 makes 9", "0"]]


def test_the_second_page_of_a_narrowed_ledger_counts_on(client, session, variant):
    sign_in(client, session)

    first = visit(client, f"{PAGE}?kind=adjusted")
    second = first.follow("Next page")

    assert [line[2] for line in cells(first)] == [f"+1 makes {n}" for n in range(69, 19, -1)]
    assert [line[2] for line in cells(second)] == [f"+1 makes {n}" for n in range(19, 9, -1)]
    assert lines(second.follow("Newest")) == lines(first)


def test_a_page_stays_right_whatever_moves_meanwhile(client, session, variant):
    sign_in(client, session)
    first = visit(client, PAGE)
    move(
        session,
        StockMovement(variant_id=variant.id, kind=MovementKind.ADJUSTED, on_hand=100, actor="c"),
    )
    session.commit()

    second = first.follow("Next page")

    assert lines(second)[-1] == ["Received", "+10 makes 10", "0"]
    assert lines(second)[0] == ["Adjusted", "+1 makes 21", "0"]


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("before=x", 404),
        ("before=[1,2,3,4,5,6,7].x", 404),
        ("before=%00", 404),
        ("kind=x", 422),
        ("at=99", 422),
        ("since=2020-02-30", 422),
        ("until=never", 422),
        ("actor=a%00", 422),
    ],
)
def test_a_strange_address_of_the_ledger_is_refused(client, session, variant, query, status):
    sign_in(client, session)

    assert client.get(f"{PAGE}?{query}").status_code == status


def test_the_place_of_one_ledger_is_none_of_another(client, session, variant):
    sign_in(client, session)
    make_variant(session, sku="OTHER")
    link = visit(client, PAGE).main.find("a", rel="next")["href"]

    assert client.get(link.replace("TOOL", "OTHER")).status_code == 404


def test_a_page_asks_eight_times_and_a_narrowed_one_once_more(
    app, client, session, variant, engine_name
):
    sign_in(client, session)
    visit(client, PAGE)

    with counted_statements(app) as whole:
        visit(client, PAGE)
    with counted_statements(app) as narrowed:
        visit(client, f"{PAGE}?kind=sold")

    begin = engine_name == "sqlite"  # which counts it as well
    assert (len(whole), len(narrowed)) == (8 + begin, 9 + begin)
