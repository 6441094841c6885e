"""Making what pages show of a picture: turned, without metadata, in each width and both formats."""

import io

from PIL import Image, ImageOps
from PIL.Image import Resampling
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models import Picture, PictureStatus, ProductImage
from storefront import tasks
from storefront.database import Sessions
from storefront.jobs.worker import Effect, Payload
from storefront.logs import log
from storefront.media.reading import FORMATS
from storefront.storage import MissingFileError, Storage

KIND = "make-pictures"  # of the job
WIDTHS = (480, 800, 1200, 1600)
AVIF = {"quality": 62, "speed": 8}
WEBP = {"quality": 80, "method": 4}
BROKEN = "It could not be read. Remove it, and send it again from a picture program."
LOST = "Its original is no longer in the storage. Remove it, and send it again."
ORIGINAL = "original/"


def made(content: bytes) -> dict[tuple[int, str], bytes]:
    """Return the files of a picture by width and format; raises OSError where it is broken.

    No wider than it is; each has the same shape.
    """
    whole = clean(content)
    found = {}
    for width in sorted({min(width, whole.width) for width in WIDTHS}):
        height = max(1, round(whole.height * width / whole.width))
        image = whole.resize((width, height), Resampling.LANCZOS)
        found[width, "avif"] = _saved(image, "AVIF", AVIF)
        found[width, "webp"] = _saved(image, "WEBP", WEBP)
    return found


class Making:
    """Makes the pictures that wait; a job of the worker."""

    def __init__(self, storage: Storage) -> None:
        """Remember where the files are."""
        self._storage = storage

    def make(self, sessions: Sessions, payload: Payload) -> Effect:
        """Make each picture of a task, and show it as soon as it is there."""
        ids, task_id = payload["picture_ids"], payload["task_id"]
        failed = 0
        for done, picture_id in enumerate(ids):
            tasks.step(sessions, task_id, done, len(ids))
            failed += not self._make(sessions, picture_id)

        def write(session: Session) -> None:
            if failed:
                tasks.fail(session, task_id, f"{failed} of {len(ids)} could not be made.")
            else:
                tasks.finish(session, task_id, url=payload["url"])

        return write

    def _make(self, sessions: Sessions, picture_id: int) -> bool:
        with sessions.read() as session:
            picture = session.get(Picture, picture_id)
        if picture is None or picture.status is PictureStatus.READY:
            return True  # removed meanwhile, or made by a worker that died then
        try:
            files = made(self._storage.get(ORIGINAL + picture.key))
        except MissingFileError:
            return _note_failure(sessions, picture_id, LOST)
        except (OSError, ValueError, SyntaxError):
            log.exception("picture not made", extra={"reason": picture.key})
            return _note_failure(sessions, picture_id, BROKEN)
        for (width, suffix), content in files.items():
            self._storage.put(f"{picture.key}-{width}.{suffix}", content)
        with sessions.write.begin() as session:
            show(session, picture_id, sorted({width for width, _ in files}))
        return True


def show(session: Session, picture_id: int, widths: list[int]) -> None:
    """Say that a picture is there in these widths, also where products already have it."""
    session.execute(
        update(Picture)
        .where(Picture.id == picture_id)
        .values(status=PictureStatus.READY, widths=widths, error="")
    )
    session.execute(
        update(ProductImage).where(ProductImage.picture_id == picture_id).values(widths=widths)
    )


def waiting(session: Session, ids: list[int]) -> list[int]:
    """Return those of some pictures that are still to be made."""
    wanted = select(Picture.id).where(Picture.id.in_(ids), Picture.status != PictureStatus.READY)
    return list(session.scalars(wanted.order_by(Picture.id)))


def _note_failure(sessions: Sessions, picture_id: int, why: str) -> bool:
    with sessions.write.begin() as session:
        session.execute(
            update(Picture)
            .where(Picture.id == picture_id)
            .values(status=PictureStatus.FAILED, error=why)
        )
    return False


def clean(content: bytes) -> Image.Image:
    """Return the pixels alone: turned, in the colours of the web, without what came with them.

    Raises OSError where the picture is broken.
    """
    with Image.open(io.BytesIO(content), formats=FORMATS) as image:
        image.draft("RGB", (2 * WIDTHS[-1], 2 * WIDTHS[-1]))
        turned = ImageOps.exif_transpose(image)
        has_alpha = turned.mode in {"RGBA", "LA", "PA"} or "transparency" in turned.info
        profile = turned.info.get("icc_profile")
        plain = turned.convert("RGBA" if has_alpha else "RGB")
    plain.info.clear()
    return _in_srgb(plain, profile) if profile else plain


def _in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    from PIL import ImageCms

    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        changed = ImageCms.profileToProfile(image, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError):  # of another kind, such as CMYK's
        return image
    plain = changed if changed is not None else image
    plain.info.clear()
    return plain


def _saved(image: Image.Image, kind: str, options: dict[str, int]) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()
