"""The address of pictures that staff published; what is private has none here."""

from flask import Blueprint, Response

from storefront.extensions import db
from storefront.sent_pictures import service
from storefront.sent_pictures.answer import answer

HOUR = "public, max-age=3600"  # so that one which is taken back is gone soon

bp = Blueprint("sent_pictures", __name__, url_prefix="/sent-pictures")


@bp.get("/<key>-<size>.webp")
def show(key: str, size: str) -> Response:
    """Give a published picture."""
    picture = service.by_key(db.session, key)
    is_public = picture is not None and picture.published_at is not None
    return answer(picture if is_public else None, size, cache=HOUR)
