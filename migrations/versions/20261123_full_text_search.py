"""Full-text indexes over search_entries, kept by the database itself.

SQLite: an FTS5 table over the entries' columns, followed by three triggers. PostgreSQL: a
generated tsvector column with a GIN index. Source: sqlite.org/fts5.html, 4.4.3; PostgreSQL 12.2.
Both find "Café" by "cafe": SQLite's tokenizer by itself, PostgreSQL by the letters below.
"""

from unicodedata import normalize

from alembic import op

revision = "20261123"
down_revision = "20261122"

SQLITE = (
    """CREATE VIRTUAL TABLE search_index USING fts5(
        title, summary, body, content='search_entries', content_rowid='id',
        tokenize='porter unicode61 remove_diacritics 2', prefix='2 3')""",
    """CREATE TRIGGER search_index_insert AFTER INSERT ON search_entries BEGIN
        INSERT INTO search_index(rowid, title, summary, body)
        VALUES (new.id, new.title, new.summary, new.body); END""",
    """CREATE TRIGGER search_index_delete AFTER DELETE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, title, summary, body)
        VALUES ('delete', old.id, old.title, old.summary, old.body); END""",
    """CREATE TRIGGER search_index_update AFTER UPDATE ON search_entries BEGIN
        INSERT INTO search_index(search_index, rowid, title, summary, body)
        VALUES ('delete', old.id, old.title, old.summary, old.body);
        INSERT INTO search_index(rowid, title, summary, body)
        VALUES (new.id, new.title, new.summary, new.body); END""",
    "INSERT INTO search_index(search_index) VALUES ('rebuild')",
)
LETTERS = {chr(code): normalize("NFD", chr(code))[0] for code in range(0xC0, 0x180)}
ACCENTED = "".join(letter for letter, plain in LETTERS.items() if plain.isascii())
PLAIN = "".join(plain for plain in LETTERS.values() if plain.isascii())


def words(column: str) -> str:
    """Return the words of a column, without accents."""
    return f"to_tsvector('english', translate({column}, '{ACCENTED}', '{PLAIN}'))"


POSTGRESQL = (
    f"""ALTER TABLE search_entries ADD COLUMN search_entries_words tsvector
        GENERATED ALWAYS AS (
            setweight({words("title")}, 'A') ||
            setweight({words("summary")}, 'B') ||
            setweight({words("body")}, 'C')) STORED""",
    "CREATE INDEX search_entries_words_gin ON search_entries USING gin (search_entries_words)",
)


def upgrade() -> None:
    """Apply."""
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    """Undo."""
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER search_index_{trigger}")
        op.execute("DROP TABLE search_index")
    else:
        op.execute("DROP INDEX search_entries_words_gin")
        op.execute("ALTER TABLE search_entries DROP COLUMN search_entries_words")
