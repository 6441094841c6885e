"""Pages and policies: written, published, renamed, and seen nowhere before their time."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from models import Job, Page, PlainPage, Policy, Redirect, Revision, SearchEntry, now
from storefront.staff.editing.service import HandleTakenError
from tests.browser import visit
from tests.factories import make_tutorial
from tests.staff import rows, sign_in

ADDRESS = "/staff/pages/about"


@pytest.fixture
def page(session):
    found = PlainPage(handle="about", title="About", body_markdown="We.", body_html="<p>We.</p>")
    session.add(found)
    session.commit()
    return found


@pytest.fixture
def policy(session):
    found = Policy(handle="returns", title="Returns", body_markdown="Lorem.", is_sample=True)
    session.add(found)
    session.commit()
    return found


def saved(session):
    session.rollback()
    wanted = select(Page).order_by(Page.id).execution_options(populate_existing=True)
    pages = [
        (it.handle, it.title, it.body_markdown, it.is_sample) for it in session.scalars(wanted)
    ]
    return (
        pages,
        session.scalars(select(Revision.number)).all(),
        session.execute(select(Redirect.path, Redirect.target)).all(),
        session.scalars(select(SearchEntry.url)).all(),
    )


def test_the_list_shows_pages_and_policies_and_what_is_a_sample(client, session, page, policy):
    sign_in(client, session)

    found = rows(visit(client, "/staff/pages"))

    assert [line[:2] for line in found] == [["About", "Page"], ["Returns", "Policy Sample"]]
    assert [line[0] for line in rows(visit(client, "/staff/pages?q=abo"))] == ["About"]


def test_a_page_is_written_as_a_draft_and_then_published(client, session):
    sign_in(client, session)

    form = visit(client, "/staff/pages/new").submit("Create", title="Über uns & others")

    assert form.heading == "Edit Über uns & others"
    assert form.url.endswith("/staff/pages/uber-uns-others")
    assert visit(client, "/pages/uber-uns-others").status == 404
    assert visit(client, "/pages/uber-uns-others.md").status == 404
    form = form.submit("Save", body="Hello **there**.")
    assert "is saved, and not published." in form.text
    assert saved(session)[3] == []

    form = form.submit("Publish", seo_title="Who we are", seo_description="Found so.")

    assert "is saved, and published." in form.text
    shop = visit(client, "/pages/uber-uns-others")
    assert shop.heading == "Über uns & others"
    assert shop.html.title.get_text().startswith("Who we are – ")
    assert shop.html.find("meta", attrs={"name": "description"})["content"] == "Found so."
    assert saved(session)[3] == ["/pages/uber-uns-others"]
    assert "/pages/uber-uns-others" in client.get("/sitemap-pages.xml").text
    form.submit("Unpublish")
    assert visit(client, "/pages/uber-uns-others").status == 404
    assert saved(session)[3] == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ({"title": ""}, "Enter a title."),
        ({"handle": "Two Words"}, "Enter small letters, digits and hyphens"),
        ({"handle": "new"}, "Enter small letters, digits and hyphens"),
        ({"handle": "x" * 121}, "Enter small letters, digits and hyphens"),
        ({"title": "漢字"}, "Enter small letters, digits and hyphens"),
        ({"title": "a\0b", "handle": "a"}, "Remove the characters that cannot be read."),
        ({"handle": "about"}, "Something else is called about already."),
    ],
)
def test_what_can_be_no_page_is_refused(client, session, page, typed, message):
    sign_in(client, session)
    before = saved(session)

    answer = visit(client, "/staff/pages/new").submit("Create", **({"title": "Words"} | typed))

    assert answer.status == 422
    assert message in " ".join(answer.errors())
    assert saved(session) == before


def test_a_page_that_is_renamed_leads_on_from_its_old_address(client, session, page):
    sign_in(client, session)

    form = visit(client, ADDRESS).submit("Save", handle="us")

    assert form.url.endswith("/staff/pages/us")
    assert client.get("/pages/about").location == "/pages/us"
    assert visit(client, "/pages/about").heading == "About"
    assert saved(session)[3] == ["/pages/us"]


def test_a_draft_that_is_renamed_tells_nobody(client, session, page):
    sign_in(client, session)
    visit(client, ADDRESS).submit("Unpublish")

    visit(client, ADDRESS).submit("Save", handle="secret")

    assert client.get("/pages/about").status_code == 404
    assert saved(session)[2] == []


def test_a_page_cannot_take_the_handle_of_a_tutorial(client, session, page):
    sign_in(client, session)
    make_tutorial(session, handle="ql-release")
    before = saved(session)

    answer = visit(client, ADDRESS).submit("Save", handle="ql-release", body="Kept.")

    assert answer.status == 422
    assert answer.errors() == [str(HandleTakenError("ql-release"))]
    assert answer.main.find(id="body").get_text().strip() == "Kept."
    assert saved(session) == before


def test_a_policy_keeps_its_address_and_loses_its_notice(client, session, policy):
    sign_in(client, session)
    form = visit(client, "/staff/pages/returns")
    assert form.main.find(id="handle") is None
    assert "This is a sample." in visit(client, "/policies/returns").text

    answer = client.post(
        "/staff/pages/returns",
        data={
            "title": "Returns",
            "body": "Send it back.",
            "handle": "other",
            "seen": form.main.find(id="seen")["value"],
            "published": form.main.find(id="published")["value"],
        },
    )

    assert answer.status_code == 303
    shop = visit(client, "/policies/returns")
    assert "Send it back." in shop.text
    assert "This is a sample." not in shop.text
    assert saved(session)[0] == [("returns", "Returns", "Send it back.", False)]
    assert saved(session)[3] == []


def test_two_who_edit_a_page_at_once_lose_neither_text(client, session, page):
    sign_in(client, session)
    first, second = visit(client, ADDRESS), visit(client, ADDRESS)
    first.submit("Save", body="Hers.")
    before = saved(session)

    answer = second.submit("Save", body="His.")

    assert answer.status == 409
    assert "Saved meanwhile Text Hers." in answer.text
    assert answer.main.find(id="body").get_text().strip() == "His."
    assert saved(session) == before
    answer.submit("Save")
    assert saved(session)[0][0][2] == "His."


def test_a_page_goes_back_to_a_revision(client, session, page):
    sign_in(client, session)
    visit(client, ADDRESS).submit("Save", title="Other", body="Second.")

    answer = visit(client, ADDRESS).follow("Revision 1").submit("Restore")

    assert "About is again as in revision 1." in answer.text
    assert saved(session)[:2] == ([("about", "About", "We.", False)], [1, 2, 3])


def test_a_page_of_the_future_appears_by_itself(client, session, page, worker):
    sign_in(client, session)
    moment = (now() + timedelta(days=2)).replace(second=0, microsecond=0)

    visit(client, ADDRESS).submit("Save", published=moment.strftime("%Y-%m-%dT%H:%M"))

    assert visit(client, "/pages/about").status == 404
    job = session.scalars(select(Job).filter_by(kind="publish-page")).one()
    assert job.run_at == moment
    past = now() - timedelta(minutes=1)
    session.execute(update(Page).values(published_at=past))
    session.execute(update(Job).values(run_at=past))
    session.commit()
    worker.work_off()
    assert visit(client, "/pages/about").status == 200
    assert saved(session)[3] == ["/pages/about"]


def test_a_tutorial_that_is_no_longer_published_is_seen_nowhere(client, session):
    make_tutorial(session, handle="ql-release", title="Press the QL")
    sign_in(client, session)

    form = visit(client, "/staff/tutorials/ql-release").submit(
        "Unpublish", **{"step-0-text": "Slowly."}
    )

    assert "is saved, and not published." in form.text
    for path in ("ql-release", "ql-release.md", "ql-release/play", "ql-release/print"):
        assert visit(client, f"/pages/{path}").status == 404, path
    for path in ("/", "/tutorials", "/llms.txt", "/search?q=press", "/log"):
        assert "Press the QL" not in client.get(path).text, path
    assert "ql-release" not in client.get("/sitemap-tutorials.xml").text
