"""What the editor does beside saving: it keeps, compares, copies, and shows before the time."""

import pytest
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import select

from models import Article, Autosave, Page, PlainPage, Revision
from storefront.learn import previews
from storefront.staff.editing.compare import compared
from tests.browser import visit
from tests.factories import make_article, make_blog, make_tutorial
from tests.staff import sign_in

KINDS = ("articles", "tutorials", "pages")


@pytest.fixture(params=KINDS)
def kind(request):
    return request.param


@pytest.fixture
def address(session, kind):
    """The form of a text of each kind, called The QL."""
    if kind == "articles":
        make_article(session, blog=make_blog(session), handle="the-ql", title="The QL", body="One.")
    elif kind == "tutorials":
        make_tutorial(session, handle="the-ql", title="The QL")
    else:
        session.add(PlainPage(handle="the-ql", title="The QL", body_markdown="One."))
        session.commit()
    return f"/staff/{kind}/the-ql"


def titles(session):
    session.rollback()
    return [
        *session.scalars(select(Article.title).order_by(Article.id)),
        *session.scalars(select(Page.title).order_by(Page.id)),
    ]


def kept(session):
    session.rollback()
    return [row.fields for row in session.scalars(select(Autosave))]


def autosave(page, **typed):
    """Send what the form holds and what was typed, as the script does."""
    editor = page.html.find("text-editor")
    form = editor.find("form")
    data = {it["name"]: it.get("value", "") for it in form.select("input[name]")}
    data |= {it["name"]: it.get_text().removeprefix("\n") for it in form.select("textarea")}
    return page.client.post(editor["data-autosave"], data={**data, **typed})


def test_what_was_typed_and_not_saved_is_offered_again(client, session, address):
    sign_in(client, session)

    assert autosave(visit(client, address), title="Half a title").status_code == 204

    assert titles(session) == ["The QL"]
    page = visit(client, address)
    assert "that was not saved. Use it" in page.text
    assert page.main.find(id="title")["value"] == "The QL"
    page = page.follow("Use it")
    assert page.main.find(id="title")["value"] == "Half a title"
    assert titles(session) == ["The QL"]
    page = page.submit("Save", body="Two.")
    assert titles(session) == ["Half a title"]
    assert "that was not saved" not in page.text
    assert kept(session) == []


def test_what_was_typed_is_dropped_where_one_says_so(client, session, address):
    sign_in(client, session)
    autosave(visit(client, address), title="Half a title")

    page = visit(client, address).submit("Drop it")

    assert "It is dropped." in page.text
    assert page.main.find(id="title")["value"] == "The QL"
    assert kept(session) == []


def test_what_was_typed_before_somebody_else_saved_replaces_nothing(client, session, address):
    sign_in(client, session)
    autosave(visit(client, address), title="Mine")
    hers = visit(client, address)
    session.execute(Autosave.__table__.update().values(saved_at=Autosave.saved_at))
    session.commit()
    hers.submit("Save", title="Hers", body="Two.")
    autosave(hers, title="Mine")

    page = visit(client, address)
    assert "Somebody has saved this since." in page.text
    page = page.follow("Use it").submit("Save")

    assert page.status == 409
    assert page.main.find(id="title")["value"] == "Mine"
    assert "Saved meanwhile" in page.text
    assert titles(session) == ["Hers"]


def test_nobody_sees_what_somebody_else_has_typed_but_that_she_types(app, client, session, address):
    sign_in(client, session)
    autosave(visit(client, address), title="Half a title")
    other = app.test_client()
    sign_in(other, session)

    page = visit(other, address)

    assert "is writing here too, and has not saved yet" in page.text
    assert "Half a title" not in page.html.get_text()
    assert page.main.find(string="Use it") is None


def test_signs_that_no_database_keeps_are_left_out_of_what_is_kept(client, session, address):
    sign_in(client, session)

    assert autosave(visit(client, address), title="a\0b <script>").status_code == 204

    assert kept(session)[0]["title"] == "ab <script>"


def test_a_copy_is_a_draft_that_says_the_same(client, session, address):
    sign_in(client, session)

    page = visit(client, address).submit("Duplicate")

    assert page.heading == "Edit Copy of The QL"
    assert "Not published: only staff see it." in page.text
    assert page.main.find(id="handle")["value"] == "the-ql-copy-1"
    assert visit(client, address).submit("Duplicate").url.endswith("the-ql-copy-2")
    assert titles(session) == ["The QL", "Copy of The QL", "Copy of The QL"]


def link(page):
    return page.main.find(id="preview-link")["value"].removeprefix("http://localhost:8000")


