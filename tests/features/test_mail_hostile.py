"""Whatever stands in a mail template or a name: mails go, run nothing, and have no more headers."""

import re
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select
from storefront.staff.mails.samples import sample

from models import Mail, MailTemplate
from storefront.forms import normal_email
from storefront.mail.kinds import KINDS
from storefront.mail.letters import Letters
from storefront.mail.outbox import post
from storefront.site import read
from tests.browser import visit
from tests.factories import make_paid_order
from tests.features.postbox import Postbox, send_all
from tests.staff import sign_in

HEADERS = ["From", "To", "Subject", "Date", "Message-ID", "MIME-Version", "Content-Type"]
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)><style>*{}</style>"
LINK = "[x](javascript:alert(1)) <a href='http://evil.example' onclick=x>y</a>"
LOOP = "{% for x in y %}{{ self.__init__ }}{% endfor %} {# gone? #}"
BREAK = "Hi\r\nBcc: evil@example.org\r\n\r\nBody"
ENCODED = "=?utf-8?q?Hi=0D=0ABcc:_evil@example.org=0D=0A=0D=0ABody?="
HOSTILE = {
    "expression": ("{{ 7*7 }} {{ config }}", "{{ 7*7 }} {{ config.items() }}"),
    "statement": ("{% include 'x' %}", LOOP),
    "html": (SCRIPT, f"{SCRIPT}\n\n{LINK}"),
    "placeholder": ("{nobody}", "{nobody} {order.token}"),
    "long": ("x" * 200, "long " * 20_000),
    "deep": ("x", ">" * 5000 + "- " * 2000 + "[" * 5000),
    "header": (BREAK, BREAK),
    "encoded": (ENCODED, ENCODED),
    "invisible": ("\u2028\x0b\x85", "\u2028"),
}

WORDS, FIGURES = r"\w+", r"\w*\d\w*"  # our own two forms say some things in other words


def write_each(app, settings, number):
    """Write one mail of each kind, as their causes do."""
    letters = Letters(settings, read())
    with app.extensions["sessions"].write.begin() as writing:
        for name, kind in KINDS.items():
            letter = sample(writing, kind, letters, number)
            post(writing, replace(letter, key=name, recipient="ada@example.org"))


@pytest.mark.parametrize("how", list(HOSTILE))
def test_no_template_stops_a_mail_or_gets_into_it(app, session, settings, how):
    order = make_paid_order(session)
    subject, body = HOSTILE[how]
    words = {"subject": subject, "body_markdown": body, "actor": "x"}
    session.add_all(MailTemplate(name=name, **words) for name in KINDS)
    session.commit()

    write_each(app, settings, order.number)
    postbox = Postbox()
    send_all(app, settings, postbox)

    assert len(postbox.letters) == len(KINDS)
    for _, to, letter in postbox.letters:
        assert to == ["ada@example.org"]
        assert letter.keys() == HEADERS
        assert not set(letter["Subject"]) & set("\r\n")
        html = BeautifulSoup(letter.get_body(("html",)).get_content(), "html.parser")
        text = letter.get_body(("plain",)).get_content()
        assert html.find(["script", "img", "iframe", "form"]) is None
        assert not any(set(tag.attrs) & {"onclick", "onerror"} for tag in html.find_all(True))
        assert not any(a.get("href", "").startswith("javascript") for a in html.find_all("a"))
        assert "49" not in text.partition(order.number)[0]
        assert "Settings(" not in text
    for mail in session.scalars(select(Mail)):
        assert len(mail.subject) <= 300
        assert_same(mail, FIGURES)


@pytest.mark.parametrize("is_ours", [True, False])
def test_the_plain_text_says_what_the_html_says(app, session, settings, is_ours):
    order = make_paid_order(session, quantity=2)
    if not is_ours:
        for name, kind in KINDS.items():
            words = {"subject": kind.subject, "body_markdown": f"Well, *now*:\n\n{kind.body}"}
            session.add(MailTemplate(name=name, actor="x", **words))
        session.commit()

    write_each(app, settings, order.number)

    for mail in session.scalars(select(Mail)):
        assert_same(mail, FIGURES if is_ours else WORDS)


def assert_same(mail, what):
    """The text has everything of this kind in the HTML, and every address that it leads to."""
    page = BeautifulSoup(mail.html, "html.parser")
    letter = page.find(class_="letter")
    for frame in letter.find_all(class_=["letter__shop", "letter__foot"]):
        frame.decompose()
    letter.h1.decompose()  # the subject, which a mail program shows itself
    said = set(re.findall(what, letter.get_text(" ").lower()))
    missing = said - set(re.findall(what, mail.text.lower()))
    assert missing == set(), (mail.template, missing)
    for link in letter.find_all("a"):
        assert link.get("href", "").removeprefix("mailto:") in mail.text, mail.template


@pytest.mark.parametrize(
    "name", [ENCODED, f"Ada {ENCODED}", "Ada\r\nBcc: evil@example.org", "{{ 7*7 }}"]
)
def test_a_buyers_name_in_a_subject_is_words_and_no_header(app, session, settings, name):
    order = make_paid_order(session)
    order.name = name
    words = {"subject": "{greeting}", "body_markdown": "{greeting}\n\n{lines}"}
    session.add(MailTemplate(name="order_paid", actor="x", **words))
    session.commit()

    write_each(app, settings, order.number)
    postbox = Postbox()
    send_all(app, settings, postbox)

    subjects = [letter["Subject"] for _, _, letter in postbox.letters]
    shown = " ".join(name.split()).replace("=?", "= ?")
    assert f"Hello {shown}" in subjects
    assert all(letter.keys() == HEADERS for _, _, letter in postbox.letters)


def test_an_address_that_reads_as_another_gets_no_mail(app, session, settings):
    order = make_paid_order(session, email="=?utf-8?q?victim?=@example.org")
    postbox = Postbox()
    with app.extensions["sessions"].write.begin() as writing:
        letter = sample(writing, KINDS["order_paid"], Letters(settings, read()), order.number)
        post(writing, letter)

    send_all(app, settings, postbox)

    assert normal_email("=?utf-8?q?victim?=@example.org") is None
    assert postbox.letters == []
    assert session.scalars(select(Mail.sent_at)).all() == [None]


@pytest.mark.parametrize(
    ("body", "name"), [("{{ 7*7 }}", "{ 7*7 }"), ("{nobody}", "{nobody}"), ("{a.b}", "{a.b}")]
)
def test_what_looks_like_a_program_is_named_beside_the_field(client, session, body, name):
    sign_in(client, session)
    make_paid_order(session)
    page = visit(client, "/staff/mails/templates/order_paid")

    for button in ("Preview", "Save"):
        refused = page.submit(button, body=body)
        assert (refused.status, refused.errors()) == (
            422,
            [f"There is no placeholder {name} in this mail."],
        )
    assert session.scalars(select(MailTemplate)).all() == []
