"""Codes that are typed, counted by network so that none can be guessed."""

from sqlalchemy.orm import Session

from storefront.languages import lazy_gettext, ngettext
from storefront.limits import count_attempt, network

SCOPE = "gift-code"
MOST, WINDOW_S = 20, 3600
UNKNOWN = lazy_gettext(
    "We know no gift card with this code that can be used. Check each letter and digit."
)


def wait_s(session: Session, address: str, secret: str) -> int:
    """Count a code that was typed; return how many seconds to wait, 0 where it may be looked up.

    Right codes count too: whoever knows one must not guess others. The caller commits.
    """
    count, left_s = count_attempt(
        session, SCOPE, network(address), window_s=WINDOW_S, secret=secret
    )
    return left_s if count > MOST else 0


def too_many(left_s: int) -> str:
    """Return what to say to who must wait so many seconds."""
    return ngettext(
        "Too many codes were typed in a short time. Try again in %(count)s minute.",
        "Too many codes were typed in a short time. Try again in %(count)s minutes.",
        -(-left_s // 60),
    )
