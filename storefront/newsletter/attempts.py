"""How often anybody may ask for mails: a stranger can type any address."""

from sqlalchemy.orm import Session

from storefront.limits import count_attempt, network

SCOPE = "newsletter"
WINDOW_S = 3600
BY_EMAIL, BY_ORIGIN, OVERALL = 4, 20, 600  # in a window


def wait_s(session: Session, email: str, origin: str, secret: str, scope: str = SCOPE) -> int:
    """Count one asking; return 0 where it may go on, else the seconds to wait.

    scope: what is asked for; each has counts of its own. Every asking counts alike, whatever the
    address is to the shop. The caller commits also when it must wait: a refused try counts.
    """
    limits = (
        (f"email:{email}", BY_EMAIL),
        (f"origin:{network(origin)}", BY_ORIGIN),
        ("overall", OVERALL),
    )
    waits = [0]
    for subject, most in limits:
        count, left_s = count_attempt(session, scope, subject, window_s=WINDOW_S, secret=secret)
        if count > most:
            waits.append(left_s)
    return max(waits)
