"""Writes the starting content into an empty shop."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from models import (
    Article,
    ArticleTag,
    Author,
    Base,
    Blog,
    BundlePart,
    Collection,
    Money,
    Muscle,
    Page,
    PlainPage,
    Policy,
    Product,
    ProductImage,
    Reference,
    Selling,
    Stock,
    StockMovement,
    Tutorial,
    TutorialStep,
    Variant,
    now,
)
from models.catalog import collection_products
from models.content import (
    article_muscles,
    article_products,
    article_references,
    article_tutorials,
    page_references,
    tutorial_products,
)
from models.inventory import MovementKind, move
from storefront.search import index
from storefront.seed.routines import add_routines, timing
from storefront.seed.terms import add_discounts, add_zones
from storefront.text import RENDERER, cited, render

FOLDER = Path(__file__).parent
BLOG = ("the-ql-blawg", "The QL Blawg")
ACTOR = "seed"
WIDTHS = [480, 800, 1200, 1600]  # of the product pictures under static/img/products
Table = Mapping[str, Any]
Row = TypeVar("Row", bound=Base)


def is_seeded(session: Session) -> bool:
    """Say whether the shop has content already."""
    return session.scalar(select(Blog.id).limit(1)) is not None


def seed(session: Session) -> None:
    """Write everything into an empty shop; commits nothing."""
    Seeding(session).run()


@dataclass(frozen=True, slots=True)
class Text:
    """A seed file: what stands between its +++ lines, and the Markdown after them."""

    front: Table
    body: str


def read_text(path: Path) -> Text:
    """Return a Markdown file with TOML front matter."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    return Text(tomllib.loads(front), body.strip() + "\n")


