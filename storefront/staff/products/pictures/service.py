"""Saving which pictures a product has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from models import Picture, Product, ProductImage
from storefront.staff.seen import ChangedMeanwhileError, seen_of

MOST = 30  # of one product


class TooManyError(Exception):
    """A product has no more pictures than MOST."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Pictures as they are to be: the ids of those that stay, in order, and what is on each."""

    order: Sequence[int]
    alts: Mapping[int, str]


def words_of(product: Product) -> dict[str, str]:
    """Return what a product's pictures say, by their place."""
    return {f"Picture {n}": it.alt for n, it in enumerate(product.images, start=1)}


def seen(product: Product) -> str:
    """Return a digest of a product's pictures, by which another state of them is known."""
    return seen_of({str(it.id): f"{it.position} {it.alt}" for it in product.images})


def save(session: Session, product: Product, draft: Draft, *, seen_before: str) -> None:
    """Order a locked product's pictures, and take out those that are not named."""
    if seen(product) != seen_before:
        raise ChangedMeanwhileError
    by_id = {image.id: image for image in product.images}
    for image_id, image in by_id.items():
        if image_id not in draft.order:
            session.delete(image)
            _forget_choice(product, image)
    for position, image_id in enumerate(draft.order):
        by_id[image_id].position, by_id[image_id].alt = position, draft.alts[image_id]
    session.flush()


def add(session: Session, product: Product, pictures: Sequence[Picture]) -> int:
    """Put pictures behind those of a locked product; return how many it did not have yet.

    Each begins with the picture's own words. Raises TooManyError.
    """
    there = {image.picture_id for image in product.images}
    new = [picture for picture in pictures if picture.id not in there]
    if len(product.images) + len(new) > MOST:
        raise TooManyError
    start = max((image.position for image in product.images), default=-1) + 1
    session.add_all(
        ProductImage(
            product_id=product.id,
            position=start + index,
            key=picture.key,
            alt=picture.alt,
            width=picture.width,
            height=picture.height,
            widths=picture.widths,
            picture_id=picture.id,
        )
        for index, picture in enumerate(new)
    )
    session.flush()
    return len(new)


def _forget_choice(product: Product, image: ProductImage) -> None:
    for variant in product.variants:
        if variant.image_key == image.key:
            variant.image_key = None
