"""The sequences of mails that a new shop starts with."""

import pytest
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from models import Sequence
from storefront.seed.loader import FOLDER
from storefront.seed.sequences import add_sequences

FRONT = """title = "Hello"
trigger = "newsletter confirmed"
topic = "muscles"
stops_on = ["bought"]
is_active = true
"""
MAIL = '+++\nsubject = "Mail {n}"\ndelay_hours = {n}\n+++\n\nSee [it](/pages/x), **{n}**.\n'


def written(session):
    wanted = select(Sequence).options(selectinload(Sequence.mails)).order_by(Sequence.handle)
    return session.scalars(wanted).all()


def folder_with(tmp_path, front=FRONT, mails=(1, 2, 10)):
    folder = tmp_path / "hello"
    folder.mkdir()
    (folder / "sequence.toml").write_text(front)
    for n in mails:
        (folder / f"{n}-words.md").write_text(MAIL.format(n=n))
    return tmp_path


def test_a_sequence_is_read_with_its_mails_in_their_order(session, tmp_path):
    add_sequences(session, folder_with(tmp_path))
    session.flush()

    (sequence,) = written(session)
    assert (sequence.handle, sequence.title, sequence.topic) == ("hello", "Hello", "muscles")
    assert (sequence.trigger, sequence.stops_on) == ("newsletter confirmed", ["bought"])
    assert sequence.is_active
    assert [(it.position, it.subject, it.delay_hours) for it in sequence.mails] == [
        *((1, "Mail 1", 1), (2, "Mail 2", 2), (10, "Mail 10", 10))
    ]
    assert sequence.mails[0].body_markdown == "See [it](/pages/x), **1**.\n"
    assert "<strong>1</strong>" in sequence.mails[0].body_html


@pytest.mark.parametrize(
    "change", [("newsletter confirmed", "sunrise"), ('"bought"', '"bored"'), ("title", "name")]
)
def test_a_sequence_that_cannot_be_is_refused(session, tmp_path, change):
    with pytest.raises((ValueError, KeyError)):
        add_sequences(session, folder_with(tmp_path, FRONT.replace(*change)))
    assert written(session) == []


def test_a_shop_without_sequences_starts_too(session, tmp_path):
    add_sequences(session, tmp_path / "none")

    assert written(session) == []


@pytest.mark.seeded
def test_a_new_shop_has_the_sequences_of_its_folder(session):
    there = sorted(path.parent.name for path in FOLDER.glob("sequences/*/sequence.toml"))

    assert [it.handle for it in written(session)] == there
    assert all(it.mails for it in written(session))
