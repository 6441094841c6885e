"""Answering with a picture that a buyer sent; who may see it is decided where this is called."""

from flask import Response, abort

from models import SentPicture
from storefront.caching import PRIVATE
from storefront.extensions import storage
from storefront.logs import log
from storefront.sent_pictures.service import file_of
from storefront.storage import MissingFileError, StorageError

SIZES = frozenset({"large", "small"})


def answer(picture: SentPicture | None, size: str, *, cache: str = PRIVATE) -> Response:
    """Return a picture's file, 404 where there is none; size: ``large`` or ``small``."""
    if picture is None or size not in SIZES:
        abort(404)
    try:
        content = storage().get(file_of(picture, size))
    except MissingFileError:
        abort(404)
    except StorageError:
        log.exception("sent picture not read")
        abort(503)
    response = Response(content, mimetype="image/webp")
    response.headers["Cache-Control"] = cache
    response.headers["X-Robots-Tag"] = "noindex"
    return response
