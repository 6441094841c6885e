"""Playing a tutorial or a routine without scripting: cautions first, then the steps with times."""

from urllib.parse import unquote

import pytest
from sqlalchemy import select, update

from models import Routine, RoutinePart, Tutorial, TutorialStep
from storefront.assets import STATIC
from storefront.seed.rows import FOLDER, read_text
from tests.browser import visit
from tests.factories import make_tutorial
from tests.features.test_tutorials import TUTORIALS, titles, words
from tests.staff import counted_statements

ROUTINES = ["gentle-start", "quiet-evening", "after-sitting", "for-the-buttock"]
MOST_QUERIES = 6


def make_steps(session, *steps):
    """A tutorial whose steps are these; each says only what matters."""
    tutorial = make_tutorial(session, handle="a-release")
    session.execute(update(TutorialStep).values(title="First"))
    session.add_all(
        TutorialStep(tutorial_id=tutorial.id, position=place, cue=f"Cue {place}.", **step)
        for place, step in enumerate(steps, start=2)
    )
    session.commit()
    return tutorial


def make_routine(session, *parts, handle="a-routine"):
    """A routine of (tutorial, positions of its steps)."""
    routine = Routine(handle=handle, title="A routine", summary="In short.")
    routine.parts = [
        RoutinePart(tutorial_id=tutorial.id, position=place, steps=steps)
        for place, (tutorial, steps) in enumerate(parts)
    ]
    session.add(routine)
    session.commit()
    return routine


def played(page):
    """Each moment of a page as (title, side, seconds)."""
    return [
        (
            words(row.select_one("[data-title]")),
            " ".join(words(name) for name in row.select("[data-side-name]")),
            int(row["data-seconds"]),
        )
        for row in page.main.select(".moments > li")
    ]


def two_sides(session):
    return make_steps(
        session,
        {"title": "Hold", "seconds": 40, "is_per_side": True, "rest_s": 5},
        {"title": "More", "seconds": 25, "is_per_side": True, "is_optional": True},
        {"title": "Change", "kind": "switch"},
        {"title": "Walk"},
    )


def test_a_tutorial_is_played_side_by_side_with_its_rests(client, session):
    two_sides(session)

    page = visit(client, "/pages/a-release/play")

    assert played(page) == [
        ("Get ready", "", 15),
        ("First", "", 15),
        ("Hold", "Left side", 40),
        ("Rest", "Left side", 5),
        ("More", "Left side", 25),
        ("Change", "Right side", 15),
        ("Hold", "Right side", 40),
        ("Rest", "Right side", 5),
        ("More", "Right side", 25),
        ("Walk", "", 15),
    ]
    assert "About 3 minutes" in page.text  # 150 s, and 200 with what is optional
    assert "About 4 minutes" in page.text
    assert page.text.index("Stop when it hurts.") < page.text.index("The steps and their times")


def test_the_right_side_may_come_first(client, session):
    two_sides(session)

    page = visit(client, "/pages/a-release/play?first=right")

    assert played(page)[2][1] == "Right side"
    assert played(page)[5][1] == "Left side"
    assert page.main.find("input", value="right").has_attr("checked")


@pytest.mark.parametrize("first", ["up", "", "LEFT", "left' OR 1=1", "%00", "x" * 5000])
def test_a_side_that_is_none_begins_on_the_left(client, session, first):
    two_sides(session)

    page = visit(client, f"/pages/a-release/play?first={first}")

    assert (page.status, played(page)[2][1]) == (200, "Left side")


def test_without_scripting_the_start_leads_to_the_steps(client, session):
    two_sides(session)
    page = visit(client, "/pages/a-release/play")

    form = page.main.find("form")

    assert (form["method"], form["action"]) == ("get", "#steps")
    assert words(form.find("button")) == "I have read this. Start"
    assert page.main.find(id="steps").name == "h2"
    assert form.find("select").get("name") is None  # her pain is in no address


def test_an_optional_step_is_marked(client, session):
    two_sides(session)

    rows = visit(client, "/pages/a-release/play").main.select("[data-optional]")

    assert [words(row.select_one("[data-title]")) for row in rows] == ["More", "More"]
    assert all("Optional" in words(row) for row in rows)


def test_a_routine_takes_only_its_steps_and_one_side_where_none_changes_it(client, session):
    tutorial = two_sides(session)
    make_routine(session, (tutorial, [2]), (tutorial, []))

    page = visit(client, "/routines/a-routine/play")

    assert [moment[0] for moment in played(page)[:4]] == ["Get ready", "Hold", "Rest", "Get ready"]
    assert len(played(page)) == 3 + 10
    assert page.text.count("Stop when it hurts.") == 1


def test_a_tutorial_without_steps_or_a_routine_without_parts_still_has_its_pages(client, session):
    make_tutorial(session, handle="empty")
    session.execute(update(TutorialStep).values(text_html="", title="One"))
    make_routine(session)

    for address in ("/pages/empty/play", "/pages/empty/print", "/routines/a-routine", "/routines"):
        assert visit(client, address).status == 200, address
    assert visit(client, "/routines/a-routine/play").status == 200


@pytest.mark.parametrize("page", ["play", "print"])
@pytest.mark.parametrize("handle", ["nothing", "safety", "a%00b", "%ED%A0%80", "x" * 3000, "..."])
def test_what_is_not_there_is_404(client, handle, page):
    for folder in ("pages", "routines"):
        assert visit(client, f"/{folder}/{handle}/{page}").status == 404
    assert visit(client, f"/routines/{handle}").status == 404


