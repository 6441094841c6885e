"""A search for each language: its own words, and on PostgreSQL its own forms of them.

SQLite keeps its one full-text table: it knows the forms of English words alone, and what it finds
is told apart by the language of the entry.
"""

from unicodedata import normalize

import sqlalchemy as sa
from alembic import op

revision = "20261208"
down_revision = "20261207"

LETTERS = {chr(code): normalize("NFD", chr(code))[0] for code in range(0xC0, 0x180)}
ACCENTED = "".join(letter for letter, plain in LETTERS.items() if plain.isascii())
PLAIN = "".join(plain for plain in LETTERS.values() if plain.isascii())
ENGLISH = "'english'"
OF_ENTRY = "CASE language WHEN 'de' THEN 'german'::regconfig ELSE 'english'::regconfig END"


def index(configuration: str) -> None:
    """Build PostgreSQL's index anew, with the forms of words of a language."""

    def words(column: str, weight: str) -> str:
        plain = f"translate({column}, '{ACCENTED}', '{PLAIN}')"
        return f"setweight(to_tsvector({configuration}, {plain}), '{weight}')"

    op.execute("DROP INDEX search_entries_words_gin")
    op.execute("ALTER TABLE search_entries DROP COLUMN search_entries_words")
    op.execute(
        f"""ALTER TABLE search_entries ADD COLUMN search_entries_words tsvector
        GENERATED ALWAYS AS (
            {words("title", "A")} || {words("summary", "B")} || {words("body", "C")}) STORED"""
    )
    op.execute(
        "CREATE INDEX search_entries_words_gin ON search_entries USING gin (search_entries_words)"
    )


def upgrade() -> None:
    """Apply."""
    with op.batch_alter_table("search_words") as table:
        table.add_column(sa.Column("language", sa.String(8), nullable=False, server_default="en"))
        table.drop_constraint(op.f("pk_search_words"), type_="primary")
        table.create_primary_key(op.f("pk_search_words"), ["language", "word"])
    if op.get_bind().dialect.name == "postgresql":
        index(OF_ENTRY)


def downgrade() -> None:
    """Take back: nothing is found in other languages any more."""
    op.execute("DELETE FROM search_entries WHERE language <> 'en'")
    op.execute("DELETE FROM search_words WHERE language <> 'en'")
    if op.get_bind().dialect.name == "postgresql":
        index(ENGLISH)
    with op.batch_alter_table("search_words") as table:
        table.drop_constraint(op.f("pk_search_words"), type_="primary")
        table.create_primary_key(op.f("pk_search_words"), ["word"])
        table.drop_column("language")
