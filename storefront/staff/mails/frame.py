"""A mail's HTML as an answer of its own, to be shown in a frame: nothing in it can run."""

from flask import Response

# Its rules of style stand in the mail itself; nothing runs, nothing is fetched.
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox allow-popups"
)


def framed(html: str) -> Response:
    """Return a mail's HTML as a mail program shows it, without scripts and pictures."""
    response = Response(html)
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    return response
