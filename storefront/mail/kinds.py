"""The letters that the shop writes: what each is called, and when it goes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

NEWSLETTER = "newsletter_sequence"  # its words are a sequence's own


@dataclass(frozen=True, slots=True)
class Kind:
    """A letter. name: of its files below templates/mail/. when: a sentence for staff.

    words: the placeholders that become a word or an address. blocks: those that become what only
    the shop can write, such as the lines of an order; each the name of a block of its files.
    required: of each of these, one at least must stay in what staff write.
    """

    name: str
    title: str
    when: str
    words: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    required: tuple[tuple[str, ...], ...] = ()


ALWAYS = ("shop_name", "shop_url")  # words of every letter
_ORDER = ("greeting", "order_number", "order_total", "order_url")
_PARTS = ("opening", "lines", "place", "next", "button", "cautions")
_COMMENT = ("greeting", "text_title", "own_url")
_LINK = (("button", "link_url"),)
_WITHDRAW = (("own_url",),)
_ALL = (
    Kind("order_paid", "Order paid", "When the money of an order has come.", _ORDER, _PARTS),
    Kind(
        "order_draft",
        "Pay link",
        "When staff send a draft order to who is to pay it.",
        _ORDER,
        _PARTS,
        (("button", "order_url"),),
    ),
    Kind(
        "order_processing",
        "Waiting for the bank",
        "When an order was placed whose payment takes days.",
        _ORDER,
        _PARTS,
    ),
    Kind(
        "order_failed", "Payment failed", "When such a payment failed in the end.", _ORDER, _PARTS
    ),
    Kind(
        "order_shipped",
        "Parcel shipped",
        "When a parcel is marked as shipped; its lines are those of the parcel.",
        (*_ORDER, "carrier", "tracking_number", "tracking_url"),
        _PARTS,
    ),
    Kind(
        "order_refunded",
        "Refund",
        "When money is on its way back, all of an order or a part.",
        (*_ORDER, "refund_amount"),
        _PARTS,
    ),
    Kind(
        "order_return",
        "Return",
        "When a return is accepted, declined or here; its opening and next say which.",
        _ORDER,
        _PARTS,
        (("opening",),),
    ),
    Kind(
        "comment_published",
        "Comment published",
        "When a comment is published.",
        _COMMENT,
        ("button",),
        _WITHDRAW,
    ),
    Kind(
        "comment_answered",
        "Comment answered",
        "When staff answer a comment.",
        _COMMENT,
        ("answer", "button"),
        (("answer",), *_WITHDRAW),
    ),
    Kind(
        "account_confirm",
        "Confirm an account",
        "When somebody opens an account.",
        ("link_url",),
        ("button",),
        _LINK,
    ),
    Kind(
        "account_exists",
        "Account is there already",
        "When somebody opens an account with an address that has one.",
        ("link_url",),
        ("button",),
    ),
    Kind(
        "newsletter_confirm",
        "Confirm the newsletter",
        "When somebody asks for the newsletter.",
        ("link_url",),
        ("button",),
        _LINK,
    ),
    Kind(
        "newsletter_already",
        "Gets the newsletter already",
        "When somebody asks for the newsletter who gets it.",
        ("link_url",),
        ("button",),
    ),
    Kind(
        "purchase_ordered",
        "Purchase order",
        "When a purchase is sent to its supplier.",
        ("purchase_number",),
        ("lines", "delivery"),
        (("lines",), ("delivery",)),
    ),
    Kind(
        "staff_invitation",
        "Invitation of staff",
        "When somebody is invited to the back office.",
        ("role", "link_url"),
        ("button",),
        _LINK,
    ),
    Kind(
        "staff_account",
        "Staff account changed",
        "When something about the account of a member of staff changed.",
        ("what", "link_url"),
        ("button",),
        (("what",),),
    ),
    Kind(
        "staff_limit",
        "Attempts to pay are refused",
        "To the owners, when a limit of the checkout is reached.",
        ("scope", "link_url"),
        ("button",),
    ),
    Kind(
        "staff_verify",
        "Does not add up",
        "To the owners, when verify finds something.",
        ("link_url",),
        ("problems", "button"),
        (("problems",),),
    ),
)
KINDS: Mapping[str, Kind] = MappingProxyType({it.name: it for it in _ALL})
# Their links alone open a door; the words of such a mail are for who got it.
SECRET = frozenset({"account_confirm", "newsletter_confirm", "staff_invitation"})


def title_of(template: str) -> str:
    """Return what a letter is called; also one that is not written any more."""
    if template == NEWSLETTER:
        return "Newsletter"
    kind = KINDS.get(template)
    return kind.title if kind else template.replace("_", " ").capitalize() or "Mail"
