"""The log in a customer's account: hers alone, kept once, exported, deleted."""

import csv
import io
import uuid
from datetime import timedelta

import pytest
from sqlalchemy import select

from models import Practice, now
from storefront.routines.log import service
from storefront.routines.log.routes import MOST_AT_ONCE
from tests.browser import visit
from tests.factories import PASSWORD, make_customer
from tests.features.test_tutorials import words
from tests.staff import counted_statements, rows

LOG = "/account/log"
ADDRESSES = ("", "/upload", "/removal", f"/{uuid.uuid4()}/removal")
DONE = "2026-11-20T19:30:00+00:00"


@pytest.fixture
def ada(client, session):
    """A customer, signed in."""
    return sign_in(client, session)


def sign_in(client, session):
    customer = make_customer(session)
    visit(client, "/account/login").submit("Sign in", email=customer.email, password=PASSWORD)
    return customer


def entry(**over):
    """A session as a browser sends it."""
    said = {
        "key": str(uuid.uuid4()),
        "done_at": DONE,
        "title": "QL release",
        "url": "/pages/ql-release",
        "seconds": 480,
        "pain_before": 6,
        "pain_after": 4,
        "note": "",
    }
    return said | over


def send(client, *entries):
    return client.post(f"{LOG}/upload", json={"sessions": list(entries)})


def kept(session):
    return session.scalars(select(Practice).order_by(Practice.id)).all()


def add(client, **typed):
    said = {"title": "QL release", "pain_before": "6", "pain_after": "3"} | typed
    return visit(client, LOG).submit("Add session", **said)


def test_a_session_is_added_and_listed_without_scripting(client, session, ada):
    page = add(client, minutes="9", note="Better on the left.")

    assert page.heading == "Your log"
    (row,) = rows(page)
    assert row[1:6] == ["QL release", "9", "6", "3", "Better on the left."]
    (practice,) = kept(session)
    assert (practice.customer_id, practice.seconds) == (ada.id, 540)
    assert practice.done_at <= now()


def test_the_log_stands_among_the_rooms_of_the_account(client, ada):
    rooms = visit(client, LOG).html.select_one("nav.account__nav")

    assert [link.get_text() for link in rooms.select("a[aria-current=page]")] == ["Your log"]
    assert "Addresses" in rooms.get_text()


def test_the_same_form_sent_twice_is_kept_once(client, session, ada):
    form = visit(client, LOG)
    for _ in range(2):
        form.submit("Add session", title="QL release")

    assert len(kept(session)) == 1


def test_two_sessions_make_a_chart_with_their_numbers_beside_it(client, ada):
    send(client, entry(), entry(done_at="2026-11-22T19:30:00+00:00", pain_before=5, pain_after=0))

    page = visit(client, LOG)

    chart = page.main.select_one("svg.pain-chart__drawing")
    assert chart.find("title").get_text().startswith("Pain from 0 to 10 over 2 sessions")
    assert chart.select_one(".pain-chart__before")["points"].split() == ["36.0,92.0", "628.0,112.0"]
    assert chart.select_one(".pain-chart__after")["points"].split() == ["36.0,132.0", "628.0,212.0"]
    assert [row[3:5] for row in rows(page)] == [["5", "0"], ["6", "4"]]


def test_pain_that_was_not_said_is_not_drawn(client, ada):
    send(client, entry(pain_before=None, pain_after=None), entry(pain_after=None))

    page = visit(client, LOG)

    assert page.main.select_one("svg.pain-chart__drawing") is None
    assert sorted(row[3] for row in rows(page)) == ["6", "–"]


@pytest.mark.parametrize("day", ["soon", "2026-13-45", "99999-01-01"])
def test_what_is_no_day_is_refused_beside_the_field(client, session, ada, day):
    page = add(client, day=day)

    assert page.status == 422
    assert page.errors() == ["Not a valid date value."]
    assert kept(session) == []


