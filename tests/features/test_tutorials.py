"""The tutorials, with the content that a new shop starts with: one for each muscle."""

import re

import pytest

from models import Muscle
from tests.browser import visit

# Each in the order of the muscles, with its minutes, cautions and steps.
TUTORIALS = {
    "ql-release": ("QL release with the QL Claw", 6, 11, 12),
    "psoas-release": ("Psoas release with the QL Claw", 6, 13, 11),
    "iliacus-release": ("Iliacus release with the QL Claw", 7, 13, 12),
    "gluteus-medius-release": ("Gluteus medius release with the QL Claw", 6, 12, 12),
    "piriformis-release": ("Piriformis release with the QL Claw", 7, 12, 13),
}

NUMBERS = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight"]


def words(tag):
    return " ".join(tag.get_text(" ").split())


def titles(page, level):
    return [words(heading) for heading in page.main.find_all(level)]


def section(page, title):
    """The part of a page under the heading of this name."""
    heading = page.main.find(lambda tag: tag.name in {"h2", "h3"} and words(tag) == title)
    assert heading is not None, f"no heading {title!r} on {page.url}"
    return heading.find_parent(["section", "nav", "aside"])


@pytest.mark.seeded
def test_each_muscle_on_the_first_page_leads_to_its_tutorial(client):
    muscles = section(visit(client, "/"), "Five muscles, one ache")

    found = [
        visit(client, row.find("a")["href"]).main.select_one(".tutorial-card__link")["href"]
        for row in muscles.find_all("h3")
    ]

    assert found == [f"/pages/{handle}" for handle in TUTORIALS]


def test_a_muscle_without_a_tutorial_leads_to_its_page(client, session):
    session.add(Muscle(handle="lonely", name="Lonely muscle"))
    session.commit()

    page = visit(client, "/").follow("Lonely muscle")

    assert (page.status, page.heading) == (200, "Lonely muscle")
    assert page.main.select(".tutorial-card") == []


@pytest.mark.seeded
def test_the_tutorial_list_names_muscle_and_time(client):
    page = visit(client, "/").follow("Tutorials")

    cards = [words(card) for card in page.main.select(".tutorial-card")]
    assert len(cards) == len(TUTORIALS)
    for card, (title, minutes, _, _) in zip(cards, TUTORIALS.values(), strict=True):
        assert f"{title} {minutes} min" in card


@pytest.mark.seeded
@pytest.mark.parametrize("handle", TUTORIALS)
def test_a_tutorial_shows_its_cautions_before_its_steps(client, handle):
    page = visit(client, f"/pages/{handle}")

    title, _, cautions, steps = TUTORIALS[handle]
    assert page.heading == title
    assert [it for it in titles(page, "h2") if it != "Watch it"][:5] == [
        *("Read this first", "Stop at once if you feel", "What you need", "Steps"),
        "How you know it worked",
    ]
    assert len(section(page, "Read this first").find_all("li")) == cautions
    assert len(page.main.select("li.step")) == steps
    titled = [words(step.h3) for step in page.main.select("li.step")]
    assert "Pick the right end" in titled
    assert titled[-1] == "Do the other side"
    assert [t.split(":")[0] for t in titled if t.startswith("More pressure")] == [
        *("More pressure 1", "More pressure 2", "More pressure 3")
    ]


@pytest.mark.seeded
@pytest.mark.parametrize("handle", TUTORIALS)
def test_a_tutorial_says_as_many_minutes_as_its_player_takes(client, handle):
    _, minutes, _, _ = TUTORIALS[handle]
    page = visit(client, f"/pages/{handle}")
    player = page.follow("Start the routine")

    assert f"{minutes} minutes" in words(page.main.select_one(".routine__facts"))
    assert f"About {NUMBERS[minutes]} minutes for both sides" in page.text
    times = words(player.main.select_one(".routine__facts"))
    assert f"Time About {minutes} minutes" in times


@pytest.mark.seeded
@pytest.mark.parametrize("handle", TUTORIALS)
def test_the_breaths_that_a_step_names_fit_into_its_seconds(client, handle):
    """A slow breath is ten seconds in the player: four in, six out."""
    steps = visit(client, f"/pages/{handle}").main.select("li.step")

    named = 0
    for step in steps:
        told = re.search(r"Take (\w+) slow breaths", words(step))
        if told and step.select_one(".step__time"):
            named += 1
            seconds = NUMBERS.index(told[1]) * 10
            assert words(step.select_one(".step__time")) == f"About {seconds} seconds"
    assert named >= 2


@pytest.mark.seeded
def test_a_step_that_is_held_says_for_how_long(client):
    step = visit(client, "/pages/iliacus-release").main.find(id="step-6")

    assert words(step.h3) == "Hold, then decide"
    assert words(step.select_one(".step__time")) == "About 30 seconds"


@pytest.mark.seeded
def test_a_figure_is_told_in_the_same_words_wherever_it_stands_in_a_tutorial(client):
    for handle in TUTORIALS:
        told = {}
        for figure in visit(client, f"/pages/{handle}").main.select("img.step__figure"):
            assert figure["alt"].endswith("."), (handle, figure["src"])
            assert told.setdefault(figure["src"], figure["alt"]) == figure["alt"], figure["src"]


@pytest.mark.seeded
@pytest.mark.parametrize(
    "handle", ["iliacus-release", "gluteus-medius-release", "piriformis-release"]
)
def test_a_routine_that_is_not_the_makers_says_so_and_shows_each_step(client, handle):
    page = visit(client, f"/pages/{handle}")

    assert "This is our own routine." in words(section(page, "About this muscle"))
    assert len(page.main.select("li.step img")) == len(page.main.select("li.step"))
