"""The tax that Stripe reckoned: it is known when the buyer has given her address."""

from models import Money, Order, Payment
from models.language import speaking
from storefront.languages import gettext
from storefront.pricing.allocate import allocate


def add(order: Order, payment: Payment, tax_minor: int) -> None:
    """Write an added tax into an order that has none, shared among lines and shipping.

    The order's lines must be loaded; total and payment grow by the tax.
    """
    weights = [line.total.minor - line.discount_minor for line in order.lines]
    *shares, on_shipping = allocate(tax_minor, [*weights, order.shipping_minor])
    for line, share in zip(order.lines, shares, strict=True):
        line.tax_minor = share
    order.tax_minor, order.shipping_tax_minor = tax_minor, on_shipping
    with speaking(order.language):
        order.tax_is_included, order.tax_title = False, gettext("Tax")
    order.total = order.total + Money(tax_minor, order.total.currency)
    payment.amount = order.to_pay
