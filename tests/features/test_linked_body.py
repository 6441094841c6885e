"""What the pages of regions, muscles, routines and the glossary say; and films and questions."""

import pytest

from models import (
    BodySide,
    GlossaryTerm,
    Muscle,
    Question,
    QuestionStatus,
    Region,
    Routine,
    RoutinePart,
    Tutorial,
    TutorialStep,
    Video,
    now,
)
from storefront.feeds.linked_data import products, videos
from storefront.feeds.machines import Machines

HOME = [("Home", "/")]


@pytest.fixture
def machines(shop) -> Machines:
    return shop.extensions["machines"]


def things(said):
    return {each["@type"]: each for each in said.things}


def a_tutorial(title, *cautions):
    steps = [
        TutorialStep(position=1, title=f"{title} one", text_html="<p>Lie &amp; wait.</p>"),
        TutorialStep(position=2, title=f"{title} two", text_html="<p>Rest.</p>", figure="how-1"),
    ]
    return Tutorial(handle=title, title=title, cautions=list(cautions), stop_signs=[], steps=steps)


def test_a_region_names_its_muscles_and_claims_no_review(machines):
    ql = Muscle(handle="ql", name="QL", figure="ql-anatomy", pain_figure="ql-referred-pain")
    region = Region(handle="low-back", name="Low back", side=BodySide.BACK, summary="One side.")

    trail = [*HOME, ("Where does it hurt?", "/where-does-it-hurt")]
    said = machines.region(region, [ql], trail)

    page = things(said)["WebPage"]
    assert page["url"] == "http://localhost/where-does-it-hurt/low-back"
    assert page["about"] == [
        {"@type": "Muscle", "name": "QL", "url": "http://localhost/muscles/ql"}
    ]
    assert "Medical" not in str(said.things)
    way = things(said)["BreadcrumbList"]["itemListElement"]
    assert [it["name"] for it in way] == ["Home", "Where does it hurt?", "Low back"]
    assert said.picture.startswith("http://localhost/share/region/low-back-")


def test_a_muscle_says_where_it_lies_and_what_it_does(machines):
    ql = Muscle(
        handle="ql",
        name="QL",
        latin="Musculus quadratus lumborum",
        location="Deep.",
        action="It bends.",
        figure="ql-anatomy",
    )

    said = things(machines.muscle(ql, HOME))["WebPage"]["mainEntity"]

    assert said["@type"] == "Muscle"
    assert said["alternateName"] == "Musculus quadratus lumborum"
    assert (said["description"], said["muscleAction"]) == ("Deep.", "It bends.")
    assert [it.rpartition("/")[2].partition(".")[0] for it in said["image"]][1:] == ["ql-anatomy"]


def test_the_glossary_is_a_set_of_terms(machines):
    terms = [
        GlossaryTerm(
            handle="trigger", term="Trigger", also=["tip"], definition_html="<p>An end.</p>"
        ),
        GlossaryTerm(handle="ramp", term="Ramp", also=[], definition_html="<p>The other.</p>"),
    ]

    said = things(machines.glossary(terms, HOME))["DefinedTermSet"]

    assert said["hasDefinedTerm"] == [
        {
            "@type": "DefinedTerm",
            "name": "Trigger",
            "alternateName": ["tip"],
            "description": "An end.",
            "url": "http://localhost/glossary#trigger",
        },
        {
            "@type": "DefinedTerm",
            "name": "Ramp",
            "description": "The other.",
            "url": "http://localhost/glossary#ramp",
        },
    ]


def test_a_routine_has_the_steps_it_takes_and_every_caution_once(machines):
    routine = Routine(handle="ten", title="Ten minutes", summary="Short.", updated_at=now())
    routine.parts = [
        RoutinePart(tutorial=a_tutorial("ql", "Not when pregnant."), steps=[2]),
        RoutinePart(tutorial=a_tutorial("psoas", "Not when pregnant."), steps=[]),
    ]

    said = machines.routine(routine, HOME, minutes=10)

    how = things(said)["HowTo"]
    assert how["text"] == "Read this first: Not when pregnant."
    assert how["totalTime"] == "PT10M"
    told = [(it["name"], [step["name"] for step in it["itemListElement"]]) for it in how["step"]]
    assert told == [("ql", ["ql two"]), ("psoas", ["psoas one", "psoas two"])]
    places = [step["position"] for it in how["step"] for step in it["itemListElement"]]
    assert places == [1, 2, 3]
    first = how["step"][1]["itemListElement"][0]
    assert first["text"] == "Lie & wait."
    assert first["url"] == "http://localhost/pages/psoas#step-1"
    assert ("text/markdown", "This routine as Markdown", "/routines/ten.md") in said.alternates


def test_a_film_has_its_transcript_and_its_chapters(machines):
    film = Video(
        title="The QL",
        file_key="ql",
        poster_key="ql-poster",
        duration_s=95,
        created_at=now(),
        transcript_html="<p>Lie down.</p>",
        chapters_vtt=(
            "WEBVTT\r\n\r\n1\r\n00:00.000 --> 00:40.500\r\nLie down\r\n\r\n"
            "01:00:40.500 --> 01:01:35.000 line:0\r\nBreathe & wait\r\n"
        ),
    )
    linked = Video(title="Elsewhere", link="https://example.org/v", created_at=now())
    linked.transcript_html = linked.chapters_vtt = ""
    page = "http://localhost/pages/ql-release"

    one, two = videos.videos(machines.site, [film, linked], page, "http://localhost/p.png")

    assert one["contentUrl"].startswith("http://localhost/static/video/ql")
    assert (one["duration"], one["transcript"]) == ("PT95S", "Lie down.")
    assert one["hasPart"] == [
        {
            "@type": "Clip",
            "name": "Lie down",
            "startOffset": 0,
            "endOffset": 40,
            "url": f"{page}#t=0",
        },
        {
            "@type": "Clip",
            "name": "Breathe & wait",
            "startOffset": 3640,
            "endOffset": 3695,
            "url": f"{page}#t=3640",
        },
    ]
    assert one["thumbnailUrl"] == "http://localhost/static/video/ql-poster.webp"
    assert (two["url"], two["thumbnailUrl"]) == (
        "https://example.org/v",
        "http://localhost/p.png",
    )
    assert {"name", "description", "uploadDate"} <= set(two)


def test_only_answered_questions_that_are_shown_are_asked(machines):
    seen = {"status": QuestionStatus.PUBLISHED}
    asked = [
        Question(question="Is it hard?", answer="Yes.", **seen),
        Question(question="Is it soft?", answer="", **seen),
        Question(question="Hidden?", answer="Yes.", status=QuestionStatus.REJECTED),
    ]

    (page,) = products.questions(asked)

    assert page["@type"] == "FAQPage"
    assert page["mainEntity"] == [
        {
            "@type": "Question",
            "name": "Is it hard?",
            "acceptedAnswer": {"@type": "Answer", "text": "Yes."},
        }
    ]
    assert products.questions(asked[1:]) == []


def test_lists_say_what_they_show(machines):
    region = Region(handle="low-back", name="Low back", side=BodySide.BACK)
    for said, path in (
        (machines.regions([region], HOME), "/where-does-it-hurt/low-back"),
        (machines.muscles([Muscle(handle="ql", name="QL")], HOME), "/muscles/ql"),
        (machines.routines([Routine(handle="ten", title="Ten")], HOME), "/routines/ten"),
    ):
        (listed,) = things(said)["CollectionPage"]["mainEntity"]["itemListElement"]
        assert listed["url"] == f"http://localhost{path}"
