"""How long an answer may be kept, and by whom."""

from flask import Flask, Response, request

PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
PRIVATE = "private, no-store"
PERSONAL = ("/account", "/cart", "/checkout", "/dev", "/orders", "/staff")  # never public


def init_app(app: Flask) -> None:
    """Bind the headers to an app."""
    app.after_request(mark)


def mark(response: Response) -> Response:
    """Let shared caches keep what every visitor sees alike; keep the rest out of them.

    A page for a browser that sent a cookie may show what is hers (the number in the cart), so it
    is private. ``Vary: Cookie`` keeps a shared cache from giving her the page of one without.
    """
    if "Cache-Control" in response.headers:
        return response
    if response.mimetype == "text/html":
        response.vary.add("Cookie")
    anonymous = not request.cookies and "Set-Cookie" not in response.headers
    is_public = anonymous and not request.path.startswith(PERSONAL)
    if request.method in {"GET", "HEAD"} and response.status_code == 200 and is_public:  # noqa: PLR2004
        response.headers["Cache-Control"] = PUBLIC
    else:
        response.headers["Cache-Control"] = PRIVATE
    if request.method in {"GET", "HEAD"} and response.status_code == 200:  # noqa: PLR2004
        response.add_etag()
        response.make_conditional(request)
    return response
