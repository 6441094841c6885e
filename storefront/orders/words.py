"""What a buyer reads of her order: what happens next, and how her money stands."""

from models import Order, OrderLine, OrderStatus, RefundStatus, ReturnStatus
from models.balance import GoodsStatus, MoneyStatus
from storefront.orders.queries import Account

WHAT_NEXT = {
    OrderStatus.DRAFT: (
        "We wrote this order for you. Look it through, and pay when everything is right.",
        "Nothing is put aside until you go to pay. From then on it is yours for about 40 minutes.",
    ),
    OrderStatus.PENDING: (
        "Your order waits for its payment. The units are yours until then, for about 40 minutes.",
        "If you have just paid, this page will say so in a moment: load it again.",
    ),
    OrderStatus.PROCESSING: (
        "Your bank has been asked for the money, which takes some days.",
        "We mail you when it has come, and ship then. You need not do anything.",
    ),
    OrderStatus.PAID: (
        "Your payment has arrived, and a confirmation is on its way to you by mail.",
        "Next we pack your order. You get a mail with the tracking number when it leaves.",
    ),
    OrderStatus.SHIPPED: (
        "Your order is on its way.",
        "Before you first lie down on the tool, read the cautions of its tutorial.",
    ),
    OrderStatus.CANCELLED: (
        "This order has ended without a payment. Nothing was charged.",
        "If you still want it, put it in the cart again.",
    ),
}
WAITS = (
    "Your payment has arrived. Not all of your order is here yet: below stands when it ships.",
    "We mail you the tracking number when it leaves.",
)
PARTLY = (
    "A part of your order is on its way, and the rest follows.",
    "Below stands what is in each parcel. You get a mail when the rest leaves.",
)
ARRIVED = (
    "Your order has arrived.",
    "Before you first lie down on the tool, read the cautions of its tutorial.",
)
HELD = "We are checking this payment by hand, and write to you as soon as we have."
TOO_LATE = (
    "Your payment came after this order had ended, so we give it back to you.",
    "Nothing is on its way to you. If you still want it, put it in the cart again.",
)
CANCELLED = (
    "This order was cancelled, and your money goes back to you.",
    "Nothing is on its way to you.",
)
ALL_BACK = (
    "We give all of your payment back to you.",
    "It goes the way it came. Banks take 5 to 10 days to show it.",
)
EXCHANGE = {
    OrderStatus.PROCESSING: (
        "This is what you get in exchange. It is put aside for you.",
        "It leaves once what you send back has arrived here. You need not pay anything.",
    ),
    OrderStatus.PAID: (
        "What you sent back has arrived, so this is what you get in exchange.",
        "Next we pack it. You get a mail with the tracking number when it leaves.",
    ),
    OrderStatus.CANCELLED: (
        "This exchange has ended, and nothing is on its way to you.",
        "The page of your first order says how its return stands.",
    ),
}
GIFT_CARDS = (
    "Your payment has arrived, and the gift cards are on their way by mail.",
    "Each code is mailed on the day that you chose. It does not expire.",
)
MONEY = {
    MoneyStatus.DUE: "Not paid yet",
    MoneyStatus.AWAITED: "Awaited from your bank",
    MoneyStatus.PAID: "Paid",
    MoneyStatus.OVERPAID: "Paid, more than the order costs",
    MoneyStatus.PARTLY_REFUNDED: "Partly refunded",
    MoneyStatus.REFUNDED: "Refunded",
    MoneyStatus.CHARGED_BACK: "Taken back by your bank",
    MoneyStatus.NOT_PAID: "Not paid",
}
GOODS = {
    GoodsStatus.WAITING: "Not packed before it is paid",
    GoodsStatus.TO_SHIP: "To be packed",
    GoodsStatus.PARTLY_SHIPPED: "A part has left",
    GoodsStatus.SHIPPED: "On their way to you",
    GoodsStatus.NOT_SHIPPED: "Not sent",
}
RETURN = {
    ReturnStatus.REQUESTED: "Asked for: we look at it and write to you",
    ReturnStatus.ACCEPTED: "Accepted: please send it back",
    ReturnStatus.DECLINED: "Declined",
    ReturnStatus.RECEIVED: "Here: we look at what you sent",
    ReturnStatus.CLOSED: "Done",
    ReturnStatus.WITHDRAWN: "Withdrawn by you",
}
SAID = {  # after something was done, by the word in the address
    "address": "The new address is saved.",
    "quantities": "Your order is changed, and what you left out goes back to you in money.",
    "cancelled": "Your order is cancelled.",
    "asked": "Thank you. We answer here and by mail.",
    "withdrawn": "Your return is withdrawn. You keep what you have.",
}
REFUND = {
    RefundStatus.REQUESTED: "On its way back to you",
    RefundStatus.PENDING: "On its way back to you",
    RefundStatus.SUCCEEDED: "Given back to you",
    RefundStatus.FAILED: "Did not reach you: we write to you",
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
    people = dict.fromkeys(gift.get("name") or gift.get("email") or "you" for gift in line.gifts)
    return (
        f"{line.variant_title or line.title}: the code is mailed to {', '.join(people) or 'you'}."
    )
