"""Bringing a database to the current shape of the log, however many processes try at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from eventlog.database import Database

HERE = Path(__file__).parent


def migrate(database: Database) -> None:
    """Run the migrations that are missing. One process does it; others wait and find it done."""
    with database.reading() as connection:
        if _is_current(connection):
            return
    with database.writing() as connection:
        database.dialect.lock_migrations(connection)
        config = _config()
        config.attributes["connection"] = connection
        config.attributes["guards"] = database.dialect.guards()
        config.attributes["guards_of"] = database.dialect.guards_of
        config.attributes["log_view"] = database.dialect.log_view()
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE / "migrations"))
    return config


def _is_current(connection: Connection) -> bool:
    current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_config()).get_heads())
