"""The places of the back office that can be gone to directly, in groups; each once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from flask import current_app, url_for

from models.staff import Permission, Staff


@dataclass(frozen=True, slots=True)
class Place:
    """A screen that the menu leads to. group: under which heading it stands."""

    group: str
    title: str
    endpoint: str
    permission: Permission

    @property
    def url(self) -> str:
        """Its address."""
        return url_for(self.endpoint)


# In the menu's order; those of one group stand together.
PLACES = (
    Place("Day", "Today", "staff.today.show", Permission.SEE),
    Place("Day", "Reports", "staff.reports.index", Permission.SEE_SALES),
    Place("Day", "Tasks", "staff.tasks.index", Permission.SEE),
    Place("Selling", "Orders", "staff.orders.index", Permission.SEE_ORDERS),
    Place("Selling", "Drafts", "staff.drafts.index", Permission.EDIT_ORDERS),
    Place("Selling", "Returns", "staff.returns.index", Permission.SEE_ORDERS),
    Place("Selling", "Money", "staff.money.index", Permission.SEE_MONEY),
    Place("Selling", "Discounts", "staff.discounts.index", Permission.EDIT_DISCOUNTS),
    Place("Selling", "Gift cards", "staff.gift_cards.index", Permission.SEE_MONEY),
    Place("Stock", "Inventory", "staff.inventory.index", Permission.SEE_STOCK),
    Place("Stock", "Locations", "staff.locations.index", Permission.SEE_STOCK),
    Place("Stock", "Stock takes", "staff.stock_takes.index", Permission.ADJUST_STOCK),
    Place("Stock", "Purchases", "staff.purchases.index", Permission.ADJUST_STOCK),
    Place("Stock", "Suppliers", "staff.suppliers.index", Permission.BUY),
    Place("Stock", "Imports", "staff.imports.index", Permission.ADJUST_STOCK),
    Place("Stock", "Exports", "staff.exports.index", Permission.EXPORT),
    Place("Catalogue", "Products", "staff.products.index", Permission.EDIT_CATALOG),
    Place("Catalogue", "Collections", "staff.collections.index", Permission.EDIT_CATALOG),
    Place("Catalogue", "Pictures", "staff.media.index", Permission.EDIT_CONTENT),
    Place("Content", "Articles", "staff.articles.index", Permission.EDIT_CONTENT),
    Place("Content", "Tutorials", "staff.tutorials.index", Permission.EDIT_CONTENT),
    Place("Content", "Menus", "staff.menus.index", Permission.EDIT_CONTENT),
    Place("Content", "Redirects", "staff.redirects.index", Permission.EDIT_CONTENT),
    Place("Content", "Broken links", "staff.broken_links.index", Permission.EDIT_CONTENT),
    Place("Content", "Pages", "staff.pages.index", Permission.EDIT_CONTENT),
    Place("Content", "Claims", "staff.claims.index", Permission.EDIT_CONTENT),
    Place("Content", "References", "staff.references.index", Permission.EDIT_CONTENT),
    Place("Content", "Authors", "staff.authors.index", Permission.EDIT_CONTENT),
    Place("Content", "Glossary", "staff.glossary.index", Permission.EDIT_CONTENT),
    Place("Content", "Muscles", "staff.muscles.index", Permission.EDIT_CONTENT),
    Place("Content", "Regions", "staff.regions.index", Permission.EDIT_CONTENT),
    Place("Content", "Routines", "staff.routines.index", Permission.EDIT_CONTENT),
    Place("Content", "Translations", "staff.translations.index", Permission.EDIT_CONTENT),
    Place("People", "Customers", "staff.customers.index", Permission.SEE_CUSTOMERS),
    Place("People", "Messages", "staff.messages.index", Permission.SEE),
    Place("People", "Reviews", "staff.reviews.index", Permission.MODERATE),
    Place("People", "Comments", "staff.comments.index", Permission.MODERATE),
    Place("People", "Mails", "staff.mails.index", Permission.EDIT_ORDERS),
    Place("People", "Newsletter", "staff.newsletter.index", Permission.SEND_MAILS),
    Place("Shop", "Settings", "staff.shop.show", Permission.EDIT_SETTINGS),
    Place("Shop", "Shipping", "staff.shipping.index", Permission.EDIT_SHIPPING),
    Place("Shop", "Taxes", "staff.taxes.index", Permission.EDIT_SHIPPING),
    Place("Shop", "Staff", "staff.people.index", Permission.MANAGE_STAFF),
    Place("Shop", "Audit log", "staff.audit.index", Permission.SEE_AUDIT),
)

# What one comes to do, by the words that one looks for; not in the menu.
ACTS = (
    Place("Act", "Receive stock", "staff.inventory.index", Permission.ADJUST_STOCK),
    Place("Act", "Adjust stock", "staff.inventory.index", Permission.ADJUST_STOCK),
    Place("Act", "Count stock", "staff.stock_takes.index", Permission.ADJUST_STOCK),
    Place("Act", "Ship orders", "staff.orders.index", Permission.SHIP),
    Place("Act", "Refund an order", "staff.orders.index", Permission.REFUND),
    Place("Act", "Write an order, paid by a link", "staff.drafts.new", Permission.EDIT_ORDERS),
    Place("Act", "Word the shop's mails", "staff.mail_templates.index", Permission.EDIT_ORDERS),
    Place("Act", "Set up a second factor", "staff.own.show", Permission.SEE),
    Place("Act", "Answer comments", "staff.comments.index", Permission.MODERATE),
    Place("Act", "Answer questions", "staff.questions.index", Permission.MODERATE),
    Place("Act", "Review claims", "staff.claims.index", Permission.EDIT_CONTENT),
    Place("Act", "Lift a limit of the checkout", "staff.limits.index", Permission.LIFT_LIMITS),
    Place("Act", "See what texts lead to", "staff.leads.index", Permission.SEE_SALES),
)


def open_to(person: Staff) -> Iterator[tuple[str, list[Place]]]:
    """Yield each group's name with those of its places that a person may open, where any."""
    for group, found in groupby(PLACES, key=lambda place: place.group):
        places = [place for place in found if person.may(place.permission)]
        if places:
            yield group, places


def url_of(endpoint: str, **values: Any) -> str | None:
    """Return the address of a screen, or None where the shop has no such screen."""
    known = endpoint in current_app.view_functions
    return url_for(endpoint, **values) if known else None