class Seeding:
    """One run over the seed files; keeps the rows it wrote by their handles and SKUs."""

    def __init__(self, session: Session) -> None:
        """Begin with nothing written."""
        self.session = session
        self.references: dict[str, Reference] = {}
        self.authors: dict[str, Author] = {}
        self.muscles: dict[str, Muscle] = {}
        self.products: dict[str, Product] = {}
        self.variants: dict[str, Variant] = {}
        self.tutorials: dict[str, Tutorial] = {}

    def run(self) -> None:
        """Write the files in the order in which they lean on each other."""
        for row in _toml("references.toml")["reference"]:
            self.references[row["key"]] = self._added(Reference(**row))
        for row in _toml("authors.toml")["author"]:
            self.authors[row["handle"]] = self._author(row)
        for position, row in enumerate(_toml("muscles.toml")["muscle"]):
            self.muscles[row["handle"]] = self._muscle(row, position)
        catalog = _toml("catalog.toml")
        self._catalog(catalog)
        add_zones(self.session, catalog["zone"], catalog["shop"]["currency"])
        add_discounts(self.session, catalog["discount"])
        for path in sorted((FOLDER / "tutorials").glob("*.md")):
            self._tutorial(read_text(path))
        blog = self._added(Blog(handle=BLOG[0], title=BLOG[1]))
        for path in sorted((FOLDER / "articles").glob("*.md")):
            self._article(read_text(path), blog)
        for folder, kind in (("pages", PlainPage), ("policies", Policy)):
            for path in sorted((FOLDER / folder).glob("*.md")):
                self._page(read_text(path), kind)
        add_routines(self.session, FOLDER / "routines", self.tutorials)
        self.session.flush()

    def _author(self, row: Table) -> Author:
        return self._added(
            Author(
                handle=row["handle"],
                name=row["name"],
                credentials=row["credentials"],
                about_markdown=row["about"],
                about_html=self._html(row["about"]),
                renderer=RENDERER,
            )
        )

    def _muscle(self, row: Table, position: int) -> Muscle:
        names = ("handle", "name", "location", "action", "referred_pain")
        return self._added(Muscle(position=position, **{name: row[name] for name in names}))

    def _catalog(self, catalog: Table) -> None:
        collections = {
            row["handle"]: self._added(
                Collection(handle=row["handle"], title=row["title"], description=row["description"])
            )
            for row in catalog["collection"]
        }
        for position, row in enumerate(catalog["product"]):
            product = self._product(row, catalog["shop"]["currency"])
            for handle in row["collections"]:
                link = {"collection_id": collections[handle].id, "product_id": product.id}
                self.session.execute(insert(collection_products), [link | {"position": position}])

    def _product(self, row: Table, currency: str) -> Product:
        product = Product(
            handle=row["handle"],
            title=row["title"],
            summary=row["summary"].strip().replace("\n", " "),
            description_markdown=row["description"],
            description_html=self._html(row["description"]),
            renderer=RENDERER,
            option_names=row["option_names"],
            is_demonstration=row.get("demonstration", False),
        )
        product.images = [
            ProductImage(position=position, key=image["key"], alt=image["alt"], widths=WIDTHS)
            for position, image in enumerate(row["image"])
        ]
        product.variants = [
            _variant(variant, position, currency) for position, variant in enumerate(row["variant"])
        ]
        self.products[row["handle"]] = self._added(product)
        for variant, given in zip(product.variants, row["variant"], strict=True):
            self.variants[variant.sku] = variant
            if "parts" in given:
                self._bundle(variant, given["parts"])
            else:
                self._stock(variant, given["stock"])
        index.index_product(self.session, product)
        return product

    def _bundle(self, variant: Variant, parts: Mapping[str, int]) -> None:
        for sku, quantity in parts.items():
            part_id = self.variants[sku].id
            self._added(BundlePart(bundle_id=variant.id, part_id=part_id, quantity=quantity))

    def _stock(self, variant: Variant, units: int) -> None:
        self._added(Stock(variant_id=variant.id))
        if units:
            received = StockMovement(
                variant_id=variant.id,
                kind=MovementKind.RECEIVED,
                on_hand=units,
                reason="Demonstration stock",
                actor=ACTOR,
            )
            move(self.session, received)

    def _tutorial(self, text: Text) -> None:
        front = text.front
        lists = ("needs", "cautions", "stop_signs", "symptoms")
        words = ("handle", "title", "summary", "minutes", "which_end", "frequency", "released")
        tutorial = Tutorial(
            **{name: front[name] for name in (*words, *lists, "breath_in_s", "breath_out_s")},
            **self._body(text.body),
            position=self.muscles[front["muscle"]].position,
            muscle=self.muscles[front["muscle"]],
            steps=[self._step(step, place) for place, step in enumerate(front["step"], start=1)],
        )
        self.tutorials[tutorial.handle] = self._added(tutorial)
        self._link(page_references, "page", tutorial, "reference", self._cited(front["references"]))
        products = [self.products[handle] for handle in front["products"]]
        self._link(tutorial_products, "tutorial", tutorial, "product", products)
        index.index_tutorial(self.session, tutorial)

    def _step(self, step: Table, position: int) -> TutorialStep:
        return TutorialStep(
            position=position,
            kind=step.get("kind", ""),
            title=step["title"],
            text_markdown=step["text"],
            text_html=self._html(step["text"]),
            figure=step.get("figure"),
            figure_alt=step.get("figure_alt", ""),
            **timing(step),
        )

    def _article(self, text: Text, blog: Blog) -> None:
        front = text.front
        words = ("handle", "title", "summary")
        figure = ("figure", "figure_alt", "figure_caption")
        article = Article(
            blog_id=blog.id,
            author_id=self.authors[front["author"]].id,
            **{name: front[name] for name in words},
            **{name: front[name] for name in figure if name in front},
            **self._body(text.body),
            # A machine whose clock is behind shows the articles all the same.
            published_at=min(datetime.combine(front["published"], time(0), UTC), now()),
            tags=[ArticleTag(tag=tag) for tag in front["tags"]],
        )
        self._added(article)
        self._link(
            article_references, "article", article, "reference", self._cited(cited(text.body))
        )
        for table, name, found in (
            (article_muscles, "muscle", [self.muscles[key] for key in front.get("muscles", [])]),
            (article_products, "product", [self.products[key] for key in front["products"]]),
            (article_tutorials, "tutorial", [self.tutorials[key] for key in front["tutorials"]]),
        ):
            self._link(table, "article", article, name, found)
        index.index_article(self.session, article, blog.handle)

    def _page(self, text: Text, kind: type[Page]) -> None:
        page = kind(
            handle=text.front["handle"],
            title=text.front["title"],
            summary=text.front.get("summary", ""),
            is_sample=text.front.get("sample", False),
            **self._body(text.body),
        )
        self._added(page)
        self._link(page_references, "page", page, "reference", self._cited(cited(text.body)))
        index.index_page(self.session, page)

    def _body(self, markdown: str) -> dict[str, str]:
        html = self._html(markdown)
        return {"body_markdown": markdown, "body_html": html, "renderer": RENDERER}

    def _html(self, markdown: str) -> str:
        return render(markdown, {key: row.markdown for key, row in self.references.items()})

    def _cited(self, keys: list[str]) -> list[Reference]:
        return [self.references[key] for key in keys]

    def _link(self, table: Any, left: str, owner: Any, right: str, found: list[Any]) -> None:
        rows = [
            {f"{left}_id": owner.id, f"{right}_id": row.id, "position": position}
            for position, row in enumerate(found)
        ]
        if rows:
            self.session.execute(insert(table), rows)

    def _added(self, row: Row) -> Row:
        self.session.add(row)
        self.session.flush()  # its id is needed for what leans on it
        return row


def _variant(row: Table, position: int, currency: str) -> Variant:
    return Variant(
        position=position,
        sku=row["sku"],
        options=row["options"],
        price=Money(row["price_minor"], currency),
        compare_at_minor=row.get("compare_at_minor"),
        weight_g=row["weight_g"],
        image_key=row.get("image"),
        selling=Selling(row.get("selling", Selling.IN_STOCK)),
        promise=row.get("promise", ""),
    )


def _toml(name: str) -> Table:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
