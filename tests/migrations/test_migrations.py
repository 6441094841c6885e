"""The migrations: they make what the models say, and can be taken back."""

from itertools import pairwise

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import CheckConstraint, inspect, text

from models import Base, SearchEntry
from storefront.database import Sessions, make_engine
from storefront.schema import alembic_config, migrate, newest_revision, rebuilding
from storefront.search.queries import search
from tests.migrations.check import differences, main


@pytest.fixture
def engine(database_url):
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def downgrade(engine, revision):
    config = alembic_config()
    with rebuilding(engine) as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def tables(engine):
    return set(inspect(engine).get_table_names())


def revision(engine):
    with engine.connect() as connection:
        return connection.scalar(text("SELECT version_num FROM alembic_version"))


def test_the_newest_tables_are_those_of_the_models(engine):
    assert differences(engine) == []
    assert revision(engine) == newest_revision()
    assert set(Base.metadata.tables) <= tables(engine)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ("ALTER TABLE blogs ADD COLUMN oddity VARCHAR(10)", "oddity"),
        ("ALTER TABLE blogs DROP COLUMN title", "title"),
        ("CREATE TABLE oddity (id INTEGER PRIMARY KEY)", "oddity"),
        ("DROP INDEX ix_products_status", "ix_products_status"),
        ("CREATE INDEX oddity ON blogs (title)", "oddity"),
    ],
)
def test_a_difference_between_models_and_database_is_told(engine, change, words):
    with engine.begin() as connection:
        connection.execute(text(change))

    (difference,) = differences(engine)

    assert words in difference


def test_every_migration_can_be_taken_back_and_applied_again(engine):
    before = described(engine)

    downgrade(engine, "base")
    assert tables(engine) <= {"alembic_version"}
    assert leftovers(engine) == []
    migrate(engine)

    assert described(engine) == before
    assert differences(engine) == []


def test_each_step_back_and_forth_leaves_the_same_tables(engine):
    revisions = [
        script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()
    ]
    for newer, older in pairwise(revisions):  # from the newest on
        newest = described(engine)
        downgrade(engine, older)
        assert revision(engine) == older
        migrate(engine, newer)
        assert described(engine) == newest
        downgrade(engine, older)


def described(engine):
    """Every table with its columns, indexes and constraints."""
    found = inspect(engine)
    return {
        table: (
            sorted((column["name"], str(column["type"])) for column in found.get_columns(table)),
            sorted(str(index["name"]) for index in found.get_indexes(table)),
            sorted(str(check["name"]) for check in found.get_check_constraints(table)),
            sorted(str(key["name"]) for key in found.get_foreign_keys(table)),
            sorted(str(unique["name"]) for unique in found.get_unique_constraints(table)),
        )
        for table in tables(engine)
    }


def leftovers(engine):
    """What is there besides tables: triggers, types, sequences."""
    kinds = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view')",
        "postgresql": "SELECT relname FROM pg_class WHERE relkind IN ('S', 'v', 'm')"
        " AND relnamespace = 'public'::regnamespace"
        " UNION SELECT typname FROM pg_type WHERE typtype = 'e'"
        " AND typnamespace = 'public'::regnamespace",
    }
    with engine.connect() as connection:
        return list(connection.scalars(text(kinds[engine.dialect.name])))


def test_the_full_text_search_works_after_going_back_and_forth(engine):
    write(engine, title="Psoas release")
    downgrade(engine, "20261122")
    assert "search_index" not in tables(engine)
    migrate(engine)
    write(engine, title="Iliacus release")

    with Sessions(engine).read() as session:
        assert [found.title for found in found_by(session, "psoas")] == ["Psoas release"]
        assert len(found_by(session, "release")) == 2


def found_by(session, words):
    return search(session, words).page.items


def write(engine, title):
    with Sessions(engine).write.begin() as session:
        session.add(SearchEntry(kind="page", url=f"/pages/{title}", title=title))


