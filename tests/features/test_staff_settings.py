"""What the shop says of itself: changed by staff, said on every page by every process."""

import pytest
from sqlalchemy import select

from models import Mail, MenuItem, Role, ShopSetting
from storefront import site
from tests.browser import visit
from tests.features.observing import started
from tests.staff import counted_statements, sign_in

SETTINGS, MENUS = "/staff/settings", "/staff/menus"


@pytest.fixture(autouse=True)
def _as_it_came(app):
    """The app is shared by tests, so what it says must be as it came afterwards."""
    yield
    app.extensions["present_shop"].has_changed()


@pytest.fixture
def _owner(client, session):
    sign_in(client, session)


def saved(session):
    return {row.name: row.value["is"] for row in session.scalars(select(ShopSetting))}


@pytest.mark.usefixtures("_owner")
def test_a_new_name_stands_on_every_page_in_feeds_and_in_mails_at_once(app, client, session):
    done = visit(client, SETTINGS).submit("Save", name="Back & Rücken", demo_notice="")

    assert "The settings are saved." in done.text
    assert saved(session) == {"name": "Back & Rücken", "demo_notice": ""}
    home = visit(client, "/")
    assert home.html.find("a", "masthead__brand").get_text(strip=True) == "Back & Rücken"
    assert home.html.find("div", "masthead__demo") is None
    assert visit(client, SETTINGS).submit("Send me a test mail").status == 200
    assert session.scalars(select(Mail.subject)).all() == ["Mails of Back & Rücken arrive"]


@pytest.mark.usefixtures("_owner")
def test_what_is_as_it_came_is_not_kept_and_the_way_back_takes_all_of_it(client, session):
    came = site.read()
    visit(client, SETTINGS).submit("Save", name="Other", legal_name="Other Ltd", phone="1")
    visit(client, SETTINGS).submit("Save", name=came.name)
    assert saved(session) == {"legal_name": "Other Ltd", "phone": "1"}

    back = visit(client, SETTINGS).submit("Say again what the shop came with")

    assert "The shop says again what it came with." in back.text
    assert saved(session) == {}


@pytest.mark.usefixtures("_owner")
@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"name": ""}, "Enter a name."),
        ({"name": "x" * 81}, "Enter at most 80 characters."),
        ({"disclaimer": ""}, "Enter a disclaimer"),
        ({"email": "nobody"}, "Enter an email address"),
        ({"name": "a\x00b"}, "Remove the characters that cannot be read."),
    ],
)
def test_a_mistake_is_said_beside_its_field_and_nothing_changes(client, session, typed, words):
    page = visit(client, SETTINGS).submit("Save", phone="+49 40", **typed)

    assert page.status == 422
    assert words in page.errors()[0]
    assert page.main.find("input", {"name": "phone"})["value"] == "+49 40"
    assert saved(session) == {}


@pytest.mark.usefixtures("_owner")
def test_of_two_who_edit_the_second_is_told_and_both_texts_are_there(client, session):
    mine = visit(client, SETTINGS)
    visit(client, SETTINGS).submit("Save", promise="Theirs.")

    refused = mine.submit("Save", promise="Mine.")

    assert refused.status == 409
    assert "Theirs." in refused.main.find("section", "staff-theirs").get_text()
    assert refused.main.find("textarea", {"name": "promise"}).get_text(strip=True) == "Mine."
    assert saved(session) == {"promise": "Theirs."}
    refused.submit("Save")
    assert saved(session) == {"promise": "Mine."}


def test_another_process_says_it_at_the_next_look(app, settings, client, session):
    with started(settings, app.extensions["sessions"]) as other:
        assert b"News for all" not in other.test_client().get("/").data
        sign_in(client, session)

        visit(client, MENUS).submit("Save", announcement="News for all", announcement_url="/cart")

        page = visit(other.test_client(), "/")
    assert page.html.find("aside").find("a")["href"] == "/cart"
    assert page.html.find("aside").get_text(strip=True) == "News for all"


@pytest.mark.usefixtures("_owner")
def test_looking_at_the_words_costs_no_query_once_they_are_read(app, client):
    visit(client, "/tutorials")

    with counted_statements(app) as seen:
        visit(client, "/tutorials")

    assert [it for it in seen if "shop_settings" in it or "menu_items" in it] == []


@pytest.mark.usefixtures("_owner")
def test_a_menu_is_put_in_another_order_grows_and_goes_back(client, session):
    page = visit(client, f"{MENUS}/about")
    lines = [it["value"] for it in page.main.select("input[name$=title]") if it.get("value")]
    assert lines == ["About", "How we write", "Mails", "Feed"]

    page.submit(
        "Save",
        **{
            "links-0-position": "9",
            "links-1-title": "",
            "links-1-url": "",
            "links-4-title": "Elsewhere",
            "links-4-url": "https://example.com/a?b=c#d",
            "links-4-position": "1",
        },
    )

    foot = visit(client, "/").html.find("nav", {"aria-labelledby": "colophon-about"})
    assert [(it.get_text(), it["href"]) for it in foot.find_all("a")] == [
        ("Elsewhere", "https://example.com/a?b=c#d"),
        ("Mails", "/newsletter"),
        ("Feed", "/blogs/the-ql-blawg.atom"),
        ("About", "/pages/about"),
    ]
    visit(client, f"{MENUS}/about").submit("Put the first links back")
    assert session.scalars(select(MenuItem)).all() == []


@pytest.mark.usefixtures("_owner")
@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "//evil.example", "http://example.com", "/../x", "data:,x", "\\x"],
)
def test_a_link_that_could_harm_is_refused(client, session, url):
    typed = {"links-4-title": "Bad", "links-4-url": url}
    menu = visit(client, f"{MENUS}/about").submit("Save", **typed)
    line = visit(client, MENUS).submit("Save", announcement="Look", announcement_url=url)

    assert (menu.status, line.status) == (422, 422)
    assert "Enter an address of this shop" in menu.errors()[0]
    assert session.scalars(select(MenuItem)).all() == []
    assert saved(session) == {}


@pytest.mark.usefixtures("_owner")
def test_of_two_who_edit_a_menu_the_second_sees_the_firsts(client, session):
    mine = visit(client, f"{MENUS}/read")
    visit(client, f"{MENUS}/read").submit("Save", **{"links-0-title": "Theirs"})

    refused = mine.submit("Save", **{"links-0-title": "Mine"})

    assert refused.status == 409
    assert refused.main.find("input", {"name": "links-0-title"})["value"] == "Theirs"
    assert session.scalars(select(MenuItem.title)).first() == "Theirs"


def test_an_editor_changes_menus_but_no_settings(client, session):
    sign_in(client, session, Role.EDITOR)

    assert visit(client, MENUS).status == 200
    assert visit(client, SETTINGS).status == 403
    assert visit(client, f"{MENUS}/nothing").status == 404
