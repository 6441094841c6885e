"""The letters that people ask for, or may stop: back in stock, a cart, a review."""

from storefront.languages import lazy_gettext
from storefront.mail.kind import LINK, Kind

ALERTS = (
    Kind(
        "stock_alert_confirm",
        "Confirm: back in stock",
        "When somebody wants to know when something sold out is back.",
        lazy_gettext("Confirm: we mail you when it is back"),
        ("product_title", "link_url"),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "back_in_stock",
        "Back in stock",
        "When units come in of what somebody waits for; the first who asked first.",
        lazy_gettext("Back: {product_title}"),
        ("product_title", "link_url", "stop_url"),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "cart_reminder_confirm",
        "Confirm: remind of a cart",
        "When somebody asks to be reminded of her cart.",
        lazy_gettext("Confirm: we remind you of your cart"),
        ("link_url",),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "cart_reminder",
        "Cart left behind",
        "To who asked for it: after a day, and three days later; never after she bought.",
        lazy_gettext("Your cart at {shop_name} is still there"),
        ("link_url", "stop_url"),
        ("ours", "lines", "button"),
        LINK,
    ),
    Kind(
        "review_invitation",
        "Invitation to review",
        "Some days (REVIEW_AFTER_DAYS) after a parcel arrived, or left; once for each order.",
        lazy_gettext("How is the {product_title}?"),
        ("product_title", "link_url", "stop_url"),
        ("ours", "button"),
        LINK,
    ),
)
