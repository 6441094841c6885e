"""What a product and its variants say now, as one types it: by it, another state is known."""

from models import Product, Variant


def words_of(product: Product) -> dict[str, str]:
    """Return a product's words, by the label of their field."""
    moment = product.publish_at
    return {
        "Title": product.title,
        "Summary": product.summary,
        "Description": product.description_markdown,
        "Status": product.status.value,
        "In the shop from": f"{moment:%Y-%m-%d %H:%M} UTC" if moment else "",
        "This is demonstration data": "yes" if product.is_demonstration else "no",
    }


def variant_words(variant: Variant) -> dict[str, str]:
    """Return a variant's fields by their names; its prices and parts must be loaded.

    ``price_<code>`` is the price in a further currency.
    """
    return {
        "price": str(variant.price.amount),
        "selling": variant.selling.value,
        "promise": variant.promise,
        "parts": "\n".join(sorted(f"{part.part.sku} {part.quantity}" for part in variant.parts)),
        **{f"price_{it.currency.lower()}": str(it.price_minor) for it in variant.prices},
    }
