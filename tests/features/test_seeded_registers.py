"""The seeded glossary, claim register and welcome mails: what they say and where they lead."""

import re
from datetime import date
from itertools import groupby

import pytest

from tests.reading import PROMISES, SEED, grade, shown, table, texts

ARTICLES = texts("articles")
TUTORIALS = texts("tutorials")
PAGES = {**TUTORIALS, **texts("pages")}
MAILS = texts("sequences/welcome")
TERMS = table("glossary.toml")["term"]
CLAIMS = table("claims.toml")["claim"]
ADDRESSES = {
    *("/tutorials", "/where-does-it-hurt", "/log"),
    *(f"/blogs/the-ql-blawg/{handle}" for handle in ARTICLES),
    *(f"/pages/{handle}" for handle in PAGES),
}
WRITTEN = date(2026, 11, 26)


def of_text(claim):
    return ("article", claim["article"]) if "article" in claim else ("page", claim["page"])


def test_the_glossary_has_30_to_40_terms_each_under_one_name():
    names = [name.lower() for term in TERMS for name in (term["term"], *term["also"])]

    assert 30 <= len(TERMS) <= 40
    assert len({term["handle"] for term in TERMS}) == len(TERMS)
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term["handle"])
def test_a_term_is_explained_in_one_to_three_short_sentences_and_leads_on(term):
    assert set(term) == {"handle", "term", "also", "definition", "see"}
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", term["handle"])
    assert 1 <= len(re.findall(r"[.:](?=\s|$)", term["definition"])) <= 4
    assert len(term["definition"]) <= 300
    assert "[^" not in term["definition"]
    assert not PROMISES.search(term["definition"])
    assert term["see"] in ADDRESSES


def test_every_article_and_tutorial_has_its_4_to_12_claims():
    counted = {text: len(list(rows)) for text, rows in groupby(CLAIMS, key=of_text)}

    assert set(counted) == {
        *(("article", handle) for handle in ARTICLES),
        *(("page", handle) for handle in TUTORIALS),
    }
    assert {text: n for text, n in counted.items() if not 4 <= n <= 12} == {}


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim["text"][:50])
def test_a_claim_stands_on_sources_that_its_text_cites_and_is_due_within_a_year(claim):
    kind, handle = of_text(claim)
    text = (ARTICLES if kind == "article" else TUTORIALS)[handle]

    assert set(claim) == {kind, "text", "references", "review_by"}  # nobody has reviewed it
    assert claim["references"]
    assert set(claim["references"]) - text.keys == set()
    assert WRITTEN < claim["review_by"] <= WRITTEN.replace(year=WRITTEN.year + 1)
    assert claim["text"].endswith(".")
    assert not PROMISES.search(claim["text"])


def test_the_welcome_is_six_mails_every_three_days():
    sequence = table("sequences/welcome/sequence.toml")

    assert sequence == {
        "title": "Welcome",
        "trigger": "newsletter confirmed",
        "topic": "tutorials",
        "stops_on": ["unsubscribed", "bounced"],
        "is_active": True,
    }
    assert [name.split("-")[0] for name in MAILS] == ["1", "2", "3", "4", "5", "6"]
    assert [mail.front["delay_hours"] for mail in MAILS.values()] == [0, 72, 72, 72, 72, 72]
    assert len({mail.front["subject"] for mail in MAILS.values()}) == 6


@pytest.mark.parametrize("name", MAILS)
def test_a_mail_is_short_plain_and_names_the_cautions_before_the_tutorial(name):
    body = MAILS[name].body
    links = re.findall(r"\]\((/[^)]+)\)", body)
    tutorials = [link for link in links if link.removeprefix("/pages/") in TUTORIALS]

    assert 150 <= len(shown(body).get_text(" ").split()) <= 300
    assert grade(body) <= 9
    assert set(links) <= ADDRESSES
    assert "{{" not in body
    assert "[^" not in body
    assert not PROMISES.search(body)
    assert len(re.findall(r"\btool\b|QL Claw(?! shop)", body)) <= 2
    assert body.count("**One thing to do") + body.count("**Read our") == 1
    if name == "1-welcome":
        assert links == ["/pages/safety", "/where-does-it-hurt"]
    else:
        assert len(tutorials) == 1
        assert body.lower().index("caution") < body.index("**One thing to do")
        assert body.lower().index("caution") < body.index(tutorials[0])


def test_each_of_the_five_tutorials_has_its_mail():
    led = [
        handle
        for mail in MAILS.values()
        for handle in TUTORIALS
        if f"/pages/{handle})" in mail.body
    ]

    assert sorted(led) == sorted(TUTORIALS)


@pytest.mark.parametrize("path", sorted(SEED.rglob("*.toml")), ids=lambda path: path.name)
def test_every_seeded_table_can_be_read(path):
    assert table(str(path.relative_to(SEED)))
