"""Analysts read the tables by a role that can read them and nothing else, also after a rebuild."""

from __future__ import annotations

import psycopg2
import pytest
from psycopg2.errors import InsufficientPrivilege
from typer.testing import CliRunner

from api.cli import app
from api.engine import Engine
from projections.catalogue import PROJECTIONS
from projections.views import VIEWS
from tests.support.world import build, caught_up, opened

ROLE = "some_analyst"


def baton(url: str, *words: str):
    return CliRunner().invoke(app, list(words), env={"BATON_DATABASE_URL": url})


def ask(engine: Engine, statement: str) -> list[tuple]:
    """Ask as the role would."""
    told = engine.database.url.set(drivername="postgresql")
    with psycopg2.connect(told.render_as_string(hide_password=False)) as connection:
        cursor = connection.cursor()
        cursor.execute(f"SET ROLE {ROLE}")
        cursor.execute(statement)
        return cursor.fetchall()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_role_reads_every_table_view_and_the_log_and_nothing_else(database_url: str):
    with opened(database_url) as engine:
        build(engine)
        caught_up(engine)
        assert baton(database_url, "grant-reader", ROLE).exit_code == 0
        names = [table.name for one in PROJECTIONS for table in one.tables]
        names += [*(view.name for view in VIEWS), "event_log", "projection_positions"]

        for name in names:
            assert ask(engine, f"SELECT count(*) FROM {name}")
        for name in ("events", "receipts", "snapshots", "access_log", "checkpoints"):
            with pytest.raises(InsufficientPrivilege):
                ask(engine, f"SELECT * FROM {name}")
        with pytest.raises(InsufficientPrivilege):
            ask(engine, "DELETE FROM products")

        for projection in PROJECTIONS:
            engine.runner.rebuild(projection)
        for name in names:
            assert ask(engine, f"SELECT count(*) FROM {name}")
        assert baton(database_url, "grant-reader", ROLE).exit_code == 0  # said twice


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_role_reads_what_an_upgrade_makes_anew_or_brings(database_url: str):
    with opened(database_url, follow=False) as engine:
        assert baton(database_url, "grant-reader", ROLE).exit_code == 0
        with engine.database.writing() as connection:
            older = "UPDATE projection_positions SET version = 0 WHERE projection = 'market'"
            connection.exec_driver_sql(older)
            connection.exec_driver_sql("DELETE FROM projection_positions WHERE projection = 'lots'")
            connection.exec_driver_sql("DROP TABLE lot_trace")

    with opened(database_url, follow=False) as engine:
        for name in ("sales", "market_sightings", "lot_trace"):
            assert ask(engine, f"SELECT count(*) FROM {name}") == [(0,)]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_every_table_view_and_column_says_in_the_database_what_it_means(database_url: str):
    with opened(database_url, follow=False) as engine, engine.database.reading() as connection:
        found = connection.exec_driver_sql(
            "SELECT c.relname, a.attname, col_description(c.oid, a.attnum), "
            "obj_description(c.oid, 'pg_class') FROM pg_class c JOIN pg_attribute a "
            "ON a.attrelid = c.oid WHERE a.attnum > 0 AND c.relkind IN ('r', 'v') "
            "AND c.relnamespace = current_schema()::regnamespace"
        ).all()

    told = {(name, column): (meaning, about) for name, column, meaning, about in found}
    tables = [table for one in PROJECTIONS for table in one.tables]
    for table in (*tables, *(view.table for view in VIEWS)):
        for column in table.columns:
            assert told[table.name, column.name] == (column.comment, table.comment)


def test_on_sqlite_there_is_no_role_to_grant_to(tmp_path):
    url = f"sqlite:///{tmp_path / 'baton.db'}"

    answer = baton(url, "grant-reader")

    assert answer.exit_code == 1
    assert "read-only" in answer.output
