"""The links in these mails: signed, each good for one purpose."""

import enum

from itsdangerous import BadData, URLSafeTimedSerializer

from models.language import prefix

CONFIRM_WITHIN_S = 7 * 24 * 3600


class Purpose(enum.StrEnum):
    """What a link is good for; the end of its address before the token."""

    CONFIRM_STOCK = "back-in-stock/confirm"
    STOP_STOCK = "back-in-stock/stop"
    CONFIRM_CART = "cart-reminders/confirm"
    STOP_CART = "cart-reminders/stop"
    OPEN_CART = "cart-reminders/open"
    STOP_REVIEWS = "review-invitations/stop"


CONFIRMING = frozenset({Purpose.CONFIRM_STOCK, Purpose.CONFIRM_CART})


class Links:
    """Makes and reads the addresses that stand in mails; what they are signed of is a key."""

    def __init__(self, site_url: str, secret_key: str) -> None:
        """Remember where the shop is, and what it signs with."""
        self.site_url = site_url
        self._secret = secret_key

    def url(self, purpose: Purpose, key: str) -> str:
        """Return the address that is good for one purpose, in the language spoken now."""
        return f"{self.site_url}{prefix()}/{purpose}/{self._signer(purpose).dumps(key)}"

    def key(self, purpose: Purpose, token: str) -> str | None:
        """Return what a token is signed of; None where it is altered, of another purpose or late.

        What confirms works for seven days, all others for ever.
        """
        within_s = CONFIRM_WITHIN_S if purpose in CONFIRMING else None
        try:
            key = self._signer(purpose).loads(token, max_age=within_s)
        except BadData:
            return None
        return key if isinstance(key, str) else None

    def _signer(self, purpose: Purpose) -> URLSafeTimedSerializer:
        return URLSafeTimedSerializer(self._secret, salt=f"alerts-{purpose}")