def test_a_page_takes_as_many_queries_for_twenty_steps_as_for_two(app, client, session):
    counts = []
    for number in (1, 8):
        tutorials = [make_tutorial(session) for _ in range(number)]
        make_routine(session, *[(it, []) for it in tutorials], handle=f"of-{number}")
        with counted_statements(app) as seen:
            assert client.get(f"/routines/of-{number}/play").status_code == 200
        with counted_statements(app) as listed:
            assert client.get("/routines").status_code == 200
        counts.append((len(seen), len(listed)))

    assert counts[0] == counts[1]
    assert max(counts[0]) <= MOST_QUERIES


@pytest.mark.parametrize(
    "address", ["/routines", "/log", "/offline", "/pages/a-release/play", "/pages/a-release/print"]
)
def test_public_pages_set_no_cookie_and_may_be_kept_by_a_cache(client, session, address):
    two_sides(session)

    response = client.get(address)

    assert "Set-Cookie" not in response.headers
    assert response.headers["Cache-Control"].startswith("public")


def test_the_worker_is_given_at_the_root_and_asked_for_anew(client):
    response = client.get("/sw.js")

    assert response.status_code == 200
    assert response.mimetype == "text/javascript"
    assert response.headers["Cache-Control"] == "no-cache"
    again = client.get("/sw.js", headers={"If-None-Match": response.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.seeded
@pytest.mark.parametrize("handle", TUTORIALS)
def test_each_tutorial_leads_to_its_player_with_a_cue_for_each_moment(client, handle):
    page = visit(client, f"/pages/{handle}").follow("Start the routine")

    assert page.url.endswith(f"/pages/{handle}/play")
    assert titles(page, "h2")[:3] == [
        *("Read this first", "Stop at once if you feel", "What you need")
    ]
    rows = page.main.select(".moments > li")
    cues = [words(row.select_one("[data-cue]")) for row in rows]
    assert all(0 < len(cue) <= 200 for cue in cues)
    assert [row["data-kind"] for row in rows].count("switch") == 1
    sides = [row["data-side"] for row in rows if row["data-kind"] == "hold"]
    assert sides.count("first") == sides.count("other") >= 7


@pytest.mark.seeded
@pytest.mark.parametrize("handle", TUTORIALS)
def test_one_spot_is_pressed_for_a_minute_and_one_breath_at_most(session, handle):
    """The limit that the tutorials themselves give; more pressure is left to who chooses it."""
    tutorial = session.scalars(select(Tutorial).filter_by(handle=handle)).one()
    steps = session.scalars(select(TutorialStep).filter_by(tutorial_id=tutorial.id)).all()
    pressed = [it for it in steps if it.is_per_side and it.seconds and not it.is_optional]

    on_it = [it for it in pressed if it.kind in {"pressure", "motion", "timing"}]
    spot = sum(it.seconds for it in on_it if "Stretch" not in it.title)
    assert spot <= 60
    (notice,) = [it for it in pressed if it.title == "Notice how it lets go"]
    assert notice.seconds <= tutorial.breath_in_s + tutorial.breath_out_s


@pytest.mark.seeded
def test_the_routines_are_listed_and_lead_to_their_tutorials(client):
    page = visit(client, "/tutorials").follow("Routines")

    links = [link["href"] for link in page.main.select(".tutorial-card__link")]
    assert links == [f"/routines/{handle}" for handle in ROUTINES]
    shown = visit(client, "/routines/after-sitting")
    assert "/pages/iliacus-release" in str(shown.main)
    assert shown.follow("Start the routine").url.endswith("/routines/after-sitting/play")


@pytest.mark.seeded
def test_what_the_shops_routines_take_of_a_tutorial_is_there(session):
    seen = {it.handle: it for it in session.scalars(select(Routine))}
    assert list(seen) == ROUTINES
    for path in sorted((FOLDER / "routines").glob("*.md")):
        for part in read_text(path).front["part"]:
            steps = session.scalars(
                select(TutorialStep.position)
                .join(Tutorial)
                .where(Tutorial.handle == part["tutorial"])
            ).all()
            assert set(part["steps"]) <= set(steps)


@pytest.mark.seeded
@pytest.mark.parametrize("address", ["/pages/psoas-release", "/routines/quiet-evening"])
def test_what_is_printed_has_cautions_first_and_a_code_of_the_page(client, address):
    page = visit(client, f"{address}/print")

    assert titles(page, "h2")[:2] == ["Read this first", "Stop at once if you feel"]
    code = page.main.select_one("figure svg")
    assert code["aria-label"] == "QR code of this page's address"
    assert code.find("path")["d"].startswith("M0 0h1v1h-1z")
    assert page.main.select_one("figure a")["href"] == address


@pytest.mark.seeded
def test_a_sheet_for_paper_holds_its_figures_itself(client):
    page, german = (visit(client, f"{it}/pages/ql-release/print") for it in ("", "/de"))

    drawings, labelled = (
        [unquote(tag["src"]) for tag in it.main.find_all("img")] for it in (page, german)
    )
    drawn = (STATIC / "img/figures/ql-anatomy.svg").read_text(encoding="utf-8")
    assert len(drawings) == 12
    assert f"data:image/svg+xml,{drawn}" in drawings
    assert labelled == [it.replace("#de:target", "#de") for it in drawings]  # German is shown
    assert labelled != drawings