@pytest.mark.parametrize("body", ["[" * 100_000, '{"sessions":' * 20_000, "null", "", "9" * 9999])
def test_json_that_is_no_list_of_sessions_is_refused(client, session, ada, body):
    answer = client.post(f"{LOG}/upload", data=body, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json["message"] == "There is no list of sessions in what was sent."
    assert kept(session) == []


WRONG = [
    ("pain_before", "11", "Enter a whole number from 0 to 10, or nothing."),
    ("pain_before", "-1", "Enter a whole number from 0 to 10, or nothing."),
    ("pain_after", "ten", "Enter a whole number from 0 to 10, or nothing."),
    ("pain_after", "٣", "Enter a whole number from 0 to 10, or nothing."),
    ("note", "x" * 100_000, "At most 500 characters."),
    ("note", "a\0b", "Remove the characters that cannot be read."),
    ("title", "", "Enter what you did."),
    ("title", "x" * 201, "At most 200 characters."),
    ("day", "2099-01-01", "Enter today or a recent day."),
    ("day", "1066-10-14", "Enter today or a recent day."),
    ("minutes", "601", "Enter a whole number from 0 to 600."),
]


@pytest.mark.parametrize(("field", "typed", "message"), WRONG)
def test_a_mistake_is_told_beside_its_field_and_nothing_is_kept(
    client, session, ada, field, typed, message
):
    page = add(client, **{field: typed})

    assert (page.status, page.errors()) == (422, [message])
    assert kept(session) == []
    if field != "note":
        assert page.main.find(attrs={"name": field}).get("value", "") == typed


def test_words_are_shown_as_they_were_typed(client, ada):
    page = add(client, title="<script>alert(1)</script>", note="🙂 مرحبا")

    assert rows(page)[0][1] == "<script>alert(1)</script>"
    assert rows(page)[0][5] == "🙂 مرحبا"
    assert page.main.find("script") is None


def test_what_a_device_has_kept_is_moved_once_however_often_it_is_sent(client, session, ada):
    mine = [entry(title=f"Session {n}") for n in range(3)]

    first, second = send(client, *mine), send(client, *mine, entry())

    assert (first.status_code, first.json) == (200, {"added": 3, "received": 3})
    assert second.json == {"added": 1, "received": 4}
    assert len(kept(session)) == 4
    assert kept(session)[0].done_at.isoformat() == DONE


REFUSED = [
    ({"pain_before": 11}, "Session 2: Enter a whole number from 0 to 10, or nothing."),
    ({"pain_after": -1}, "Session 2: Enter a whole number from 0 to 10, or nothing."),
    ({"pain_after": "ten"}, "Session 2: Enter a whole number from 0 to 10, or nothing."),
    ({"pain_after": True, "title": []}, "Session 2: Enter what you did."),
    ({"note": "x" * 100_000}, "Session 2: At most 500 characters."),
    ({"note": "\ud800"}, "Session 2: Remove the characters that cannot be read."),
    ({"key": "mine"}, "Session 2: This form cannot be read. Open the page again."),
    ({"done_at": "yesterday"}, "Session 2: Its time cannot be read."),
    ({"done_at": "2026-11-20T19:30:00"}, "Session 2: Its time cannot be read."),
    ({"done_at": "0001-01-01T00:00:00+23:59"}, "Session 2: Its time cannot be read."),
    ({"done_at": "2999-01-01T00:00:00Z"}, "Session 2: Its time cannot be read."),
    ({"seconds": 10**9}, "Session 2: It cannot have been that long. Enter fewer minutes."),
    ({"url": "//evil.example/x"}, "Session 2: Its address is not one of this shop."),
    ({"url": "javascript:alert(1)"}, "Session 2: Its address is not one of this shop."),
]


@pytest.mark.parametrize(("over", "message"), REFUSED)
def test_one_wrong_session_refuses_the_whole_upload(client, session, ada, over, message):
    response = send(client, entry(), entry(**over))

    assert (response.status_code, response.json["message"]) == (422, message)
    assert kept(session) == []


NO_LIST = [
    "",
    "{",
    "[]",
    "{}",
    '{"sessions": []}',
    '{"sessions": 1}',
    "1",
    "1" * 5000,
    "[" * 99_999,
]


@pytest.mark.parametrize("body", NO_LIST, ids=range(len(NO_LIST)))
def test_what_is_no_list_of_sessions_is_refused(client, session, ada, body):
    response = client.post(f"{LOG}/upload", data=body, content_type="application/json")

    assert response.status_code == 422
    assert response.json["message"] == "There is no list of sessions in what was sent."


def test_more_than_a_thousand_at_once_are_refused(client, session, ada):
    assert MOST_AT_ONCE == 1000
    response = send(client, *[entry(note="") for _ in range(1001)])

    assert response.status_code == 422
    assert response.json["message"] == "At most 1000 sessions can be sent at once."
    assert kept(session) == []


def test_a_log_that_is_full_says_so_and_changes_nothing(client, session, ada, monkeypatch):
    monkeypatch.setattr(service, "MOST_KEPT", 2)
    send(client, entry(), entry())

    uploaded, typed = send(client, entry()), add(client)

    assert (uploaded.status_code, typed.status) == (409, 409)
    assert "Export them, then delete some." in typed.text
    assert len(kept(session)) == 2


def test_the_log_is_exported_and_no_cell_is_computed(client, session, ada):
    send(client, entry(title="=1+1", note="@SUM(A1)"), entry(note='-5 degrees, "cold"'))

    table = client.get(f"{LOG}/export.csv")
    records = client.get(f"{LOG}/export.json").json["sessions"]

    read = list(csv.DictReader(io.StringIO(table.data.decode("utf-8-sig"))))
    assert table.mimetype == "text/csv"
    assert table.headers["Cache-Control"] == "private, no-store"
    assert (read[0]["title"], read[0]["note"]) == ("'=1+1", "'@SUM(A1)")
    assert (read[1]["note"], read[1]["pain_before"]) == ('\'-5 degrees, "cold"', "6")
    assert records[0]["title"] == "=1+1"
    assert records[0]["done_at"] == DONE
    again = send(client, *records)  # what was exported is taken back, and was there
    assert again.json == {"added": 0, "received": 2}


def test_one_session_is_deleted_and_then_all(client, session, ada):
    send(client, *[entry(title=f"Session {n}") for n in range(3)])

    page = visit(client, LOG).submit("Delete", nth=1)

    assert len(rows(page)) == 2
    page = page.submit("Delete all")
    assert "Nothing is kept here yet." in page.text
    assert kept(session) == []


def test_another_customers_session_is_404_and_stays(client, session, ada):
    send(client, entry())
    (hers,) = kept(session)
    client.post("/account/logout")
    sign_in(client, session)

    removed = client.post(f"{LOG}/{hers.key}/removal")
    client.post(f"{LOG}/removal")
    copied = send(client, entry(key=hers.key, title="Mine"))

    assert removed.status_code == 404
    assert copied.json == {"added": 1, "received": 1}
    session.expire_all()
    assert [it.title for it in kept(session)] == ["QL release", "Mine"]
    assert kept(session)[0].customer_id == ada.id
    assert rows(visit(client, LOG))[0][1] == "Mine"


@pytest.mark.parametrize("key", ["nothing", "%00", "x" * 3000, "' OR 1=1 --", "🙂"])
def test_a_session_that_is_not_there_is_404(client, ada, key):
    assert client.post(f"{LOG}/{key}/removal").status_code == 404


def test_nobody_signed_in_is_led_to_the_sign_in_and_nothing_is_kept(client, session):
    for address in ("", "/export.csv", "/export.json"):
        response = client.get(LOG + address)
        assert (response.status_code, response.headers["Location"]) == (303, "/account/login")
    for address in ADDRESSES:
        assert client.post(LOG + address).status_code in {303, 401}
    assert send(client, entry()).json["message"] == "Sign in first."
    assert kept(session) == []


def test_the_log_is_private_and_never_cached(client, ada):
    for address in ("", "/export.csv", "/export.json"):
        assert client.get(LOG + address).headers["Cache-Control"] == "private, no-store"


def test_another_site_can_change_nothing(client, session, ada):
    send(client, entry())
    for address in ADDRESSES:
        response = client.post(LOG + address, headers={"Sec-Fetch-Site": "cross-site"})
        assert response.status_code == 403
    assert len(kept(session)) == 1


def test_a_long_log_has_pages_and_a_constant_number_of_queries(app, client, ada):
    counts = []
    for more in (3, 60):
        day = now() - timedelta(days=100)
        send(client, *[entry(done_at=(day + timedelta(hours=n)).isoformat()) for n in range(more)])
        with counted_statements(app) as seen:
            page = visit(client, LOG)
        counts.append(len(seen))

    assert counts[0] == counts[1] <= 8
    assert len(rows(page)) == 30
    assert len(rows(page.follow("Next page"))) == 30
    assert words(page.main.select_one(".pagination__place")) == "Page 1 of 3"


def test_the_orders_page_leads_to_the_log(client, ada):
    assert visit(client, "/account/orders").follow("Your log").heading == "Your log"
