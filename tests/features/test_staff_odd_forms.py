"""Every form of the back office, found by walking there, and odd words: refused whole or kept."""

import re
from collections import defaultdict, deque
from contextlib import contextmanager
from urllib.parse import quote_plus, urlencode, urljoin, urlsplit

import pytest
from sqlalchemy import event
from werkzeug.exceptions import HTTPException

from storefront.staff.audit import chain
from storefront.staff.audit.watch import MACHINERY
from tests.browser import Page
from tests.factories import make_customer, make_paid_order, make_tutorial
from tests.staff import sign_in

ORIGIN = {"Origin": "http://localhost"}
ODD = [
    *("a\x00b", "9223372036854775808", "-9223372036854775809", "x" * 100_000, "2026-02-31"),
    *("9999-12-31T23:59", "0000-00-00", "NaN", "-0.001", "٣", "<script>alert(1)</script>"),
    *("=cmd()", "\U0001f9ff\u202e", "javascript:alert(1)", "//evil.example", "{{7*7}}", "[]", ""),
]
SURROGATE = "%ED%A0%80"  # half a character, as only a program sends it
PAGES_OF_A_KIND = 2
FIELDS = ["input", "textarea", "select", "button"]
AS_FORM = "application/x-www-form-urlencoded"
OWN = re.compile(r"/staff/(logout|me\b|login|people/\d+/)")  # ends what this test walks with
WROTE = re.compile(r"\s*(INSERT INTO|UPDATE|DELETE FROM) \"?(\w+)", re.IGNORECASE)
# What is written of a refusal as well: who was refused, and how often.
ANEW = {"articles", "pages", "regions"}  # their HTML, from the same words, when a source is saved
OF_REFUSALS = {"audit_entries", "audit_heads", "attempt_counts", "sign_ins", "jobs"}


@contextmanager
def committed(app):
    """Yield a set to which each table comes that a commit of the shop's has changed."""
    engine, pending, done = app.extensions["sessions"].engine, defaultdict(set), set()

    def note(connection, cursor, statement, *rest):
        if cursor.rowcount and (found := WROTE.match(statement)):
            pending[id(connection)].add(found[2])

    def keep(connection):
        done.update(pending.pop(id(connection), ()))

    def forget(connection):
        pending.pop(id(connection), None)

    listeners = {"after_cursor_execute": note, "commit": keep, "rollback": forget}
    for name, listener in listeners.items():
        event.listen(engine, name, listener)
    yield done
    for name, listener in listeners.items():
        event.remove(engine, name, listener)


def endpoint_of(app, address):
    try:
        return app.url_map.bind("localhost").match(urlsplit(address).path, "GET")[0]
    except HTTPException:
        return None


def pages(app, client):
    """Yield some pages of each kind that links lead to."""
    seen, known, ahead = defaultdict(int), {"/staff"}, deque(["/staff"])
    while ahead:
        address = ahead.popleft()
        endpoint = endpoint_of(app, address)
        if endpoint is None or seen[endpoint] >= PAGES_OF_A_KIND:
            continue
        seen[endpoint] += 1
        answer = client.get(address, follow_redirects=True)
        assert answer.status_code < 500, address
        assert is_kept_from_others(answer), address
        if answer.mimetype == "text/html":
            page = Page(client, answer, answer.request.url)
            yield page
            for link in page.html.find_all("a", href=True):
                to = urlsplit(urljoin(page.url, link["href"]))
                there = f"{to.path}?{to.query}" if to.query else to.path
                if to.netloc == "localhost" and there.startswith("/staff") and there not in known:
                    known.add(there)
                    ahead.append(there)


def walk(app, client):
    """Yield each form of the back office once, with where it goes."""
    forms = set()
    for page in pages(app, client):
        for form in page.html.find_all("form", method="post"):
            action = urljoin(page.url, form.get("action") or page.url)
            names = frozenset(re.sub(r"\d+", "#", it) for it in names_of(form))
            key = (re.sub(r"[^/]*\d[^/]*", "#", urlsplit(action).path), names)
            if key not in forms and not OWN.search(action):
                forms.add(key)
                yield action, form


