"""What texts lean on: sources, authors, words, muscles, regions and routines."""

import pytest
from sqlalchemy import select

from models import (
    Article,
    Author,
    GlossaryTerm,
    Muscle,
    Reference,
    Region,
    RegionMuscle,
    Routine,
    RoutinePart,
    SearchEntry,
)
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial
from tests.staff import rows, sign_in

KINDS = ("references", "authors", "glossary", "muscles", "regions", "routines")


@pytest.fixture
def entries(session):
    """One of each kind, called the-one."""
    muscle = Muscle(handle="the-one", name="The muscle")
    session.add_all(
        [
            Reference(key="the-one", citation="Gray"),
            Author(handle="the-one", name="Ada"),
            GlossaryTerm(handle="the-one", term="Trigger point", definition_markdown="A knot."),
            muscle,
            Routine(
                handle="the-one",
                title="Evening",
                parts=[RoutinePart(tutorial_id=make_tutorial(session, handle="ql").id)],
            ),
        ]
    )
    session.flush()
    region = Region(handle="the-one", name="Low back", side="back")
    region.muscles = [RegionMuscle(muscle_id=muscle.id)]
    session.add(region)
    session.commit()


def found(session, url):
    session.rollback()
    return session.scalars(select(SearchEntry.title).filter_by(url=url)).one_or_none()


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_has_a_list_and_a_form_that_saves(client, session, entries, kind):
    sign_in(client, session)

    listed = visit(client, f"/staff/{kind}?q=the-one")
    ((name, handle),) = rows(listed)
    assert handle == "the-one"
    page = listed.follow(name).submit("Save")

    assert page.status == 200
    assert "is saved." in page.text


@pytest.mark.parametrize("kind", KINDS)
def test_two_who_edit_at_once_lose_neither_text(client, session, entries, kind):
    sign_in(client, session)
    field = {
        "references": "citation",
        "authors": "about",
        "glossary": "definition",
        "muscles": "location",
        "regions": "body",
        "routines": "body",
    }[kind]
    first, second = (visit(client, f"/staff/{kind}/the-one") for _ in range(2))
    first.submit("Save", **{field: "Hers."})

    page = second.submit("Save", **{field: "His."})

    assert page.status == 409
    assert "Saved meanwhile" in page.text
    assert "Hers." in page.text
    assert page.main.find(id=field).get_text().strip() == "His."
    assert page.submit("Save").status == 200
    form = visit(client, f"/staff/{kind}/the-one")
    assert form.main.find(id=field).get_text().strip() == "His."


def test_a_source_that_is_mended_is_mended_wherever_it_is_cited(client, session):
    sign_in(client, session)
    visit(client, "/staff/references/new").submit("Save", name="gray", citation="Grey, Anatomy")
    article = make_article(session, blog=make_blog(session), handle="the-ql", body="Deep.")
    visit(client, "/staff/articles/the-ql").submit("Save", body="Deep.[^gray]")
    session.rollback()
    saved_at = session.scalar(select(Article.updated_at).filter_by(id=article.id))

    visit(client, "/staff/references/gray").submit(
        "Save", citation="Gray, Anatomy", doi="10.1000/182", isbn="978-0-443-06684-9"
    )

    text = visit(client, "/blogs/the-ql-blawg/the-ql").text
    assert "Gray, Anatomy" in text
    assert "Grey" not in text
    session.rollback()
    assert session.scalar(select(Article.updated_at).filter_by(id=article.id)) == saved_at


def test_a_word_of_the_glossary_is_written_and_found(client, session):
    sign_in(client, session)

    visit(client, "/staff/glossary/new").submit(
        "Save", name="knot", term="Knot", also="Lump\r\nKnob", definition="It is **hard**."
    )

    assert "Knot" in visit(client, "/glossary").text
    assert found(session, "/glossary#knot") == "Knot"


def test_a_muscle_that_is_renamed_is_found_by_its_new_name(client, session, entries):
    sign_in(client, session)

    visit(client, "/staff/muscles/the-one").submit("Save", muscle="Psoas")

    assert found(session, "/muscles/the-one") == "Psoas"
    session.rollback()
    body = select(SearchEntry.body).filter_by(url="/where-does-it-hurt/the-one")
    assert "Psoas" in session.scalars(body).one()


def test_a_routine_is_written_and_played(client, session, entries):
    sign_in(client, session)

    visit(client, "/staff/routines/new").submit(
        "Save", name="morning", title="Morning", parts="ql 1\r\nql"
    )

    session.rollback()
    parts = select(RoutinePart.steps).join(Routine).where(Routine.handle == "morning")
    assert session.scalars(parts.order_by(RoutinePart.position)).all() == [[1], []]
    assert visit(client, "/routines/morning").heading == "Morning"
    assert found(session, "/routines/morning") == "Morning"


@pytest.mark.parametrize(
    ("kind", "typed", "message"),
    [
        ("references", {"name": "the-one", "citation": "X"}, "Something else is called the-one"),
        ("references", {"name": "Two words", "citation": "X"}, "Enter small letters"),
        ("references", {"name": "a", "citation": ""}, "Enter the citation."),
        ("references", {"name": "a", "citation": "X", "url": "javascript:x"}, "Enter a full"),
        ("references", {"name": "a", "citation": "X", "doi": "nothing"}, "Enter only 10."),
        ("references", {"name": "a", "citation": "X", "isbn": "12"}, "Enter digits, hyphens."),
        ("authors", {"name": "a", "person": "x" * 121}, "Enter at most 120 characters."),
        ("authors", {"name": "a", "person": "A", "about": "[^no]"}, "No reference is known as"),
        ("glossary", {"name": "a", "term": "A", "definition": "a\0b"}, "Remove"),
        (
            "glossary",
            {"name": "a", "term": "A", "definition": "B", "see": "https://example.com"},
            "Enter an address in the shop",
        ),
        (
            "routines",
            {"name": "a", "title": "A", "parts": "no-such"},
            "known as no-such",
        ),
        ("routines", {"name": "a", "title": "A", "parts": "ql 9"}, "known as step 9 of ql"),
        ("routines", {"name": "a", "title": "A", "parts": "ql one"}, "Enter a handle and numbers"),
        ("routines", {"name": "the-one", "title": "A", "parts": "ql"}, "Something else is called"),
    ],
)
def test_what_does_not_fit_is_refused(client, session, entries, kind, typed, message):
    sign_in(client, session)
    before = rows(visit(client, f"/staff/{kind}"))

    page = visit(client, f"/staff/{kind}/new").submit("Save", **typed)

    assert page.status == 422
    assert message in " ".join(page.errors())
    assert rows(visit(client, f"/staff/{kind}")) == before
