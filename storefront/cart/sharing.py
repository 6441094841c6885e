"""A cart in a link: variants and quantities, signed, and nothing of whose it was."""

from collections.abc import Iterable

from itsdangerous import BadData, URLSafeSerializer


def token_of(lines: Iterable[tuple[int, int]], secret: str) -> str:
    """Return what stands in the link: (variant's id, quantity) of each line."""
    return _serializer(secret).dumps([list(line) for line in lines])


def lines_in(token: str, secret: str) -> list[tuple[int, int]] | None:
    """Return the lines of a link, or None where we never made it."""
    try:
        return [(variant_id, quantity) for variant_id, quantity in _serializer(secret).loads(token)]
    except BadData:
        return None


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="cart-shared")
