"""Articles, tutorials, routines and pages; each function needs what the page of it has loaded."""

import re
from collections.abc import Sequence
from functools import lru_cache
from html import unescape
from itertools import count

from models import Article, Author, Page, Reference, Routine, RoutinePart, Tutorial, TutorialStep
from models.language import language
from storefront.feeds.linked_data.things import Site, Thing, moment, organization, spoken, thing
from storefront.languages import gettext
from storefront.text import KEPT, plain

SHOP_AUTHOR = "the-shop"  # who stands for what nobody with a name has written
_NOTE = re.compile(r'<li id="fn[^"]*"[^>]*>(.*?)</li>', re.DOTALL)
_NOTES = re.compile(r'<section[^>]* class="footnotes"')
_OUTSIDE = re.compile(r'<a href="(https?://[^"]+)"')


def article(
    site: Site, text: Article, url: str, picture: str, keywords: Sequence[str] = ()
) -> Thing:
    """Return an article with its sources. keywords: its tags as they are said now."""
    return thing(
        "Article",
        headline=text.title,
        description=text.summary,
        url=url,
        mainEntityOfPage=url,
        image=[picture, *([site.figure(text.figure)] if text.figure else [])],
        datePublished=moment(text.published_at),
        dateModified=moment(text.updated_at),
        author=_author(site, text.author),
        publisher=organization(site),
        wordCount=_words(text.body_html),
        inLanguage=language(),
        keywords=list(keywords),
        citation=list(_notes(text.body_html)),
    )


def tutorial(site: Site, text: Tutorial, url: str, picture: str) -> Thing:
    """Return a tutorial as what one does, with its cautions before the steps."""
    return thing(
        "HowTo",
        name=text.title,
        description=text.summary,
        text=cautions(text),
        url=url,
        inLanguage=spoken(),
        image=picture,
        dateModified=moment(text.updated_at),
        totalTime=f"PT{text.minutes}M" if text.minutes else None,
        tool=[thing("HowToTool", name=need) for need in text.needs],
        step=[_step(site, step, place, url) for place, step in enumerate(text.steps, start=1)],
        citation=_citations(text.references),
    )


def routine(site: Site, text: Routine, url: str, picture: str, minutes: int = 0) -> Thing:
    """Return a routine: a section for each tutorial that it takes from. minutes: 0 is unknown."""
    places = count(1)
    warned = [cautions(part.tutorial) for part in text.parts]
    return thing(
        "HowTo",
        name=text.title,
        description=text.summary,
        text="\n".join(dict.fromkeys(filter(None, warned))),
        url=url,
        inLanguage=spoken(),
        image=picture,
        dateModified=moment(text.updated_at),
        totalTime=f"PT{minutes}M" if minutes else None,
        step=[
            thing(
                "HowToSection",
                name=part.tutorial.title,
                position=position,
                itemListElement=[_taken_step(site, part, it, next(places)) for it in taken(part)],
            )
            for position, part in enumerate(text.parts, start=1)
        ],
    )


def page(site: Site, text: Page, url: str, picture: str) -> Thing:
    """Return a plain page or a policy."""
    return thing(
        "WebPage",
        name=text.title,
        description=text.summary,
        url=url,
        inLanguage=spoken(),
        image=picture,
        dateModified=moment(text.updated_at),
        publisher=organization(site),
    )


def cautions(text: Tutorial) -> str:
    """Return what is read before the steps and when to stop, as plain sentences."""
    lines = [
        f"{title}: {' '.join(points)}"
        for title, points in (
            (gettext("Read this first"), text.cautions),
            (
                gettext("Stop at once if you feel"),
                [f"{sign.rstrip('.')}." for sign in text.stop_signs],
            ),
        )
        if points
    ]
    return "\n".join(lines)


def taken(part: RoutinePart) -> Sequence[TutorialStep]:
    """Return the steps that a routine takes of a tutorial."""
    return [it for it in part.tutorial.steps if not part.steps or it.position in part.steps]


def _step(site: Site, step: TutorialStep, place: int, url: str) -> Thing:
    return thing(
        "HowToStep",
        position=place,
        name=step.title,
        text=plain(step.text_html),
        url=f"{url}#step-{place}",
        image=site.figure(step.figure) if step.figure else None,
    )


def _taken_step(site: Site, part: RoutinePart, step: TutorialStep, place: int) -> Thing:
    """Return a step of a routine, which stands on the page of its tutorial."""
    page_url = site.at(f"/pages/{part.tutorial.handle}")
    return _step(site, step, step.position, page_url) | {"position": place}


def _author(site: Site, author: Author | None) -> Thing:
    if author is None or author.handle == SHOP_AUTHOR:
        return organization(site) | {"name": author.name if author else site.shop.name}
    return thing("Person", name=author.name, description=author.credentials)


@lru_cache(maxsize=KEPT)
def _words(html: str) -> int:
    return len(plain(_NOTES.split(html)[0]).split())


@lru_cache(maxsize=KEPT)
def _notes(html: str) -> tuple[Thing, ...]:
    """Return the footnotes of rendered HTML: reading them there takes no query."""
    return tuple(
        thing(
            "CreativeWork",
            name=plain(note.partition("<a ")[0]),
            url=next(map(unescape, _OUTSIDE.findall(note)), None),
        )
        for note in _NOTE.findall(html)
    )


def _citations(found: Sequence[Reference]) -> list[Thing]:
    return [
        thing(
            "CreativeWork",
            name=each.citation,
            url=f"https://doi.org/{each.doi}" if each.doi else each.url,
        )
        for each in found
    ]
