"""An article as its readers see it: who wrote it, when, on which sources, and what goes with it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, update

from models import Article, Claim, Reference, now
from models.content import (
    article_muscles,
    article_products,
    article_references,
    article_tutorials,
    page_references,
    tutorial_products,
)
from models.evidence import claim_references
from storefront.seed.evidence import add_claims
from storefront.seed.rows import Rows
from tests.browser import visit
from tests.factories import (
    make_article,
    make_author,
    make_blog,
    make_product,
    make_tutorial,
    make_variant,
)

ADDRESS = "/blogs/the-ql-blawg/the-ql"


@pytest.fixture
def blog(session):
    return make_blog(session)


def words(tag):
    return " ".join(tag.get_text(" ").split())


def canonical(page):
    return [link["href"] for link in page.html.find_all("link", rel="canonical")]


def make_reference(session, key, **over):
    reference = Reference(key=key, citation=f"About {key}.", **over)
    session.add(reference)
    session.commit()
    return reference


def test_an_article_names_its_author_with_what_she_has_learned(client, session, blog):
    author = make_author(session, "Ada Example", "Physical therapist")
    make_article(session, blog=blog, handle="the-ql", author=author, title="The QL")

    page = visit(client, ADDRESS)

    assert "By Ada Example , Physical therapist" in words(page.main.select_one(".byline"))
    hers = page.follow("Ada Example")
    assert hers.url.endswith(f"/authors/{author.handle}")
    assert hers.heading == "Ada Example"
    assert hers.link("The QL") == ADDRESS
    assert hers.response.headers["Cache-Control"].startswith("public")


def test_an_author_is_shown_what_is_published_of_her_alone(client, session, blog):
    author = make_author(session, "Ada Example")
    make_article(session, blog=blog, title="Hers", author=author)
    make_article(session, blog=blog, title="Later", author=author, published_at=None)
    make_article(session, blog=blog, title="Somebody else's")

    page = visit(client, f"/authors/{author.handle}")

    assert [words(title) for title in page.main.find_all("h3")] == ["Hers"]
    assert visit(client, "/authors/nobody").status == 404


def test_an_article_says_when_it_was_published_and_when_it_was_updated(client, session, blog):
    article = make_article(session, blog=blog, handle="the-ql")
    assert "Updated" not in words(visit(client, ADDRESS).main.select_one(".byline"))

    before = now() - timedelta(days=40)
    session.execute(update(Article).values(published_at=before, updated_at=article.published_at))
    session.commit()

    times = visit(client, ADDRESS).main.select(".byline time")
    assert [time.parent.get_text(" ").split()[0] for time in times] == ["Published", "Updated"]
    assert times[0]["datetime"] < times[1]["datetime"]


def test_an_article_that_stood_elsewhere_first_says_where(client, session, blog):
    elsewhere = "https://example.org/first"
    make_article(session, blog=blog, handle="the-ql", canonical_url=elsewhere)
    make_article(session, blog=blog, handle="other")

    assert canonical(visit(client, ADDRESS)) == [elsewhere]
    assert canonical(visit(client, "/blogs/the-ql-blawg/other")) == [
        "http://localhost/blogs/the-ql-blawg/other"
    ]


def test_a_heading_leads_to_itself(client, session, blog):
    make_article(session, blog=blog, handle="the-ql", body="## Where *it* lies\n\nDeep.")

    page = visit(client, ADDRESS)

    heading = page.main.select_one(".prose h2")
    assert heading.a["href"] == f"#{heading['id']}" == "#where-it-lies"
    assert words(page.main.select_one(".contents__list a")) == "Where it lies"


def test_article_tutorial_product_and_muscle_lead_to_each_other(client, session, blog):
    article = make_article(session, blog=blog, handle="the-ql", title="The QL")
    tutorial = make_tutorial(session, handle="ql-release", title="QL release")
    product = make_product(session, handle="claw", title="Claw")
    make_variant(session, product=product)
    for table, left, right in (
        (article_tutorials, ("article_id", article), ("tutorial_id", tutorial)),
        (article_products, ("article_id", article), ("product_id", product)),
        (tutorial_products, ("tutorial_id", tutorial), ("product_id", product)),
    ):
        row = {left[0]: left[1].id, right[0]: right[1].id, "position": 0}
        session.execute(insert(table), [row])
    of_muscle = {"article_id": article.id, "muscle_id": tutorial.muscle_id, "position": 0}
    session.execute(insert(article_muscles), [of_muscle])
    session.commit()

    for address, others in {
        ADDRESS: ("/pages/ql-release", "/products/claw", "/muscles/"),
        "/pages/ql-release": (ADDRESS, "/products/claw", "/muscles/"),
        "/products/claw": (ADDRESS, "/pages/ql-release"),
    }.items():
        links = [link["href"] for link in visit(client, address).main.find_all("a", href=True)]
        for other in others:
            assert any(link.startswith(other) for link in links), (address, other)


def test_a_claim_stands_with_its_sources_and_who_reviewed_it(client, session, blog):
    article = make_article(session, blog=blog, handle="the-ql")
    study = make_reference(session, "study", doi="10.1/x", isbn="9780000000000")
    new = Claim(article_id=article.id, text="It is deep.", review_by=date(2027, 5, 1))
    old = Claim(
        article_id=article.id,
        text="It bends you.",
        reviewer="Dr. Example",
        reviewed_on=date(2026, 11, 2),
        review_by=date(2027, 11, 2),
    )
    session.add_all([new, old])
    session.flush()
    session.execute(
        insert(claim_references), [{"claim_id": new.id, "reference_id": study.id, "position": 0}]
    )
    session.commit()

    register = visit(client, ADDRESS).main.find("details", id="claims")

    assert words(register.summary) == "Sources and claims (2)"
    first, second = register.select(".claims__item")
    assert words(first) == (
        "It is deep. About study. doi:10.1/x ISBN 9780000000000"
        " Not reviewed by a clinician yet. To be looked at again by May 1, 2027 ."
    )
    assert first.find("a")["href"] == "https://doi.org/10.1/x"
    assert "Reviewed by Dr. Example on November 2, 2026 ." in words(second)
    assert "No source is named." in words(second)


def test_each_source_stands_once_with_the_texts_that_cite_it(client, session, blog):
    article = make_article(session, blog=blog, handle="the-ql", title="The QL")
    hidden = make_article(session, blog=blog, title="Hidden", published_at=None)
    tutorial = make_tutorial(session, handle="ql-release", title="QL release")
    study = make_reference(session, "study", url="https://www.example.org/a")
    make_reference(session, "alone")
    for table, column, owner in (
        (article_references, "article_id", article),
        (article_references, "article_id", hidden),
        (page_references, "page_id", tutorial),
    ):
        row = {column: owner.id, "reference_id": study.id, "position": 0}
        session.execute(insert(table), [row])
    session.commit()

    items = visit(client, "/references").main.select(".sources__item")

    assert [item["id"] for item in items] == ["alone", "study"]
    assert words(items[0]) == "About alone."
    assert words(items[1]) == "About study. example.org Cited in QL release , The QL"
    assert [a["href"] for a in items[1].find_all("a")] == [
        *("https://www.example.org/a", "/pages/ql-release", ADDRESS)
    ]


def test_claims_are_read_from_their_file_where_there_is_one(session, tmp_path, blog):
    rows = Rows(session)
    rows.articles["the-ql"] = make_article(session, blog=blog, handle="the-ql")
    rows.tutorials["ql-release"] = make_tutorial(session, handle="ql-release")
    rows.references["study"] = make_reference(session, "study")
    path = tmp_path / "claims.toml"
    add_claims(rows, path)
    path.write_text(
        '[[claim]]\narticle = "the-ql"\ntext = "Deep."\nreferences = ["study"]\n'
        "review_by = 2027-05-01\n"
        '[[claim]]\npage = "ql-release"\ntext = "Slow."\nreferences = []\nreview_by = 2027-06-01\n',
        encoding="utf-8",
    )

    add_claims(rows, path)

    found = session.query(Claim).order_by(Claim.id).all()
    assert [(it.text, it.review_by, it.reviewer) for it in found] == [
        *(("Deep.", date(2027, 5, 1), ""), ("Slow.", date(2027, 6, 1), ""))
    ]
    assert found[0].article_id == rows.articles["the-ql"].id
    assert found[1].page_id == rows.tutorials["ql-release"].id
