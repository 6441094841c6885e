"""Markdown to safe HTML: what writers may write, and what does not survive."""

import pytest
from bs4 import BeautifulSoup

from storefront.text import cited, contents, parted, plain, reading_minutes, render, said


def parsed(markdown, citations=None):
    return BeautifulSoup(render(markdown, citations), "html.parser")


@pytest.mark.parametrize(
    "markdown",
    [
        "<script>alert(1)</script>",
        "Hello <b onclick='alert(1)'>you</b>",
        "<img src=x onerror=alert(1)>",
        "<style>body{display:none}</style>",
        "<iframe src='https://example.com'></iframe>",
        "<svg/onload=alert(1)>",
        "<!-- <a> -->",
    ],
)
def test_raw_html_is_shown_as_text(markdown):
    html = parsed(markdown)

    assert html.get_text().strip().replace("\u2018", "'").replace("\u2019", "'") == markdown
    assert [tag.name for tag in html.find_all()] == ["p"]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "vbscript:msgbox(1)",
        "data:text/html,<script>alert(1)</script>",
        "file:///etc/passwd",
    ],
)
def test_an_address_that_runs_something_is_no_link(address):
    html = parsed(f"[click](<{address}>)")

    assert html.find("a", href=True) is None
    assert "click" in html.get_text()


@pytest.mark.parametrize(
    "address", ["/pages/safety", "https://example.org/a", "mailto:me@example.org", "#stop"]
)
def test_an_honest_address_is_a_link(address):
    link = parsed(f"[click]({address})").find("a")

    assert link["href"] == address
    assert link["rel"] == ["noopener", "noreferrer"]


def test_a_picture_of_an_address_that_runs_something_is_dropped():
    assert parsed("![x](javascript:alert(1))").find("img", src=True) is None


def test_quotes_cannot_leave_an_attribute():
    html = parsed('[x](/a "\\" onmouseover=\\"alert(1)") ![\\" onerror=\\"alert(1)](/b.svg)')

    assert set(html.find("a").attrs) == {"href", "title", "rel"}
    assert set(html.find("img").attrs) == {"src", "alt"}
    assert html.find("img")["alt"] == '" onerror="alert(1)'


def test_a_figure_stands_alone_with_its_words_and_its_caption():
    html = parsed('Before.\n\n![The back](figure:ql-anatomy "Seen from behind.")\n\nAfter.')

    figure = html.find("figure")
    assert figure.img["src"] == "/static/img/figures/ql-anatomy.svg"
    assert figure.img["alt"] == "The back"
    assert figure.figcaption.get_text() == "Seen from behind."
    assert figure.find_parent("p") is None
    assert [p.get_text() for p in html.find_all("p")] == ["Before.", "After."]


def test_a_figure_without_a_caption_has_none():
    assert parsed("![The back](figure:ql-anatomy)").find("figcaption") is None


def test_a_figures_key_leads_nowhere_else():
    image = parsed("![x](figure:../../etc/PASSWD%22onload)").find("img")

    assert image["src"].startswith("/static/img/figures/")
    assert image["src"].removeprefix("/static/img/figures/").replace(".svg", "").isalnum()


def test_a_caption_cannot_hold_markup():
    figure = parsed('![a<b>](figure:x "<script>alert(1)</script>")').find("figure")

    assert figure.find("script") is None
    assert figure.figcaption.get_text() == "<script>alert(1)</script>"
    assert figure.img["alt"] == "a<b>"


def test_a_citation_becomes_a_footnote_and_counts_once():
    html = parsed("One.[^who] Two.[^who]", {"who": "A study. <https://example.org/study>"})

    (note,) = html.select("li.footnote-item")
    assert "A study." in note.get_text()
    assert note.find("a", href="https://example.org/study") is not None
    marks = [mark.a for mark in html.select("sup.footnote-ref")]
    assert [mark["href"] for mark in marks] == [f"#{note['id']}"] * 2
    assert len({mark["id"] for mark in marks}) == 2


def test_an_unknown_key_stays_as_it_was_typed():
    html = parsed("One.[^nobody]", {"who": "A study."})

    assert html.get_text().strip() == "One.[^nobody]"
    assert html.find("sup") is None


def test_a_citation_of_a_source_cannot_hold_markup():
    html = parsed("One.[^who]", {"who": "A <script>alert(1)</script> study."})

    assert html.find("script") is None
    assert "<script>alert(1)</script>" in html.get_text()


def test_the_keys_of_a_text_come_once_in_the_order_of_use():
    assert cited("A[^b-2] B[^a] C[^b-2] D[^X] E[^]") == ["b-2", "a"]


