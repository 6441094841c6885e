"""Getting the shop's mails: asking, confirming, and what strangers can learn or do."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from models import Consent, Enrolment, Mail, Subscriber, now
from storefront.limits import digest
from storefront.newsletter.attempts import BY_EMAIL, BY_ORIGIN, OVERALL
from storefront.newsletter.forms import WORDS
from tests.browser import visit
from tests.factories import make_variant
from tests.features.newsletter import (
    ADA,
    ask,
    confirm_path,
    confirmed,
    fresh,
    links_in,
    make_sequence,
    make_subscriber,
    state,
    the,
)

NO_ADDRESS = "Enter an email address such as name@example.com."


def test_who_subscribes_confirms_by_mail_and_only_then_is_a_subscriber(client, session, worker):
    page = ask(client, "Ada@Example.org")

    assert (page.status, page.heading) == (200, "Check your mail")
    assert "Set-Cookie" not in page.response.headers
    subscriber = the(session, Subscriber)
    assert (subscriber.email, subscriber.status, subscriber.confirmed_at) == (ADA, "pending", None)
    worker.work_off()
    mail = visit(client, "/dev/mailbox").follow("Confirm your email address")
    assert "The link works for seven days." in mail.text

    button = visit(client, confirm_path(session))
    assert button.heading == "Confirm your address"
    assert the(session, Subscriber).status == "pending"
    done = button.submit("Confirm")

    assert (done.status, done.heading) == (200, "You get our mails now")
    assert the(session, Subscriber).status == "confirmed"


def test_the_proof_of_consent_says_when_where_and_which_words(client, session, settings):
    before = now()
    page = visit(client, "/collections").submit("Subscribe", email=ADA)
    assert page.heading == "Check your mail"
    visit(client, confirm_path(session)).submit("Confirm")

    origin = digest("127.0.0.1", settings.secret_key)
    asked, given = fresh(session, Consent)
    assert [it.act.value for it in (asked, given)] == ["asked", "given"]
    for consent in (asked, given):
        assert (consent.page, consent.words, consent.origin) == ("/collections", WORDS, origin)
        assert before <= consent.created_at <= now()
    assert str(WORDS) in visit(client, "/collections").html.get_text()


@pytest.mark.parametrize("status", ["none", "pending", "confirmed", "unsubscribed", "bounced"])
def test_the_answer_does_not_tell_what_an_address_is(client, session, status):
    if status != "none":
        make_subscriber(session, status=status)

    page = ask(client)

    assert (page.status, page.heading) == (200, "Check your mail")
    assert page.text == ask(client, "new@example.org").text
    assert len(fresh(session, Mail)) == len(fresh(session, Consent)) == 2
    if status != "none":
        assert fresh(session, Subscriber)[0].status == status


def test_a_subscriber_who_asks_again_gets_no_second_welcome(client, session):
    make_sequence(session)
    confirmed(client, session)
    ask(client)

    told = fresh(session, Mail)[-1]
    assert (told.subject, told.recipient) == ("You get our mails already", ADA)
    assert links_in(told, "confirm") == []
    assert visit(client, links_in(told, "preferences")[0]).heading == "What you get"
    assert len(fresh(session, Enrolment)) == 1


def test_a_link_used_twice_says_that_she_is_confirmed_already(client, session):
    confirmed(client, session)
    path, before = confirm_path(session), state(session)

    assert visit(client, path).heading == "You are confirmed already"
    again = client.post(path)

    assert again.status_code == 200
    assert "You are confirmed already" in again.text
    assert state(session) == before


def test_a_link_that_is_older_than_seven_days_says_so_and_how_to_get_another(
    client, session, monkeypatch
):
    ask(client)
    path = confirm_path(session)
    monkeypatch.setattr("storefront.newsletter.links.now", lambda: now() + timedelta(days=7.1))
    before = state(session)

    for page in (client.get(path), post(client, path)):
        assert (page.status_code, "This link has expired" in page.text) == (410, True)
    assert visit(client, path).follow("Ask for a new link").heading == "Mails that teach"
    assert state(session) == before


def post(client, path, **data):
    return client.post(path, data=data)


def test_a_link_mailed_before_she_left_does_not_bring_her_back(client, session):
    subscriber = confirmed(client, session)
    old = confirm_path(session)
    visit(client, leave_path(client, subscriber)).submit("Unsubscribe")
    before = state(session)

    page = visit(client, old)

    assert (page.status, page.heading) == (410, "This link no longer works")
    assert post(client, old).status_code == 410
    assert state(session) == before

    ask(client)
    assert visit(client, confirm_path(session)).submit("Confirm").heading == "You get our mails now"
    assert post(client, leave_path(client, subscriber)).status_code == 200
    assert post(client, old).status_code == 410


def leave_path(client, subscriber):
    links = client.application.extensions["newsletter"].links
    return links.unsubscribe(subscriber).removeprefix("http://localhost")


@pytest.mark.parametrize("change", ["cut", "grown", "signature", "other", "id", "empty", "odd"])
def test_an_altered_link_confirms_nobody(client, session, change):
    ask(client)
    path = confirm_path(session)
    eve = make_subscriber(session, "eve@example.org", "pending")
    token = path.rpartition("/")[2]
    value, rest = token.split(".", 1)
    altered = {
        "cut": token[:-1],
        "grown": token + "A",
        "signature": value + "." + rest[:-2] + ("AA" if rest[-2:] != "AA" else "BB"),
        "other": f"{eve.id}-1.{rest}",
        "id": f"99999999999-1.{rest}",
        "empty": "x",
        "odd": "%00%F0%9F%A6%B5" + token,
    }[change]
    before = state(session)

    for answer in (
        client.get(f"/newsletter/confirm/{altered}"),
        client.post(f"/newsletter/confirm/{altered}"),
    ):
        assert answer.status_code == 404
    assert state(session) == before


def test_a_link_is_good_for_its_own_purpose_only(client, session):
    subscriber = make_subscriber(session, status="pending")
    ask(client)
    confirm = confirm_path(session).rpartition("/")[2]
    leave = leave_path(client, subscriber).rpartition("/")[2]
    before = state(session)

    for purpose, token in (
        ("unsubscribe", confirm),
        ("preferences", confirm),
        ("confirm", leave),
        ("preferences", leave),
        ("preferences/{}/data", leave),
    ):
        path = f"/newsletter/{purpose}/{token}" if "{" not in purpose else purpose.format(token)
        assert client.get(path if path[0] == "/" else f"/newsletter/{path}").status_code == 404
    assert client.post(f"/newsletter/unsubscribe/{confirm}").status_code == 404
    assert client.post(f"/newsletter/preferences/{leave}/erase").status_code == 404
    assert state(session) == before


@pytest.mark.parametrize(
    ("email", "message"),
    [
        ("", "Enter your email address."),
        ("ada", NO_ADDRESS),
        ("ada@example.org\r\nBcc: eve@example.org", NO_ADDRESS),
        ("ada@example.org\nBcc: eve@example.org", NO_ADDRESS),
        ("ada@example.org, eve@example.org", NO_ADDRESS),
        ("<script>alert(1)</script>@example.org", NO_ADDRESS),
        ("a" * 254 + "@example.org", NO_ADDRESS),
        ("a@" + "b" * 250 + ".org", NO_ADDRESS),
        ("a" * 100_000, NO_ADDRESS),
        ("ada\x00@example.org", f"{NO_ADDRESS} Remove the characters that cannot be read."),
        ("\N{LEG}@\N{LEG}", NO_ADDRESS),
    ],
)
def test_what_is_no_address_is_refused_beside_the_field_and_kept(client, session, email, message):
    page = visit(client, "/").submit("Subscribe", email=email)

    assert page.status == 422
    assert page.errors() == [message]
    typed = page.main.find(id="email")["value"]
    assert typed.split() == email.replace("\x00", "\ufffd").split() or typed.strip() == email
    assert page.main.find("input", {"name": "page"})["value"] == "/"
    assert fresh(session, Subscriber) == fresh(session, Mail) == []


def test_an_address_in_other_letters_is_kept_as_it_is_written(client, session):
    assert ask(client, "Ada@Bücher.example").heading == "Check your mail"

    assert the(session, Subscriber).email == the(session, Mail).recipient == "ada@bücher.example"


def test_what_only_robots_fill_in_changes_nothing_and_gets_the_same_answer(client, session):
    page = visit(client, "/").submit("Subscribe", email=ADA, website="https://spam.example")

    assert (page.status, page.heading) == (200, "Check your mail")
    assert fresh(session, Subscriber) == fresh(session, Mail) == []


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example", "x" * 1000, "/a\r\nb"])
def test_a_forged_page_is_not_kept(client, session, page):
    client.post("/newsletter", data={"email": ADA, "page": page})

    assert the(session, Consent).page == ""


def test_asking_too_often_for_one_address_is_refused_and_what_was_typed_stays(client, session):
    for _ in range(BY_EMAIL):
        assert ask(client).status == 200
    before = state(session)

    page = ask(client)

    assert page.status == 429
    assert 0 < int(page.response.headers["Retry-After"]) <= 3600
    assert page.main.find(id="email")["value"] == ADA
    assert state(session) == before
    assert ask(client, "eve@example.org").status == 200


def test_one_who_asks_for_many_addresses_is_refused(client, session):
    answers = [ask(client, f"a{n}@example.org").status for n in range(BY_ORIGIN + 2)]

    assert answers == [200] * BY_ORIGIN + [429] * 2
    assert len(fresh(session, Subscriber)) == BY_ORIGIN


def test_the_many_addresses_of_one_home_count_together(client, session):
    answers = [
        client.post(
            "/newsletter",
            data={"email": f"a{n}@example.org"},
            environ_base={"REMOTE_ADDR": f"2001:db8::{n:x}"},
        ).status_code
        for n in range(BY_ORIGIN + 2)
    ]

    assert answers == [200] * BY_ORIGIN + [429] * 2
    assert len(fresh(session, Subscriber)) == BY_ORIGIN


def test_a_thousand_sign_ups_from_everywhere_write_no_more_than_the_limit(client, session):
    from models import AttemptCount

    ask(client)
    overall = digest("overall", client.application.config["SETTINGS"].secret_key)
    session.execute(
        update(AttemptCount).where(AttemptCount.subject == overall).values(count=OVERALL)
    )

    answer = client.post(
        "/newsletter", data={"email": "eve@example.org"}, environ_base={"REMOTE_ADDR": "10.0.0.9"}
    )

    assert answer.status_code == 429
    assert len(fresh(session, Subscriber)) == 1


def test_every_public_page_has_the_form_but_not_where_one_buys_or_signs_in(client, session):
    variant = make_variant(session)
    for address in ("/", "/collections", "/search?q=x", "/nothing-here"):
        form = visit(client, address).html.find("form", {"action": "/newsletter"})
        assert form.find("label", {"for": "signup-email"}).get_text() == "Email", address
        assert form.find("button").get_text() == "Subscribe"
    client.post("/cart/add", data={"id": variant.id})
    for address in ("/cart", "/account/login", "/account/register"):
        assert visit(client, address).html.find("form", {"action": "/newsletter"}) is None, address


def test_the_page_says_what_comes_how_often_and_shows_an_example(client, session):
    make_sequence(
        session,
        ("The muscle you sit on", 0, "Read [this](/pages/ql-release)."),
        ("The next", 72, "Later."),
    )

    page = visit(client, "/newsletter")

    assert page.response.headers["Cache-Control"].startswith("public")
    assert "Set-Cookie" not in page.response.headers
    assert "2 mails, one after the other:" in page.text
    assert "The muscle you sit on (at once)" in page.text
    assert "The next (3 days later)" in page.text
    assert page.link("this") == "http://localhost/pages/ql-release?from=mail:welcome-1"


def test_without_a_sequence_the_page_still_says_what_comes(client):
    assert "A mail when we have written something new" in visit(client, "/newsletter").text


def test_pages_of_one_person_are_kept_by_no_cache_and_found_by_no_search(client, session):
    ask(client)
    subscriber = the(session, Subscriber)

    for path in (confirm_path(session), leave_path(client, subscriber)):
        headers = visit(client, path).response.headers
        assert headers["Cache-Control"] == "private, no-store"
        assert headers["X-Robots-Tag"] == "noindex"


def test_no_get_changes_anything(client, session):
    subscriber = make_subscriber(session, status="pending")
    ask(client)
    before = state(session)

    visit(client, confirm_path(session))
    visit(client, leave_path(client, subscriber))

    assert state(session) == before
