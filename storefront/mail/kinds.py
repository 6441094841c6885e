"""The letters that the shop writes: what each is called, and when it goes."""

from collections.abc import Mapping
from types import MappingProxyType

from storefront.languages import lazy_gettext
from storefront.mail.alert_kinds import ALERTS
from storefront.mail.kind import ALWAYS, LINK, ORDER_BODY, Kind
from storefront.mail.order_kinds import ORDERS

__all__ = ["ALWAYS", "KINDS", "NEWSLETTER", "ORDER_BODY", "SECRET", "Kind", "title_of"]

NEWSLETTER = "newsletter_sequence"  # its words are a sequence's own


_COMMENT = ("greeting", "text_title", "own_url")
_QUESTION = ("greeting", "product_title", "link_url")
_REVIEW = ("greeting", "product_title", "link_url", "own_url")
_WITHDRAW = (("ours", "own_url"),)
_ALL = (
    *ORDERS,
    Kind(
        "comment_published",
        "Comment published",
        "When a comment is published.",
        lazy_gettext("Your comment on “{text_title}” is published"),
        _COMMENT,
        ("ours", "button"),
        _WITHDRAW,
    ),
    Kind(
        "comment_answered",
        "Comment answered",
        "When staff answer a comment.",
        lazy_gettext("An answer to your comment on “{text_title}”"),
        _COMMENT,
        ("ours", "answer", "button"),
        (("ours", "answer"), *_WITHDRAW),
    ),
    Kind(
        "question_answered",
        "Question answered",
        "When the first answer to a question on a product is published, to who asked it.",
        lazy_gettext("An answer to your question about the {product_title}"),
        _QUESTION,
        ("ours", "answer", "button"),
        (("ours", "answer"),),
    ),
    Kind(
        "review_published",
        "Review published",
        "When a review is published, the first time.",
        lazy_gettext("Your review of the {product_title} is published"),
        _REVIEW,
        ("ours", "button"),
        _WITHDRAW,
    ),
    Kind(
        "review_answered",
        "Review answered",
        "When staff answer a review, the first time.",
        lazy_gettext("An answer to your review of the {product_title}"),
        _REVIEW,
        ("ours", "answer", "button"),
        (("ours", "answer"), *_WITHDRAW),
    ),
    *ALERTS,
    Kind(
        "account_confirm",
        "Confirm an account",
        "When somebody opens an account.",
        lazy_gettext("Confirm your account at {shop_name}"),
        ("link_url",),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "account_exists",
        "Account is there already",
        "When somebody opens an account with an address that has one.",
        lazy_gettext("You already have an account at {shop_name}"),
        ("link_url",),
        ("ours", "button"),
    ),
    Kind(
        "account_link",
        "Link to sign in",
        "When somebody asks for a link to sign in.",
        lazy_gettext("Sign in at {shop_name}"),
        ("link_url",),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "account_password",
        "Link to choose a password",
        "When somebody forgot her password.",
        lazy_gettext("Choose a new password at {shop_name}"),
        ("link_url",),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "account_address",
        "Confirm a new address",
        "To the new address, when a customer changes hers.",
        lazy_gettext("Confirm your new address at {shop_name}"),
        ("link_url",),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "account_changed",
        "Account changed",
        "When something about a customer's account changed.",
        lazy_gettext("Your account at {shop_name} has changed"),
        ("what", "link_url"),
        ("ours", "button"),
        (("ours", "what"),),
    ),
    Kind(
        "gift_card",
        "Gift card",
        "When a gift card is mailed to whom it is for, on the day that was chosen.",
        lazy_gettext("A gift card of {gift_amount} for {shop_name}"),
        ("greeting", "gift_amount", "gift_sender", "link_url"),
        ("ours", "code", "message", "button"),
        (("ours", "code"),),
    ),
    Kind(
        "newsletter_confirm",
        "Confirm the newsletter",
        "When somebody asks for the newsletter.",
        lazy_gettext("Confirm your email address"),
        ("link_url",),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "newsletter_already",
        "Gets the newsletter already",
        "When somebody asks for the newsletter who gets it.",
        lazy_gettext("You get our mails already"),
        ("link_url",),
        ("ours", "button"),
    ),
    Kind(
        "purchase_ordered",
        "Purchase order",
        "When a purchase is sent to its supplier.",
        "Order {purchase_number} of {shop_name}",
        ("purchase_number",),
        ("ours", "lines", "delivery"),
        (("ours", "lines"), ("ours", "delivery")),
    ),
    Kind(
        "staff_invitation",
        "Invitation of staff",
        "When somebody is invited to the back office.",
        "You are invited to the back office of {shop_name}",
        ("role", "link_url"),
        ("ours", "button"),
        LINK,
    ),
    Kind(
        "staff_account",
        "Staff account changed",
        "When something about the account of a member of staff changed.",
        "Your staff account at {shop_name} has changed",
        ("what", "link_url"),
        ("ours", "button"),
        (("ours", "what"),),
    ),
    Kind(
        "staff_test",
        "Test mail",
        "When staff try whether the shop's mails arrive.",
        "Mails of {shop_name} arrive",
        (),
        ("ours",),
    ),
    Kind(
        "staff_limit",
        "Attempts to pay are refused",
        "To the owners, when a limit of the checkout is reached.",
        "Attempts to pay are being refused ({scope})",
        ("scope", "link_url"),
        ("ours", "button"),
    ),
    Kind(
        "staff_verify",
        "Does not add up",
        "To the owners, when verify finds something.",
        "Something in the shop does not add up",
        ("link_url",),
        ("ours", "problems", "button"),
        (("ours", "problems"),),
    ),
)
KINDS: Mapping[str, Kind] = MappingProxyType({it.name: it for it in _ALL})
# Their links alone open a door; the words of such a mail are for who got it.
SECRET = frozenset(
    {
        *("account_confirm", "account_link", "account_password", "account_address"),
        *("newsletter_confirm", "staff_invitation", "gift_card"),
        *("stock_alert_confirm", "cart_reminder_confirm", "cart_reminder"),
    }
)


def title_of(template: str) -> str:
    """Return what a letter is called; also one that is not written any more."""
    if template == NEWSLETTER:
        return "Newsletter"
    kind = KINDS.get(template)
    return kind.title if kind else template.replace("_", " ").capitalize() or "Mail"
