"""The figures and films that lie among the shop's files, by the keys that texts name them by."""

from storefront.assets import STATIC


def figures(own: str | None = None) -> dict[str, str]:
    """Return what a figure can be chosen from; its own key too, though its file were gone."""
    return _choices({path.stem for path in (STATIC / "img" / "figures").glob("*.svg")}, own)


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
