"""What parts of an order are worth when money goes back, from the order's own copies."""

from models import Money, Order, OrderLine
from storefront.payments.stripe_asking import takes


def units_worth(order: Order, line: OrderLine, quantity: int) -> Money:
    """Return what the next units of a line are worth, after those refunded already.

    It is their share of the line after its discount, with the tax that was added to it. No cent is
    lost: refunded one by one, or in any other parts, they sum to what the line cost.
    """
    added_tax = 0 if order.tax_is_included else line.tax_minor
    paid = line.total.minor - line.discount_minor + added_tax
    before = line.refunded_quantity
    after = before + quantity
    share = paid * after // line.quantity - paid * before // line.quantity
    return Money(share, order.total.currency)


def shipping_worth(order: Order) -> Money:
    """Return what shipping cost, with the tax that was added to it."""
    added_tax = 0 if order.tax_is_included else order.shipping_tax_minor
    return Money(order.shipping_minor + added_tax, order.total.currency)


def offered(worth: Money, left: Money) -> Money:
    """Return what of a worth can go back: at most what is left, and an amount that Stripe takes."""
    amount = Money(min(worth.minor, left.minor), worth.currency)
    return amount if takes(amount) else Money(amount.minor // 10 * 10, worth.currency)
