"""Every letter as it is sent, in each of its languages, word for word, as text and as HTML.

``UPDATE_SNAPSHOTS=1`` writes them anew; what changed is then read in the diff.
"""

import os
import re
from pathlib import Path

import pytest

from models import OrderEvent
from models.language import LANGUAGES, OWN, speaking
from storefront.mail.kinds import KINDS, NEWSLETTER
from storefront.mail.outbox import compose
from storefront.newsletter.mails import Wording
from storefront.staff.mail_templates.samples import sample
from tests.factories import make_paid_order, make_product, make_variant

FOLDER = Path(__file__).parent.parent / "snapshots" / "mails"
CSS = Path(__file__).parent.parent.parent / "templates" / "mail" / "mail.css"
TIME = re.compile(
    r"[A-Z][a-z]{2} \d{1,2}, \d{4}(, \d{1,2}:\d{2}\s[AP]M)?"
    r"|\d{1,2}\.\s[A-Z]\w{2,4}\.?\s\d{4},\s\d{2}:\d{2}"
)
READABLE = 4.5  # WCAG 2.2, 1.4.3
EACH = [(name, code) for name, kind in KINDS.items() for code in kind.languages]
EACH += [(NEWSLETTER, code) for code in LANGUAGES]


@pytest.fixture
def order(session):
    product = make_product(session, handle="tool", title="QL Claw")
    order = make_paid_order(session, variant=make_variant(session, product=product), quantity=2)
    order.number, order.token = "QL-EXAMPLE1", "example-token"
    session.add(OrderEvent(order_id=order.id, kind="draft", actor="staff"))
    session.flush()
    return order


def composed(app, session, order, name, code):
    with speaking(code):
        if name == NEWSLETTER:
            words = Wording(
                "Day 1", "<p>Read the <a href='/pages/safety'>cautions</a>.</p>", "mail:x-1"
            )
            return app.extensions["newsletter"].preview(words)
        return compose(sample(session, KINDS[name], app.extensions["letters"], order.number))


def folder(code):
    return FOLDER if code == OWN else FOLDER / code


@pytest.mark.parametrize(("name", "code"), EACH)
def test_a_letter_says_what_it_said_when_somebody_last_read_it(app, session, order, name, code):
    mail = composed(app, session, order, name, code)
    for suffix, words in (("txt", f"{mail.subject}\n\n{mail.text}"), ("html", mail.html)):
        path, found = folder(code) / f"{name}.{suffix}", TIME.sub("[time]", words).rstrip() + "\n"
        if os.environ.get("UPDATE_SNAPSHOTS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(found, encoding="utf-8")
        assert found == path.read_text(encoding="utf-8"), path.name


def test_no_snapshot_is_of_a_letter_that_is_gone():
    for code in LANGUAGES:
        there = {path.stem for path in folder(code).iterdir() if path.is_file()}
        assert there == {name for name, it in EACH if it == code}


@pytest.mark.parametrize(("name", "code"), EACH)
def test_a_letter_is_styled_inline_reads_in_the_dark_and_says_how_to_stop_it(
    app, session, order, name, code
):
    mail = composed(app, session, order, name, code)

    assert '<meta name="color-scheme" content="light dark">' in mail.html
    assert "@media (prefers-color-scheme: dark)" in mail.html
    assert re.search(r"<body[^>]* style=\"[^\"]*background-color", mail.html)
    assert not re.search(r"<(img|script|link)\b", mail.html)
    assert "None" not in mail.text
    assert max(len(line) for line in mail.text.splitlines() if "http" not in line) <= 120
    if name in {"back_in_stock", "cart_reminder", "review_invitation", NEWSLETTER}:
        assert re.search(r"(stop|unsubscribe|no more|abbestell|abmelden)", mail.text, re.IGNORECASE)
    assert f'<html lang="{code}"' in mail.html


def colours(css):
    """Return background and colours of text of a part of the stylesheet."""
    found = re.search(r"body \{[^}]*background-color: (#\w{6})", css)[1]
    own = re.findall(r"(?<!-)color: (#\w{6})", re.sub(r"\.button \{[^}]*\}", "", css))
    button = re.search(r"\.button \{[^}]*\}", css)[0]
    pair = re.search(r"background-color: (#\w{6})[^;]*;\s*color: (#\w{6})", button).groups()
    return [*((found, text) for text in own), pair]


def contrast(one, other):
    def light(colour):
        parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_every_colour_of_a_mail_can_be_read_on_its_ground_in_light_and_dark():
    light, dark = CSS.read_text(encoding="utf-8").split("@media (prefers-color-scheme: dark)")
    for part in (light, dark):
        pairs = colours(part)
        assert len(pairs) >= 4
        assert {pair: contrast(*pair) for pair in pairs if contrast(*pair) < READABLE} == {}
