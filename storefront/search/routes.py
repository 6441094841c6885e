"""The search's address."""

from collections.abc import Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from storefront.catalog.queries import cards_by_url
from storefront.extensions import db
from storefront.search.queries import LONGEST_QUERY, Found, search
from storefront.visitor import visitor

bp = Blueprint("search", __name__)


@bp.get("/search")
def show() -> ResponseReturnValue:
    """Show what was found, or what is wrong with the question."""
    query = request.args.get("q", "").replace("\0", " ").strip()
    if len(query) > LONGEST_QUERY:
        error = f"Please search for at most {LONGEST_QUERY} characters."
        return _page(query[:LONGEST_QUERY], [], error), 422
    return _page(query, search(db.session, query) if query else [], None)


def _page(query: str, results: Sequence[Found], error: str | None) -> str:
    products = [result.url for result in results if result.kind == "product"]
    return render_template(
        "search/show.html",
        query=query,
        results=results,
        cards=cards_by_url(db.session, products, visitor()),
        error=error,
    )
