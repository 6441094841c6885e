"""Leaving with one click, choosing, pausing, and being forgotten."""

from datetime import timedelta

import pytest

from models import Consent, Enrolment, Mail, Subscriber, now
from tests.browser import visit
from tests.features.newsletter import (
    ADA,
    confirmed,
    enrol,
    fresh,
    let_pass,
    make_sequence,
    make_subscriber,
    round_of,
    state,
    the,
)

TWO = (("One", 0, "First."), ("Two", 72, "Second."))


def path_of(client, kind, subscriber):
    links = client.application.extensions["newsletter"].links
    return getattr(links, kind)(subscriber).removeprefix("http://localhost")


def test_a_mail_programs_button_ends_everything_at_once_without_a_cookie(app, client, session):
    sequence = make_sequence(session, *TWO)
    subscriber = make_subscriber(session)
    enrol(session, subscriber, sequence)

    answer = app.test_client(use_cookies=False).post(
        path_of(client, "unsubscribe", subscriber), data={"List-Unsubscribe": "One-Click"}
    )

    assert answer.status_code == 200
    gone = the(session, Subscriber)
    assert gone.status == "unsubscribed"
    assert gone.unsubscribed_at is not None
    assert the(session, Enrolment).end_reason == "unsubscribed"
    withdrawn = the(session, Consent)
    assert (withdrawn.act, withdrawn.words) == ("withdrawn", "The mail program's own button.")


def test_the_link_shows_one_button_first_and_twice_is_fine(client, session):
    subscriber = make_subscriber(session)
    path = path_of(client, "unsubscribe", subscriber)

    page = visit(client, path)
    assert page.heading == "Unsubscribe"
    assert the(session, Subscriber).status == "confirmed"
    left = page.submit("Unsubscribe")

    assert left.heading == "You are unsubscribed"
    before = state(session)
    assert visit(client, path).heading == "You are unsubscribed"
    assert client.post(path).status_code == 200
    assert state(session) == before


def test_the_link_works_for_ever_and_with_a_new_secret_key(client, session, monkeypatch):
    path = path_of(client, "unsubscribe", make_subscriber(session))
    monkeypatch.setattr("storefront.newsletter.links.now", lambda: now() + timedelta(days=4000))
    monkeypatch.setitem(client.application.config, "SECRET_KEY", "another key altogether")

    assert client.post(path).status_code == 200
    assert the(session, Subscriber).status == "unsubscribed"


ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.mark.parametrize("sent", [{}, {"List-Unsubscribe": "Yes"}, ONE_CLICK | {"more": "1"}])
def test_a_browser_that_was_sent_from_another_site_leaves_nobody(client, session, sent):
    path = path_of(client, "unsubscribe", make_subscriber(session))

    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://mail.example"}):
        assert client.post(path, data=sent, headers=headers).status_code == 403
    assert the(session, Subscriber).status == "confirmed"


def test_a_mail_program_in_a_browser_leaves_by_the_one_form_and_nothing_else(client, session):
    subscriber = make_subscriber(session)
    elsewhere = {"Origin": "https://mail.example", "Sec-Fetch-Site": "cross-site"}
    for purpose in ("preferences", "confirm"):
        path = f"/newsletter/{purpose}/{subscriber.id}.token"
        assert client.post(path, data=ONE_CLICK, headers=elsewhere).status_code == 403
    assert the(session, Subscriber).status == "confirmed"

    path = path_of(client, "unsubscribe", subscriber)
    assert client.post(path, data=ONE_CLICK, headers=elsewhere).status_code == 200
    assert the(session, Subscriber).status == "unsubscribed"


def test_who_comes_back_goes_on_where_she_was(app, client, session, worker):
    make_sequence(session, *TWO)
    subscriber = confirmed(client, session)
    round_of(app, worker)
    client.post(path_of(client, "unsubscribe", subscriber))
    confirmed(client, session)
    let_pass(session, days=4)
    round_of(app, worker, "later")

    subjects = [it.subject for it in fresh(session, Mail) if it.sequence_mail_id]
    assert subjects == ["One", "Two"]


def preferences(client, subscriber):
    return visit(client, path_of(client, "preferences", subscriber))


def test_topics_are_chosen_and_what_is_not_wanted_is_not_sent(app, client, session, worker):
    muscles = make_sequence(session, topic="muscles")
    make_sequence(session, handle="news", topic="news", title="News")
    subscriber = make_subscriber(session)
    enrol(session, subscriber, muscles)

    page = preferences(client, subscriber)
    boxes = {
        it["value"]: it.has_attr("checked")
        for it in page.main.find_all(id=True, type="checkbox")
        if it["name"] == "topics"
    }
    assert boxes == {"muscles": True, "news": True}
    saved = post(client, subscriber, topics=["news"], pause="none")

    assert saved.status_code == 303
    assert the(session, Subscriber).topics == ["news"]
    assert the(session, Consent).words == "Topics: news. Pause: none."
    round_of(app, worker)
    assert fresh(session, Mail) == []
    assert the(session, Enrolment).end_reason == "stopped"


