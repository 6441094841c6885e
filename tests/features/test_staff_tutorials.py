"""Editing a tutorial: its words, its steps, and its revisions."""

import pytest
from sqlalchemy import select

from models import (
    Reference,
    Revision,
    Routine,
    RoutinePart,
    SearchEntry,
    Tutorial,
    TutorialStep,
)
from models.content import page_references
from tests.browser import visit
from tests.factories import make_product, make_tutorial, make_variant
from tests.staff import rows, sign_in

ADDRESS = "/staff/tutorials/a-release"


@pytest.fixture
def tutorial(session):
    session.add(Reference(key="gray", citation="Gray, Anatomy"))
    return make_tutorial(session, handle="a-release", title="A release")


def steps(session):
    session.rollback()
    wanted = select(TutorialStep).order_by(TutorialStep.position)
    return [
        (it.position, it.title)
        for it in session.scalars(wanted.execution_options(populate_existing=True))
    ]


def saved(session):
    session.rollback()
    found = session.scalars(select(Tutorial).execution_options(populate_existing=True)).one()
    revisions = session.scalars(select(Revision.number).order_by(Revision.number)).all()
    return found.title, found.cautions, found.updated_at, steps(session), revisions


def typed_steps(page):
    return [field["value"] for field in page.main.select('input[name^="step-"][name$="-title"]')]


def press(page, name):
    """Press a button that is told by its full name, as a screen reader tells it."""
    (button,) = page.main.find_all("button", attrs={"aria-label": name})
    words = " ".join(button.get_text().split())
    same = [it for it in page.html.find_all("button") if " ".join(it.get_text().split()) == words]
    return page.submit(words, nth=same.index(button))


def test_the_list_shows_each_tutorial_with_its_steps(client, session, tutorial):
    sign_in(client, session)

    (row,) = rows(visit(client, "/staff").follow("Tutorials"))

    assert row[:4] == ["A release", "A muscle", "1", "5"]


def test_all_of_a_tutorial_is_edited_in_one_form(client, session, tutorial):
    person = sign_in(client, session)
    product = make_product(session, handle="claw", title="Presser")
    make_variant(session, product=product)

    page = visit(client, ADDRESS).submit(
        "Save",
        title="Better",
        minutes="7",
        breath_in_s="3",
        breath_out_s="5",
        cautions="First.\r\n\r\nSecond.",
        stop_signs="Numbness",
        products="claw",
        body="About.[^gray]",
        **{
            "step-0-title": "Lie down",
            "step-0-text": "*Slowly.*[^gray]",
            "step-0-kind": "motion",
            "step-0-figure": "ql-anatomy",
            "step-0-figure_alt": "The back.",
            "step-0-seconds": "40",
            "step-0-rest_s": "10",
            "step-0-cue": "Breathe",
            "step-0-is_per_side": "y",
        },
    )

    assert "Better is saved, and published." in page.text
    shop = visit(client, "/pages/a-release")
    assert shop.heading == "Better"
    cautions = shop.main.find(id="cautions").parent
    assert [it.get_text() for it in cautions.find_all("li")] == ["First.", "Second."]
    step = shop.main.find(id="step-1")
    assert step.em.get_text() == "Slowly."
    assert "About 40 seconds" in step.get_text()
    assert step.img["alt"] == "The back."
    assert shop.link("Presser") == "/products/claw?from=/pages/a-release"
    ids = [tag["id"] for tag in shop.html.find_all(id=True)]
    assert len(ids) == len(set(ids))
    row = session.scalars(select(TutorialStep)).one()
    assert (row.kind, row.rest_s, row.cue) == ("motion", 10, "Breathe")
    assert (row.is_per_side, row.is_optional) == (True, False)
    assert session.scalars(select(page_references.c.page_id)).all() == [tutorial.id]
    found_by = select(SearchEntry.body).filter_by(kind="tutorial")
    assert "Slowly." in session.scalars(found_by).one()
    found = session.execute(select(Revision.number, Revision.title, Revision.actor)).all()
    assert [tuple(it) for it in found] == [
        (1, "A release", "before revisions were kept"),
        (2, "Better", person.email),
    ]


