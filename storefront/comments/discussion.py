"""What stands below a text: its comments, and the form for another one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, request

from models import Article, Region
from storefront.comments import queries
from storefront.comments.forms import CommentForm, comment_form
from storefront.comments.queries import Thread
from storefront.comments.service import Text
from storefront.extensions import db
from storefront.paging import LAST_PAGE, Slice


@dataclass(frozen=True, slots=True)
class Discussion:
    """What the section of comments shows.

    address: of the text. total: published comments and answers. error: what is wrong as a whole.
    """

    address: str
    total: int
    page: Slice[Thread]
    regions: Sequence[Region]
    form: CommentForm
    feed: str | None = None
    error: str | None = None


def discussion(text: Text, form: CommentForm | None = None, error: str | None = None) -> Discussion:
    """Return a text's comments, the page that ``?comments=`` asks for, and the form.

    form: with what was typed where something was wrong with it; an article's blog must be loaded.
    """
    total, page = queries.threads(db.session, text, _asked_page())
    places = queries.regions(db.session)
    address = queries.address_of(text)
    return Discussion(
        address=address,
        total=total,
        page=page,
        regions=places,
        form=form or comment_form(places),
        feed=f"{address}.comments.atom" if isinstance(text, Article) else None,
        error=error,
    )


def _asked_page() -> int:
    typed = request.args.get("comments", "1")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(LAST_PAGE))
    if not is_number or not 0 < int(typed) <= LAST_PAGE:
        abort(404)
    return int(typed)
