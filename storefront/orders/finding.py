"""Finding an order by its number and the email address that it was ordered with."""

import hmac

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Order, OrderStatus
from storefront.limits import count_attempt, network

SCOPE = "find-order"
WINDOW_S = 900
BY_ORIGIN, BY_NUMBER = 10, 10  # tries in a window
_READ_AS = str.maketrans("OIL", "011")  # as Crockford's base 32 reads what was misread
NOBODY = "nobody@invalid"


def wait_s(session: Session, number: str, origin: str, secret: str) -> int:
    """Count one try; return 0 where it may go on, else the seconds to wait.

    Every try counts alike, whether it would find something or not. The caller commits.
    """
    waits = [0]
    limits = ((f"origin:{network(origin)}", BY_ORIGIN), (f"number:{number}", BY_NUMBER))
    for subject, most in limits:
        count, left_s = count_attempt(session, SCOPE, subject, window_s=WINDOW_S, secret=secret)
        if count > most:
            waits.append(left_s)
    return max(waits)


def number_of(typed: str) -> str:
    """Return an order's number as it was typed, as we write it: large, with its beginning."""
    plain = "".join(typed.upper().split()).removeprefix("#")
    signs = plain.removeprefix("QL-").removeprefix("QL").replace("-", "")
    return f"QL-{signs.translate(_READ_AS)[:17]}"


def by_number_and_email(session: Session, number: str, email: str) -> Order | None:
    """Return the order of this number and this buyer, None for any other; as long for both."""
    found = session.scalars(
        select(Order).where(Order.number == number, Order.status != OrderStatus.DRAFT)
    ).one_or_none()
    is_hers = hmac.compare_digest(
        ((found.email if found else None) or NOBODY).lower().encode(), email.lower().encode()
    )
    return found if found is not None and found.email and is_hers else None
