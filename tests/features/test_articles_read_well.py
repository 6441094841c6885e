"""The seeded articles: long enough, plain enough, sourced, and without promises."""

import re

import pytest

from storefront.text import cited
from tests.reading import FIGURES, PROMISES, grade, shown, syllables, table, texts, words

ARTICLES = texts("articles")
TUTORIALS = texts("tutorials")
PAGES = ARTICLES | TUTORIALS | texts("pages")
SOURCES = {row["key"] for row in table("references.toml")["reference"]}
SHORT = {"how-to-choose-a-pressure-tool"}  # names a few, and leads to the page that has them all
SIGNS = (
    *("bladder|urine", "bowel", "numb.* between the legs", "[Ww]eak|weaker", "both legs", "crash"),
    *("fever", "infection", "immune", "cancer", "weight", "at night", "lie down", "20", "50"),
)
LINK = re.compile(r"\]\((/[^)\s#]*)(#[^)\s]*)?\)")
ANCHOR = re.compile(r"\]\((#[^)\s]+)\)")
FIGURE = re.compile(r"!\[([^\]]*)\]\(figure:([a-z0-9-]+) \"([^\"]+)\"\)")


def section(markdown, title):
    """What stands between a heading and the next."""
    return markdown.split(f"\n## {title}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize(
    ("word", "count"),
    [
        *(("back", 1), ("muscle", 2), ("iliacus", 4), ("piriformis", 4), ("pressed", 1)),
        *(("lifted", 2), ("reaches", 2), ("area", 2), ("action", 2), ("breathe", 1)),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_the_grade_tells_plain_words_from_hard_ones():
    plain = "Lie on your back. Breathe in. Let the belly rise. Breathe out."
    hard = (
        "Myofascial dysfunction necessitates individualized multidisciplinary rehabilitation, "
        "notwithstanding insufficient epidemiological documentation of therapeutic superiority."
    )

    assert grade(plain) < 1
    assert grade(hard) > 25


def test_there_are_twelve_articles():
    assert len(ARTICLES) == 12


@pytest.mark.parametrize("handle", ARTICLES)
def test_an_article_has_600_to_1500_words_of_grade_nine_at_most(handle):
    body = ARTICLES[handle].body

    assert 600 <= words(body) <= 1500
    assert grade(body) <= 9


@pytest.mark.parametrize("handle", ARTICLES)
def test_an_article_says_when_to_see_a_doctor_and_names_its_sources(handle):
    body = ARTICLES[handle].body
    titles = [heading.get_text() for heading in shown(body).find_all("h2")]
    doctor = {"When to see a doctor first", "When none of them is right"} & set(titles)

    assert len(doctor) == 1
    told = section(body, doctor.pop())
    assert "red-flags-ncbi" in cited(told)
    assert "/pages/safety" in told or "/pages/safety" in body
    assert len(cited(body)) >= 3
    assert set(cited(body)) <= SOURCES


@pytest.mark.parametrize("handle", sorted(ARTICLES.keys() - SHORT))
def test_an_article_names_every_sign_that_needs_a_doctor(handle):
    told = section(ARTICLES[handle].body, "When to see a doctor first")

    assert [sign for sign in SIGNS if not re.search(sign, told)] == []


@pytest.mark.parametrize("handle", sorted(TUTORIALS))
def test_a_tutorial_names_every_sign_that_needs_a_doctor_in_its_first_two_cautions(handle):
    told = " ".join(TUTORIALS[handle].front["cautions"][:2])

    assert [sign for sign in SIGNS if not re.search(sign, told)] == []


@pytest.mark.parametrize("handle", PAGES)
def test_no_text_promises_what_nobody_can_promise(handle):
    text = PAGES[handle]
    said = f"{text.front['title']} {text.front['summary']} {shown(text.body).get_text(' ')}"
    # The page on how we write lists such words, to say that we do not use them.
    allowed = (
        {"cure", "best", "clinically proven", "guaranteed"} if handle == "how-we-write" else set()
    )

    assert {found.group().lower() for found in PROMISES.finditer(said)} - allowed == set()


@pytest.mark.parametrize("handle", ARTICLES)
def test_every_figure_of_an_article_is_drawn_and_described(handle):
    text = ARTICLES[handle]
    figures = FIGURE.findall(text.body)
    figures.append((text.front["figure_alt"], text.front["figure"], text.front["figure_caption"]))

    assert len(figures) == text.body.count("](figure:") + 1
    for alt, key, caption in figures:
        assert (FIGURES / f"{key}.svg").is_file(), key
        assert len(alt) >= 40, key
        assert caption != alt, key


@pytest.mark.seeded
@pytest.mark.parametrize("handle", PAGES)
def test_every_link_inside_a_text_leads_somewhere(client, handle):
    body = PAGES[handle].body
    anchors = {f"#{heading['id']}" for heading in shown(body).find_all(["h2", "h3"])}

    for address in {address for address, _ in LINK.findall(body)}:
        assert client.get(address).status_code == 200, address
    assert set(ANCHOR.findall(body)) <= anchors