def test_a_link_shows_a_draft_to_whom_it_is_given(app, client, session, address):
    sign_in(client, session)
    page = visit(client, address).submit("Unpublish", body="Two.", title="The deep QL")
    anybody = app.test_client()

    shown = visit(anybody, link(page))

    assert shown.status == 200
    assert shown.heading == "The deep QL"
    assert "A preview: this text is not in the shop like this." in shown.text
    assert shown.response.headers["Cache-Control"] == "private, no-store"
    assert shown.response.headers["X-Robots-Tag"] == "noindex"
    assert shown.response.headers["Referrer-Policy"] == "no-referrer"
    assert shown.html.find("link", rel="canonical") is None
    assert "Set-Cookie" not in shown.response.headers


def test_links_are_taken_back(app, client, session, address):
    sign_in(client, session)
    page = visit(client, address)
    old = link(page)

    page = page.submit("Take back the links")

    gone = visit(app.test_client(), old)
    assert gone.status == 410
    assert "This preview has ended." in gone.text
    assert visit(app.test_client(), link(page)).status == 200


def test_a_link_ends_after_seven_days(monkeypatch, client, session, address):
    sign_in(client, session)
    old = link(visit(client, address))
    monkeypatch.setattr(previews, "WITHIN_S", -1)

    assert visit(client, old).status == 410


@pytest.mark.parametrize("token", ["x", "a.b.c", "e" * 400, "%F0%9F%98%80", "%00"])
def test_a_link_that_nobody_gave_shows_nothing(client, token):
    assert client.get(f"/preview/{token}").status_code == 404


def test_a_link_signed_by_somebody_else_shows_nothing(client, session, address):
    forged = URLSafeTimedSerializer("another secret", salt="preview").dumps(["page", 1, ""])

    assert client.get(f"/preview/{forged}").status_code == 404


def test_two_revisions_are_compared_word_by_word(client, session, address):
    sign_in(client, session)
    visit(client, address).submit("Save", title="The deep QL", body="One muscle.")
    visit(client, address).submit("Save", title="The deep QL", body="One deep muscle.")

    form = visit(client, address).main.find(class_="staff-compare")
    assert [it["name"] for it in form.find_all("select")] == ["from", "to"]
    page = visit(client, f"{form['action']}?from=1&to=3")

    assert page.heading == "Revision 1 and revision 3"
    added = [it.get_text() for it in page.main.find_all("ins")]
    assert "[added: deep ]" in added
    same = visit(client, f"{address}/compare?from=3&to=3")
    assert "Both say the same." in same.text
    assert len(session.scalars(select(Revision.id)).all()) == 3


@pytest.mark.parametrize(
    "asked", ["", "?from=1", "?from=1&to=99", "?from=x&to=%00", "?from=-1&to=1"]
)
def test_revisions_that_are_not_there_are_not_compared(client, session, address, asked):
    sign_in(client, session)

    assert client.get(f"{address}/compare{asked}").status_code == 404


def test_a_live_preview_says_why_it_shows_nothing(client, session, address):
    sign_in(client, session)
    live = {"X-Requested-With": "preview"}

    answer = client.post(f"{address}/preview", data={"title": ""}, headers=live)

    assert answer.status_code == 422
    assert answer.text.startswith("It is shown again when")
    assert titles(session) == ["The QL"]


def test_a_preview_is_hidden_until_asked_for_and_has_no_script(client, session, address):
    sign_in(client, session)
    page = visit(client, address)
    assert page.main.find(id="preview").has_attr("hidden")

    shown = page.submit("Preview", title="Typed now")

    frame = shown.main.find("iframe")["srcdoc"]
    assert "Typed now" in frame
    assert "<script" not in frame
    assert "<script" in client.get("/").text


def test_what_stayed_is_shown_near_a_change_alone():
    old = "Start. " + "Same words here. " * 100 + "End."

    (parts,) = compared({"Text": old}, {"Text": old.replace("End", "The end")}).values()

    assert [part.kind for part in parts] == ["gap", "same", "removed", "added", "same"]
    assert parts[2:] != []
    assert sum(len(part.text) for part in parts) < 250


def test_a_text_of_another_language_is_compared_too():
    (parts,) = compared({"Text": "العضلة عميقة"}, {"Text": "العضلة قوية"}).values()

    assert [(part.kind, part.text) for part in parts] == [
        ("same", "العضلة "),
        ("removed", "عميقة"),
        ("added", "قوية"),
    ]


@pytest.mark.parametrize("text", ["\n" * 100_000, "a " * 100_000, "x" * 200_000])
def test_very_long_texts_are_compared_without_end_of_patience(text):
    (parts,) = compared({"Text": text}, {"Text": f"{text}y"}).values()

    assert "added" in [part.kind for part in parts]
