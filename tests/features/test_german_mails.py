"""Letters speak the language of who receives them, whoever causes them; staff word each of them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import (
    Cart,
    GiftCard,
    Mail,
    MailTemplate,
    Money,
    Product,
    Question,
    Role,
    StockAlert,
    Translation,
    now,
)
from models.inventory import adjust
from models.language import speaking
from models.translation import digest_of
from storefront.jobs import queue
from storefront.mail.bodies import whole_address
from storefront.mail.letters import Letters
from storefront.site import read
from storefront.staff.orders.queries import order as order_by_number
from tests.browser import visit
from tests.factories import PASSWORD, make_customer, make_paid_order, make_product, make_variant
from tests.features.account import mails
from tests.features.newsletter import ask, enrol, make_sequence, make_subscriber, round_of
from tests.features.test_checkout import fill_cart
from tests.staff import sign_in

INDEX = "/staff/mails/templates"


@pytest.fixture
def say(app, session):
    def say(text, german):
        session.add(Translation(language="de", digest=digest_of(text), text=german, place="test"))
        session.commit()
        app.extensions["sessions"].memory.look()

    return say


def german_order(session, **over):
    order = make_paid_order(session, **over)
    order.language = "de"
    session.commit()
    return order


def write(app, act):
    with app.extensions["sessions"].write.begin() as session:
        act(app.extensions["letters"], session)


def test_a_buyer_is_told_in_her_language_and_staff_in_the_shops_own(app, client, session):
    order = german_order(session, quantity=2)
    staff = sign_in(client, session, Role.MANAGER)  # who speaks English

    page = visit(client, f"/staff/orders/{order.number}")
    page.submit("Mark as shipped", carrier="UPS", tracking_number="1Z999")
    (mail,) = mails(session, "order_shipped")
    assert mail.subject == f"Bestellung {order.number} ist unterwegs"
    assert '<html lang="de"' in mail.html
    assert "Nummer der Sendungsverfolgung: 1Z999" in mail.text
    assert f"http://localhost/de/orders/{order.number}?token=" in mail.text
    assert re.search(r"http://localhost/(?!de)", mail.text + mail.html) is None
    assert "Vereinigte Staaten" in mail.text

    with speaking("de"):
        write(app, lambda letters, session: letters.staff_account(session, staff.email, "New."))
        write(app, lambda letters, session: letters.paid(session, of(session, order)))
    (mail,) = mails(session, "staff_account")
    assert mail.subject.startswith("Your staff account at ")
    assert "http://localhost/staff/me" in mail.text
    assert "89,00\N{NO-BREAK SPACE}$" in mails(session, "order_paid")[0].text


def of(session, order):
    return order_by_number(session, order.number)


def test_an_english_order_stays_english_in_a_german_request(app, session):
    order = make_paid_order(session)

    with speaking("de"):
        write(app, lambda letters, session: letters.declined(session, of(session, order), now()))
    (mail,) = mails(session, "order_declined")
    assert mail.subject == f"Order {order.number} is not paid yet"
    assert "/de/" not in mail.text


def test_a_mailed_link_leads_to_the_language_in_which_it_was_asked_for(client, session):
    page = visit(client, "/de/account/link")
    form = page.html.find("form", method="post", action=re.compile("account/link"))
    client.post(form["action"], data={"email": "ada@example.org"})

    (mail,) = mails(session, "account_link")
    assert mail.subject.startswith("Anmelden bei ")
    (path,) = set(re.findall(r"http://localhost(/de/account/link/\S+)", mail.text))
    assert visit(client, path).status == 200


def test_who_waits_reads_titles_in_her_language_and_can_stop_it(app, client, session, worker, say):
    variant = make_variant(session, on_hand=0)
    session.refresh(variant, ["product"])
    say(variant.product.title, "Prüfgerät")
    for email, code in (("ada@example.org", "de"), ("bob@example.org", "en")):
        session.add(
            StockAlert(variant_id=variant.id, email=email, confirmed_at=now(), language=code)
        )
    session.commit()
    with app.extensions["sessions"].write.begin() as writing:
        adjust(writing, variant.id, 5, reason="test", actor="test")
    worker.work_off()

    german, english = sorted(mails(session, "back_in_stock"), key=lambda it: it.recipient)
    assert german.subject.startswith("Wieder da: Prüfgerät")
    assert english.subject.startswith("Back: Test tool")
    stop = german.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
    assert stop.startswith("/de/back-in-stock/stop/")
    one_click = {"List-Unsubscribe": "One-Click"}
    assert client.post(stop, data=one_click).status_code == 200
    session.expire_all()
    assert [it.language for it in session.scalars(select(StockAlert))] == ["en"]


def test_a_sequence_goes_to_each_in_her_language(app, session, client, worker, say):
    sequence = make_sequence(session, ("One", 0, "Read [this](/pages/safety)."))
    say("One", "Eins")
    say("Read [this](/pages/safety).", "Lies [das](/pages/safety).")
    for email, code in (("ada@x.example", "de"), ("bob@x.example", "en"), ("cid@x.example", "de")):
        enrol(session, make_subscriber(session, email, language=code), sequence)
    session.commit()
    round_of(app, worker)

    found = mails(session, "newsletter_sequence")
    assert [it.subject for it in found] == ["Eins", "One", "Eins"]
    assert "Lies das (http://localhost/de/pages/safety?from=mail:" in found[0].text
    assert "Read this (http://localhost/pages/safety?from=mail:" in found[1].text
    for mail in found:
        leave = mail.headers["List-Unsubscribe"].strip("<>").removeprefix("http://localhost")
        answer = client.post(leave, data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200


def test_a_subscriber_speaks_the_language_in_which_she_confirms(client, session):
    ask(client, "ada@example.org")
    (mail,) = mails(session, "newsletter_confirm")
    (path,) = set(re.findall(r"http://localhost(/newsletter/confirm/\S+)", mail.text))
    page = visit(client, f"/de{path}")
    client.post(page.html.find("form", action=re.compile("newsletter/confirm"))["action"])

    ask(client, "ada@example.org")  # on the English page; the letter is hers
    (mail,) = mails(session, "newsletter_already")
    assert mail.subject == "Du bekommst unsere E-Mails schon"
    assert "http://localhost/de/newsletter/preferences/" in mail.text


@pytest.mark.parametrize(
    ("href", "whole"),
    [
        ("/pages/x", "https://s.example/de/pages/x?from=m"),
        ("/de/pages/x", "https://s.example/de/pages/x?from=m"),
        ("https://s.example/pages/x", "https://s.example/de/pages/x?from=m"),
        ("https://s.example", "https://s.example/de?from=m"),
        ("/orders/1", "https://s.example/de/orders/1"),
        ("/media/x.pdf", "https://s.example/media/x.pdf?from=m"),
        ("https://s.example.evil/x", "https://s.example.evil/x"),
        ("//evil.example/x", "//evil.example/x"),
        ("#top", None),
    ],
)
def test_links_of_a_german_letter_lead_below_its_prefix(href, whole):
    with speaking("de"):
        assert whole_address(href, "https://s.example/de", "m") == whole
        assert whole_address(href, "https://s.example", "m") == whole


def test_staff_word_a_letter_in_each_language_and_take_ours_back(client, session):
    sign_in(client, session, Role.MANAGER)
    order = german_order(session)

    page = visit(client, f"{INDEX}/order_paid").follow("Deutsch")
    assert page.heading == "Order paid (Deutsch)"
    assert page.html.find(id="subject")["value"] == "Bestellung {order_number}: Danke"
    assert "## Wie es weitergeht" in page.html.find(id="body").text
    assert "Danke für deine Bestellung." in page.submit("Preview").text
    page = page.submit("Save", subject="Hurra {order_number}", body="{greeting}!\n\n{opening}")
    assert "Order paid (Deutsch) is saved" in page.text
    page = page.submit("Send me a test")
    session.expire_all()
    (mail,) = session.scalars(select(Mail)).all()
    assert mail.subject == f"Hurra {order.number}"
    assert "Hallo Demo Buyer!\n\nDanke für deine Bestellung." in mail.text
    html = client.get(f"{INDEX}/order_paid/html?language=de").text
    assert 'lang="de"' in html
    assert f"Order {order.number}: thank you" in client.get(f"{INDEX}/order_paid/html").text
    assert "Yours, Deutsch" in visit(client, INDEX).text

    rows = select(MailTemplate.name, MailTemplate.language)
    assert [tuple(it) for it in session.execute(rows)] == [("order_paid", "de")]
    assert "is ours again" in page.submit("Back to ours").text
    assert session.execute(rows).all() == []


def test_a_letter_to_staff_has_one_language_and_an_unknown_one_is_not_there(client, session):
    sign_in(client, session, Role.MANAGER)

    assert "Deutsch" not in visit(client, f"{INDEX}/staff_test").text
    for path in ("staff_test?language=de", "order_paid?language=fr", "order_paid?language=%00"):
        assert client.get(f"{INDEX}/{path}").status_code == 404


def test_a_german_wording_is_for_german_letters_alone(app, session, settings):
    body = "{greeting}!\n\n{opening}"
    session.add(
        MailTemplate(name="order_paid", language="de", subject="Da", body_markdown=body, actor="x")
    )
    german, english = german_order(session), make_paid_order(session)
    for order in (german, english):
        with app.extensions["sessions"].write.begin() as writing:
            Letters(settings, read()).paid(writing, of(writing, order))

    subjects = {it.order_id: it.subject for it in mails(session, "order_paid")}
    assert subjects == {german.id: "Da", english.id: f"Order {english.number}: thank you"}


def test_a_cart_left_behind_is_told_as_its_owner_speaks(app, client, session, worker, say):
    make_variant(session, product=make_product(session, handle="tool", title="A tool"))
    say("A tool", "Ein Gerät")
    customer = make_customer(session)
    customer.language, customer.reminders_since = "de", now()
    session.commit()
    visit(client, "/account/login").submit("Sign in", email=customer.email, password=PASSWORD)
    fill_cart(client)
    session.execute(update(Cart).values(updated_at=now() - timedelta(days=2)))
    session.commit()
    with app.extensions["sessions"].write.begin() as writing:
        queue.enqueue(writing, "remind-of-carts", "remind-of-carts:test", {})
    worker.work_off()

    (mail,) = mails(session, "cart_reminder")
    assert "1 × Ein Gerät" in mail.text
    assert "89,00\N{NO-BREAK SPACE}$" in mail.text
    assert "http://localhost/de/cart-reminders/open/" in mail.text


def test_answers_and_gift_cards_speak_as_who_gets_them(app, session, say):
    product = make_product(session, title="A tool")
    say("A tool", "Ein Gerät")
    order = german_order(session)
    question = Question(
        product_id=product.id, question="Fit?", email="ada@x.example", language="de", asked_by="Ada"
    )
    card = GiftCard(
        code_digest="0" * 64,
        last4="0000",
        balance_minor=5000,
        amount=Money(5000, "USD"),
        recipient_email="ada@x.example",
        send_at=now(),
        language=order.language,
    )
    session.add_all([question, card])
    session.commit()

    def act(letters, writing):
        asked, what = writing.get(Question, question.id), writing.get(Product, product.id)
        letters.product_question_answered(writing, asked, what, "Yes.", "Bob", is_buyer=True)
        letters.gift_card(writing, writing.get(GiftCard, card.id))

    write(app, act)
    (mail,) = mails(session, "question_answered")
    assert mail.subject == "Eine Antwort auf deine Frage zu „Ein Gerät“"
    assert "Bob (bestätigter Kauf) hat geantwortet:" in mail.text
    (mail,) = mails(session, "gift_card")
    assert mail.subject.startswith("Eine Geschenkkarte über 50,00\N{NO-BREAK SPACE}$ für ")
