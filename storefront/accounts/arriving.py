"""What happens when a customer has signed in, whichever way she came."""

from sqlalchemy import select

from models import Address, Customer
from storefront.accounts.service import join_orders
from storefront.cart import cookie
from storefront.cart.routes import REGION
from storefront.cart.service import choose_destination
from storefront.extensions import db


def arrive(customer: Customer) -> None:
    """Bring what is hers into her account; called after ``sign_in``, before the commit."""
    join_orders(db.session, customer.id)
    cookie.bring_along(customer)
    _send_home(customer)


def _send_home(customer: Customer) -> None:
    """Let a cart that goes nowhere yet go to the address that comes first."""
    cart = cookie.current()
    if cart is None or cart.country is not None:
        return
    first = select(Address).where(Address.customer_id == customer.id, Address.is_default)
    address = db.session.scalars(first).one_or_none()
    if address is not None:
        region = address.state if REGION.fullmatch(address.state) else ""
        choose_destination(db.session, cart, address.country, region, None)
