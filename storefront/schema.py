"""Bringing the database to the newest tables."""

from functools import lru_cache

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from storefront.config import ROOT


def migrate(engine: Engine, revision: str = "head") -> None:
    """Apply every migration that the database lacks, in one transaction of its own."""
    config = alembic_config()
    with engine.execution_options(sqlite_begin="IMMEDIATE").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, revision)


@lru_cache(maxsize=1)
def newest_revision() -> str | None:
    """Return the name of the newest migration that the project has."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


def alembic_config() -> Config:
    """Return Alembic's configuration, whatever folder the process runs in."""
    config = Config(toml_file=ROOT / "pyproject.toml")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config
