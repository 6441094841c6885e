"""How long an answer may be kept, and by whom."""

from flask import Flask, Response, current_app, request

NEXT_PAGES = "next-pages.json"  # rules for browsers: what they may fetch ahead
PUBLIC = "public, max-age=0, s-maxage=60, stale-while-revalidate=600"
PRIVATE = "private, no-store"
PERSONAL = ("/account", "/cart", "/checkout", "/dev", "/orders", "/staff")  # never public


def next_pages() -> str:
    """Return the address of the rules for what may be fetched ahead: public pages alone.

    Only who sends no cookie is told of them, so nothing that is hers is ever fetched ahead.
    """
    address: str = current_app.jinja_env.globals["asset"](NEXT_PAGES)  # type: ignore[operator]
    return address


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
    if "Set-Cookie" in response.headers:  # a page fetched ahead does not know of the cart
        response.headers["Clear-Site-Data"] = '"prefetchCache"'
    if request.method in {"GET", "HEAD"} and response.status_code == 200 and is_public:  # noqa: PLR2004
        response.headers["Cache-Control"] = PUBLIC
        if response.mimetype == "text/html":
            response.headers["Speculation-Rules"] = f'"{next_pages()}"'
    else:
        response.headers["Cache-Control"] = PRIVATE
    if request.method in {"GET", "HEAD"} and response.status_code == 200:  # noqa: PLR2004
        response.add_etag()
        response.make_conditional(request)
    return response
