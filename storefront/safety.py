"""What every answer and every request must keep to: headers, and no posts from other sites."""

from functools import lru_cache
from urllib.parse import urlsplit

from flask import Flask, Response, abort, g, request

from storefront.config import Settings
from storefront.languages import gettext

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
# The one address, and the one form, by which a mail program unsubscribes from wherever it runs. The
# address holds a secret, so what other sites cannot know they cannot send. Source: RFC 8058, 3.1.
ONE_CLICK = "newsletter.unsubscribe_create"
ONE_CLICK_FORM = {"List-Unsubscribe": ["One-Click"]}
MAX_BODY_BYTES = 1024 * 1024
MAX_FORM_BYTES = 512 * 1024
MAX_PICTURES_BYTES = 100 * 1024 * 1024  # of one upload
MAX_SENT_BYTES = 26 * 1024 * 1024  # of the pictures that a buyer sends with one form
MAX_REVIEW_BYTES = 34 * 1024 * 1024  # with a review, which takes one more
MAX_LABEL_BYTES = 6 * 1024 * 1024
# Where more may be sent than elsewhere, and how much.
UPLOADS = {
    "staff.media.create": MAX_PICTURES_BYTES,
    "staff.products.pictures.add": MAX_PICTURES_BYTES,
    "staff.returns.label_create": MAX_LABEL_BYTES,
    "returns.create": MAX_SENT_BYTES,
    "reviews.create": MAX_REVIEW_BYTES,
}
MAX_FORM_PARTS = 1000  # a product with a hundred variants has so many fields


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the checks to an app."""
    app.config.update(
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=MAX_FORM_BYTES,
        MAX_FORM_PARTS=MAX_FORM_PARTS,
        TRUSTED_HOSTS=list(settings.trusted_hosts),
    )
    app.before_request(allow_uploads)
    app.before_request(refuse_unreadable)
    app.before_request(refuse_other_sites)
    app.after_request(_headers(settings))


def allow_uploads() -> None:
    """Let more be sent to the addresses that take files; it is read once its sender is known."""
    if request.endpoint in UPLOADS and request.mimetype == "multipart/form-data":
        request.max_content_length = UPLOADS[request.endpoint]


def refuse_unreadable() -> None:
    """Refuse, with 404, an address with a NUL in it: PostgreSQL takes none, so nothing has it."""
    if "\0" in request.path:
        abort(404)


def refuse_other_sites() -> None:
    """Refuse, with 403, a changing request that a browser sends from another site.

    Source: OWASP CSRF cheat sheet, Fetch Metadata; Go's http.CrossOriginProtection. A request
    with neither header comes from no browser, so it carries no visitor's cookies.
    """
    if request.method in SAFE_METHODS or _is_one_click():
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            abort(
                403,
                gettext(
                    "This form was sent from another site. Open its page here, and send it again."
                ),
            )
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        abort(
            403,
            gettext("This form was sent from another site. Open its page here, and send it again."),
        )


def _is_one_click() -> bool:
    return request.endpoint == ONE_CLICK and request.form.to_dict(flat=False) == ONE_CLICK_FORM


def allow_frames(*origins: str) -> None:
    """Let this answer hold frames of these origins too, such as the player of a linked video."""
    g.frame_origins = sorted({*g.get("frame_origins", ()), *origins})


@lru_cache(maxsize=256)
def _policy(pay_origin: str, frame_origins: tuple[str, ...]) -> str:
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",  # the icon is in the page
            "font-src 'self'",
            "media-src 'self'",
            "worker-src 'self'",
            "connect-src 'self'",
            "manifest-src 'self'",
            " ".join(["frame-src 'self'", *frame_origins]),
            # The check-out button's answer sends the browser on to Stripe's page.
            f"form-action 'self' {pay_origin}",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ]
    )


def _headers(settings: Settings):  # type: ignore[no-untyped-def]  # noqa: ANN202 (Flask's own type is private)
    fixed = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    if settings.is_production:
        fixed["Strict-Transport-Security"] = "max-age=63072000; includeSubDomains"

    def add_headers(response: Response) -> Response:
        policy = _policy(settings.stripe_checkout_origin, tuple(g.get("frame_origins", ())))
        said = {name.lower() for name in response.headers.keys()}  # noqa: SIM118 (headers are no dict)
        wanted = {"Content-Security-Policy": policy, **fixed}
        response.headers.extend({k: it for k, it in wanted.items() if k.lower() not in said})
        return response

    return add_headers
