"""An article with all that belongs to it, its moment of publication, and its revisions."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Article, Job, Muscle, Reference, Revision, SearchEntry, now
from models.content import article_references
from tests.browser import visit
from tests.factories import make_article, make_author, make_blog, make_product, make_tutorial
from tests.staff import sign_in

ADDRESS = "/staff/articles/the-ql"
SHOP = "/blogs/the-ql-blawg/the-ql"


@pytest.fixture
def article(session):
    session.add_all(
        [Reference(key="gray", citation="Gray"), Reference(key="travell", citation="T")]
    )
    return make_article(
        session, blog=make_blog(session), handle="the-ql", title="The QL", body="First."
    )


def revisions(session):
    session.rollback()
    found = session.execute(
        select(Revision.number, Revision.title, Revision.body_markdown, Revision.actor).order_by(
            Revision.number
        )
    )
    return [tuple(row) for row in found]


def saved(session):
    session.rollback()
    return session.scalars(select(Article).execution_options(populate_existing=True)).one()


def test_all_that_belongs_to_an_article_is_edited_in_one_form(client, session, article):
    sign_in(client, session)
    author = make_author(session, "Ada Example")
    tutorial, product = make_tutorial(session, handle="ql-release"), make_product(session)
    session.commit()

    page = visit(client, ADDRESS).submit(
        "Save",
        author=author.handle,
        tags="referred-pain\r\nanatomy\r\n\r\nanatomy",
        canonical_url="https://example.org/first",
        figure="ql-anatomy",
        figure_alt="The back.",
        figure_caption="Seen from behind.",
        tutorials="ql-release",
        products=product.handle,
        muscles=session.get_one(Muscle, tutorial.muscle_id).handle,
        references="travell",
        body="Deep.[^gray]",
    )

    assert page.status == 200, page.text
    shop = visit(client, SHOP)
    assert "By Ada Example" in shop.text
    assert shop.html.find("link", rel="canonical")["href"] == "https://example.org/first"
    assert shop.main.select_one(".article__plate img")["alt"] == "The back."
    assert shop.link("A release") == "/pages/ql-release"
    assert shop.link("referred pain") == "/blogs/the-ql-blawg/tagged/referred-pain"
    assert "All sources of this page (2)" in shop.text
    form = visit(client, ADDRESS).main
    assert form.find(id="tags").get_text().split() == ["anatomy", "referred-pain"]
    assert form.find(id="references").get_text().split() == ["travell"]
    assert form.find(id="products").get_text().split() == [product.handle]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"tutorials": "a\nb"}, "Nothing is known as a, b. Correct it, or take it out."),
        ({"references": "nobody"}, "Nothing is known as nobody. Correct it, or take it out."),
        ({"tags": "Two words"}, "A tag has small letters, digits and hyphens: Two words"),
        ({"tags": "\n".join(f"t{n}" for n in range(21))}, "Enter at most 20 tags."),
        (
            {"canonical_url": "javascript:alert(1)"},
            "Enter a full address such as https://example.com/a-text.",
        ),
        (
            {"canonical_url": "https://[x"},
            "Enter a full address such as https://example.com/a-text.",
        ),
        ({"figure": "ql-anatomy"}, "Say what the figure shows."),
        ({"figure": "../../etc/passwd"}, "Not a valid choice."),
        ({"author": "nobody"}, "Not a valid choice."),
        ({"published": "tomorrow"}, "Enter a day and a time, such as 2026-12-24T18:00."),
    ],
)
def test_what_belongs_to_nothing_is_refused_and_changes_nothing(
    client, session, article, typed, message
):
    sign_in(client, session)

    page = visit(client, ADDRESS).submit("Save", title="Other", **typed)

    assert page.status == 422
    assert message in page.errors() + [it.get_text() for it in page.main.select(".field__error")]
    assert page.main.find(id="title")["value"] == "Other"
    assert saved(session).title == "The QL"
    assert revisions(session) == []


def test_an_article_of_the_future_appears_by_itself(app, client, session, article, worker):
    sign_in(client, session)
    moment = (now() + timedelta(days=2)).replace(second=0, microsecond=0)
    visit(client, ADDRESS).submit("Unpublish")

    page = visit(client, ADDRESS).submit("Save", published=moment.strftime("%Y-%m-%dT%H:%M"))

    assert "The QL is saved, and will be published by itself." in page.text
    assert saved(session).published_at == moment
    assert visit(client, SHOP).status == 404
    assert session.scalars(select(SearchEntry.url)).all() == []
    job = session.scalars(select(Job).filter_by(kind="publish-article")).one()
    assert job.run_at == moment

    past = now() - timedelta(minutes=1)
    session.execute(update(Article).values(published_at=past))
    session.execute(update(Job).values(run_at=past))
    session.commit()
    worker.work_off()

    assert visit(client, SHOP).heading == "The QL"
    assert session.scalars(select(SearchEntry.url)).all() == [SHOP]


def test_the_first_save_keeps_what_was_there_before(client, session, article):
    person = sign_in(client, session)

    visit(client, ADDRESS).submit("Save", body="Second.")
    visit(client, ADDRESS).submit("Save", title="New", body="Third.")

    assert revisions(session) == [
        (1, "The QL", "First.", "before revisions were kept"),
        (2, "The QL", "Second.", person.email),
        (3, "New", "Third.", person.email),
    ]
    listed = visit(client, ADDRESS).main.find(id="revisions").parent
    assert [link.get_text() for link in listed.find_all("a")] == [
        *("Revision 3", "Revision 2", "Revision 1")
    ]
    assert person.email in listed.get_text()


def test_a_revision_is_looked_at_and_becomes_the_text_again(client, session, article):
    sign_in(client, session)
    visit(client, ADDRESS).submit("Save", body="Second.[^gray]", tags="anatomy")
    visit(client, ADDRESS).submit("Save", title="New", body="Third.", tags="")
    published_at = saved(session).published_at

    page = visit(client, ADDRESS).follow("Revision 2")

    assert page.heading == "Revision 2"
    assert "Other than now: Title, Text, Tags." in page.text
    assert "Second.[^gray]" in page.text
    page = page.submit("Restore")
    assert "The QL is again as in revision 2." in page.text
    assert [row[:3] for row in revisions(session)][2:] == [
        (3, "New", "Third."),
        (4, "The QL", "Second.[^gray]"),
    ]
    assert saved(session).published_at == published_at
    assert session.scalars(select(article_references.c.article_id)).all() == [article.id]
    shop = visit(client, SHOP)
    assert shop.heading == "The QL"
    assert "anatomy" in shop.text
    assert "This is what the text says now." in visit(client, f"{ADDRESS}/revisions/4").text


def test_a_revision_that_cites_what_is_gone_is_not_restored(client, session, article):
    sign_in(client, session)
    visit(client, ADDRESS).submit("Save", body="Second.[^gray]")
    visit(client, ADDRESS).submit("Save", body="Third.")
    session.execute(update(Reference).where(Reference.key == "gray").values(key="gone"))
    session.commit()

    page = visit(client, f"{ADDRESS}/revisions/2").submit("Restore")

    assert page.status == 409
    assert "No reference is known as [^gray]." in page.text
    assert saved(session).body_markdown == "Third."
    assert len(revisions(session)) == 3


@pytest.mark.parametrize("number", ["9", "0", "x", "9" * 30])
def test_a_revision_that_is_not_there_is_not_found(client, session, article, number):
    sign_in(client, session)

    assert visit(client, f"{ADDRESS}/revisions/{number}").status == 404


def test_a_text_that_was_refused_is_no_revision(client, session, article):
    sign_in(client, session)
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)
    first.submit("Save", body="Hers.")

    assert second.submit("Save", body="His.").status == 409
    assert visit(client, ADDRESS).submit("Save", title="").status == 422

    assert [row[2] for row in revisions(session)] == ["First.", "Hers."]


def test_a_new_article_begins_as_a_draft(client, session, article):
    sign_in(client, session)

    form = visit(client, "/staff/articles/new").submit("Create", title="The psoas")

    assert form.heading == "Edit The psoas"
    assert visit(client, "/blogs/the-ql-blawg/the-psoas").status == 404
    assert "The psoas is saved, and published." in form.submit("Publish", body="Deep.").text
    assert visit(client, "/blogs/the-ql-blawg/the-psoas").heading == "The psoas"


def test_an_article_that_is_renamed_leads_on_from_its_old_address(client, session, article):
    sign_in(client, session)

    visit(client, ADDRESS).submit("Save", handle="the-lumborum")

    assert client.get(SHOP).location == "/blogs/the-ql-blawg/the-lumborum"
    urls = session.scalars(select(SearchEntry.url)).all()
    assert urls == ["/blogs/the-ql-blawg/the-lumborum"]
