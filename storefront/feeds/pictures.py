"""What a share picture shows of each kind of page, and the address that changes with it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models import Article, Muscle, Page, Product, Region, Routine, Tutorial
from models.picture import figure_of, figure_path
from storefront.feeds.linked_data.texts import taken
from storefront.languages import lazy_gettext

DESIGN = "2"  # another value gives every picture a new address
LABELS = {
    "article": lazy_gettext("Article"),
    "tutorial": lazy_gettext("Tutorial, step by step"),
    "page": "",
    "product": "",
    "region": lazy_gettext("Where does it hurt?"),
    "muscle": lazy_gettext("Muscle"),
    "routine": lazy_gettext("Routine"),
}


@dataclass(frozen=True, slots=True)
class Picture:
    """A share picture. image: name of a static file, such as ``img/logo.svg``; None has none."""

    kind: str
    handle: str
    title: str
    image: str | None = None

    @property
    def label(self) -> str:
        """What stands above the title."""
        return str(LABELS[self.kind])

    def digest(self, brand: str, asset: Callable[[str], str]) -> str:
        """Return twelve signs that change with anything that the picture shows."""
        shown = (DESIGN, brand, self.label, self.title, asset(self.image) if self.image else "")
        return hashlib.sha256("\n".join(shown).encode()).hexdigest()[:12]

    def path(self, brand: str, asset: Callable[[str], str]) -> str:
        """Return the path of its address."""
        return f"/share/{self.kind}/{self.handle}-{self.digest(brand, asset)}.png"


def of_article(text: Article) -> Picture:
    """Return the picture of an article."""
    return Picture("article", text.handle, text.title, _figure(text.figure))


def of_tutorial(text: Tutorial) -> Picture:
    """Return the picture of a tutorial: the press, where a figure shows it."""
    return Picture("tutorial", text.handle, text.title, _figure(_main_figure(text)))


def of_page(text: Page) -> Picture:
    """Return the picture of a plain page or a policy."""
    return Picture("page", text.handle, text.title)


def of_product(sold: Product) -> Picture:
    """Return the picture of a product."""
    image = None
    if sold.cover and sold.cover.picture_id is None:  # it is drawn from the shop's own files
        widths = sold.cover.widths or [sold.cover.width]
        width = next((it for it in widths if it >= 800), widths[-1])  # noqa: PLR2004 (pixels)
        image = sold.cover.file(width, "webp")
    return Picture("product", sold.handle, sold.title, image)


def of_region(where: Region, muscles: Sequence[Muscle]) -> Picture:
    """Return the picture of a region: how the pain of its first muscle is drawn."""
    figures = [it.pain_figure or it.figure for it in muscles]
    return Picture("region", where.handle, where.name, _figure(next(filter(None, figures), None)))


def of_muscle(about: Muscle) -> Picture:
    """Return the picture of a muscle."""
    return Picture("muscle", about.handle, about.name, _figure(about.figure))


def of_routine(text: Routine) -> Picture:
    """Return the picture of a routine: that of the first step it takes."""
    figures = [step.figure for part in text.parts for step in taken(part)]
    return Picture("routine", text.handle, text.title, _figure(next(filter(None, figures), None)))


def _main_figure(text: Tutorial) -> str | None:
    drawn = sorted(
        (it for it in text.steps if it.figure), key=lambda it: (it.kind != "pressure", it.position)
    )
    return drawn[0].figure if drawn else None


def _figure(key: str | None) -> str | None:
    """Return the shop's own file; share pictures are drawn from no other."""
    return figure_path(key) if key and figure_of(key) is None else None
