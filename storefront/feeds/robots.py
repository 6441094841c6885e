"""What search engines may read, and what they must not list."""

from flask import Blueprint, Response, request

from storefront.feeds.share import machines

bp = Blueprint("robots", __name__)
# What belongs to one visitor, and what has a page for every question.
CLOSED = ("/account", "/cart", "/checkout", "/discount/", "/orders/", "/search", "/staff")
SECRET = ("/comments/", "/dev/", "/newsletter/")  # addresses from mails, and of the workshop


@bp.get("/robots.txt")
def robots() -> Response:
    """Say what to leave alone, and where the sitemap is.

    The same on a demonstration: its pages say that it is one, and whether the web shall find it
    is for who puts it there.
    """
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /", ""]
    lines += [f"Sitemap: {machines().site.at('/sitemap.xml')}", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@bp.after_app_request
def keep_out(response: Response) -> Response:
    """Tell search engines that find such an address all the same not to list it."""
    if request.path.startswith((*CLOSED, *SECRET)):
        response.headers.setdefault("X-Robots-Tag", "noindex")
    return response
