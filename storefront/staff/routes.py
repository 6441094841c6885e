"""The back office: one blueprint, every screen a part of it, one check before all."""

from flask import Blueprint, Response, current_app
from sqlalchemy import select

from models import Product
from storefront.caching import PRIVATE
from storefront.extensions import db, settings
from storefront.signin import current_staff
from storefront.staff import access, places
from storefront.staff.articles.routes import bp as articles
from storefront.staff.audit.routes import bp as audit
from storefront.staff.broken_links.routes import bp as broken_links
from storefront.staff.bulk.routes import bp as bulk
from storefront.staff.claims.routes import bp as claims
from storefront.staff.collections.routes import bp as collections
from storefront.staff.comments.routes import bp as comments
from storefront.staff.customers.routes import bp as customers
from storefront.staff.discounts.routes import bp as discounts
from storefront.staff.documents.routes import bp as documents
from storefront.staff.drafts.routes import bp as drafts
from storefront.staff.edits.routes import bp as edits
from storefront.staff.entries.routes import BLUEPRINTS as ENTRIES
from storefront.staff.exports.routes import bp as exports
from storefront.staff.find.routes import bp as find
from storefront.staff.gift_cards.routes import bp as gift_cards
from storefront.staff.imports.routes import bp as imports
from storefront.staff.inventory.routes import bp as inventory
from storefront.staff.leads.routes import bp as leads
from storefront.staff.limits.routes import bp as limits
from storefront.staff.locations.routes import bp as locations
from storefront.staff.mail_templates.routes import bp as mail_templates
from storefront.staff.mails.routes import bp as mails
from storefront.staff.media.routes import bp as media
from storefront.staff.menus.routes import bp as menus
from storefront.staff.messages.routes import bp as messages
from storefront.staff.money.routes import bp as money
from storefront.staff.newsletter.routes import bp as newsletter
from storefront.staff.order_questions.routes import bp as order_questions
from storefront.staff.orders.routes import bp as orders
from storefront.staff.own.routes import bp as own
from storefront.staff.pages.routes import bp as pages
from storefront.staff.parcels.routes import bp as parcels
from storefront.staff.people.routes import bp as people
from storefront.staff.products.routes import bp as products
from storefront.staff.purchases.routes import bp as purchases
from storefront.staff.questions.routes import bp as questions
from storefront.staff.redirects.routes import bp as redirects
from storefront.staff.refunds.routes import bp as refunds
from storefront.staff.remarks.routes import bp as remarks
from storefront.staff.reports.routes import bp as reports
from storefront.staff.returns.routes import bp as returns
from storefront.staff.reviews.routes import bp as reviews
from storefront.staff.sequences.routes import bp as sequences
from storefront.staff.session.routes import bp as session
from storefront.staff.shipping.routes import bp as shipping
from storefront.staff.shop.routes import bp as shop
from storefront.staff.stock_takes.routes import bp as stock_takes
from storefront.staff.suppliers.routes import bp as suppliers
from storefront.staff.tasks.routes import bp as tasks
from storefront.staff.taxes.routes import bp as taxes
from storefront.staff.today.routes import bp as today
from storefront.staff.translations.routes import bp as translations
from storefront.staff.tutorials.routes import bp as tutorials
from storefront.staff.videos.routes import bp as videos
from storefront.staff.views.routes import bp as views

SCREENS = (
    *(session, today, reports, find, tasks, own),
    *(
        orders,
        bulk,
        parcels,
        edits,
        refunds,
        documents,
        gift_cards,
        drafts,
        returns,
        views,
        money,
        limits,
        remarks,
    ),
    *(inventory, locations, stock_takes, suppliers, purchases, imports, exports),
    *(products, media, collections, discounts, shipping, taxes),
    *ENTRIES,
    *(articles, tutorials, videos, claims, leads, pages, menus, redirects, broken_links),
    translations,
    *(
        messages,
        order_questions,
        comments,
        reviews,
        questions,
        newsletter,
        sequences,
        mails,
        mail_templates,
        customers,
    ),
    *(people, audit, shop),
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
        "places": places.open_to,
        "is_demonstration": _is_demonstration,
        "timezone": settings().timezone,
        "view_names": current_app.view_functions,
    }


def _is_demonstration() -> bool:
    found = select(Product.id).where(Product.is_demonstration).limit(1)
    return db.session.scalar(found) is not None