def test_steps_are_added_moved_and_removed_without_a_script(client, session, tutorial):
    sign_in(client, session)
    before = saved(session)

    page = visit(client, ADDRESS).submit("Add a step", title="Typed")
    assert typed_steps(page) == ["Lie down", ""]
    page = page.submit("Add a step", **{"step-1-title": "Breathe"})
    page = press(page, "Move up step 2")
    assert typed_steps(page) == ["Breathe", "Lie down", ""]
    page = press(page, "Move down step 1")
    page = press(page, "Remove step 3")
    assert typed_steps(page) == ["Lie down", "Breathe"]
    assert page.main.find(id="title")["value"] == "Typed"
    assert "not saved yet" in page.text
    assert saved(session) == before

    page = press(page, "Move up step 2").submit("Save")

    assert page.status == 200
    assert steps(session) == [(1, "Breathe"), (2, "Lie down")]
    assert typed_steps(visit(client, ADDRESS)) == ["Breathe", "Lie down"]


@pytest.mark.parametrize("act", ["", "up", "up-9", "down--1", "remove-x", "up-²", "add-1", "zap-0"])
def test_a_strange_arrangement_loses_nothing(client, session, tutorial, act):
    sign_in(client, session)
    form = visit(client, ADDRESS)

    answer = client.post(
        f"{ADDRESS}/arrange", data={"step-0-title": "Lie down", "title": "A release", "act": act}
    )

    assert answer.status_code == 200
    assert 'value="Lie down"' in answer.text
    assert form.status == 200


def test_a_step_that_is_left_empty_is_no_step(client, session, tutorial):
    sign_in(client, session)

    visit(client, ADDRESS).submit("Add a step").submit("Save")

    assert steps(session) == [(1, "Lie down")]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Enter a title."),
        ({"cautions": " \n "}, "Enter at least one caution."),
        ({"minutes": "soon"}, "Enter a whole number from 0 to 99."),
        ({"breath_in_s": "1"}, "Enter a whole number from 2 to 20."),
        ({"step-0-title": "", "step-0-text": "Words."}, "Enter a title."),
        ({"step-0-title": ""}, "Write at least one step."),
        ({"step-0-seconds": "0"}, "Enter a whole number from 1 to 3600."),
        ({"step-0-rest_s": "x"}, "Enter a whole number from 0 to 3600."),
        ({"step-0-figure": "ql-anatomy"}, "Say what the figure shows."),
        ({"step-0-kind": "dance"}, "Not a valid choice."),
        ({"step-0-text": "a\0b"}, "Remove the characters that cannot be read."),
        ({"step-0-text": "[^nobody]"}, "No reference is known as [^nobody]."),
        ({"products": "nothing"}, "Nothing is known as nothing."),
        ({"body": "x" * 100_001}, "Enter at most 100000 characters."),
    ],
)
def test_what_does_not_fit_is_refused_and_no_step_is_half_written(
    client, session, tutorial, typed, message
):
    sign_in(client, session)
    before = saved(session)

    page = visit(client, ADDRESS).submit("Save", **({"summary": "Kept."} | typed))

    assert page.status == 422
    assert message in " ".join(page.errors())
    assert page.main.find(id="summary").get_text().strip() == "Kept."
    assert saved(session) == before


def test_two_who_edit_at_once_lose_neither_text(client, session, tutorial):
    sign_in(client, session)
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)
    first.submit("Save", **{"step-0-title": "Hers"})
    before = saved(session)

    page = second.submit("Save", **{"step-0-title": "His"})

    assert page.status == 409
    theirs = " ".join(page.main.find(id="theirs").parent.get_text(" ").split())
    assert theirs.startswith("Saved meanwhile Step 1 Hers")
    assert typed_steps(page) == ["His"]
    assert saved(session) == before
    page.submit("Save")
    assert steps(session) == [(1, "His")]


