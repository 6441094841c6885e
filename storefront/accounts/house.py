"""A customer's account: one blueprint, every room a part of it."""

from storefront.accounts.addresses.routes import bp as addresses
from storefront.accounts.details.routes import bp as details
from storefront.accounts.links.routes import bp as links
from storefront.accounts.mails.routes import bp as mails
from storefront.accounts.routes import bp
from storefront.accounts.security.routes import bp as security
from storefront.accounts.wishes.routes import bp as wishes

__all__ = ["bp"]

for room in (addresses, details, links, mails, security, wishes):
    bp.register_blueprint(room)
