"""Which exception is which status, and the page that says so."""

from flask import Flask, Response, g, jsonify, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, SecurityError

from storefront.languages import lazy_gettext
from storefront.logs import log, request_id

TITLES = {
    400: lazy_gettext("That request could not be read"),
    403: lazy_gettext("That is not allowed"),
    404: lazy_gettext("This page is not here"),
    405: lazy_gettext("That cannot be done at this address"),
    409: lazy_gettext("Something has changed meanwhile"),
    410: lazy_gettext("This is over"),
    413: lazy_gettext("That is too large"),
    422: lazy_gettext("Something in the form is not right"),
    429: lazy_gettext("Too many tries"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("The shop is busy"),
}
MESSAGES = {
    400: lazy_gettext(
        "Your browser sent something that the shop does not understand. Go back and try again."
    ),
    403: lazy_gettext(
        "You may not do this. If you came from a form, open its page again and send it there."
    ),
    404: lazy_gettext(
        "The address may be mistyped, or the page was removed. The search finds what is here."
    ),
    405: lazy_gettext("Go back to the page that you came from and use its buttons."),
    409: lazy_gettext("Load the page again to see how things are now."),
    413: lazy_gettext("What you sent is larger than the shop takes. Shorten it."),
    422: lazy_gettext("Go back, correct it and send it again."),
    429: lazy_gettext("Wait a little, then try again."),
    500: lazy_gettext("We have noted it. If you write to us, mention the reference below."),
    503: lazy_gettext("Try again in a few seconds. Nothing is lost."),
}
MISSING = {404, 410}
SUGGESTIONS = [
    (lazy_gettext("Where does it hurt?"), "/where-does-it-hurt"),
    (lazy_gettext("Tutorials"), "/tutorials"),
    (lazy_gettext("Articles"), "/blogs/the-ql-blawg"),
    (lazy_gettext("Shop"), "/collections/all"),
    (lazy_gettext("Search"), "/search"),
]
STAFF_SUGGESTIONS = [("Today", "/staff"), ("Find anything", "/staff/find")]


def init_app(app: Flask) -> None:
    """Bind the error pages to an app."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(OperationalError, database_error)
    app.register_error_handler(DBAPIError, database_error)
    app.register_error_handler(Exception, crash)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what a route, Flask or Werkzeug refused."""
    status = error.code or 500
    if status < 400:  # noqa: PLR2004 (a redirect is no error)
        return error
    if isinstance(error, SecurityError):  # no address of ours may be made for a foreign host
        return Response("This host is not served here.\n", 400, mimetype="text/plain")
    own_words = error.description if error.description != type(error).description else None
    response = _answer(status, own_words)
    if isinstance(error.get_response(), Response) or error.get_headers():
        for name in ("Allow", "Retry-After"):
            if value := dict(error.get_headers()).get(name):
                response.headers[name] = value
    return response


def database_error(error: DBAPIError) -> ResponseReturnValue:
    """Answer 503 where the database is locked, away or full; the browser may come again."""
    if not isinstance(error, OperationalError):
        return crash(error)
    log.exception("database unavailable")
    response = _answer(503)
    response.headers["Retry-After"] = "5"
    return response


def crash(error: Exception) -> ResponseReturnValue:
    """Answer 500 with a reference that stands in the log as well."""
    log.error("crash", exc_info=error, extra={"reference": request_id()})
    return _answer(500, reference=request_id())


def _answer(status: int, message: str | None = None, reference: str | None = None) -> Response:
    title = str(TITLES.get(status, TITLES[400 if status < 500 else 500]))  # noqa: PLR2004
    message = message or str(MESSAGES.get(status, MESSAGES[400 if status < 500 else 500]))  # noqa: PLR2004
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    if best == "application/json":
        body = jsonify(status=status, message=message, description=title, reference=reference)
        return make_response(body, status)
    g.is_missing = status in MISSING  # in each language
    page = render_template(
        "errors/error.html",
        status=status,
        title=title,
        message=message,
        reference=reference,
        canonical_url=None,
        suggestions=_suggestions(status),
    )
    return make_response(page, status)


def _suggestions(status: int) -> list[tuple[str, str]] | None:
    if request.path == "/staff" or request.path.startswith("/staff/"):
        return STAFF_SUGGESTIONS
    return SUGGESTIONS if status == 404 else None  # noqa: PLR2004
