"""The addresses of the body map, regions, muscles and the glossary."""

from collections.abc import Sequence

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from models import BodySide, Muscle, Region
from storefront.body import queries
from storefront.catalog.queries import cards_for_muscles
from storefront.extensions import db
from storefront.languages import gettext
from storefront.learn import queries as learn
from storefront.visitor import visitor

bp = Blueprint("body", __name__)
RED_FLAGS = (
    *("red-flags-hey", "red-flags-ncbi", "osinski-2016", "nexus-self-massage"),
    *("healthify-sciatica", "gloucestershire-dvt", "healthline-kidney"),
)


@bp.get("/where-does-it-hurt")
def show() -> str:
    """Show the warning signs, then the map of the body. What is chosen never leaves the page."""
    sources = queries.references(db.session, RED_FLAGS)
    return render_template(
        "body/show.html",
        sides=_sides(queries.regions(db.session)),
        sources=[sources[key] for key in RED_FLAGS if key in sources],
    )


@bp.get("/where-does-it-hurt/<handle>")
def region(handle: str) -> ResponseReturnValue:
    """Show what may lie behind a pain in a region."""
    regions = queries.regions(db.session)
    at = next((place for place, it in enumerate(regions) if it.handle == handle), None)
    if at is None:
        return _not_there(gettext("There is no such place on the map."), regions)
    candidates = queries.candidates(db.session, regions[at])
    muscles = [it.muscle.id for it in candidates]
    opening, heading, rest = regions[at].body_html.partition("<h2")
    return render_template(
        "body/region.html",
        region=regions[at],
        opening=opening,
        rest=heading + rest,
        candidates=candidates,
        products=cards_for_muscles(db.session, muscles, visitor()),
        beside=[it for it in regions[max(at - 1, 0) : at + 2] if it.handle != handle],
    )


@bp.get("/muscles")
def muscles() -> str:
    """List the muscles."""
    return render_template("body/muscles.html", muscles=learn.muscles(db.session))


@bp.get("/muscles/<handle>")
def muscle(handle: str) -> ResponseReturnValue:
    """Show a muscle: where it lies, what it does, where it may be felt."""
    found = queries.muscle(db.session, handle)
    if found is None:
        message = gettext("The shop does not write about a muscle of this name.")
        return _not_there(message, learn.muscles(db.session))
    return render_template(
        "body/muscle.html",
        muscle=found,
        regions=queries.regions_of(db.session, found),
        tutorials=queries.tutorials(db.session, [found.id]),
        articles=queries.articles(db.session, [found.id])[found.id],
        products=cards_for_muscles(db.session, [found.id], visitor()),
    )


@bp.get("/glossary")
def glossary() -> str:
    """Explain the words of the texts, from A to Z."""
    return render_template("body/glossary.html", letters=queries.glossary(db.session))


def _sides(regions: list[Region]) -> list[tuple[BodySide, list[Region]]]:
    """Return the regions of the back and those of the front; a side without any is left out."""
    sides = [(side, [it for it in regions if it.side is side]) for side in BodySide]
    return [(side, found) for side, found in sides if found]


def _not_there(message: str, others: Sequence[Region | Muscle]) -> tuple[str, int]:
    """Say that there is no such page, and which there are."""
    places = [
        (
            it.name,
            url_for("body.region" if isinstance(it, Region) else "body.muscle", handle=it.handle),
        )
        for it in others
    ]
    page = render_template(
        "errors/error.html",
        status=404,
        title=gettext("This page is not here"),
        message=message,
        canonical_url=None,
        suggestions=[*places, (gettext("Where does it hurt?"), url_for("body.show"))],
    )
    return page, 404
