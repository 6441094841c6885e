"""The search's address."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from storefront.extensions import db
from storefront.search.queries import LONGEST_QUERY, search

bp = Blueprint("search", __name__)


@bp.get("/search")
def show() -> ResponseReturnValue:
    """Show what was found, or what is wrong with the question."""
    query = request.args.get("q", "").replace("\0", " ").strip()
    if len(query) > LONGEST_QUERY:
        error = f"Please search for at most {LONGEST_QUERY} characters."
        return _page(query[:LONGEST_QUERY], [], error), 422
    return _page(query, search(db.session, query) if query else [], None)


def _page(query: str, results: object, error: str | None) -> str:
    return render_template("search/show.html", query=query, results=results, error=error)