def post(client, subscriber, **data):
    return client.post(path_of(client, "preferences", subscriber), data=data)


def test_all_topics_are_those_to_come_too_and_none_is_refused(client, session):
    make_sequence(session, topic="muscles")
    subscriber = make_subscriber(session, topics=["news"])

    assert post(client, subscriber, topics=["muscles"], pause="none").status_code == 303
    assert the(session, Subscriber).topics == []
    before = state(session)
    refused = post(client, subscriber, pause="none")

    assert refused.status_code == 422
    assert "Choose one at least, or unsubscribe below." in refused.text
    for typed in ({"topics": "else"}, {"topics": "muscles", "pause": "99"}, {"pause": ""}):
        assert post(client, subscriber, **({"pause": "none"} | typed)).status_code == 422
    assert state(session) == before


@pytest.mark.parametrize("months", [1, 2, 3])
def test_a_pause_holds_mails_back_and_then_they_go_on(app, client, session, worker, months):
    sequence, subscriber = make_sequence(session), make_subscriber(session)
    enrol(session, subscriber, sequence)

    before = now()
    page = preferences(client, subscriber).submit("Save", pause=months)

    assert "That is saved." in page.text
    until = the(session, Subscriber).paused_until
    assert before + timedelta(days=30 * months) <= until <= now() + timedelta(days=30 * months)
    assert "As it is: until" in page.text
    round_of(app, worker)
    assert fresh(session, Mail) == []

    the(session, Subscriber).paused_until = now() - timedelta(seconds=1)
    session.flush()
    round_of(app, worker, "after")
    assert the(session, Mail).subject == "Hello"


def test_a_pause_stays_as_it_is_or_ends(client, session):
    until = now() + timedelta(days=9)
    subscriber = make_subscriber(session, paused_until=until)

    page = preferences(client, subscriber).submit("Save")
    assert the(session, Subscriber).paused_until == until
    page.submit("Save", pause="none")
    assert the(session, Subscriber).paused_until is None


def test_what_is_kept_can_be_downloaded(client, session):
    subscriber = confirmed(client, session)

    answer = client.get(preferences(client, subscriber).link("Download it as a file"))

    assert answer.headers["Content-Disposition"] == 'attachment; filename="newsletter.json"'
    assert answer.json["email"] == ADA
    assert [it["act"] for it in answer.json["consents"]] == ["asked", "given"]
    assert [it["subject"] for it in answer.json["mails"]] == ["Confirm your email address"]


def test_all_that_is_kept_is_deleted_but_only_when_she_is_sure(app, client, session, worker):
    make_sequence(session)
    subscriber = confirmed(client, session)
    round_of(app, worker)
    before, page = state(session), preferences(client, subscriber)

    refused = page.submit("Delete what you keep")
    assert refused.status == 422
    assert refused.errors() == ["Check this box first: it cannot be undone."]
    assert state(session) == before
    gone = page.submit("Delete what you keep", sure="y")

    assert gone.heading == "All of it is deleted"
    assert fresh(session, Subscriber) == fresh(session, Consent) == fresh(session, Enrolment) == []
    for mail in fresh(session, Mail):
        assert (mail.recipient, mail.text, mail.html, mail.headers) == ("", "", "", {})
        assert ADA not in f"{mail.key}{mail.subject}{mail.bounce}"
    assert len([it for it in fresh(session, Mail) if it.sequence_mail_id]) == 1
    old = client.post(path_of(client, "unsubscribe", subscriber))
    assert old.status_code == 404
    assert "all that was kept about its address is deleted" in old.text
    assert confirmed(client, session).status == "confirmed"
    round_of(app, worker, "again")
    assert len([it for it in fresh(session, Mail) if it.sequence_mail_id]) == 2


def test_who_never_confirmed_is_forgotten_after_a_month(app, client, session, worker):
    old = now() - timedelta(days=31)
    make_subscriber(session, "old@example.org", "pending", created_at=old)
    asked_again = make_subscriber(session, "again@example.org", "pending", created_at=old)
    make_subscriber(session, "kept@example.org", created_at=old)
    for subscriber in fresh(session, Subscriber):
        moment = now() if subscriber.id == asked_again.id else old
        session.add(Consent(subscriber_id=subscriber.id, act="asked", created_at=moment))
    session.flush()

    round_of(app, worker)

    left = [it.email for it in fresh(session, Subscriber)]
    assert left == ["again@example.org", "kept@example.org"]
