"""The claim register: writing claims, finding those that are due, marking them as reviewed."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from models import Claim, Reference, now
from models.evidence import claim_references
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial
from tests.staff import counted_statements, rows, sign_in


@pytest.fixture
def article(session):
    session.add(Reference(key="gray", citation="Gray, Anatomy"))
    return make_article(session, blog=make_blog(session), handle="the-ql", title="The QL")


def today():
    return now().date()


def add_claim(session, article, text="It is deep.", **over):
    values = {"review_by": today() + timedelta(days=100)} | over
    claim = Claim(article_id=article.id, text=text, **values)
    session.add(claim)
    session.commit()
    return claim


def saved(session):
    session.rollback()
    found = session.scalars(select(Claim).execution_options(populate_existing=True)).all()
    sources = session.execute(
        select(claim_references.c.claim_id, Reference.key).join(
            Reference, Reference.id == claim_references.c.reference_id
        )
    )
    linked = [tuple(row) for row in sources]
    return [(it.text, it.reviewer, it.reviewed_on, it.review_by) for it in found], linked


def test_a_claim_is_written_with_its_sources_and_shown_to_readers(client, session, article):
    sign_in(client, session)

    page = visit(client, "/staff/articles").follow("Claims").follow("Add a claim")
    page = page.submit(
        "Save",
        text_of=f"article-{article.id}",
        text="It bends\r\nyou sideways.",
        references="gray",
        review_by="2027-05-01",
    )

    assert page.heading == "Claims"
    assert rows(page) == [["", "It bends you sideways.", "The QL", "gray", "Never", "May 1, 2027"]]
    register = visit(client, "/blogs/the-ql-blawg/the-ql").main.find(id="claims").get_text()
    assert "It bends you sideways." in register
    assert "Not reviewed by a clinician yet." in register


def test_a_claim_is_marked_as_reviewed_until_its_words_change(client, session, article):
    sign_in(client, session)
    claim = add_claim(session, article)
    form = visit(client, f"/staff/claims/{claim.id}")

    page = form.submit(
        "Mark as reviewed",
        reviewer="Dr. Example, physical therapist",
        reviewed_on="2026-01-02",
        next_review="2027-01-02",
    )

    assert page.heading == "Claims"
    reviewed = ("Dr. Example, physical therapist", date(2026, 1, 2), date(2027, 1, 2))
    assert saved(session)[0] == [("It is deep.", *reviewed)]
    shop = visit(client, "/blogs/the-ql-blawg/the-ql").text
    assert "Reviewed by Dr. Example, physical therapist on January 2, 2026" in shop

    visit(client, f"/staff/claims/{claim.id}").submit("Save", review_by="2027-03-01")
    assert saved(session)[0][0][1] == "Dr. Example, physical therapist"
    visit(client, f"/staff/claims/{claim.id}").submit("Save", text="It is very deep.")
    assert saved(session)[0] == [("It is very deep.", "", None, date(2027, 3, 1))]


def test_the_list_is_narrowed_to_what_is_due_never_reviewed_or_in_one_text(
    client, session, article
):
    sign_in(client, session)
    tutorial = make_tutorial(session, title="A release")
    add_claim(session, article, "Fresh", reviewer="Dr. Example", reviewed_on=today())
    add_claim(session, article, "Stale", reviewer="Dr. Example", review_by=today())
    session.add(Claim(page_id=tutorial.id, text="Open", review_by=today() + timedelta(days=9)))
    session.commit()

    def found(query):
        return [row[1] for row in rows(visit(client, f"/staff/claims?sort=claim&{query}"))]

    assert found("") == ["Fresh", "Open", "Stale"]
    assert found("status=due") == ["Stale"]
    assert found("status=never") == ["Open"]
    assert found(f"text=page-{tutorial.id}") == ["Open"]
    assert found("q=RES") == ["Fresh"]
    assert found("q=nothing") == []


@pytest.mark.parametrize("query", ["status=lost", "text=page-99", "text=x", "sort=reviewer"])
def test_a_wrong_choice_is_not_found(client, session, query):
    sign_in(client, session)

    assert visit(client, f"/staff/claims?{query}").status == 404


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"text": " "}, "Enter what is claimed."),
        ({"text": "x" * 2001}, "Enter at most 2000 characters."),
        ({"text": "a\0b"}, "Remove the characters that cannot be read."),
        ({"references": "gray\nnobody"}, "Nothing is known as nobody."),
        ({"review_by": "soon"}, "Enter a day such as 2027-05-01."),
        ({"review_by": "2027-02-30"}, "Enter a day such as 2027-05-01."),
        ({"text_of": "page-99"}, "Not a valid choice."),
    ],
)
def test_a_claim_that_does_not_fit_is_refused_and_nothing_changes(
    client, session, article, typed, message
):
    sign_in(client, session)
    claim = add_claim(session, article)
    before = saved(session)

    for address in ("/staff/claims/new", f"/staff/claims/{claim.id}"):
        page = visit(client, address).submit("Save", **({"text": "Other."} | typed))

        assert page.status == 422
        assert message in " ".join(page.errors())
        assert saved(session) == before


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"reviewer": ""}, "Enter who reviewed it."),
        ({"reviewed_on": "2999-01-01"}, "Enter today or an earlier day."),
        ({"reviewed_on": "x"}, "Enter a day such as 2027-05-01."),
        ({"next_review": "2020-01-01"}, "Enter a day after the review."),
    ],
)
def test_a_review_that_cannot_be_is_refused(client, session, article, typed, message):
    sign_in(client, session)
    claim = add_claim(session, article)
    before = saved(session)

    page = visit(client, f"/staff/claims/{claim.id}").submit(
        "Mark as reviewed", **({"reviewer": "Dr. Example"} | typed)
    )

    assert page.status == 422
    assert message in " ".join(page.errors())
    assert saved(session) == before


def test_two_who_edit_a_claim_at_once_are_told(client, session, article):
    sign_in(client, session)
    claim = add_claim(session, article)
    address = f"/staff/claims/{claim.id}"
    first, second = visit(client, address), visit(client, address)
    first.submit("Save", text="Hers.")

    page = second.submit("Save", text="His.")

    assert page.status == 409
    assert saved(session)[0][0][0] == "Hers."
    page.submit("Save")
    assert saved(session)[0][0][0] == "His."


def test_a_claim_is_removed(client, session, article):
    sign_in(client, session)
    claim = add_claim(session, article)

    page = visit(client, f"/staff/claims/{claim.id}").submit("Remove this claim")

    assert "The claim is removed." in page.text
    assert saved(session) == ([], [])


def test_the_list_costs_the_same_however_long_it_is(app, client, session, article):
    sign_in(client, session)
    add_claim(session, article)

    with counted_statements(app) as with_one:
        visit(client, "/staff/claims")
    for _ in range(10):
        add_claim(session, article)
    with counted_statements(app) as with_many:
        visit(client, "/staff/claims")

    assert len(with_many) == len(with_one)


def test_several_claims_are_marked_as_reviewed_today_at_once(client, session, article):
    sign_in(client, session)
    first, second, third = (add_claim(session, article, text) for text in ("A.", "B.", "C."))
    before = saved(session)
    page = visit(client, "/staff/claims")
    button = "Mark the chosen as reviewed today"

    nothing = page.submit(button, reviewer="Dr. Example")
    nobody = page.submit(button, claim=first.id)
    gone = page.submit(button, claim=2**31 - 1, reviewer="Dr. Example")

    assert (nothing.status, nobody.status, gone.status) == (422, 422, 422)
    assert "Choose at least one claim." in nothing.text
    assert nobody.main.find("input", value=str(first.id)).has_attr("checked")
    assert "One of these claims is gone." in gone.text
    assert saved(session) == before
    answer = client.post(
        "/staff/claims",
        data={
            "claim": [first.id, third.id],
            "reviewer": "Dr. Example",
            "next_review": (today() + timedelta(days=30)).isoformat(),
        },
    )
    assert answer.status_code == 303
    again = today() + timedelta(days=30)
    assert sorted(row[:4] for row in saved(session)[0]) == [
        ("A.", "Dr. Example", today(), again),
        ("B.", "", None, second.review_by),
        ("C.", "Dr. Example", today(), again),
    ]


def test_a_text_shows_its_claims_and_another_is_added_from_there(client, session, article):
    sign_in(client, session)
    add_claim(session, article, "It is deep.", review_by=today() - timedelta(days=1))

    page = visit(client, "/staff/articles/the-ql")

    assert "It is deep. Due" in page.text
    form = page.follow("Add a claim")
    chosen = form.main.find(id="text_of").find("option", selected=True)
    assert chosen["value"] == f"article-{article.id}"
