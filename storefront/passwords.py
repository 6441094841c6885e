"""Passwords: hashed with argon2id, checked in the same time whether or not the person exists."""

import threading
from collections.abc import Iterable
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from storefront.languages import lazy_gettext

SHORTEST, LONGEST = 8, 200
WEAK = lazy_gettext(
    "This is among the first passwords that are tried. Choose a longer or less common one."
)
GUESSED_AT_ONCE = 1  # of zxcvbn's scores 0 to 4: fewer than a million guesses
READ_UP_TO = 72  # signs of a password that zxcvbn reads; it refuses longer ones
# Source: OWASP password storage cheat sheet, the smallest argon2id setting (19 MiB, t=2, p=1).
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_few_at_once = threading.BoundedSemaphore(4)


@cache
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def hash_password(password: str) -> str:
    """Return the argon2id hash to keep."""
    with _few_at_once:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Say whether the password is the one that was hashed; None costs the time of a real check."""
    with _few_at_once:
        nobody = _nobody()  # by whoever comes first, so it tells of nobody
        try:
            _hasher.verify(password_hash or nobody, password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def is_weak(password: str, about: Iterable[str] = ()) -> bool:
    """Say whether a password is guessed at once: one of breached lists, or next to one.

    about: what a guesser knows of the person, such as her address. The lists are the library's
    own, so no network is asked.
    """
    from zxcvbn import zxcvbn

    known = [it for it in about if it]
    found = zxcvbn(password[:READ_UP_TO], user_inputs=known)
    return bool(found["score"] <= GUESSED_AT_ONCE)