def test_a_table_has_a_head_and_rows():
    html = parsed("| Edge | Where |\n| --- | --: |\n| Lower | Hip |\n")

    assert [th.get_text() for th in html.select("thead th")] == ["Edge", "Where"]
    assert [td.get_text() for td in html.select("tbody td")] == ["Lower", "Hip"]
    assert not html.find_all(style=True)


def test_the_contents_are_the_second_level_headings_with_their_ids():
    html = render("# Top\n\n## First *part*\n\n### Deep\n\n## R&D\n\n## First part\n")

    found = contents(html)

    assert [title for _, title in found] == ["First part", "R&D", "First part"]
    ids = [key for key, _ in found]
    assert ids[0] == "first-part"
    assert len(set(ids)) == 3
    assert all(f'<h2 id="{key}"' in html for key in ids)


def test_the_words_of_a_text_hold_no_markup_and_no_arrows():
    html = render("## Head\n\nA **bold** word.[^who]", {"who": "Source."})

    assert "<" not in plain(html)
    assert "↩" not in plain(html)
    assert {"Head", "bold", "word."} <= set(plain(html).split())


@pytest.mark.parametrize(("count", "minutes"), [(0, 1), (220, 1), (440, 2), (2200, 10)])
def test_reading_takes_a_minute_for_220_words(count, minutes):
    assert reading_minutes(render("word " * count)) == minutes


def test_sources_are_no_part_of_what_a_text_says_nor_of_its_reading_time():
    html = render("One.[^who] Two.", {"who": "A study. " * 500})

    text, notes = parted(html)
    assert text + notes == html
    assert "A study." in notes
    assert said(html).split() == ["One.", "Two."]
    words = said(render("A [link](/a), and **more**.")).split()
    assert words == ["A", "link,", "and", "more."]
    assert reading_minutes(html) == 1
    assert parted(render("One.")) == (render("One."), "")


@pytest.mark.parametrize("sign", ["[", "*", ">", "![", "[^a", "|", "`"])
def test_a_text_of_nothing_but_signs_is_rendered(sign):
    assert isinstance(render(sign * 3000), str)


def test_a_note_has_a_way_back_for_each_mark_and_the_same_number():
    html = parsed("One.[^who] Two.[^who]", {"who": "A study."})

    marks = [mark.a for mark in html.select("sup.footnote-ref")]
    assert [mark.get_text() for mark in marks] == ["[1]", "[1]"]
    backs = html.select("a.footnote-backref")
    assert [back["href"] for back in backs] == [f"#{mark['id']}" for mark in marks]
    assert {back["aria-label"] for back in backs} == {"Back to the text"}
    assert html.find("section", class_="footnotes")["aria-label"] == "Notes"


def test_notes_of_two_texts_on_one_page_have_ids_of_their_own():
    first, second = (render("A.[^a]", {"a": "Book."}, notes=name) for name in ("step-1", "step-2"))

    assert (
        BeautifulSoup(first, "html.parser").li["id"]
        != BeautifulSoup(second, "html.parser").li["id"]
    )


def test_a_heading_links_to_itself_unless_it_holds_a_link():
    html = parsed("## Plain\n\n## With [a link](/a)\n\n### Third")

    assert [[a["href"] for a in h.find_all("a")] for h in html.find_all(["h2", "h3"])] == [
        *(["#plain"], ["/a"], ["#third"])
    ]


@pytest.mark.parametrize(("kind", "title"), [("caution", "Caution"), ("tip", "Tip")])
def test_a_callout_says_what_it_is(kind, title):
    html = parsed(f"::: {kind}\nStop *at once*.\n:::\n\nAfter.")

    callout = html.find("div", class_=f"callout--{kind}")
    assert [p.get_text() for p in callout.find_all("p")] == [title, "Stop at once."]
    assert callout.em is not None


def test_a_list_of_definitions_has_terms():
    html = parsed("Trigger\n: The narrow end.\n\nRamp\n: The wide end.\n")

    assert [dt.get_text() for dt in html.select("dl > dt")] == ["Trigger", "Ramp"]
    assert [dd.get_text() for dd in html.select("dl > dd")] == ["The narrow end.", "The wide end."]


@pytest.mark.parametrize("address", ["https://example.org/a.png", "//example.org/a.png", "data:,a"])
def test_a_picture_from_elsewhere_is_not_fetched(address):
    image = parsed(f"![A picture](<{address}>)").find("img")

    assert image is None or not image.has_attr("src")


@pytest.mark.parametrize(
    "junk",
    ["[", "![", "[^a", '"', "- a\n", "> ", "::: tip\n", "**a ", "# h\n\n", "[a](", "a\n: b\n\n"],
)
def test_a_hundred_thousand_signs_of_junk_are_rendered(junk):
    html = render(junk * (100_000 // len(junk)), {"a": "Book."})

    assert "<script" not in html
