"""The figures and films that texts can show, by the names that texts have for them."""

from flask import g
from sqlalchemy import select

from models import Picture, PictureStatus
from storefront.assets import STATIC
from storefront.extensions import db

MOST_BROUGHT = 40


def figures(own: str | None = None) -> dict[str, str]:
    """Return what a figure can be chosen from: drawings, and the newest pictures brought in.

    Its own name is among them too, though its file were gone.
    """
    drawn = {path.stem for path in (STATIC / "img" / "figures").glob("*.svg")}
    brought = _brought()
    return _choices(drawn, None if own in brought else own) | brought


def _brought() -> dict[str, str]:
    """Return the newest pictures; asked once in a request, however many steps there are."""
    if "brought_figures" not in g:
        ready = select(Picture).where(Picture.status == PictureStatus.READY)
        newest = ready.order_by(Picture.created_at.desc(), Picture.id.desc()).limit(MOST_BROUGHT)
        g.brought_figures = {
            it.as_figure: f"Picture: {it.alt[:50]}" for it in db.session.scalars(newest)
        }
    found: dict[str, str] = g.brought_figures
    return found


def films(own: str | None = None) -> dict[str, str]:
    """Return the films that are there in both forms that browsers play."""
    return _choices(_stems("webm") & _stems("mp4"), own)


def posters(own: str | None = None) -> dict[str, str]:
    """Return the pictures that can stand for a film."""
    return _choices(_stems("webp") & _stems("avif"), own)


def _stems(suffix: str) -> set[str]:
    return {path.stem for path in (STATIC / "video").glob(f"*.{suffix}")}


def _choices(keys: set[str], own: str | None) -> dict[str, str]:
    return {"": "None"} | {key: key for key in sorted(keys | ({own} if own else set()))}
