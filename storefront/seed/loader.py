"""Writes the starting content into an empty shop."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Blog, Reference
from storefront.schema import analyze
from storefront.seed.body import add_glossary, add_muscles, add_regions
from storefront.seed.catalog import add_catalog
from storefront.seed.evidence import add_claims
from storefront.seed.finding import index_everything
from storefront.seed.languages import add_translations
from storefront.seed.routines import add_routines
from storefront.seed.rows import FOLDER, Rows, toml
from storefront.seed.sequences import add_sequences
from storefront.seed.terms import add_discounts, add_zones
from storefront.seed.texts import add_articles, add_authors, add_pages, add_tutorials


def is_seeded(session: Session) -> bool:
    """Say whether the shop has content already."""
    return session.scalar(select(Blog.id).limit(1)) is not None


def seed(session: Session) -> None:
    """Write everything into an empty shop; commits nothing."""
    run(Rows(session))
    analyze(session.connection())


def run(rows: Rows) -> None:
    """Write the files in the order in which they lean on each other."""
    for row in toml("references.toml")["reference"]:
        rows.references[row["key"]] = rows.added(Reference(**row))
    add_authors(rows)
    rows.muscles = add_muscles(rows.session, rows.references)
    add_regions(rows.session, rows.muscles, rows.references)
    add_glossary(rows.session)
    catalog = toml("catalog.toml")
    add_catalog(rows, catalog)
    add_zones(rows.session, catalog["zone"], catalog["shop"]["currency"])
    add_discounts(rows.session, catalog["discount"])
    add_tutorials(rows)
    add_articles(rows)
    add_pages(rows)
    add_routines(rows.session, FOLDER / "routines", rows.tutorials)
    add_claims(rows)
    add_sequences(rows.session, FOLDER / "sequences")
    rows.session.flush()
    add_translations(rows.session)
    index_everything(rows.session)
