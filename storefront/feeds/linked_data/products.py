"""Products with their offers, and the questions that are answered on their pages."""

from collections.abc import Sequence

from models import Money, Product, ProductKind, Question
from models.review import MOST_STARS
from models.shipping import ELSEWHERE, Zone
from storefront.catalog.queries import VariantView
from storefront.catalog.reviews import Verdict
from storefront.feeds.linked_data.things import Site, Thing, moment, spoken, thing
from storefront.pricing.shipping import Parcel, choices, chosen
from storefront.text import plain

RETURNS = "/policies/refund-policy"


def product(  # noqa: PLR0913, PLR0917 (what a product's page shows)
    site: Site,
    sold: Product,
    views: Sequence[VariantView],
    url: str,
    zones: Sequence[Zone],
    verdict: Verdict | None = None,
) -> Thing:
    """Return a product with an offer for each variant that the visitor can buy in her currency.

    verdict: what its published reviews come to; without any, nothing is said of ratings.
    """
    picked = next(view for view in views if view.is_selected)
    weights = {variant.id: variant.weight_g for variant in sold.variants}
    ships_to = () if sold.kind is ProductKind.GIFT_CARD else zones
    return thing(
        "Product",
        name=sold.title,
        description=sold.summary or plain(sold.description_html),
        url=url,
        sku=picked.sku,
        image=pictures(site, sold),
        brand=thing("Brand", name=site.shop.name),
        **_reviews(verdict),
        offers=[
            _offer(site, view, view.price, shipping(view.price, weights[view.id], ships_to))
            for view in views
            if view.price is not None
        ],
    )


def _reviews(verdict: Verdict | None) -> dict[str, object]:
    if verdict is None or not verdict.count:
        return {}
    return {
        "aggregateRating": thing(
            "AggregateRating",
            ratingValue=str(verdict.mean),
            bestRating=MOST_STARS,
            ratingCount=verdict.count,
        ),
        "review": [
            thing(
                "Review",
                author=thing("Person", name=it.name),
                datePublished=moment(it.published_at),
                name=it.title,
                reviewBody=it.text,
                inLanguage=spoken(it.language),
                reviewRating=thing("Rating", ratingValue=it.stars, bestRating=MOST_STARS),
            )
            for it in verdict.newest
        ],
    }


def pictures(site: Site, sold: Product) -> list[str]:
    """Return the addresses of a product's pictures, in the largest width that there is."""
    return [site.at(site.asset(it.largest)) for it in sold.pictures]


def shipping(price: Money, weight_g: int, zones: Sequence[Zone]) -> list[Thing]:
    """Return what one unit costs to ship to each zone, by its cheapest way.

    What cannot be said is left out: "everywhere else" has no code, and a time of delivery in
    words is no number of days.
    """
    parcel = Parcel(weight_g, price.minor, price.currency)
    found = []
    for zone in zones:
        way = chosen(choices(zone, parcel), None)
        countries = sorted(zone.countries - {ELSEWHERE})
        if way is not None and countries:
            fee = Money(way.price_minor, price.currency)
            found.append(
                thing(
                    "OfferShippingDetails",
                    shippingRate=thing(
                        "MonetaryAmount", value=str(fee.amount), currency=fee.currency
                    ),
                    shippingDestination=[
                        thing("DefinedRegion", addressCountry=country) for country in countries
                    ],
                )
            )
    return found


def questions(asked: Sequence[Question]) -> list[Thing]:
    """Return the answered questions of a page as its FAQ; nothing where there is none."""
    answered = [
        thing(
            "Question",
            name=it.question,
            inLanguage=spoken(it.language),
            acceptedAnswer=thing("Answer", text=it.answer),
        )
        for it in asked
        if it.answer and it.is_published
    ]
    return [thing("FAQPage", inLanguage=spoken(), mainEntity=answered)] if answered else []


def _offer(site: Site, view: VariantView, price: Money, details: list[Thing]) -> Thing:
    return thing(
        "Offer",
        name=view.title,
        sku=view.sku,
        url=site.at(view.url),
        price=str(price.amount),
        priceCurrency=price.currency,
        availability=f"https://schema.org/{availability(view)}",
        seller={"@id": f"{site.url}/#organization"},
        shippingDetails=details,
        hasMerchantReturnPolicy=thing("MerchantReturnPolicy", merchantReturnLink=site.at(RETURNS)),
    )


def availability(view: VariantView) -> str:
    """Return schema.org's word for what can be had of a variant."""
    if view.in_stock > 0:
        return "InStock"
    if view.orderable > 0:
        return "PreOrder" if view.is_preorder else "BackOrder"
    return "OutOfStock"
