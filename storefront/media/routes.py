"""The addresses of pictures: each file for good, nothing to list, originals never."""

from flask import Blueprint, Response, abort, request
from werkzeug.routing import BaseConverter

from storefront.extensions import storage
from storefront.logs import log
from storefront.storage import MissingFileError, StorageError

FOREVER = "public, max-age=31536000, immutable"


class PictureName(BaseConverter):
    """The name of a made file: a digest, a width and a format; nothing else is an address."""

    regex = r"[0-9a-f]{64}-[0-9]{1,5}\.(?:avif|webp)"


bp = Blueprint("media", __name__, url_prefix="/media")


@bp.record_once
def add_converter(state) -> None:  # type: ignore[no-untyped-def]  # noqa: ANN001 (Flask's own)
    """Teach the app what a picture's name is, before its address is added."""
    state.app.url_map.converters["picture"] = PictureName


@bp.get("/<picture:name>")
def show(name: str) -> Response:
    """Give a picture; what has this name never changes."""
    tag = name.partition(".")[0]
    if request.if_none_match.contains(tag):
        return _kept(Response(status=304), tag)
    try:
        content = storage().get(name)
    except MissingFileError:
        abort(404)
    except StorageError:
        log.exception("picture not read")
        abort(503)
    return _kept(Response(content, mimetype=f"image/{name.rpartition('.')[2]}"), tag)


def _kept(response: Response, tag: str) -> Response:
    response.headers["Cache-Control"] = FOREVER
    # Feed readers and mails show them too, as they do the shop's own files.
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    response.set_etag(tag)
    return response