def is_kept_from_others(answer):
    """Say whether no cache keeps an answer, no search engine lists it, no other site frames it."""
    policy = answer.headers["Content-Security-Policy"]
    return (
        answer.headers["Cache-Control"] == "private, no-store"
        and answer.headers["X-Robots-Tag"] == "noindex"
        and ("frame-ancestors 'none'" in policy or "frame-ancestors 'self'" in policy)
    )


def names_of(form):
    return [it["name"] for it in form.find_all(FIELDS) if it.get("name")]


def given_by(form):
    """Return what the form sends where nobody types."""
    given = {}
    for field in form.find_all(FIELDS):
        if name := field.get("name"):
            chosen = field.find("option", selected=True) or field.find("option") or {}
            text = field.get_text() if field.name == "textarea" else field.get("value", "")
            given[name] = chosen.get("value", "") if field.name == "select" else text
    return given


def bodies(form):
    """Yield what a hostile browser sends: odd words, fields that are missing, double or strange."""
    given = given_by(form)
    yield urlencode(given)
    yield ""
    yield "&".join(f"{quote_plus(name)}={SURROGATE}" for name in given)
    yield "&".join(
        f"{quote_plus(name)}=1&{quote_plus(name)}=2&{quote_plus(name)}[]=3" for name in given
    )
    for shift in range(0, len(ODD), 3):
        pairs = [
            (name, text if (at + shift) % 2 else ODD[(at + shift) % len(ODD)])
            for at, (name, text) in enumerate(given.items())
        ]
        yield urlencode(pairs)


@pytest.mark.seeded
def test_each_form_of_the_back_office_is_refused_whole_or_done_and_written_into_the_log(
    app, client, session
):
    sign_in(client, session)
    make_customer(session)
    make_paid_order(session)
    make_tutorial(session)
    count, wrong = 0, []

    for action, form in walk(app, client):
        for body in bodies(form):
            count += 1
            with committed(app) as tables:
                answer = client.post(action, data=body, headers=ORIGIN, content_type=AS_FORM)
            is_half = answer.status_code >= 400 and tables - OF_REFUSALS
            is_noted = "audit_entries" in tables or not tables - MACHINERY - OF_REFUSALS - ANEW
            if answer.status_code >= 500 or is_half or not is_noted:
                wrong.append((action, body[:300], answer.status_code, tables))

    assert wrong == []
    assert count > 800
    with app.extensions["sessions"].read() as reader:
        chain.see_one_moment(reader)
        assert chain.broken(reader) is None
    assert app.test_cli_runner().invoke(args=["verify"]).output == "Everything adds up.\n"


@pytest.mark.parametrize("odd", [str(2**63), "9" * 30, SURROGATE])
def test_no_address_of_the_back_office_crashes_at_an_odd_name(app, client, session, odd):
    sign_in(client, session)

    answers = {
        (method, rule.rule): client.open(
            re.sub("<[^>]+>", odd, rule.rule), method=method, headers=ORIGIN
        ).status_code
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff/") and "<" in rule.rule
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }

    assert len(answers) > 150
    assert [it for it, status in answers.items() if status >= 500] == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_what_another_site_sends_to_the_back_office_does_nothing(app, client, session, headers):
    sign_in(client, session)
    rules = [it for it in app.url_map.iter_rules() if it.rule.startswith("/staff")]
    posts = [it.rule for it in rules if "POST" in it.methods]

    with committed(app) as tables:
        answers = [
            client.post(re.sub("<[^>]+>", "1", rule), headers=headers).status_code for rule in posts
        ]

    assert len(answers) > 150
    assert set(answers) == {403}
    assert tables == set()
