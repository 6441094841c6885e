"""What a buyer reads of her order: what happens next, and how her money stands."""

from models import Order, OrderLine, OrderStatus, RefundStatus, ReturnStatus
from models.balance import GoodsStatus, MoneyStatus
from storefront.languages import gettext, lazy_gettext
from storefront.orders.details import Account

WHAT_NEXT = {
    OrderStatus.DRAFT: (
        lazy_gettext(
            "We wrote this order for you. Look it through, and pay when everything is right."
        ),
        lazy_gettext(
            "Nothing is put aside until you go to pay. From then on it is yours for about 40"
            " minutes."
        ),
    ),
    OrderStatus.PENDING: (
        lazy_gettext(
            "Your order waits for its payment. The units are yours until then, for about 40"
            " minutes."
        ),
        lazy_gettext("If you have just paid, this page will say so in a moment: load it again."),
    ),
    OrderStatus.PROCESSING: (
        lazy_gettext("Your bank has been asked for the money, which takes some days."),
        lazy_gettext("We mail you when it has come, and ship then. You need not do anything."),
    ),
    OrderStatus.PAID: (
        lazy_gettext("Your payment has arrived, and a confirmation is on its way to you by mail."),
        lazy_gettext(
            "Next we pack your order. You get a mail with the tracking number when it leaves."
        ),
    ),
    OrderStatus.SHIPPED: (
        lazy_gettext("Your order is on its way."),
        lazy_gettext("Before you first lie down on the tool, read the cautions of its tutorial."),
    ),
    OrderStatus.CANCELLED: (
        lazy_gettext("This order has ended without a payment. Nothing was charged."),
        lazy_gettext("If you still want it, put it in the cart again."),
    ),
}
WAITS = (
    lazy_gettext(
        "Your payment has arrived. Not all of your order is here yet: see below when it ships."
    ),
    lazy_gettext("We mail you the tracking number when it leaves."),
)
PARTLY = (
    lazy_gettext("A part of your order is on its way, and the rest follows."),
    lazy_gettext("See below what is in each parcel. You get a mail when the rest leaves."),
)
ARRIVED = (
    lazy_gettext("Your order has arrived."),
    lazy_gettext("Before you first lie down on the tool, read the cautions of its tutorial."),
)
HELD = lazy_gettext("We are checking this payment by hand, and write to you as soon as we have.")
TOO_LATE = (
    lazy_gettext("Your payment came after this order had ended, so we give it back to you."),
    lazy_gettext("Nothing is on its way to you. If you still want it, put it in the cart again."),
)
CANCELLED = (
    lazy_gettext("This order was cancelled, and your money goes back to you."),
    lazy_gettext("Nothing is on its way to you."),
)
ALL_BACK = (
    lazy_gettext("We give all of your payment back to you."),
    lazy_gettext("It goes the way it came. Banks take 5 to 10 days to show it."),
)
EXCHANGE = {
    OrderStatus.PROCESSING: (
        lazy_gettext("This is what you get in exchange. It is put aside for you."),
        lazy_gettext(
            "It leaves once what you send back has arrived here. You need not pay anything."
        ),
    ),
    OrderStatus.PAID: (
        lazy_gettext("What you sent back has arrived, so this is what you get in exchange."),
        lazy_gettext("Next we pack it. You get a mail with the tracking number when it leaves."),
    ),
    OrderStatus.CANCELLED: (
        lazy_gettext("This exchange has ended, and nothing is on its way to you."),
        lazy_gettext("The page of your first order says how its return is going."),
    ),
}
GIFT_CARDS = (
    lazy_gettext("Your payment has arrived, and the gift cards are on their way by mail."),
    lazy_gettext("Each code is mailed on the day that you chose. It does not expire."),
)
MONEY = {
    MoneyStatus.DUE: lazy_gettext("Not paid yet"),
    MoneyStatus.AWAITED: lazy_gettext("Awaited from your bank"),
    MoneyStatus.PAID: lazy_gettext("Paid"),
    MoneyStatus.OVERPAID: lazy_gettext("Paid, more than the order costs"),
    MoneyStatus.PARTLY_REFUNDED: lazy_gettext("Partly refunded"),
    MoneyStatus.REFUNDED: lazy_gettext("Refunded"),
    MoneyStatus.CHARGED_BACK: lazy_gettext("Taken back by your bank"),
    MoneyStatus.NOT_PAID: lazy_gettext("Not paid"),
}
GOODS = {
    GoodsStatus.WAITING: lazy_gettext("Not packed before it is paid"),
    GoodsStatus.TO_SHIP: lazy_gettext("To be packed"),
    GoodsStatus.PARTLY_SHIPPED: lazy_gettext("A part has left"),
    GoodsStatus.SHIPPED: lazy_gettext("On their way to you"),
    GoodsStatus.NOT_SHIPPED: lazy_gettext("Not sent"),
}
RETURN = {
    ReturnStatus.REQUESTED: lazy_gettext("Asked for: we look at it and write to you"),
    ReturnStatus.ACCEPTED: lazy_gettext("Accepted: send it back"),
    ReturnStatus.DECLINED: lazy_gettext("Declined"),
    ReturnStatus.RECEIVED: lazy_gettext("Here: we look at what you sent"),
    ReturnStatus.CLOSED: lazy_gettext("Done"),
    ReturnStatus.WITHDRAWN: lazy_gettext("Withdrawn by you"),
}
SAID = {  # after something was done, by the word in the address
    "address": lazy_gettext("The new address is saved."),
    "quantities": lazy_gettext(
        "Your order is changed, and what you left out goes back to you in money."
    ),
    "cancelled": lazy_gettext("Your order is cancelled."),
    "asked": lazy_gettext("Thank you. We answer here and by mail."),
    "withdrawn": lazy_gettext("Your return is withdrawn. You keep what you have."),
}
REFUND = {
    RefundStatus.REQUESTED: lazy_gettext("On its way back to you"),
    RefundStatus.PENDING: lazy_gettext("On its way back to you"),
    RefundStatus.SUCCEEDED: lazy_gettext("Given back to you"),
    RefundStatus.FAILED: lazy_gettext("Did not reach you: we write to you"),
}


