"""The search's addresses. Nothing of what is searched for is stored."""

from flask import Blueprint, Response, abort, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from models.language import prefix
from storefront.catalog.queries import cards_by_url
from storefront.extensions import db
from storefront.languages import gettext, lazy_gettext
from storefront.paging import page_number
from storefront.search.queries import (
    KINDS,
    LONGEST_QUERY,
    Answer,
    places_to_begin,
    search,
    suggestions,
)
from storefront.visitor import visitor

bp = Blueprint("search", __name__)

MOST_SUGGESTED = 8
TOO_LONG = lazy_gettext("Search for at most %(count)s characters.", count=LONGEST_QUERY)
KEPT = "public, max-age=300, s-maxage=300, stale-while-revalidate=600"


@bp.get("/search")
def show() -> ResponseReturnValue:
    """Show what was found, or what is wrong with the question.

    ``?kind=`` shows one kind of thing, ``?as=typed`` mends no misspelling.
    """
    query, kind = _query(), request.args.get("kind", "")
    if kind and kind not in KINDS:
        abort(404)
    if len(query) > LONGEST_QUERY:
        return _page(query[:LONGEST_QUERY], None, TOO_LONG), 422
    as_typed = request.args.get("as") == "typed"
    answer = search(db.session, query, kind=kind, page=page_number(), as_typed=as_typed)
    return _page(query, answer, None)


@bp.get("/search/suggest")
def suggest() -> ResponseReturnValue:
    """Give what may be meant by what is typed so far, the same to everybody."""
    query = _query()
    if len(query) > LONGEST_QUERY:
        return jsonify(error=str(TOO_LONG)), 422
    found = suggestions(db.session, query, MOST_SUGGESTED)
    answer: Response = jsonify(
        [{"title": it.title, "url": it.url, "kind": it.kind, "label": it.label} for it in found]
    )
    answer.headers["Cache-Control"] = KEPT
    return answer


def _query() -> str:
    return request.args.get("q", "").replace("\0", " ").strip()


def _page(query: str, answer: Answer | None, error: str | None) -> str:
    results = answer.page.items if answer else []
    here = prefix()
    products = [it.url.removeprefix(here) for it in results if it.kind == "product"]
    cards = cards_by_url(db.session, products, visitor())
    begin = ("muscle", "region", "tutorial")
    return render_template(
        "search/show.html",
        query=query,
        answer=answer,
        results=results,
        kind=request.args.get("kind", ""),
        kinds=_kinds(query, answer) if answer else [],
        as_typed=request.args.get("as") == "typed",
        begin=None if results else places_to_begin(db.session, begin),
        cards={here + url: card for url, card in cards.items()},
        error=error,
    )


def _kinds(query: str, answer: Answer) -> list[tuple[str, str, int, str]]:
    """Return (kind, name, count, address) of all kinds together and of each that was found."""
    kinds = [("", gettext("All"), answer.total)]
    kinds += [
        (kind, KINDS[kind][1], answer.counts[kind]) for kind in KINDS if kind in answer.counts
    ]
    return [
        (kind, name, count, url_for("search.show", q=query, kind=kind or None))
        for kind, name, count in kinds
    ]