def test_a_revision_brings_back_the_steps(client, session, tutorial):
    sign_in(client, session)
    visit(client, ADDRESS).submit("Save", title="Later", **{"step-0-title": "Other"})

    page = visit(client, ADDRESS).follow("Revision 1")
    assert "Other than now: Title, Step 1." in page.text
    page = page.submit("Restore")

    assert "A release is again as in revision 1." in page.text
    assert steps(session) == [(1, "Lie down")]
    assert saved(session)[4] == [1, 2, 3]


def routine_of(session, tutorial, *steps):
    """Return a routine that plays these steps of a tutorial."""
    part = RoutinePart(tutorial_id=tutorial.id, steps=list(steps))
    session.add(Routine(handle="evening", title="Evening", parts=[part]))
    session.commit()


def played(session):
    session.rollback()
    wanted = select(RoutinePart).execution_options(populate_existing=True)
    return [part.steps for part in session.scalars(wanted)]


@pytest.fixture
def three(client, session, tutorial):
    sign_in(client, session)
    page = (
        visit(client, ADDRESS)
        .submit("Add a step")
        .submit("Add a step", **{"step-1-title": "Breathe"})
    )
    page.submit("Save", **{"step-2-title": "Rise"})
    assert steps(session) == [(1, "Lie down"), (2, "Breathe"), (3, "Rise")]
    return tutorial


def test_a_routine_plays_the_same_steps_wherever_they_go(client, session, three):
    routine_of(session, three, 1, 3)

    visit(client, ADDRESS).submit("Save", **{"step-2-place": "1", "step-2-title": "Get up"})

    assert steps(session) == [(1, "Get up"), (2, "Lie down"), (3, "Breathe")]
    assert played(session) == [[2, 1]]


def test_a_step_that_takes_a_lower_place_stands_behind_the_one_that_had_it(client, session, three):
    visit(client, ADDRESS).submit("Save", **{"step-0-place": "2"})

    assert steps(session) == [(1, "Breathe"), (2, "Lie down"), (3, "Rise")]


def test_a_routine_plays_no_step_that_is_gone_and_no_new_one(client, session, three):
    routine_of(session, three, 2, 3)

    page = press(visit(client, ADDRESS), "Remove step 2").submit("Add a step")
    page.submit("Save", **{"step-2-title": "Something else"})

    assert [title for _, title in steps(session)] == ["Lie down", "Rise", "Something else"]
    assert played(session) == [[2]]


def test_a_routine_whose_steps_are_all_gone_does_not_play_the_others(client, session, three):
    routine_of(session, three, 2)

    press(visit(client, ADDRESS), "Remove step 2").submit("Save")

    assert played(session) == []
    assert "Evening" not in visit(client, "/routines").text


def test_going_back_to_a_revision_keeps_a_routine_true(client, session, three):
    routine_of(session, three, 3)
    visit(client, ADDRESS).submit("Save", **{"step-2-place": "1"})
    assert played(session) == [[1]]

    visit(client, f"{ADDRESS}/revisions/2").submit("Restore")

    assert steps(session) == [(1, "Lie down"), (2, "Breathe"), (3, "Rise")]
    assert played(session) == [[3]]


def test_a_step_that_somebody_else_moved_meanwhile_is_known_by_its_title(client, session, three):
    routine_of(session, three, 3)
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)
    first.submit("Save", **{"step-2-place": "1"})

    second.submit("Save", **{"step-1-text": "His."}).submit("Save")

    assert steps(session) == [(1, "Lie down"), (2, "Breathe"), (3, "Rise")]
    assert played(session) == [[3]]


def test_a_new_tutorial_begins_as_a_draft(client, session, tutorial):
    sign_in(client, session)

    form = visit(client, "/staff/tutorials/new").submit("Create", title="The piriformis")

    assert form.heading == "Edit The piriformis"
    assert visit(client, "/pages/the-piriformis").status == 404
    form = form.submit("Add a step").submit("Publish", cautions="Stop.", **{"step-0-title": "Sit"})
    assert "The piriformis is saved, and published." in form.text
    assert visit(client, "/pages/the-piriformis").heading == "The piriformis"
