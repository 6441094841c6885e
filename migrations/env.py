"""How Alembic reaches the database and the models; no Flask in here."""

from typing import Literal

from alembic import context
from sqlalchemy import Connection, text

from models import Base
from models.base import UtcDateTime
from storefront.config import from_env
from storefront.database import make_engine

# Full-text indexes are the database's own (see the second migration); no model describes them.
UNMODELLED = ("search_index", "search_entries_words")


def include_name(name: str | None, kind: str, parents: object) -> bool:
    """Leave the full-text tables, columns and indexes out of the comparison."""
    del kind, parents
    return not (name or "").startswith(UNMODELLED)


def render_item(kind: str, item: object, context_: object) -> str | Literal[False]:
    """Write our own type as the plain one it is stored as: migrations do not import models."""
    del kind, context_
    return "sa.DateTime(timezone=True)" if isinstance(item, UtcDateTime) else False


def run(connection: Connection) -> None:
    """Run the migrations on a connection; a lock that is not had in time is an error."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET lock_timeout = '5s'"))
        connection.execute(text("SET statement_timeout = '60s'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        include_name=include_name,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(from_env().database_url)
    with engine.execution_options(sqlite_begin="IMMEDIATE").connect() as connection:
        run(connection)
        connection.commit()