def test_an_entry_that_changes_or_goes_changes_the_full_text_search(engine):
    write(engine, title="Psoas release")
    with Sessions(engine).write.begin() as session:
        entry = session.query(SearchEntry).one()
        entry.title = "Iliacus release"
    with Sessions(engine).read() as session:
        assert found_by(session, "psoas") == []
        assert len(found_by(session, "iliacus")) == 1

    with Sessions(engine).write.begin() as session:
        session.delete(session.query(SearchEntry).one())
    with Sessions(engine).read() as session:
        assert found_by(session, "iliacus") == []


def test_there_is_one_newest_migration():
    assert len(ScriptDirectory.from_config(alembic_config()).get_heads()) == 1


def test_the_check_of_make_check_says_that_they_agree(capsys):
    assert main() == 0
    assert capsys.readouterr().out.endswith("Models and migrations agree.\n")


def test_the_database_guards_what_the_models_say(engine):
    found = inspect(engine)
    for table in Base.metadata.tables.values():
        wanted = {str(it.name) for it in table.constraints if isinstance(it, CheckConstraint)}
        assert {str(it["name"]) for it in found.get_check_constraints(table.name)} == wanted


def test_what_was_sold_before_the_money_columns_is_kept(engine):
    downgrade(engine, "20261123")
    with engine.begin() as connection:
        for statement in SOLD_BEFORE:
            connection.execute(text(statement))

    migrate(engine)

    with engine.connect() as connection:
        money = connection.execute(
            text("SELECT subtotal_minor, discount_minor, total_minor FROM orders")
        ).one()
        paid = connection.execute(
            text("SELECT captured_minor, captured_currency, refunded_minor FROM payments")
        ).one()
        lines = connection.scalar(text("SELECT count(*) FROM order_lines"))
        reserved = connection.scalar(text("SELECT sum(reserved) FROM stock_movements"))
    assert tuple(money) == (8900, 0, 8900)
    assert tuple(paid) == (8900, "USD", 0)
    assert (lines, reserved) == (1, 1)


SOLD_BEFORE = (
    (
        "INSERT INTO products (id, handle, title, summary, description_markdown, description_html,"
        " renderer, status, option_names, is_demonstration, updated_at, created_at) VALUES"
        " (1, 'tool', 'Tool', '', '', '', '', 'active', '[]', false, '2026-01-01', '2026-01-01')"
    ),
    (
        "INSERT INTO variants (id, product_id, position, sku, options, price_minor, price_currency,"
        " weight_g, created_at) VALUES (1, 1, 0, 'T', '[]', 8900, 'USD', 1, '2026-01-01')"
    ),
    "INSERT INTO stock (variant_id, on_hand, reserved, incoming) VALUES (1, 5, 1, 0)",
    (
        "INSERT INTO orders (id, number, token, status, cart_fingerprint, name, total_minor,"
        " currency, created_at) VALUES (1, 'QL-1', 't', 'paid', '', '', 8900, 'USD', '2026-01-01')"
    ),
    (
        "INSERT INTO order_lines (id, order_id, variant_id, product_handle, title, variant_title,"
        " sku, quantity, unit_price_minor, unit_price_currency, weight_g) VALUES"
        " (1, 1, 1, 'tool', 'Tool', '', 'T', 1, 8900, 'USD', 1)"
    ),
    (
        "INSERT INTO payments (id, order_id, attempt, key, status, amount_minor, currency,"
        " expires_at, created_at) VALUES"
        " (1, 1, 1, 'QL-1-1', 'paid', 8900, 'USD', '2026-01-01', '2026-01-01')"
    ),
    (
        "INSERT INTO stock_movements (id, variant_id, kind, on_hand, reserved, reason, actor,"
        " created_at) VALUES (1, 1, 'reserved', 0, 1, '', 'test', '2026-01-01')"
    ),
)
