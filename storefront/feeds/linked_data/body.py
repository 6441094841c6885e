"""Regions, muscles and the glossary. Nothing here claims that a doctor has reviewed it."""

from collections.abc import Sequence

from models import GlossaryTerm, Muscle, Region
from storefront.feeds.linked_data.things import Site, Thing, spoken, thing
from storefront.text import plain


def region(site: Site, where: Region, muscles: Sequence[Muscle], url: str, picture: str) -> Thing:
    """Return a region's page, about the muscles that may be felt there."""
    return thing(
        "WebPage",
        name=where.name,
        description=where.summary,
        url=url,
        inLanguage=spoken(),
        image=picture,
        about=[
            thing("Muscle", name=each.name, url=site.at(f"/muscles/{each.handle}"))
            for each in muscles
        ],
    )


def muscle(site: Site, about: Muscle, url: str, picture: str) -> Thing:
    """Return a muscle's page."""
    return thing(
        "WebPage",
        name=about.name,
        url=url,
        inLanguage=spoken(),
        mainEntity=thing(
            "Muscle",
            name=about.name,
            alternateName=about.latin,
            description=about.location,
            muscleAction=about.action,
            image=[picture, *(site.figure(it) for it in (about.figure, about.pain_figure) if it)],
        ),
    )


def glossary(terms: Sequence[GlossaryTerm], title: str, url: str) -> Thing:
    """Return the glossary; each term stands at its handle on the page."""
    return thing(
        "DefinedTermSet",
        name=title,
        url=url,
        inLanguage=spoken(),
        hasDefinedTerm=[
            thing(
                "DefinedTerm",
                name=each.term,
                alternateName=list(each.also),
                description=plain(each.definition_html),
                url=f"{url}#{each.handle}",
            )
            for each in terms
        ],
    )
