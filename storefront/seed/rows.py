"""What one run over the seed files has written, and how its modules read, write and link."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Table as JoinTable
from sqlalchemy import insert
from sqlalchemy.orm import Session

from models import Article, Author, Base, Muscle, Page, Product, Reference, Tutorial, Variant
from storefront.text import RENDERER, render

FOLDER = Path(__file__).parent
Table = Mapping[str, Any]
Row = TypeVar("Row", bound=Base)


@dataclass(slots=True)
class Rows:
    """The rows of one run by their handles, keys and SKUs; commits nothing.

    articles_of: the articles that go with each tutorial, by its handle.
    """

    session: Session
    references: dict[str, Reference] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    muscles: dict[str, Muscle] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    variants: dict[str, Variant] = field(default_factory=dict)
    tutorials: dict[str, Tutorial] = field(default_factory=dict)
    articles_of: dict[str, list[str]] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    pages: dict[str, Page] = field(default_factory=dict)

    def added(self, row: Row) -> Row:
        """Write a row; it has its id afterwards."""
        self.session.add(row)
        self.session.flush()  # its id is needed for what leans on it
        return row

    def html(self, markdown: str, *, notes: str | None = None) -> str:
        """Render Markdown with the notes of the references that it cites."""
        citations = {key: row.markdown for key, row in self.references.items()}
        return render(markdown, citations, notes=notes)

    def body(self, markdown: str) -> dict[str, str]:
        """Return the columns of a text that is rendered when it is saved."""
        html = self.html(markdown)
        return {"body_markdown": markdown, "body_html": html, "renderer": RENDERER}

    def link(self, table: JoinTable, owner_id: int, linked: Iterable[Any]) -> None:
        """Join rows to an owner, in their order; the table names the owner's column first."""
        owner, other, *_ = table.columns.keys()
        rows = [
            {owner: owner_id, other: row.id, "position": position}
            for position, row in enumerate(linked)
        ]
        if rows:
            self.session.execute(insert(table), rows)


@dataclass(frozen=True, slots=True)
class Text:
    """A seed file: what stands between its +++ lines, and the Markdown after them."""

    front: Table
    body: str


def read_text(path: Path) -> Text:
    """Return a Markdown file with TOML front matter."""
    _, front, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    return Text(tomllib.loads(front), body.strip() + "\n")


def texts(folder: str) -> list[Text]:
    """Return the Markdown files of a folder of the seed, by name."""
    return [read_text(path) for path in sorted((FOLDER / folder).glob("*.md"))]


def toml(name: str | Path) -> Table:
    """Return a TOML file of the seed."""
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
