"""Ids that look like Stripe's, so that nothing which recognises them is surprised."""

import secrets
import string

ALPHABET = string.ascii_letters + string.digits


def new_id(prefix: str, length: int = 24) -> str:
    """Return ``prefix_`` and random letters and digits; ``new_id("re")``."""
    return f"{prefix}_{''.join(secrets.choice(ALPHABET) for _ in range(length))}"
