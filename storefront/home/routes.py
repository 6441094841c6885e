"""The first page."""

from flask import Blueprint, render_template

from storefront.catalog.queries import cards
from storefront.extensions import chosen_currency, db
from storefront.learn import queries as learn

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """Show what the shop is about."""
    return render_template(
        "home/show.html",
        cards=cards(db.session, size=4, currency=chosen_currency()).items,
        tutorials=learn.tutorials(db.session),
        articles=learn.newest(db.session),
        muscles=learn.muscles(db.session),
    )
