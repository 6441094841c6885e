"""The places of the back office that can be gone to directly, in groups; each once."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import url_for

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
    Place("Selling", "Orders", "staff.orders.index", Permission.SEE_ORDERS),
    Place("Selling", "Money", "staff.money.index", Permission.SEE_MONEY),
    Place("Selling", "Discounts", "staff.discounts.index", Permission.EDIT_DISCOUNTS),
    Place("Stock", "Inventory", "staff.inventory.index", Permission.SEE_STOCK),
    Place("Catalogue", "Products", "staff.products.index", Permission.EDIT_CATALOG),
    Place("Content", "Articles", "staff.articles.index", Permission.EDIT_CONTENT),
    Place("Content", "Tutorials", "staff.tutorials.index", Permission.EDIT_CONTENT),
    Place("Content", "Pages", "staff.pages.index", Permission.EDIT_CONTENT),
    Place("Content", "Claims", "staff.claims.index", Permission.EDIT_CONTENT),
    Place("Content", "References", "staff.references.index", Permission.EDIT_CONTENT),
    Place("Content", "Authors", "staff.authors.index", Permission.EDIT_CONTENT),
    Place("Content", "Glossary", "staff.glossary.index", Permission.EDIT_CONTENT),
    Place("Content", "Muscles", "staff.muscles.index", Permission.EDIT_CONTENT),
    Place("Content", "Regions", "staff.regions.index", Permission.EDIT_CONTENT),
    Place("Content", "Routines", "staff.routines.index", Permission.EDIT_CONTENT),
    Place("People", "Comments", "staff.comments.index", Permission.MODERATE),
    Place("People", "Newsletter", "staff.newsletter.index", Permission.SEND_MAILS),
    Place("Shop", "Shipping", "staff.shipping.index", Permission.EDIT_SHIPPING),
    Place("Shop", "Taxes", "staff.taxes.index", Permission.EDIT_SHIPPING),
)


def open_to(person: Staff) -> Iterator[tuple[str, list[Place]]]:
    """Yield each group's name with those of its places that a person may open, where any."""
    for group, found in groupby(PLACES, key=lambda place: place.group):
        places = [place for place in found if person.may(place.permission)]
        if places:
            yield group, places
