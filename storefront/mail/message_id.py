"""The name of a mail on its way, by which a report of its failure finds it again."""

import hmac
import re
from urllib.parse import urlsplit

from models import Mail
from models.base import MAX_ID
from storefront.config import Settings
from storefront.limits import digest

_OURS = re.compile(r"<mail-([0-9]{1,10})\.([0-9a-f]{16})@")


def message_id(mail: Mail, settings: Settings) -> str:
    """Return a mail's Message-ID, always the same; signed, so that nobody can guess another's."""
    host = urlsplit(settings.site_url).hostname or "localhost"
    return f"<mail-{mail.id}.{_signature(mail.id, settings.secret_key)}@{host}>"


def mail_ids(text: str, secret: str) -> list[int]:
    """Return the ids of the mails whose Message-IDs stand in a text, without forged ones."""
    found = {
        int(key): signature
        for key, signature in _OURS.findall(text[:200_000])
        if int(key) <= MAX_ID
    }
    return [key for key, it in found.items() if hmac.compare_digest(it, _signature(key, secret))]


def _signature(mail_id: int, secret: str) -> str:
    return digest(f"message-id:{mail_id}", secret)[:16]
