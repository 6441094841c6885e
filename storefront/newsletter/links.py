"""The links in a subscriber's mails: signed with her own secret, each good for one purpose."""

import enum
import re
from dataclasses import dataclass

from itsdangerous import BadSignature, Signer, TimestampSigner
from sqlalchemy.orm import Session

from models import Subscriber
from models.base import MAX_ID, now
from models.language import prefix

CONFIRM_WITHIN_S = 7 * 24 * 3600
_SHAPE = re.compile(r"([0-9]{1,10})(?:-([0-9]{1,10}))?\.[A-Za-z0-9_.-]{20,100}")


class Purpose(enum.StrEnum):
    """What a link is good for."""

    CONFIRM = "confirm"
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


@dataclass(frozen=True, slots=True)
class Found:
    """Whose link it is. consent_id: the asking that it confirms; is_expired: it came too late."""

    subscriber: Subscriber
    consent_id: int = 0
    is_expired: bool = False


class Links:
    """Makes the addresses that stand in mails, in the language that is spoken.

    A link leans on the subscriber's secret alone, so that it outlives a new SECRET_KEY: whoever
    has an old mail can still leave.
    """

    def __init__(self, site_url: str) -> None:
        """Remember where the shop is."""
        self._site_url = site_url

    def confirm(self, subscriber: Subscriber, consent_id: int) -> str:
        """Return the address that confirms one act of asking, for seven days."""
        signer = TimestampSigner(subscriber.secret, salt=_salt(Purpose.CONFIRM))
        return self._address(Purpose.CONFIRM, signer, f"{subscriber.id}-{consent_id}")

    def unsubscribe(self, subscriber: Subscriber) -> str:
        """Return the address that ends all mails; it works for ever."""
        return self._plain(Purpose.UNSUBSCRIBE, subscriber)

    def preferences(self, subscriber: Subscriber) -> str:
        """Return the address where she says what she wants; it works for ever."""
        return self._plain(Purpose.PREFERENCES, subscriber)

    def _plain(self, purpose: Purpose, subscriber: Subscriber) -> str:
        signer = Signer(subscriber.secret, salt=_salt(purpose))
        return self._address(purpose, signer, str(subscriber.id))

    def _address(self, purpose: Purpose, signer: Signer, value: str) -> str:
        base = f"{self._site_url}{prefix()}/newsletter"
        return f"{base}/{purpose}/{signer.sign(value).decode()}"


def read(session: Session, token: str, purpose: Purpose) -> Found | None:
    """Return whose token this is, or None: altered, of another purpose, or of nobody any more."""
    shape = _SHAPE.fullmatch(token)
    key = int(shape[1]) if shape else 0
    subscriber = session.get(Subscriber, key) if 0 < key <= MAX_ID else None
    if shape is None or subscriber is None:
        return None
    if purpose is Purpose.CONFIRM:
        return _read_confirm(subscriber, token, int(shape[2] or 0))
    signer = Signer(subscriber.secret, salt=_salt(purpose))
    return Found(subscriber) if signer.validate(token) else None


def _read_confirm(subscriber: Subscriber, token: str, consent_id: int) -> Found | None:
    signer = TimestampSigner(subscriber.secret, salt=_salt(Purpose.CONFIRM))
    try:
        _, signed_at = signer.unsign(token, return_timestamp=True)
    except BadSignature:
        return None
    age_s = (now() - signed_at).total_seconds()
    return Found(subscriber, consent_id, is_expired=age_s > CONFIRM_WITHIN_S)


def _salt(purpose: Purpose) -> str:
    return f"newsletter-{purpose}"