def what_next(order: Order, account: Account, *, is_exchange: bool = False) -> tuple[str, ...]:
    """Return what the buyer should know first, in sentences."""
    if is_exchange and order.status in EXCHANGE:
        return EXCHANGE[order.status]
    if order.status is OrderStatus.CANCELLED:
        return _of_an_ended(account)
    if order.attention and order.status is not OrderStatus.SHIPPED:
        return (HELD,)
    if order.status is OrderStatus.PAID:
        return _of_a_paid(order, account)
    if order.status is OrderStatus.SHIPPED and all(line.is_gift_card for line in order.lines):
        return GIFT_CARDS
    return ARRIVED if order.arrived_at else WHAT_NEXT[order.status]


def _of_a_paid(order: Order, account: Account) -> tuple[str, ...]:
    if account.money is MoneyStatus.REFUNDED:
        return ALL_BACK
    if any(not parcel.is_by_mail for parcel in order.fulfilments):
        return PARTLY
    return WAITS if order.waits else WHAT_NEXT[OrderStatus.PAID]


def _of_an_ended(account: Account) -> tuple[str, ...]:
    if not account.payments:
        return WHAT_NEXT[OrderStatus.CANCELLED]
    is_late = any(refund.is_automatic for refund in account.refunds)
    return TOO_LATE if is_late else CANCELLED


def gifts(line: OrderLine) -> str:
    """Return whom the gift cards of a line are for."""
    you = gettext("you")
    people = dict.fromkeys(gift.get("name") or gift.get("email") or you for gift in line.gifts)
    return gettext(
        "%(card)s: the code is mailed to %(people)s.",
        card=line.variant_title or line.title,
        people=", ".join(people) or you,
    )
