"""What was taken out of a cart, in a token by which it comes back."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeTimedSerializer

MAX_AGE_S = 24 * 3600


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out of a cart: all that is needed to put it back into its place.

    gifts: whom gift cards were for; never in the token, since it stands in addresses.
    """

    cart_id: int
    variant_id: int
    quantity: int
    created_at: datetime
    gifts: tuple[dict[str, Any], ...] = ()


def token_of(removed: Removed, secret: str) -> str:
    """Return the token by which a line comes back within a day."""
    about = (removed.cart_id, removed.variant_id, removed.quantity, removed.created_at.isoformat())
    return _serializer(secret).dumps(about)


def removed_by(token: str, secret: str) -> Removed | None:
    """Return what a token puts back, or None: it is forged or older than a day."""
    try:
        cart_id, variant_id, quantity, created_at = _serializer(secret).loads(
            token, max_age=MAX_AGE_S
        )
    except BadData:
        return None
    return Removed(cart_id, variant_id, quantity, datetime.fromisoformat(created_at))


def _serializer(secret: str) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(secret, salt="cart-removed")
