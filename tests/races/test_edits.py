"""Several people save one page of the back office at once: one is taken, the others are told."""

import re

import pytest

from tests import browser
from tests.features.test_staff_odd_forms import walk
from tests.payments.steps import at_once
from tests.races.desks import Desk

ORIGIN = {"Origin": "http://localhost"}
WORDS = re.compile(r"(.*-)?(title|name|text|subject|summary|question|alt|also|definition|citation)")
PEOPLE = 3


def words_of(form):
    """Return the name of a field for words that has some already, or None."""
    for field in form.find_all(["input", "textarea"]):
        is_text = field.get("type") in {None, "text"} and (field.get_text() or field.get("value"))
        if is_text and WORDS.fullmatch(field.get("name", "")):
            return field["name"]
    return None


def filled(form):
    """Return what the form sends when somebody presses its button to save."""
    button = form.find("button", attrs={"name": True, "value": re.compile("save")})
    return browser.filled(form) | ({button["name"]: button["value"]} if button else {})


def saving(client, action, data):
    return lambda: client.post(action, data=data, headers=ORIGIN).status_code


@pytest.mark.seeded
def test_of_several_who_save_a_page_at_once_one_is_taken_and_none_is_lost_unseen(app, session):
    desk = Desk(app, session)
    browsers = [desk.browser() for _ in range(PEOPLE)]
    found = {}

    for action, form in walk(app, desk.first):
        name = words_of(form)
        if name is None or action.endswith("/new") or not form.find(attrs={"name": "seen"}):
            continue
        data = filled(form)
        typed = [data | {name: f"{data[name].strip()} {n}"} for n in range(PEOPLE)]
        acts = [saving(it, action, one) for it, one in zip(browsers, typed, strict=True)]
        found[action] = sorted(at_once(*acts))

    only_one = [303] + [409] * (PEOPLE - 1)
    assert {action: codes for action, codes in found.items() if codes != only_one} == {}
    assert len(found) > 20
