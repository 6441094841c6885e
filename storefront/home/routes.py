"""The first page."""

from flask import Blueprint, render_template

from storefront.catalog.queries import first_cards
from storefront.extensions import db
from storefront.learn import queries as learn
from storefront.visitor import visitor

bp = Blueprint("home", __name__)


@bp.get("/")
def show() -> str:
    """Show what the shop is about."""
    tutorials, articles, muscles = learn.front(db.session)
    return render_template(
        "home/show.html",
        cards=first_cards(db.session, 4, visitor()),
        tutorials=tutorials,
        articles=articles,
        muscles=muscles,
    )


@bp.get("/accessibility")
def accessibility() -> str:
    """Say what was done so that everybody can use the shop, and what does not hold yet."""
    return render_template("home/accessibility.html")
