"""What search engines ask of structured data, as data.

Compared on 27 November 2026 with Google's documentation (developers.google.com/search/docs), as a
linter that is made from it holds it: the required properties of merchant listings, breadcrumbs,
videos, questions and answers, reviews; of articles, where none is, the recommended ones. Clips,
what shipping costs and the site's name are from knowledge of it alone. Asked here beyond it, as the
shop can say it: a product's description, an offer's availability and address, a video's description
and file, and of the two forms of a return policy that with its page. What Google does not know
(tutorials, terms, muscles, the search) needs what schema.org's own examples have. Types of its
medical part are left out with care: the shop makes no medical claim.
"""

# By type, what it must have; where several names stand together, one of them is enough.
REQUIRED: dict[str, tuple[str | tuple[str, ...], ...]] = {
    "AggregateRating": ("ratingValue", ("ratingCount", "reviewCount")),
    "Answer": ("text",),
    "Article": ("headline", "image", "datePublished", "dateModified", "author"),
    "Blog": ("name", "url"),
    "Brand": ("name",),
    "BreadcrumbList": ("itemListElement",),
    "Clip": ("name", "startOffset", "url"),
    "CollectionPage": ("name", "url", "mainEntity"),
    "Country": ("name",),
    "CreativeWork": ("name",),
    "DefinedRegion": ("addressCountry",),
    "DefinedTerm": ("name", "description", "url"),
    "DefinedTermSet": ("name", "hasDefinedTerm"),
    "EntryPoint": ("urlTemplate",),
    "FAQPage": ("mainEntity",),
    "HowTo": ("name", "step"),
    "HowToSection": ("name", "itemListElement"),
    "HowToStep": ("position", "text", "url"),
    "HowToTool": ("name",),
    "ItemList": ("itemListElement",),
    "ListItem": ("position", "name"),
    "MerchantReturnPolicy": ("merchantReturnLink",),
    "MonetaryAmount": ("value", "currency"),
    "Muscle": ("name",),
    "Offer": (("price", "priceSpecification"), "priceCurrency", "availability", "url"),
    "OfferShippingDetails": ("shippingRate", "shippingDestination"),
    "Organization": ("name",),
    "Person": ("name",),
    "Product": ("name", "image", "offers", "description"),
    "QuantitativeValue": (("value", "minValue"),),
    "Question": ("name", "acceptedAnswer"),
    "Rating": ("ratingValue",),
    "Review": ("author", "reviewRating"),
    "SearchAction": ("target", "query-input"),
    "VideoObject": ("name", "thumbnailUrl", "uploadDate", "description", ("contentUrl", "url")),
    "WebPage": ("name", "url"),
    "WebSite": ("name", "url"),
}
AVAILABILITIES = {
    f"https://schema.org/{name}" for name in ("InStock", "OutOfStock", "BackOrder", "PreOrder")
}
ADDRESSES = {
    *("url", "@id", "item", "logo", "image", "thumbnailUrl", "contentUrl"),
    *("mainEntityOfPage", "merchantReturnLink"),
}
PICTURES = {"logo", "image", "thumbnailUrl"}
MOMENTS = {"datePublished", "dateModified", "uploadDate"}
