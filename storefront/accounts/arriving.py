"""What happens when a customer has signed in, whichever way she came."""

from models import Customer
from storefront.accounts.service import join_orders
from storefront.cart import cookie
from storefront.extensions import db


def arrive(customer: Customer) -> None:
    """Bring what is hers into her account; called after ``sign_in``, before the commit."""
    join_orders(db.session, customer.id)
    cookie.bring_along(customer)
