"""Answers of pages whose address holds an order's secret: kept nowhere, told to nobody."""

from flask import Response, make_response, render_template


def private(response: Response) -> Response:
    """Keep an answer out of caches, out of search engines, and its address out of others' logs."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"  # the address holds the secret
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def private_page(template: str, **context: object) -> Response:
    """Return a page that only who has the order's secret sees."""
    return private(make_response(render_template(template, **context)))
