"""A cart as the hosted shop's scripts read it; every amount in minor units.

What this shop does not keep is there, and empty: no script stumbles. The note is the gift message;
whom a gift card is for is told to its buyer alone, on the page.
Source: the hosted shop's Ajax API reference for carts.
"""

from typing import Any

from flask import current_app

from storefront.cart.views import CartView, LineView
from storefront.extensions import settings
from storefront.prefix import in_language

JSON = dict[str, Any]


def as_json(shown: CartView) -> JSON:
    """Return a cart; its items are its lines, oldest first."""
    items = [item_as_json(shown, line) for line in shown.lines]
    total = shown.quote.subtotal_minor - shown.quote.discount_minor
    return {
        "note": shown.gift_message or None,
        "attributes": {},
        "currency": shown.currency,
        "item_count": sum(line.quantity for line in shown.lines),
        "items": items,
        "items_subtotal_price": shown.quote.subtotal_minor,
        "original_total_price": shown.quote.subtotal_minor,
        "total_discount": shown.quote.discount_minor,
        "total_price": total,
        "total_weight": sum(line.weight_g * line.quantity for line in shown.lines),
        "requires_shipping": any(item["requires_shipping"] for item in items),
        "cart_level_discount_applications": [],
    }


def item_as_json(shown: CartView, line: LineView) -> JSON:
    """Return a line of a cart; its discount is its part of that of the whole cart."""
    discount = shown.quote.discount_of(line.variant_id)
    each, together = line.unit_price.minor, line.total.minor
    image = _image(line)
    return {
        "id": line.variant_id,
        "key": str(line.variant_id),
        "variant_id": line.variant_id,
        "product_id": line.product_id,
        "quantity": line.quantity,
        "title": " - ".join(filter(None, (line.title, line.variant_title))),
        "product_title": line.title,
        "variant_title": line.variant_title or None,
        "variant_options": [value for _, value in line.options],
        "options_with_values": [{"name": name, "value": value} for name, value in line.options],
        "sku": line.sku,
        "grams": line.weight_g,
        "handle": line.handle,
        "url": in_language(line.url),
        "image": image["url"] if image else None,
        "featured_image": image,
        "price": each,
        "original_price": each,
        "discounted_price": each,
        "final_price": each,
        "line_price": together,
        "original_line_price": together,
        "final_line_price": together - discount,
        "total_discount": discount,
        "line_level_total_discount": 0,
        "line_level_discount_allocations": [],
        "discounts": [],
        "properties": {},
        "requires_shipping": not line.is_gift_card,
        "gift_card": line.is_gift_card,
    }


def _image(line: LineView) -> JSON | None:
    if line.image is None:
        return None
    asset: Any = current_app.jinja_env.globals["asset"]
    path = asset(line.image.largest)
    width, height = line.image.width, line.image.height
    return {
        "url": path if "://" in path else settings().site_url + path,
        "alt": line.image.alt,
        "width": width,
        "height": height,
        "aspect_ratio": round(width / height, 3) if height else None,
    }
