"""The back office: one blueprint, every screen a part of it, one check before all."""

from flask import Blueprint, Response
from sqlalchemy import select

from models import Product
from storefront.caching import PRIVATE
from storefront.extensions import db, settings
from storefront.signin import current_staff
from storefront.staff import access
from storefront.staff.articles.routes import bp as articles
from storefront.staff.claims.routes import bp as claims
from storefront.staff.comments.routes import bp as comments
from storefront.staff.discounts.routes import bp as discounts
from storefront.staff.inventory.routes import bp as inventory
from storefront.staff.leads.routes import bp as leads
from storefront.staff.limits.routes import bp as limits
from storefront.staff.money.routes import bp as money
from storefront.staff.newsletter.routes import bp as newsletter
from storefront.staff.orders.routes import bp as orders
from storefront.staff.products.routes import bp as products
from storefront.staff.questions.routes import bp as questions
from storefront.staff.refunds.routes import bp as refunds
from storefront.staff.sequences.routes import bp as sequences
from storefront.staff.session.routes import bp as session
from storefront.staff.shipping.routes import bp as shipping
from storefront.staff.taxes.routes import bp as taxes
from storefront.staff.today.routes import bp as today
from storefront.staff.tutorials.routes import bp as tutorials
from storefront.staff.videos.routes import bp as videos

SCREENS = (
    *(session, today, orders, refunds, money, limits),
    *(inventory, products, discounts, shipping, taxes),
    *(articles, tutorials, videos, claims, leads),
    *(comments, questions, newsletter, sequences),
)

bp = Blueprint("staff", __name__, url_prefix="/staff")
bp.before_request(access.check)
for screen in SCREENS:
    bp.register_blueprint(screen)


@bp.after_request
def keep_private(response: Response) -> Response:
    """Keep every answer of the back office, the sign-in too, out of caches and search engines."""
    response.headers["Cache-Control"] = PRIVATE
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@bp.context_processor
def layout_words() -> dict[str, object]:
    """Give the layout what it says on every page; it asks the database, an error page does not."""
    return {
        "current_staff": current_staff,
        "is_demonstration": _is_demonstration,
        "timezone": settings().timezone,
    }


def _is_demonstration() -> bool:
    found = select(Product.id).where(Product.is_demonstration).limit(1)
    return db.session.scalar(found) is not None
