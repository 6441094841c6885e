"""The passkeys of the present app."""

from storefront.extensions import settings
from storefront.passkeys import Passkeys
from storefront.site import read


def passkeys() -> Passkeys:
    """Return what asks for passkeys of this shop, of customers and of staff."""
    found = settings()
    return Passkeys(found.site_url, read().name, found.secret_key)
